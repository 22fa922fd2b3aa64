//! Public keys: key exchange groups, signatures, verification.
//!
//! ```text
//! finite_field ► ffdh (crypto-bigint)
//! group ──────► kx (draws the private key) ───────────────────────────┐
//! public_key ─► algorithm_id ─► verifier: rsa_public, ec, ed25519 ────┼─► fast (graviola)
//! private_key ► key_formats ──► private_key: rsa_private, ec, ed25519 ┼─► portable (RustCrypto)
//!                               rsa_public, rsa_private ─────────────┴─► ifma (our own)
//! certificate_algorithms ─────► verifier
//! ```
//!
//! `scheme` is the table that says which scheme means what for which key.

mod algorithm_id;
mod certificates;
mod digest;
mod ec;
mod ed25519;
mod engine;
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
mod fast;
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
#[path = "fast_absent.rs"]
mod fast;
mod ffdh;
#[cfg(target_arch = "x86_64")]
mod ifma;
#[cfg(not(target_arch = "x86_64"))]
#[path = "ifma_absent.rs"]
mod ifma;
mod key_formats;
mod kx;
mod portable;
mod private_key;
mod public_key;
mod rsa_decrypt;
mod rsa_encrypt;
mod rsa_padding;
mod rsa_private;
mod rsa_public;
mod scheme;
#[cfg(test)]
mod tests;
mod verifier;

use engine::Engine;
use std::sync::Arc;
use tls_core::crypto::{
    CertificateAlgorithms, FiniteField, KeyError, KeyExchangeGroup, PrivateKey, PrivateKeyEncoding,
    PublicKey,
};
use tls_core::wire::NamedGroup;

/// The (EC)DHE group with this number.
pub(crate) fn group(group: NamedGroup) -> Option<&'static dyn KeyExchangeGroup> {
    group_of(Engine::detect(), group)
}

fn group_of(engine: Engine, group: NamedGroup) -> Option<&'static dyn KeyExchangeGroup> {
    match engine {
        Engine::Fast | Engine::Ifma => fast::group(group).or_else(|| portable::group(group)),
        Engine::Portable => portable::group(group),
    }
}

/// Diffie-Hellman in finite fields.
pub(crate) fn finite_field() -> &'static dyn FiniteField {
    &ffdh::FiniteFields
}

/// Parses a `SubjectPublicKeyInfo`.
pub(crate) fn public_key(spki: &[u8]) -> Result<Arc<dyn PublicKey>, KeyError> {
    let key = public_key::SpkiKey::from_der(spki, Engine::detect())?;
    Ok(Arc::new(key))
}

/// Parses a private key.
pub(crate) fn private_key(
    encoding: PrivateKeyEncoding,
    der: &[u8],
) -> Result<Arc<dyn PrivateKey>, KeyError> {
    let key = key_formats::parse(encoding, der, Engine::detect())?;
    Ok(Arc::new(key))
}

/// Signature algorithms inside certificates.
pub(crate) fn certificate_algorithms() -> CertificateAlgorithms {
    certificates::ALGORITHMS
}
