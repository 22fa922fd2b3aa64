//! The default provider with some of its parts replaced. Providers hand out `'static` references: what a test puts
//! in the place of a part is leaked, on purpose.

use pki_types::{AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm};
use std::sync::Arc;
use tls_core::crypto::{
    AeadAlgorithm, AeadId, BadSignature, CbcAlgorithm, CertificateAlgorithms, CipherId,
    FiniteField, Hash, HashId, KeyError, KeyExchangeGroup, KeyKind, Prf, PrivateKey,
    PrivateKeyEncoding, Provider, PublicKey, Random,
};
use tls_core::wire::{NamedGroup, SignatureScheme};
use tls_crypto::DefaultProvider;

#[derive(Debug)]
pub struct Patched {
    name: &'static str,
    /// In the place of the PRFs with the same hash.
    prfs: Vec<&'static dyn Prf>,
    certificates: CertificateAlgorithms,
    verify: Option<Verify>,
}

/// What stands in the place of each verification of a signature of a CA. It gets the real one; `true`: good.
pub type Verify = fn(&dyn Fn() -> bool) -> bool;

impl Patched {
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            prfs: Vec::new(),
            certificates: DefaultProvider.certificate_algorithms(),
            verify: None,
        }
    }

    pub fn with_prf(mut self, prf: &'static dyn Prf) -> Self {
        self.prfs.push(prf);
        self
    }

    pub fn with_verify(mut self, verify: Verify) -> Self {
        let wrap = |list: &[&'static dyn SignatureVerificationAlgorithm]| -> &'static [_] {
            let one = |real: &&'static dyn SignatureVerificationAlgorithm| -> &'static _ {
                Box::leak(Box::new(Algorithm(*real, verify)))
                    as &'static dyn SignatureVerificationAlgorithm
            };
            Vec::leak(list.iter().map(one).collect())
        };
        self.verify = Some(verify);
        self.certificates = CertificateAlgorithms {
            modern: wrap(self.certificates.modern),
            legacy: wrap(self.certificates.legacy),
        };
        self
    }
}

#[derive(Debug)]
struct Algorithm(&'static dyn SignatureVerificationAlgorithm, Verify);

impl SignatureVerificationAlgorithm for Algorithm {
    fn verify_signature(
        &self,
        key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        let real = || self.0.verify_signature(key, message, signature).is_ok();
        self.1(&real).then_some(()).ok_or(InvalidSignature)
    }
    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.0.public_key_alg_id()
    }
    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.0.signature_alg_id()
    }
}

struct Key(Arc<dyn PublicKey>, Verify);

impl core::fmt::Debug for Key {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.0.fmt(f)
    }
}

impl PublicKey for Key {
    fn kind(&self) -> KeyKind {
        self.0.kind()
    }
    fn spki(&self) -> &[u8] {
        self.0.spki()
    }
    fn verify(&self, scheme: SignatureScheme, m: &[u8], s: &[u8]) -> Result<(), BadSignature> {
        self.0.verify(scheme, m, s)
    }
    fn verify_certificate(&self, id: &[u8], m: &[u8], s: &[u8]) -> Result<(), BadSignature> {
        let real = || self.0.verify_certificate(id, m, s).is_ok();
        self.1(&real).then_some(()).ok_or(BadSignature)
    }
    fn encrypt_pkcs1(&self, message: &[u8], random: &dyn Random) -> Result<Vec<u8>, KeyError> {
        self.0.encrypt_pkcs1(message, random)
    }
}

impl Provider for Patched {
    fn name(&self) -> &'static str {
        self.name
    }
    fn aead(&self, id: AeadId) -> Option<&'static dyn AeadAlgorithm> {
        DefaultProvider.aead(id)
    }
    fn cbc(&self, cipher: CipherId, mac: HashId) -> Option<&'static dyn CbcAlgorithm> {
        DefaultProvider.cbc(cipher, mac)
    }
    fn hash(&self, id: HashId) -> Option<&'static dyn Hash> {
        DefaultProvider.hash(id)
    }
    fn prf(&self, hash: HashId) -> Option<&'static dyn Prf> {
        let patch = self.prfs.iter().find(|prf| prf.hash() == hash);
        patch.copied().or_else(|| DefaultProvider.prf(hash))
    }
    fn group(&self, group: NamedGroup) -> Option<&'static dyn KeyExchangeGroup> {
        DefaultProvider.group(group)
    }
    fn finite_field(&self) -> Option<&'static dyn FiniteField> {
        DefaultProvider.finite_field()
    }
    fn public_key(&self, spki: &[u8]) -> Result<Arc<dyn PublicKey>, KeyError> {
        let key = DefaultProvider.public_key(spki)?;
        Ok(match self.verify {
            Some(verify) => Arc::new(Key(key, verify)),
            None => key,
        })
    }
    fn private_key(
        &self,
        encoding: PrivateKeyEncoding,
        der: &[u8],
    ) -> Result<Arc<dyn PrivateKey>, KeyError> {
        DefaultProvider.private_key(encoding, der)
    }
    fn certificate_algorithms(&self) -> CertificateAlgorithms {
        self.certificates
    }
}
