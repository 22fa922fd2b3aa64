use super::super::agreed::Agreed;
use super::super::kx::{EncryptedSecret, Ours, Outcome};
use super::Server12;
use super::client_auth::Client;
use super::finished::with_pre_master;
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
    pub(super) client: Client,
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
            Outcome::Secret(secret) => Ok(with_pre_master(self.agreed, self.client, &secret, fx)),
            Outcome::Encrypted(encrypted) => {
                match self.client {
                    // Its CertificateVerify may wait behind this message.
                    Client::Certified { .. } => fx.ask_in_flight(encrypted.question()),
                    Client::Anonymous(_) => fx.push(Effect::Ask(encrypted.question())),
                }
                Ok(Server12::PreMaster(ExpectPreMaster {
                    agreed: self.agreed,
                    client: self.client,
                    encrypted,
                }))
            }
        }
    }
}

/// Our key decrypts the EncryptedPreMasterSecret.
pub(crate) struct ExpectPreMaster {
    agreed: Box<Agreed>,
    client: Client,
    encrypted: EncryptedSecret,
}

impl ExpectPreMaster {
    /// RFC 5246 §7.4.7.1
    pub(super) fn on_answer(self, answer: Answer, fx: &mut Effects) -> Result<Server12> {
        let secret = self.encrypted.on_answer(answer)?;
        Ok(with_pre_master(self.agreed, self.client, &secret, fx))
    }
}
