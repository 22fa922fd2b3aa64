use super::super::agreed::Agreed;
use super::super::keys::MasterSecret;
use super::super::kx::psk;
use super::Client12;
use super::authenticate::{ExpectSignature, OurCertificate};
use super::finished::{Authenticated, finish};
use super::key_exchange::{Request, ServerParams};
use crate::crypto::{Answer, Psk, PublicKey};
use crate::error::Result;
use crate::handshake::effect::{Effects, Fact};
use crate::handshake::{Env, Question};
use crate::msg;
use crate::msg::client_key_exchange::ClientKeyExchange;
use crate::wire::HandshakeType;
use std::sync::Arc;

/// What our flight is made of: the server's is complete, and it is authenticated as far as it can be
/// before the key exchange.
pub(super) struct OurFlight {
    pub(super) agreed: Box<Agreed>,
    pub(super) proofs: Authenticated,
    /// Of the server's certificate, where it has one.
    pub(super) key: Option<Arc<dyn PublicKey>>,
    pub(super) params: Box<ServerParams>,
    pub(super) request: Request,
}

impl OurFlight {
    /// Sends it, or asks for the pre-shared key first, where the key exchange has one.
    pub(super) fn begin(self, env: Env<'_>, fx: &mut Effects) -> Result<Client12> {
        match (self.agreed.suite.kx.row().psk, &env.config.psk) {
            (true, Some(keys)) => {
                fx.ask(Question::PskForHint {
                    keys: keys.clone(),
                    hint: self.params.theirs.hint().to_vec(),
                });
                Ok(Client12::Psk(ExpectPsk(self)))
            }
            _ => self.send(None, env, fx),
        }
    }

    /// Certificate, where one was asked for, and ClientKeyExchange; CertificateVerify where the
    /// certificate is one, else ChangeCipherSpec and Finished (RFC 5246 §7.3).
    fn send(mut self, psk: Option<Psk>, env: Env<'_>, fx: &mut Effects) -> Result<Client12> {
        let ours = self.certificate(fx);
        let row = self.agreed.suite.kx.row();
        let key = self.key.as_deref();
        let half = self.params.theirs.answer(key, psk.as_ref(), env)?;
        let identity = psk.as_ref().map(|psk| &psk.identity[..]);
        let share = &half.share[..];
        fx.message(
            &mut self.agreed.transcript,
            HandshakeType::CLIENT_KEY_EXCHANGE,
            |out| ClientKeyExchange { identity, share }.encode(row, out),
        );
        if let Some(psk) = psk {
            self.agreed.psk_identity(psk.identity, fx);
        }
        if ours.is_none() {
            self.agreed.hash_transcript();
        }
        let master = self.agreed.master_secret(&half.secret);
        match ours {
            Some(ours) => self.sign(ours, master, fx),
            None => finish(self.agreed, master, self.proofs, env, fx),
        }
    }

    /// RFC 5246 §7.4.6
    fn certificate(&mut self, fx: &mut Effects) -> Option<OurCertificate> {
        let Request::Asked(ours) = core::mem::replace(&mut self.request, Request::None) else {
            return None;
        };
        let chain = ours.as_ref().map_or(&[][..], |o| o.keypair.chain());
        fx.message(
            &mut self.agreed.transcript,
            HandshakeType::CERTIFICATE,
            |out| {
                msg::certificate::encode(chain, out);
            },
        );
        ours
    }

    fn sign(
        mut self,
        ours: OurCertificate,
        master: MasterSecret,
        fx: &mut Effects,
    ) -> Result<Client12> {
        fx.learn(Fact::LocalKeypair(ours.index));
        self.agreed.client_scheme(ours.scheme, fx);
        fx.ask(Question::Sign {
            key: ours.keypair.key().clone(),
            scheme: ours.scheme,
            message: self.agreed.transcript.bytes()?.to_vec(),
        });
        Ok(Client12::Signature(ExpectSignature {
            agreed: self.agreed,
            master,
            proofs: self.proofs,
            scheme: ours.scheme,
        }))
    }
}

/// Whoever has our pre-shared keys chooses one.
pub(crate) struct ExpectPsk(OurFlight);

impl ExpectPsk {
    /// RFC 4279 §2, §5.2
    pub(super) fn on_answer(
        self,
        answer: Answer,
        env: Env<'_>,
        fx: &mut Effects,
    ) -> Result<Client12> {
        let psk = psk::chosen(answer)?;
        self.0.send(Some(psk), env, fx)
    }
}
