//! Signatures of CAs over what is no certificate: OCSP responses and CRLs.

use super::strength::weak_hash;
use super::view::CertView;
use super::work::Work;
use super::{VerifyRequest, dn};
use crate::crypto::{BadSignature, PublicKey};
use crate::error::Result;
use crate::wire::der::{BadDer, Der, tag};
use std::sync::Arc;

/// Something signed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Signed<'a> {
    /// What the signature covers.
    pub(super) message: &'a [u8],
    /// Contents of the `AlgorithmIdentifier`.
    pub(super) algorithm: &'a [u8],
    pub(super) signature: &'a [u8],
}

/// Why a signature is not one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unproven {
    /// It does not verify with this key.
    Wrong,
    /// Its hash is too short: the end of the sentence.
    Weak(String),
    /// The algorithm is not known: its dotted identifier.
    Unknown(String),
}

impl core::fmt::Display for Unproven {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Wrong => f.write_str("its signature does not verify"),
            Self::Weak(why) => write!(f, "it {why}"),
            Self::Unknown(id) => write!(
                f,
                "it is signed with an algorithm that is not known here ({id})"
            ),
        }
    }
}

/// A certificate's key, ready to verify; `None`: it is none, or of no known kind.
pub(super) fn key_of(
    view: &CertView<'_>,
    request: &VerifyRequest<'_>,
) -> Option<Arc<dyn PublicKey>> {
    let known = request.known.key(view.der);
    known.or_else(|| request.provider.public_key(view.spki).ok())
}

impl Signed<'_> {
    /// Whether the key of `signer` made the signature, by an algorithm of the policy. The outer error: finding it out
    /// would cost more than is left.
    pub(super) fn verify(
        &self,
        signer: &CertView<'_>,
        request: &VerifyRequest<'_>,
        work: &mut Work,
    ) -> Result<Result<(), Unproven>> {
        if let Err(unproven) = self.check_algorithm(request) {
            return Ok(Err(unproven));
        }
        work.verify(signer, self.message)?;
        Ok(self.check_signature(signer, request))
    }

    /// Whether the algorithm is known, and its hash as strong as those on a path must be.
    pub(super) fn check_algorithm(&self, request: &VerifyRequest<'_>) -> Result<(), Unproven> {
        let all = request.provider.certificate_algorithms().legacy;
        let unknown = || Unproven::Unknown(self.algorithm_id());
        if !all
            .iter()
            .any(|a| a.signature_alg_id().as_ref() == self.algorithm)
        {
            return Err(unknown());
        }
        match weak_hash(self.algorithm, request).map_err(|BadDer| unknown())? {
            Some(why) => Err(Unproven::Weak(why)),
            None => Ok(()),
        }
    }

    /// Whether the key of `signer` made the signature, by whatever algorithm.
    pub(super) fn check_signature(
        &self,
        signer: &CertView<'_>,
        request: &VerifyRequest<'_>,
    ) -> Result<(), Unproven> {
        let key = key_of(signer, request).ok_or(Unproven::Wrong)?;
        key.verify_certificate(self.algorithm, self.message, self.signature)
            .map_err(|BadSignature| Unproven::Wrong)
    }

    fn algorithm_id(&self) -> String {
        Der::new(self.algorithm)
            .expect(tag::OID)
            .map_or_else(|_| "?".into(), |id| dn::dotted(id.content))
    }
}
