use super::point;
use graviola::hashing::{Sha256, Sha384, Sha512};
use graviola::key_agreement::{p256, p384};
use graviola::signing::ecdsa::{P256, P384, SigningKey, VerifyingKey};
use tls_core::crypto::HashId;
use tls_core::wire::NamedGroup;

/// Length in bytes of a P-384 signature in DER, rounded up.
const MAX_SIGNATURE_LEN: usize = 128;

/// Verifies with one key on P-256 or P-384.
pub(crate) enum EcVerifier {
    P256(Box<VerifyingKey<P256>>),
    P384(Box<VerifyingKey<P384>>),
}

impl EcVerifier {
    /// Whether graviola has this curve.
    pub(crate) fn has(curve: NamedGroup) -> bool {
        matches!(curve, NamedGroup::SECP256R1 | NamedGroup::SECP384R1)
    }

    /// `None` when the curve is not here or the point is not on it.
    pub(crate) fn new(curve: NamedGroup, point: &[u8]) -> Option<Self> {
        match curve {
            NamedGroup::SECP256R1 if point::is_p256(point) => {
                VerifyingKey::from_x962_uncompressed(point)
                    .ok()
                    .map(|key| Self::P256(Box::new(key)))
            }
            NamedGroup::SECP384R1 if point::is_p384(point) => {
                VerifyingKey::from_x962_uncompressed(point)
                    .ok()
                    .map(|key| Self::P384(Box::new(key)))
            }
            _ => None,
        }
    }

    /// `None` when graviola does not have the hash.
    pub(crate) fn verify(&self, hash: HashId, message: &[u8], signature: &[u8]) -> Option<bool> {
        let message = [message];
        let result = match (self, hash) {
            (_, HashId::Sha1) => return None,
            (Self::P256(k), HashId::Sha256) => k.verify_asn1::<Sha256>(&message, signature),
            (Self::P256(k), HashId::Sha384) => k.verify_asn1::<Sha384>(&message, signature),
            (Self::P256(k), HashId::Sha512) => k.verify_asn1::<Sha512>(&message, signature),
            (Self::P384(k), HashId::Sha256) => k.verify_asn1::<Sha256>(&message, signature),
            (Self::P384(k), HashId::Sha384) => k.verify_asn1::<Sha384>(&message, signature),
            (Self::P384(k), HashId::Sha512) => k.verify_asn1::<Sha512>(&message, signature),
        };
        Some(result.is_ok())
    }
}

/// Signs with one key on P-256 or P-384. Nonces are RFC 6979 with added randomness.
pub(crate) enum EcSigner {
    P256(SigningKey<P256>),
    P384(SigningKey<P384>),
}

impl EcSigner {
    /// `None` when the curve is not here or the scalar is out of range.
    pub(crate) fn new(curve: NamedGroup, scalar: &[u8]) -> Option<Self> {
        match curve {
            NamedGroup::SECP256R1 => p256::StaticPrivateKey::from_bytes(scalar)
                .ok()
                .map(|private_key| Self::P256(SigningKey { private_key })),
            NamedGroup::SECP384R1 => p384::StaticPrivateKey::from_bytes(scalar)
                .ok()
                .map(|private_key| Self::P384(SigningKey { private_key })),
            _ => None,
        }
    }

    /// The DER signature. `None` when graviola does not have the hash or has no randomness.
    pub(crate) fn sign(&self, hash: HashId, message: &[u8]) -> Option<Vec<u8>> {
        let message = [message];
        let mut out = [0; MAX_SIGNATURE_LEN];
        let signature = match (self, hash) {
            (_, HashId::Sha1) => return None,
            (Self::P256(k), HashId::Sha256) => k.sign_asn1::<Sha256>(&message, &mut out),
            (Self::P256(k), HashId::Sha384) => k.sign_asn1::<Sha384>(&message, &mut out),
            (Self::P256(k), HashId::Sha512) => k.sign_asn1::<Sha512>(&message, &mut out),
            (Self::P384(k), HashId::Sha256) => k.sign_asn1::<Sha256>(&message, &mut out),
            (Self::P384(k), HashId::Sha384) => k.sign_asn1::<Sha384>(&message, &mut out),
            (Self::P384(k), HashId::Sha512) => k.sign_asn1::<Sha512>(&message, &mut out),
        };
        signature.ok().map(<[u8]>::to_vec)
    }
}
