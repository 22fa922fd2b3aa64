use super::ec::EcVerifier;
use super::ed25519::Ed25519Verifier;
use super::engine::Engine;
use super::rsa_public::RsaVerifier;
use super::scheme::{KeyAlgorithm, Mechanism};
use tls_core::crypto::KeyError;

/// The contents of a `subjectPublicKey`, ready to verify.
pub(crate) enum Verifier {
    Rsa(RsaVerifier),
    Ec(EcVerifier),
    Ed25519(Ed25519Verifier),
}

impl Verifier {
    /// Takes the bytes inside the BIT STRING.
    pub(crate) fn new(
        algorithm: KeyAlgorithm,
        key: &[u8],
        engine: Engine,
    ) -> Result<Self, KeyError> {
        Ok(match algorithm {
            KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss(_) => {
                Self::Rsa(RsaVerifier::from_pkcs1(key, engine)?)
            }
            KeyAlgorithm::Ec(curve) => Self::Ec(EcVerifier::new(curve, key, engine)?),
            KeyAlgorithm::Ed25519 => Self::Ed25519(Ed25519Verifier::new(key, engine)?),
        })
    }

    /// Length of an RSA modulus in bits; 0 for other keys.
    pub(crate) fn bits(&self) -> usize {
        match self {
            Self::Rsa(key) => key.bits(),
            Self::Ec(_) | Self::Ed25519(_) => 0,
        }
    }

    pub(crate) fn verify(&self, mechanism: Mechanism, message: &[u8], signature: &[u8]) -> bool {
        match (self, mechanism) {
            (Self::Rsa(key), Mechanism::Rsa(padding, hash)) => {
                key.verify(padding, hash, message, signature)
            }
            (Self::Ec(key), Mechanism::Ecdsa(hash)) => key.verify(hash, message, signature),
            (Self::Ed25519(key), Mechanism::Ed25519) => key.verify(message, signature),
            _ => false,
        }
    }
}
