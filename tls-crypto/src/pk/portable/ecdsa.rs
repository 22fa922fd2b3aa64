use super::super::digest::digest;
use super::super::kx::is_uncompressed;
use getrandom::SysRng;
use p256::ecdsa::signature::hazmat::{PrehashVerifier as _, RandomizedPrehashSigner as _};
use tls_core::crypto::HashId;
use tls_core::wire::NamedGroup;

/// Verifies with one key on any of the three curves.
pub(crate) enum EcVerifier {
    P256(p256::ecdsa::VerifyingKey),
    P384(p384::ecdsa::VerifyingKey),
    P521(Box<p521::ecdsa::VerifyingKey>),
}

impl EcVerifier {
    /// `None` when the curve is not here or `point` is no uncompressed point on it.
    pub(crate) fn new(curve: NamedGroup, point: &[u8]) -> Option<Self> {
        match curve {
            NamedGroup::SECP256R1 if is_uncompressed(point, 32) => {
                p256::ecdsa::VerifyingKey::from_sec1_bytes(point)
                    .ok()
                    .map(Self::P256)
            }
            NamedGroup::SECP384R1 if is_uncompressed(point, 48) => {
                p384::ecdsa::VerifyingKey::from_sec1_bytes(point)
                    .ok()
                    .map(Self::P384)
            }
            NamedGroup::SECP521R1 if is_uncompressed(point, 66) => {
                p521::ecdsa::VerifyingKey::from_sec1_bytes(point)
                    .ok()
                    .map(|key| Self::P521(Box::new(key)))
            }
            _ => None,
        }
    }

    /// Verifies a DER signature; the hash may be longer or shorter than the curve's order
    /// (FIPS 186-4 §6.4: its leftmost bits).
    pub(crate) fn verify(&self, hash: HashId, message: &[u8], signature: &[u8]) -> bool {
        let hashed = digest(hash, message);
        let hashed = hashed.as_ref();
        match self {
            Self::P256(key) => p256::ecdsa::Signature::from_der(signature)
                .is_ok_and(|signature| key.verify_prehash(hashed, &signature).is_ok()),
            Self::P384(key) => p384::ecdsa::Signature::from_der(signature)
                .is_ok_and(|signature| key.verify_prehash(hashed, &signature).is_ok()),
            Self::P521(key) => p521::ecdsa::Signature::from_der(signature)
                .is_ok_and(|signature| key.verify_prehash(hashed, &signature).is_ok()),
        }
    }
}

/// Signs with one key on any of the three curves. Nonces are RFC 6979 with added randomness
/// (§3.6), so that neither a weak source nor a fault gives the key away alone.
pub(crate) enum EcSigner {
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
    P521(Box<p521::ecdsa::SigningKey>),
}

impl EcSigner {
    /// `None` when the curve is not here or the scalar is out of range.
    pub(crate) fn new(curve: NamedGroup, scalar: &[u8]) -> Option<Self> {
        match curve {
            NamedGroup::SECP256R1 => p256::ecdsa::SigningKey::from_slice(scalar)
                .ok()
                .map(Self::P256),
            NamedGroup::SECP384R1 => p384::ecdsa::SigningKey::from_slice(scalar)
                .ok()
                .map(Self::P384),
            NamedGroup::SECP521R1 => p521::ecdsa::SigningKey::from_slice(scalar)
                .ok()
                .map(|key| Self::P521(Box::new(key))),
            _ => None,
        }
    }

    /// The public key as an uncompressed point.
    pub(crate) fn public(&self) -> Vec<u8> {
        match self {
            Self::P256(key) => key.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
            Self::P384(key) => key.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
            Self::P521(key) => key.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
        }
    }

    /// The DER signature, or `None` without randomness.
    pub(crate) fn sign(&self, hash: HashId, message: &[u8]) -> Option<Vec<u8>> {
        let hashed = digest(hash, message);
        let hashed = hashed.as_ref();
        match self {
            Self::P256(key) => {
                let signature: p256::ecdsa::DerSignature =
                    key.sign_prehash_with_rng(&mut SysRng, hashed).ok()?;
                Some(signature.as_bytes().to_vec())
            }
            Self::P384(key) => {
                let signature: p384::ecdsa::DerSignature =
                    key.sign_prehash_with_rng(&mut SysRng, hashed).ok()?;
                Some(signature.as_bytes().to_vec())
            }
            Self::P521(key) => {
                let signature: p521::ecdsa::DerSignature =
                    key.sign_prehash_with_rng(&mut SysRng, hashed).ok()?;
                Some(signature.as_bytes().to_vec())
            }
        }
    }
}
