//! *Verified* is a type. The traffic states cannot be built without these, and each can only be
//! made by its check.

use super::question;
use crate::cert::CertificateDer;
use crate::crypto::{Answer, PublicKey};
use crate::error::{Error, Reason, Result};
use crate::msg::VERIFY_DATA_LEN;
use crate::wire::SignatureScheme;
use subtle::ConstantTimeEq;

/// The peer's chain was judged.
pub(super) struct PeerProof(());

impl PeerProof {
    /// The verdict, and the path that verified (empty where the configuration accepts any).
    pub(super) fn from_verdict(answer: Answer) -> Result<(Self, Vec<CertificateDer<'static>>)> {
        Ok((Self(()), question::verdict(answer)?))
    }
}

/// The server holds its certificate's private key.
pub(super) struct PossessionProof(());

impl PossessionProof {
    /// By its signature over the key exchange (RFC 5246 §7.4.3).
    pub(super) fn by_signature(
        key: &dyn PublicKey,
        scheme: SignatureScheme,
        message: &[u8],
        signature: &[u8],
    ) -> Result<Self> {
        key.verify(scheme, message, signature)
            .map(|()| Self(()))
            .map_err(|_| {
                Error::with(
                    Reason::BadSignature,
                    format!("the {scheme} signature of the key exchange does not verify"),
                )
            })
    }

    /// With RSA key exchange the server's Finished is the proof: only the key's owner can compute
    /// it (RFC 5246 Appendix F.1.1.2).
    pub(super) fn by_finished(_: &FinishedProof) -> Self {
        Self(())
    }
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
