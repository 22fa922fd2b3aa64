//! The default cryptography of tlscore: per primitive the fastest constant-time implementation
//! that this CPU supports, chosen at run time, on a portable floor of RustCrypto.

mod aead;
mod cbc;
#[cfg(target_arch = "x86_64")]
mod cpu;
pub mod encrypted;
mod hash;
mod hmac;
#[cfg(target_arch = "x86_64")]
mod inout;
mod pk;
mod prf;
mod random;
#[cfg(test)]
mod testing;
mod ticket;
#[cfg(target_arch = "x86_64")]
mod x86;

pub use random::{BulkRandom, OsRandom};
pub use ticket::CbcTicketKey;

use std::sync::Arc;
use tls_core::crypto::{
    AeadAlgorithm, AeadId, CbcAlgorithm, CertificateAlgorithms, CipherId, FiniteField, Hash,
    HashId, KeyError, KeyExchangeGroup, Prf, PrivateKey, PrivateKeyEncoding, Provider, PublicKey,
};
use tls_core::wire::NamedGroup;

/// The default provider. It has no state: everything it hands out is `'static` or owned.
#[derive(Clone, Copy, Debug, Default)]
pub struct DefaultProvider;

impl Provider for DefaultProvider {
    fn name(&self) -> &'static str {
        "tlscore"
    }

    fn aead(&self, id: AeadId) -> Option<&'static dyn AeadAlgorithm> {
        Some(aead::aead(id))
    }

    fn cbc(&self, cipher: CipherId, mac: HashId) -> Option<&'static dyn CbcAlgorithm> {
        cbc::cbc(cipher, mac)
    }

    fn hash(&self, id: HashId) -> Option<&'static dyn Hash> {
        Some(hash::hash(id))
    }

    fn prf(&self, hash: HashId) -> Option<&'static dyn Prf> {
        prf::prf(hash)
    }

    fn group(&self, group: NamedGroup) -> Option<&'static dyn KeyExchangeGroup> {
        pk::group(group)
    }

    fn finite_field(&self) -> Option<&'static dyn FiniteField> {
        Some(pk::finite_field())
    }

    fn public_key(&self, spki: &[u8]) -> Result<Arc<dyn PublicKey>, KeyError> {
        pk::public_key(spki)
    }

    fn private_key(
        &self,
        encoding: PrivateKeyEncoding,
        der: &[u8],
    ) -> Result<Arc<dyn PrivateKey>, KeyError> {
        pk::private_key(encoding, der)
    }

    fn certificate_algorithms(&self) -> CertificateAlgorithms {
        pk::certificate_algorithms()
    }
}
