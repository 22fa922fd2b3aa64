use super::super::agreed::Agreed;
use super::super::kx::{EncryptedSecret, Ours, Outcome};
use super::Server12;
use super::finished::ExpectClientCcs;
use crate::crypto::Answer;
use crate::error::Result;
use crate::handshake::Env;
use crate::handshake::effect::{Effect, Effects};
use crate::msg::client_key_exchange::ClientKeyExchange;
use crate::record::RawMessage;

/// The client's half of the key exchange.
pub(crate) struct ExpectClientKeyExchange {
    pub(super) agreed: Box<Agreed>,
    pub(super) ours: Ours,
}

impl ExpectClientKeyExchange {
    /// RFC 5246 §7.4.7
    pub(super) fn on_message(
        mut self,
        message: &RawMessage<'_>,
        env: Env<'_>,
        fx: &mut Effects,
    ) -> Result<Server12> {
        let cke = ClientKeyExchange::decode(self.agreed.suite.kx.row(), message.body())?;
        self.agreed.transcript.add(message.encoded);
        match self.ours.complete(cke.share, env)? {
            Outcome::Secret(secret) => Ok(ExpectClientCcs::with_pre_master(self.agreed, &secret)),
            Outcome::Encrypted(encrypted) => {
                fx.push(Effect::Ask(encrypted.question()));
                Ok(Server12::PreMaster(ExpectPreMaster {
                    agreed: self.agreed,
                    encrypted,
                }))
            }
        }
    }
}

/// Our key decrypts the EncryptedPreMasterSecret.
pub(crate) struct ExpectPreMaster {
    agreed: Box<Agreed>,
    encrypted: EncryptedSecret,
}

impl ExpectPreMaster {
    /// RFC 5246 §7.4.7.1
    pub(super) fn on_answer(self, answer: Answer) -> Result<Server12> {
        let secret = self.encrypted.on_answer(answer)?;
        Ok(ExpectClientCcs::with_pre_master(self.agreed, &secret))
    }
}
