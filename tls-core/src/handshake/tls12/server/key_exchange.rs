use super::super::agreed::Agreed;
use super::super::premaster::{self, PreMaster};
use super::Server12;
use super::finished::ExpectClientCcs;
use crate::crypto::{ActiveKeyExchange, Answer, PrivateKey};
use crate::error::{Error, Reason, Result};
use crate::handshake::effect::{Effect, Effects};
use crate::handshake::question::decrypted;
use crate::handshake::{Env, Question};
use crate::msg;
use crate::record::RawMessage;
use crate::wire::{NamedGroup, ProtocolVersion};
use std::sync::Arc;

/// Our half of the key exchange.
pub(super) enum Exchange {
    Ecdhe {
        ephemeral: Box<dyn ActiveKeyExchange>,
        group: NamedGroup,
    },
    Rsa {
        key: Arc<dyn PrivateKey>,
        /// The version of the ClientHello, which the secret must begin with (RFC 5246 §7.4.7.1).
        version: ProtocolVersion,
    },
}

/// The client's half of the key exchange.
pub(crate) struct ExpectClientKeyExchange {
    pub(super) agreed: Box<Agreed>,
    pub(super) exchange: Exchange,
}

impl ExpectClientKeyExchange {
    /// RFC 5246 §7.4.7, RFC 8422 §5.7
    pub(super) fn on_message(
        mut self,
        message: &RawMessage<'_>,
        env: Env<'_>,
        fx: &mut Effects,
    ) -> Result<Server12> {
        self.agreed.transcript.add(message.encoded);
        match self.exchange {
            Exchange::Ecdhe { ephemeral, group } => {
                let public = msg::client_key_exchange::decode_ecdhe(message.body())?;
                let secret = ephemeral.complete(public).map_err(|_| {
                    Error::with(
                        Reason::BadPoint,
                        format!("the client's public value is no element of {group}"),
                    )
                })?;
                Ok(ExpectClientCcs::with_pre_master(self.agreed, &secret))
            }
            Exchange::Rsa { key, version } => {
                let encrypted = msg::client_key_exchange::decode_rsa(message.body())?;
                // Drawn before the decryption, whatever comes of it.
                let fallback = premaster::random_secret(&*env.config.random)?;
                let ciphertext = encrypted.to_vec();
                fx.push(Effect::Ask(Question::Decrypt { key, ciphertext }));
                let agreed = self.agreed;
                Ok(Server12::PreMaster(ExpectPreMaster {
                    agreed,
                    version,
                    fallback,
                }))
            }
        }
    }
}

/// Our key decrypts the EncryptedPreMasterSecret.
pub(crate) struct ExpectPreMaster {
    agreed: Box<Agreed>,
    version: ProtocolVersion,
    fallback: PreMaster,
}

impl ExpectPreMaster {
    /// RFC 5246 §7.4.7.1: good or bad, the handshake goes on; a client without the secret fails at
    /// its Finished.
    pub(super) fn on_answer(self, answer: Answer) -> Result<Server12> {
        let pre_master = premaster::unpad(decrypted(answer)?, self.version, self.fallback);
        Ok(ExpectClientCcs::with_pre_master(
            self.agreed,
            &pre_master[..],
        ))
    }
}
