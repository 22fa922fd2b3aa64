//! The default provider with a witness: it remembers every derivation, so that a test knows the
//! secrets of the connection that it plays against.

use super::patched::Patched;
use std::sync::{Arc, Mutex};
use tls_core::crypto::{HashId, Prf, PrfKey, Provider};
use tls_crypto::DefaultProvider;

#[derive(Clone, Debug)]
pub struct Derivation {
    pub secret: Vec<u8>,
    pub label: Vec<u8>,
    pub output: Vec<u8>,
}

type Seen = Arc<Mutex<Vec<Derivation>>>;

#[derive(Debug)]
struct TapPrf {
    hash: HashId,
    seen: Seen,
}

struct TapKey {
    secret: Vec<u8>,
    key: Box<dyn PrfKey>,
    seen: Seen,
}

impl Prf for TapPrf {
    fn hash(&self) -> HashId {
        self.hash
    }

    fn key(&self, secret: &[u8]) -> Box<dyn PrfKey> {
        Box::new(TapKey {
            secret: secret.to_vec(),
            key: prf(self.hash).key(secret),
            seen: self.seen.clone(),
        })
    }
}

impl PrfKey for TapKey {
    fn derive(&self, label: &[u8], seed: &[&[u8]], out: &mut [u8]) {
        self.key.derive(label, seed, out);
        self.seen.lock().unwrap().push(Derivation {
            secret: self.secret.clone(),
            label: label.to_vec(),
            output: out.to_vec(),
        });
    }
}

/// The default provider's PRF.
pub fn prf(hash: HashId) -> &'static dyn Prf {
    DefaultProvider.prf(hash).unwrap()
}

#[derive(Debug)]
pub struct Tap {
    prfs: [&'static TapPrf; 2],
    provider: Arc<Patched>,
}

impl Tap {
    pub fn new() -> Self {
        let prfs = [HashId::Sha256, HashId::Sha384].map(|hash| {
            let seen = Seen::default();
            &*Box::leak(Box::new(TapPrf { hash, seen }))
        });
        let provider = Patched::new("tap").with_prf(prfs[0]).with_prf(prfs[1]);
        Self {
            prfs,
            provider: Arc::new(provider),
        }
    }

    /// What a connection has to use.
    pub fn provider(&self) -> Arc<dyn Provider> {
        self.provider.clone()
    }

    /// The last derivation with one of the labels.
    pub fn last(&self, labels: &[&str]) -> Option<Derivation> {
        self.prfs.iter().find_map(|prf| {
            let seen = prf.seen.lock().unwrap();
            let is_asked = |d: &&Derivation| labels.iter().any(|l| d.label == l.as_bytes());
            seen.iter().rev().find(is_asked).cloned()
        })
    }

    /// The master secret of either kind, once it is derived.
    pub fn master(&self) -> Option<Vec<u8>> {
        let last = self.last(&["master secret", "extended master secret"]);
        last.map(|d| d.output)
    }

    /// The key block, once it is derived.
    pub fn key_block(&self) -> Option<Vec<u8>> {
        self.last(&["key expansion"]).map(|d| d.output)
    }
}
