//! *Verified* is a type. The traffic states cannot be built without these, and each can only be
//! made by its check.

use super::judge::Verdict;
use crate::cert::Certificate;
use crate::config::{ClientAuth, Config};
use crate::crypto::{KeyKind, PublicKey};
use crate::error::{Error, Reason, Result};
use crate::msg::VERIFY_DATA_LEN;
use crate::session::{ClientSession, SessionState};
use crate::wire::SignatureScheme;
use std::sync::Arc;
use subtle::ConstantTimeEq;

/// The peer's chain was judged.
pub(super) struct PeerProof(());

impl PeerProof {
    /// The verdict's path (empty where nothing was verified, by the configuration's or the reviewer's
    /// leave).
    pub(super) fn from_verdict(verdict: Verdict) -> Result<(Self, Arc<[Certificate]>)> {
        Ok((Self(()), verdict?))
    }

    /// A key exchange without a certificate is one over a key that both sides know, and no other peer
    /// completes it (RFC 4279 §2).
    pub(super) fn by_shared_key() -> Self {
        Self(())
    }

    /// Its chain was judged when the session was made, under everything that this connection asks
    /// for too: sessions are bound to it.
    pub(super) fn by_session(_: &ClientSession) -> Self {
        Self(())
    }
}

/// The peer holds its certificate's private key.
pub(super) struct PossessionProof(());

impl PossessionProof {
    /// By its signature: a server's over the key exchange (RFC 5246 §7.4.3), a client's over the
    /// handshake so far (§7.4.8). `what` names it for the sentence. A key that is too
    /// short proves nothing, whoever accepted its certificate.
    pub(super) fn by_signature(
        what: &str,
        key: &dyn PublicKey,
        config: &Config,
        scheme: SignatureScheme,
        message: &[u8],
        signature: &[u8],
    ) -> Result<Self> {
        check_strength(key.kind(), config)?;
        key.verify(scheme, message, signature)
            .map(|()| Self(()))
            .map_err(|_| {
                Error::with(
                    Reason::BadSignature,
                    format!("the {scheme} signature of the {what} does not verify"),
                )
            })
    }

    /// With RSA key exchange the server's Finished is the proof: only the key's owner can compute
    /// it (RFC 5246 Appendix F.1.1.2).
    pub(super) fn by_finished(_: &FinishedProof) -> Self {
        Self(())
    }
}

/// A client is authenticated as far as the configuration insists.
pub(super) struct ClientProof(());

impl ClientProof {
    /// Without a certificate: only where none is required, whatever else the key exchange proves (that
    /// the client knows a shared key, RFC 4279 §2).
    pub(super) fn without_certificate(asked: ClientAuth) -> Result<Self> {
        match asked {
            ClientAuth::None | ClientAuth::Request => Ok(Self(())),
            ClientAuth::Require => Err(Reason::ClientCertificateMissing.into()),
        }
    }

    /// What it showed was judged when the session was made, under everything that is asked for now
    /// too: sessions are bound to it. `None`: more is asked for than it showed.
    pub(super) fn by_session(session: &SessionState, asked: ClientAuth) -> Option<Self> {
        let enough = asked != ClientAuth::Require || !session.peer_chain.is_empty();
        enough.then_some(Self(()))
    }

    /// Its chain was judged, and it holds the leaf's key.
    pub(super) fn verified(_: PeerProof, _: PossessionProof) -> Self {
        Self(())
    }
}

/// Keys have the least length of the policy and the security level. The verifier says so too, of every
/// key in the path; but it may be the application's, or there may be none.
pub(super) fn check_strength(kind: KeyKind, config: &Config) -> Result<()> {
    config.strength().check_key(kind).map_err(|(bits, least)| {
        let who = config.who_asks(|s| s.check_key(kind).is_ok());
        let text = format!("the peer's key ({kind}) has {bits} bits, {who} wants {least}");
        Error::with(Reason::WeakPeerKey, text)
    })
}

/// The peer's Finished matches the handshake.
pub(super) struct FinishedProof(());

impl FinishedProof {
    /// Compares a Finished's body in constant time; one of another length does not match either.
    pub(super) fn check(expected: &[u8; VERIFY_DATA_LEN], got: &[u8]) -> Result<Self> {
        if bool::from(expected[..].ct_eq(got)) {
            return Ok(Self(()));
        }
        Err(Reason::BadFinished.into())
    }
}
