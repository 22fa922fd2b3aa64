use super::super::agreed::Agreed;
use super::Client12;
use super::key_exchange::ExpectServerKeyExchange;
use crate::cert::Certificate;
use crate::crypto::{KeyKind, PublicKey};
use crate::error::{Error, Reason, Result};
use crate::handshake::Env;
use crate::handshake::effect::Effects;
use crate::handshake::judge::leaf_key;
use crate::handshake::negotiate::kind_fits;
use crate::msg;
use crate::record::RawMessage;
use std::sync::Arc;

/// The server's chain as it came, and its leaf's key.
pub(super) struct Peer {
    pub(super) chain: Arc<[Certificate]>,
    pub(super) key: Arc<dyn PublicKey>,
}

/// The server must send its certificate.
pub(crate) struct ExpectCertificate {
    pub(super) agreed: Box<Agreed>,
    /// The server answered status_request: a CertificateStatus may follow (RFC 6066 §8).
    pub(super) status: bool,
}

impl ExpectCertificate {
    /// RFC 5246 §7.4.2. The chain is judged later, when the rest of the flight is there; here the
    /// leaf's key must only be one that fits the suite.
    pub(super) fn on_message(
        mut self,
        message: &RawMessage<'_>,
        env: Env<'_>,
        fx: &mut Effects,
    ) -> Result<Client12> {
        let chain = msg::certificate::decode(message.body(), |der| env.config.known.share(der))?;
        self.agreed.transcript.add(message.encoded);
        if let Some(previous) = env.previous {
            previous.check_server(&chain)?;
        }
        let leaf = chain.first().ok_or(Reason::EmptyCertificateChain)?;
        let key = leaf_key(leaf, env.config, "server")?;
        check_kind(key.kind(), &self.agreed, env)?;
        self.agreed.peer_chain(chain.clone(), fx);
        let peer = Peer { chain, key };
        Ok(Client12::ServerKeyExchange(ExpectServerKeyExchange::new(
            self.agreed,
            Some(peer),
            self.status,
        )))
    }
}

/// RFC 5246 §7.4.2: the key must fit the suite; RFC 8422 §5.3: an ECDSA key must be on a curve
/// that we listed.
fn check_kind(kind: KeyKind, agreed: &Agreed, env: Env<'_>) -> Result<()> {
    if !kind_fits(kind, agreed.suite) {
        return Err(Error::with(
            Reason::CertificateTypeMismatch,
            format!(
                "the server's certificate has a key of kind {kind:?}, which does not fit {}",
                agreed.suite.name
            ),
        ));
    }
    match kind {
        KeyKind::Ec(curve) if !env.config.groups.contains(&curve) => Err(Error::with(
            Reason::GroupNotOffered,
            format!("the server's certificate is on the curve {curve}, which was not offered"),
        )),
        _ => Ok(()),
    }
}
