//! The default provider with some of its parts replaced. Providers hand out `'static` references: what a test puts
//! in the place of a part is leaked, on purpose.

use pki_types::{AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm};
use std::sync::Arc;
use tls_core::crypto::{
    AeadAlgorithm, AeadId, CbcAlgorithm, CertificateAlgorithms, CipherId, FiniteField, Hash,
    HashId, KeyError, KeyExchangeGroup, Prf, PrivateKey, PrivateKeyEncoding, Provider, PublicKey,
};
use tls_core::wire::NamedGroup;
use tls_crypto::DefaultProvider;

#[derive(Debug)]
pub struct Patched {
    name: &'static str,
    /// In the place of the PRFs with the same hash.
    prfs: Vec<&'static dyn Prf>,
    certificates: CertificateAlgorithms,
}

/// What stands in the place of each verification of a signature in a certificate: the real one, key,
/// message, signature.
pub type Verify =
    fn(&dyn SignatureVerificationAlgorithm, &[u8], &[u8], &[u8]) -> Result<(), InvalidSignature>;

impl Patched {
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            prfs: Vec::new(),
            certificates: DefaultProvider.certificate_algorithms(),
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
        self.1(self.0, key, message, signature)
    }
    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.0.public_key_alg_id()
    }
    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.0.signature_alg_id()
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
        DefaultProvider.public_key(spki)
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
