use tls_core::crypto::{HashId, KeyKind};
use tls_core::wire::{NamedGroup, SignatureScheme};

/// What the algorithm identifier of a key says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyAlgorithm {
    /// rsaEncryption
    Rsa,
    /// id-RSASSA-PSS; with parameters the key is bound to one hash (RFC 4055 §3.1).
    RsaPss(Option<HashId>),
    /// id-ecPublicKey on a named curve
    Ec(NamedGroup),
    /// id-Ed25519
    Ed25519,
}

impl KeyAlgorithm {
    /// The kind; `bits` is the length of an RSA modulus.
    pub(crate) fn kind(self, bits: usize) -> KeyKind {
        match self {
            Self::Rsa => KeyKind::Rsa { bits },
            Self::RsaPss(_) => KeyKind::RsaPss { bits },
            Self::Ec(curve) => KeyKind::Ec(curve),
            Self::Ed25519 => KeyKind::Ed25519,
        }
    }
}

/// How an RSA signature is padded (RFC 8017 §8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RsaPadding {
    /// RSASSA-PKCS1-v1_5
    Pkcs1,
    /// RSASSA-PSS; MGF1 over the same hash, a salt of the hash's length (RFC 8446 §4.2.3)
    Pss,
}

/// What is computed, whatever the key's algorithm identifier says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mechanism {
    Rsa(RsaPadding, HashId),
    Ecdsa(HashId),
    Ed25519,
}

impl Mechanism {
    /// Whether the padded hash fits into an RSA modulus of `bits` (RFC 8017 §9.1.1, §9.2).
    fn fits(self, bits: usize) -> bool {
        match self {
            Self::Rsa(RsaPadding::Pss, hash) => (bits - 1).div_ceil(8) >= 2 * hash.output_len() + 2,
            // 19 bytes is the DigestInfo around the longest of our hashes, 11 the padding's least.
            Self::Rsa(RsaPadding::Pkcs1, hash) => bits.div_ceil(8) >= hash.output_len() + 19 + 11,
            Self::Ecdsa(_) | Self::Ed25519 => true,
        }
    }
}

/// What `scheme` means for a key of this algorithm, or `None` when it does not go with it.
///
/// The ECDSA schemes name a hash and bind no curve in TLS 1.2 (RFC 5246 §7.4.1.4.1); the PSS
/// schemes do bind the key's algorithm identifier (RFC 8446 §4.2.3), and so does PKCS#1.
pub(crate) fn mechanism(algorithm: KeyAlgorithm, scheme: SignatureScheme) -> Option<Mechanism> {
    use HashId::{Sha1, Sha256, Sha384, Sha512};
    use KeyAlgorithm::{Ec, Ed25519, Rsa, RsaPss};
    use RsaPadding::{Pkcs1, Pss};

    let mechanism = match (algorithm, scheme) {
        (Rsa, SignatureScheme::RSA_PKCS1_SHA1) => Mechanism::Rsa(Pkcs1, Sha1),
        (Rsa, SignatureScheme::RSA_PKCS1_SHA256) => Mechanism::Rsa(Pkcs1, Sha256),
        (Rsa, SignatureScheme::RSA_PKCS1_SHA384) => Mechanism::Rsa(Pkcs1, Sha384),
        (Rsa, SignatureScheme::RSA_PKCS1_SHA512) => Mechanism::Rsa(Pkcs1, Sha512),
        (Rsa, SignatureScheme::RSA_PSS_RSAE_SHA256) => Mechanism::Rsa(Pss, Sha256),
        (Rsa, SignatureScheme::RSA_PSS_RSAE_SHA384) => Mechanism::Rsa(Pss, Sha384),
        (Rsa, SignatureScheme::RSA_PSS_RSAE_SHA512) => Mechanism::Rsa(Pss, Sha512),
        (RsaPss(_), SignatureScheme::RSA_PSS_PSS_SHA256) => Mechanism::Rsa(Pss, Sha256),
        (RsaPss(_), SignatureScheme::RSA_PSS_PSS_SHA384) => Mechanism::Rsa(Pss, Sha384),
        (RsaPss(_), SignatureScheme::RSA_PSS_PSS_SHA512) => Mechanism::Rsa(Pss, Sha512),
        (Ec(_), SignatureScheme::ECDSA_SHA1) => Mechanism::Ecdsa(Sha1),
        (Ec(_), SignatureScheme::ECDSA_SECP256R1_SHA256) => Mechanism::Ecdsa(Sha256),
        (Ec(_), SignatureScheme::ECDSA_SECP384R1_SHA384) => Mechanism::Ecdsa(Sha384),
        (Ec(_), SignatureScheme::ECDSA_SECP521R1_SHA512) => Mechanism::Ecdsa(Sha512),
        (Ed25519, SignatureScheme::ED25519) => Mechanism::Ed25519,
        _ => return None,
    };
    match (algorithm, mechanism) {
        (RsaPss(Some(bound)), Mechanism::Rsa(_, hash)) if hash != bound => None,
        _ => Some(mechanism),
    }
}

/// The schemes that a private key signs with, best first: what does not fit a short modulus is
/// left out, SHA-1 comes last, an EC key's own hash first and then the stronger ones.
pub(crate) fn schemes(algorithm: KeyAlgorithm, bits: usize) -> Vec<SignatureScheme> {
    let all: &[SignatureScheme] = match algorithm {
        KeyAlgorithm::Rsa => &[
            SignatureScheme::RSA_PSS_RSAE_SHA256,
            SignatureScheme::RSA_PSS_RSAE_SHA384,
            SignatureScheme::RSA_PSS_RSAE_SHA512,
            SignatureScheme::RSA_PKCS1_SHA256,
            SignatureScheme::RSA_PKCS1_SHA384,
            SignatureScheme::RSA_PKCS1_SHA512,
            SignatureScheme::RSA_PKCS1_SHA1,
        ],
        KeyAlgorithm::RsaPss(_) => &[
            SignatureScheme::RSA_PSS_PSS_SHA256,
            SignatureScheme::RSA_PSS_PSS_SHA384,
            SignatureScheme::RSA_PSS_PSS_SHA512,
        ],
        KeyAlgorithm::Ec(NamedGroup::SECP384R1) => &[
            SignatureScheme::ECDSA_SECP384R1_SHA384,
            SignatureScheme::ECDSA_SECP521R1_SHA512,
            SignatureScheme::ECDSA_SECP256R1_SHA256,
            SignatureScheme::ECDSA_SHA1,
        ],
        KeyAlgorithm::Ec(NamedGroup::SECP521R1) => &[
            SignatureScheme::ECDSA_SECP521R1_SHA512,
            SignatureScheme::ECDSA_SECP384R1_SHA384,
            SignatureScheme::ECDSA_SECP256R1_SHA256,
            SignatureScheme::ECDSA_SHA1,
        ],
        KeyAlgorithm::Ec(_) => &[
            SignatureScheme::ECDSA_SECP256R1_SHA256,
            SignatureScheme::ECDSA_SECP384R1_SHA384,
            SignatureScheme::ECDSA_SECP521R1_SHA512,
            SignatureScheme::ECDSA_SHA1,
        ],
        KeyAlgorithm::Ed25519 => &[SignatureScheme::ED25519],
    };
    all.iter()
        .copied()
        .filter(|&scheme| mechanism(algorithm, scheme).is_some_and(|m| m.fits(bits)))
        .collect()
}
