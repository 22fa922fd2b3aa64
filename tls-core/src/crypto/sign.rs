use super::{Later, PublicKey, Reply, Secret};
use crate::wire::{NamedGroup, SignatureScheme};
use std::sync::Arc;

/// What kind of key it is, private or public.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// rsaEncryption; `bits` is the length of the modulus.
    Rsa {
        /// Length of the modulus in bits.
        bits: usize,
    },
    /// id-RSASSA-PSS (RFC 4055): signs with rsa_pss_pss_* alone.
    RsaPss {
        /// Length of the modulus in bits.
        bits: usize,
    },
    /// id-ecPublicKey on a named curve.
    Ec(NamedGroup),
    /// id-Ed25519 (RFC 8410)
    Ed25519,
}

impl core::fmt::Display for KeyKind {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Rsa { bits } => write!(f, "RSA of {bits} bits"),
            Self::RsaPss { bits } => write!(f, "RSA-PSS of {bits} bits"),
            Self::Ec(curve) => write!(f, "EC on {curve}"),
            Self::Ed25519 => f.write_str("Ed25519"),
        }
    }
}

/// Why a key was refused or an operation with it failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyError {
    /// The encoding is broken; the text says where.
    Malformed(String),
    /// A well-formed key of a kind, curve or size that is not supported; the text names it.
    Unsupported(String),
    /// The operation failed (a token that answers no, a scheme the key does not have).
    Failed(String),
}

impl core::fmt::Display for KeyError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Malformed(why) => write!(f, "malformed key: {why}"),
            Self::Unsupported(why) => write!(f, "unsupported key: {why}"),
            Self::Failed(why) => write!(f, "key operation failed: {why}"),
        }
    }
}

impl std::error::Error for KeyError {}

/// The container of a private key in DER.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrivateKeyEncoding {
    /// `PrivateKeyInfo` or `OneAsymmetricKey` (RFC 5958)
    Pkcs8,
    /// `RSAPrivateKey` (RFC 8017 Appendix A.1.2)
    Pkcs1,
    /// `ECPrivateKey` (RFC 5915)
    Sec1,
}

/// A signature in the form of the wire.
pub type SignedBytes = Vec<u8>;

/// A private key: in memory, or behind a callback that may answer later.
pub trait PrivateKey: Send + Sync + core::fmt::Debug {
    /// What kind of key it is.
    fn kind(&self) -> KeyKind;

    /// The schemes that it signs with, in its own order of preference.
    fn schemes(&self) -> &[SignatureScheme];

    /// The public half, or `None` where the key cannot tell (then the certificate is believed).
    fn public_key(&self) -> Option<Arc<dyn PublicKey>>;

    /// Signs `message` (not a digest) with exactly `scheme`. ECDSA signatures are DER
    /// (RFC 5246 §4.7). A key that answers later takes [`Later::pending`] and returns
    /// [`Reply::Later`].
    fn sign(
        &self,
        scheme: SignatureScheme,
        message: &[u8],
        later: &Later,
    ) -> Reply<Result<SignedBytes, KeyError>>;

    /// Whether [`PrivateKey::decrypt_raw`] works. Without it a server does not choose RSA key
    /// exchange with this key.
    fn can_decrypt(&self) -> bool {
        matches!(self.kind(), KeyKind::Rsa { .. })
    }

    /// The raw RSA private operation (no padding removed) on a ciphertext of the modulus's length:
    /// the result has that length too, leading zeroes kept. The protocol removes the padding in
    /// constant time (RFC 5246 §7.4.7.1), so an implementation must not look at the result.
    /// An error is for keys that cannot decrypt and for ciphertexts out of range, which an
    /// eavesdropper can see as well.
    fn decrypt_raw(&self, ciphertext: &[u8], later: &Later) -> Reply<Result<Secret, KeyError>>;
}
