//! What the protocol needs of cryptography: traits only, one file each, and no implementation.
//!
//! A [`Provider`] answers for a whole set of primitives; `tls-crypto` is the default one. The
//! record traits are shaped for the fastest path: sealing is out of place, a run of CBC records is
//! sealed together, and opening writes straight into the caller's (possibly uninitialised) buffer.

mod aead;
mod cbc;
mod dh;
mod exchange;
mod hash;
mod kx;
mod later;
mod master;
mod psk;
mod random;
mod sign;
mod suite;
mod verify;
mod wake;
mod wipe;

pub use aead::{AEAD_NONCE_LEN, Aead, AeadAlgorithm, AeadId, BadRecord};
pub use cbc::{CbcAlgorithm, CbcMac, CbcRecord, CbcSealed, CipherId, MacForm, PSEUDO_HEADER_LEN};
pub use dh::{BadDhParams, DhParams, FiniteField};
pub use exchange::{Agreement, ExchangeRow, KeyExchangeKind, Presence};
pub use hash::{Digest, Hash, HashContext, HashId, MAX_DIGEST_LEN, Prf, PrfKey};
pub use kx::{ActiveKeyExchange, InvalidKeyShare, KeyExchangeGroup, Secret};
pub use later::{Answer, AnswerKind, Later, Pending, Reply, Ruling};
pub(crate) use master::Master;
pub use psk::{MAX_PSK, MAX_PSK_IDENTITY, Psk, PskKeys};
pub use random::{Random, RandomFailed};
pub use sign::{KeyError, KeyKind, PrivateKey, PrivateKeyEncoding, SignedBytes};
pub use suite::{Authentication, BulkCipher, SUITES, Suite, SuiteClass};
pub use verify::{BadSignature, CertificateAlgorithms, PublicKey};
pub(crate) use wipe::wipe;

use std::sync::Arc;

/// A set of implementations. What it does not have, it answers with `None`, and the protocol then
/// neither offers nor accepts it.
pub trait Provider: Send + Sync + core::fmt::Debug {
    /// A short name for traces and version strings.
    fn name(&self) -> &'static str;

    /// Authenticated encryption for records (RFC 5288, RFC 7905, RFC 6655).
    fn aead(&self, id: AeadId) -> Option<&'static dyn AeadAlgorithm>;

    /// Block cipher in CBC mode with HMAC over `mac`, as one primitive (RFC 5246 §6.2.3.2).
    fn cbc(&self, cipher: CipherId, mac: HashId) -> Option<&'static dyn CbcAlgorithm>;

    /// A hash for transcripts and certificate fingerprints.
    fn hash(&self, id: HashId) -> Option<&'static dyn Hash>;

    /// The TLS 1.2 pseudorandom function over `hash` (RFC 5246 §5).
    fn prf(&self, hash: HashId) -> Option<&'static dyn Prf>;

    /// An elliptic-curve group.
    fn group(&self, group: crate::wire::NamedGroup) -> Option<&'static dyn KeyExchangeGroup>;

    /// Diffie-Hellman in finite fields.
    fn finite_field(&self) -> Option<&'static dyn FiniteField>;

    /// Parses a DER `SubjectPublicKeyInfo` (RFC 5280 §4.1.2.7) and does the precomputation that
    /// its verifications share.
    fn public_key(&self, spki: &[u8]) -> Result<Arc<dyn PublicKey>, KeyError>;

    /// Parses an unencrypted private key.
    fn private_key(
        &self,
        encoding: PrivateKeyEncoding,
        der: &[u8],
    ) -> Result<Arc<dyn PrivateKey>, KeyError>;

    /// The algorithms for signatures inside certificates, CRLs and OCSP responses.
    fn certificate_algorithms(&self) -> CertificateAlgorithms;
}
