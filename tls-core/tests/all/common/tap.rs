//! The default provider with a witness: it remembers every derivation, so that a test knows the
//! secrets of the connection that it plays against.

use std::sync::{Arc, Mutex};
use tls_core::crypto::{
    AeadAlgorithm, AeadId, CbcAlgorithm, CertificateAlgorithms, CipherId, FiniteField, Hash,
    HashId, KeyError, KeyExchangeGroup, Prf, PrfKey, PrivateKey, PrivateKeyEncoding, Provider,
    PublicKey,
};
use tls_core::wire::NamedGroup;
use tls_crypto::DefaultProvider;

/// Label and output.
type Derivation = (Vec<u8>, Vec<u8>);

#[derive(Debug)]
struct TapPrf {
    hash: HashId,
    seen: Arc<Mutex<Vec<Derivation>>>,
}

struct TapKey {
    key: Box<dyn PrfKey>,
    seen: Arc<Mutex<Vec<Derivation>>>,
}

impl Prf for TapPrf {
    fn hash(&self) -> HashId {
        self.hash
    }

    fn key(&self, secret: &[u8]) -> Box<dyn PrfKey> {
        Box::new(TapKey {
            key: prf(self.hash).key(secret),
            seen: self.seen.clone(),
        })
    }
}

impl PrfKey for TapKey {
    fn derive(&self, label: &[u8], seed: &[&[u8]], out: &mut [u8]) {
        self.key.derive(label, seed, out);
        self.seen
            .lock()
            .unwrap()
            .push((label.to_vec(), out.to_vec()));
    }
}

/// The default provider's PRF.
pub fn prf(hash: HashId) -> &'static dyn Prf {
    DefaultProvider.prf(hash).unwrap()
}

#[derive(Debug)]
pub struct Tap {
    sha256: &'static TapPrf,
    sha384: &'static TapPrf,
}

impl Tap {
    pub fn new() -> Arc<Self> {
        // Leaked on purpose: providers hand out 'static references.
        let leak = |hash| {
            let seen = Arc::default();
            &*Box::leak(Box::new(TapPrf { hash, seen }))
        };
        Arc::new(Self {
            sha256: leak(HashId::Sha256),
            sha384: leak(HashId::Sha384),
        })
    }

    fn last(&self, labels: &[&[u8]]) -> Option<Vec<u8>> {
        [self.sha256, self.sha384].iter().find_map(|prf| {
            let seen = prf.seen.lock().unwrap();
            let found = seen.iter().rev().find(|(l, _)| labels.contains(&&l[..]));
            found.map(|(_, out)| out.clone())
        })
    }

    /// The master secret of either kind, once it is derived.
    pub fn master(&self) -> Option<Vec<u8>> {
        self.last(&[b"master secret", b"extended master secret"])
    }

    /// The key block, once it is derived.
    pub fn key_block(&self) -> Option<Vec<u8>> {
        self.last(&[b"key expansion"])
    }
}

impl Provider for Tap {
    fn name(&self) -> &'static str {
        "tap"
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
        match hash {
            HashId::Sha256 => Some(self.sha256),
            HashId::Sha384 => Some(self.sha384),
            _ => None,
        }
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
        DefaultProvider.certificate_algorithms()
    }
}
