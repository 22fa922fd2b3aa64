//! Signatures of CAs over what is no certificate: OCSP responses and CRLs.

use super::view::{CertView, spki_parts};
use super::{VerifyRequest, dn};
use crate::wire::der::{Der, tag};
use pki_types::SignatureVerificationAlgorithm;

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
    /// It is made with SHA-1.
    Weak,
    /// The algorithm is not known: its dotted identifier.
    Unknown(String),
}

impl core::fmt::Display for Unproven {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Wrong => f.write_str("its signature does not verify"),
            Self::Weak => {
                f.write_str("it is signed with SHA-1, which only the policy legacy allows")
            }
            Self::Unknown(id) => write!(
                f,
                "it is signed with an algorithm that is not known here ({id})"
            ),
        }
    }
}

/// The algorithms of the policy, for everything that a CA signs: with SHA-1 or without.
pub(super) fn algorithms(
    request: &VerifyRequest<'_>,
) -> &'static [&'static dyn SignatureVerificationAlgorithm] {
    let algorithms = request.provider.certificate_algorithms();
    match request.policy.min_hash_bits <= 160 {
        true => algorithms.legacy,
        false => algorithms.modern,
    }
}

impl Signed<'_> {
    /// Whether the key of `signer` made the signature, by an algorithm of the policy.
    pub(super) fn verify(
        &self,
        signer: &CertView<'_>,
        request: &VerifyRequest<'_>,
    ) -> Result<(), Unproven> {
        let has = |list: &[&dyn SignatureVerificationAlgorithm]| {
            list.iter()
                .any(|a| a.signature_alg_id().as_ref() == self.algorithm)
        };
        let allowed = algorithms(request);
        if !has(allowed) {
            return Err(
                match has(request.provider.certificate_algorithms().legacy) {
                    true => Unproven::Weak,
                    false => Unproven::Unknown(self.algorithm_id()),
                },
            );
        }
        let (key_algorithm, key) = spki_parts(signer.spki).map_err(|_| Unproven::Wrong)?;
        let verifies = allowed.iter().any(|a| {
            a.signature_alg_id().as_ref() == self.algorithm
                && a.public_key_alg_id().as_ref() == key_algorithm
                && a.verify_signature(key, self.message, self.signature)
                    .is_ok()
        });
        match verifies {
            true => Ok(()),
            false => Err(Unproven::Wrong),
        }
    }

    fn algorithm_id(&self) -> String {
        Der::new(self.algorithm)
            .expect(tag::OID)
            .map_or_else(|_| "?".into(), |id| dn::dotted(id.content))
    }
}
