use super::super::agreed::Agreed;
use super::super::kx::{EncryptedSecret, Ours, Outcome, psk};
use super::Server12;
use super::client_auth::Client;
use super::finished::with_pre_master;
use crate::crypto::{Answer, MAX_PSK_IDENTITY, Secret};
use crate::error::{Reason, Result};
use crate::handshake::effect::Effects;
use crate::handshake::{Env, Question};
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
        let exchange = Exchange {
            agreed: self.agreed,
            client: self.client,
            identity: cke.identity.map(<[u8]>::to_vec),
        };
        match self.ours.complete(cke.share, env)? {
            Outcome::Secret(secret) => exchange.agreed_on(Some(secret), env, fx),
            Outcome::Nothing => exchange.agreed_on(None, env, fx),
            Outcome::Encrypted(encrypted) => {
                exchange.ask(encrypted.question(), fx);
                Ok(Server12::PreMaster(ExpectPreMaster {
                    exchange,
                    encrypted,
                }))
            }
        }
    }
}

/// A key exchange whose messages are all there.
struct Exchange {
    agreed: Box<Agreed>,
    client: Client,
    /// Of the client's pre-shared key, where the key exchange has one.
    identity: Option<Vec<u8>>,
}

impl Exchange {
    fn ask(&self, question: Question, fx: &mut Effects) {
        match self.client {
            // Its CertificateVerify may wait behind its ClientKeyExchange.
            Client::Certified { .. } => fx.ask_in_flight(question),
            Client::Anonymous(_) => fx.ask(question),
        }
    }

    /// What is left is the pre-shared key, where there is one.
    fn agreed_on(self, secret: Option<Secret>, env: Env<'_>, fx: &mut Effects) -> Result<Server12> {
        match (&self.identity, secret) {
            (Some(identity), secret) => {
                let identity = identity.clone();
                self.look_up(identity, secret, env, fx)
            }
            (None, Some(secret)) => Ok(with_pre_master(self.agreed, self.client, &secret, fx)),
            (None, None) => Err(Reason::Bug.into()),
        }
    }

    /// An identity that is longer than any of ours is nobody's.
    fn look_up(
        mut self,
        identity: Vec<u8>,
        secret: Option<Secret>,
        env: Env<'_>,
        fx: &mut Effects,
    ) -> Result<Server12> {
        let keys = env.config.psk.clone().ok_or(Reason::Bug)?;
        let fallback = psk::fallback(&*env.config.random)?;
        if identity.len() > MAX_PSK_IDENTITY {
            let secret = psk::pre_master(secret.as_ref(), &fallback);
            return Ok(with_pre_master(self.agreed, self.client, &secret, fx));
        }
        self.agreed.psk_identity(identity.clone(), fx);
        self.ask(Question::PskForIdentity { keys, identity }, fx);
        Ok(Server12::Psk(ExpectPsk {
            exchange: self,
            secret,
            fallback,
        }))
    }
}

/// Our key decrypts the EncryptedPreMasterSecret.
pub(crate) struct ExpectPreMaster {
    exchange: Exchange,
    encrypted: EncryptedSecret,
}

impl ExpectPreMaster {
    /// RFC 5246 §7.4.7.1
    pub(super) fn on_answer(
        self,
        answer: Answer,
        env: Env<'_>,
        fx: &mut Effects,
    ) -> Result<Server12> {
        let secret = self.encrypted.on_answer(answer)?;
        self.exchange.agreed_on(Some(secret), env, fx)
    }
}

/// Whoever has our pre-shared keys looks for the client's.
pub(crate) struct ExpectPsk {
    exchange: Exchange,
    secret: Option<Secret>,
    fallback: Secret,
}

impl ExpectPsk {
    /// RFC 4279 §2: an identity that nobody has is answered as a wrong key is, by what becomes of the
    /// client's Finished.
    pub(super) fn on_answer(
        self,
        answer: Answer,
        env: Env<'_>,
        fx: &mut Effects,
    ) -> Result<Server12> {
        let key = psk::found(answer)?.unwrap_or(self.fallback);
        let secret = psk::pre_master(self.secret.as_ref(), &key);
        let Exchange {
            mut agreed, client, ..
        } = self.exchange;
        let keep = &mut agreed.keep;
        keep.binding = keep.binding.and_then(|b| env.config.bind_key(b, &key));
        Ok(with_pre_master(agreed, client, &secret, fx))
    }
}
