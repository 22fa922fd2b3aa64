//! Public keys: key exchange groups, signatures, verification.

use std::sync::Arc;
use tls_core::crypto::{
    CertificateAlgorithms, KeyError, KeyExchangeGroup, PrivateKey, PrivateKeyEncoding, PublicKey,
};
use tls_core::wire::NamedGroup;

/// The (EC)DHE group with this number.
pub(crate) fn group(_group: NamedGroup) -> Option<&'static dyn KeyExchangeGroup> {
    None
}

/// Parses a `SubjectPublicKeyInfo`.
pub(crate) fn public_key(_spki: &[u8]) -> Result<Arc<dyn PublicKey>, KeyError> {
    Err(KeyError::Unsupported("public keys of any kind".into()))
}

/// Parses a private key.
pub(crate) fn private_key(
    _encoding: PrivateKeyEncoding,
    _der: &[u8],
) -> Result<Arc<dyn PrivateKey>, KeyError> {
    Err(KeyError::Unsupported("private keys of any kind".into()))
}

/// Signature algorithms inside certificates.
pub(crate) fn certificate_algorithms() -> CertificateAlgorithms {
    CertificateAlgorithms {
        modern: &[],
        legacy: &[],
    }
}
