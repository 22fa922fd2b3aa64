//! A provider that counts the signatures in certificates that it verifies.

use pki_types::{AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use tls_core::crypto::*;
use tls_core::wire::NamedGroup;
use tls_crypto::DefaultProvider;

static VERIFIED: AtomicUsize = AtomicUsize::new(0);

/// What `f` returns, and how many signatures were verified meanwhile with [`Counting`]: one `f` at a
/// time.
pub fn count<T>(f: impl FnOnce() -> T) -> (T, usize) {
    static ONE: Mutex<()> = Mutex::new(());
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    VERIFIED.store(0, Ordering::Relaxed);
    let result = f();
    (result, VERIFIED.load(Ordering::Relaxed))
}

#[derive(Debug)]
pub struct Counting;

#[derive(Debug)]
struct Algorithm(&'static dyn SignatureVerificationAlgorithm);

impl SignatureVerificationAlgorithm for Algorithm {
    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        VERIFIED.fetch_add(1, Ordering::Relaxed);
        self.0.verify_signature(public_key, message, signature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.0.public_key_alg_id()
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.0.signature_alg_id()
    }
}

type List = &'static [&'static dyn SignatureVerificationAlgorithm];

fn counting(list: List) -> List {
    let wrap = |a: &&'static dyn SignatureVerificationAlgorithm| {
        &*Box::leak(Box::new(Algorithm(*a))) as &'static dyn SignatureVerificationAlgorithm
    };
    Vec::leak(list.iter().map(wrap).collect())
}

impl Provider for Counting {
    fn name(&self) -> &'static str {
        "counting"
    }
    fn aead(&self, _: AeadId) -> Option<&'static dyn AeadAlgorithm> {
        None
    }
    fn cbc(&self, _: CipherId, _: HashId) -> Option<&'static dyn CbcAlgorithm> {
        None
    }
    fn hash(&self, id: HashId) -> Option<&'static dyn Hash> {
        DefaultProvider.hash(id)
    }
    fn prf(&self, _: HashId) -> Option<&'static dyn Prf> {
        None
    }
    fn group(&self, _: NamedGroup) -> Option<&'static dyn KeyExchangeGroup> {
        None
    }
    fn finite_field(&self) -> Option<&'static dyn FiniteField> {
        None
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
        static LISTS: OnceLock<CertificateAlgorithms> = OnceLock::new();
        *LISTS.get_or_init(|| {
            let real = DefaultProvider.certificate_algorithms();
            CertificateAlgorithms {
                modern: counting(real.modern),
                legacy: counting(real.legacy),
            }
        })
    }
}
