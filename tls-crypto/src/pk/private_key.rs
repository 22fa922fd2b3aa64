use super::ec::EcSigner;
use super::ed25519::Ed25519Signer;
use super::engine::Engine;
use super::public_key::SpkiKey;
use super::rsa_decrypt::decrypt_raw;
use super::rsa_private::RsaSigner;
use super::scheme::{KeyAlgorithm, Mechanism, mechanism, schemes};
use std::sync::Arc;
use tls_core::crypto::{
    KeyError, KeyKind, Later, PrivateKey, PublicKey, Reply, Secret, SignedBytes,
};
use tls_core::wire::SignatureScheme;

/// The secret, ready to sign.
pub(crate) enum Signer {
    Rsa(Box<RsaSigner>),
    Ec(EcSigner),
    Ed25519(Ed25519Signer),
}

impl Signer {
    /// Length of an RSA modulus in bits; 0 for other keys.
    fn bits(&self) -> usize {
        match self {
            Self::Rsa(key) => key.bits(),
            Self::Ec(_) | Self::Ed25519(_) => 0,
        }
    }

    /// The contents of the `subjectPublicKey` that belongs to it.
    pub(crate) fn public(&self) -> Result<Vec<u8>, KeyError> {
        match self {
            Self::Rsa(key) => key.public(),
            Self::Ec(key) => Ok(key.public()),
            Self::Ed25519(key) => Ok(key.public().to_vec()),
        }
    }

    fn sign(&self, mechanism: Mechanism, message: &[u8]) -> Result<SignedBytes, KeyError> {
        match (self, mechanism) {
            (Self::Rsa(key), Mechanism::Rsa(padding, hash)) => key.sign(padding, hash, message),
            (Self::Ec(key), Mechanism::Ecdsa(hash)) => key.sign(hash, message),
            (Self::Ed25519(key), Mechanism::Ed25519) => Ok(key.sign(message)),
            _ => Err(KeyError::Failed(
                "the key has no such signature scheme".into(),
            )),
        }
    }
}

/// A private key in this process's memory. It always answers at once.
pub(crate) struct MemoryKey {
    algorithm: KeyAlgorithm,
    schemes: Vec<SignatureScheme>,
    signer: Signer,
    public: Arc<SpkiKey>,
}

impl MemoryKey {
    /// `spki` is the DER of the public key that belongs to `signer`.
    pub(crate) fn new(
        algorithm: KeyAlgorithm,
        signer: Signer,
        spki: &[u8],
        engine: Engine,
    ) -> Result<Self, KeyError> {
        Ok(Self {
            algorithm,
            schemes: schemes(algorithm, signer.bits()),
            public: Arc::new(SpkiKey::from_der(spki, engine)?),
            signer,
        })
    }
}

impl PrivateKey for MemoryKey {
    fn kind(&self) -> KeyKind {
        self.public.kind()
    }

    fn schemes(&self) -> &[SignatureScheme] {
        &self.schemes
    }

    fn public_key(&self) -> Option<Arc<dyn PublicKey>> {
        Some(self.public.clone())
    }

    fn sign(
        &self,
        scheme: SignatureScheme,
        message: &[u8],
        _later: &Later,
    ) -> Reply<Result<SignedBytes, KeyError>> {
        let mechanism =
            mechanism(self.algorithm, scheme).filter(|_| self.schemes.contains(&scheme));
        Reply::Now(match mechanism {
            Some(mechanism) => self.signer.sign(mechanism, message),
            None => Err(KeyError::Failed(format!(
                "a key of kind {:?} does not sign with {scheme}",
                self.kind()
            ))),
        })
    }

    fn decrypt_raw(&self, ciphertext: &[u8], _later: &Later) -> Reply<Result<Secret, KeyError>> {
        Reply::Now(match (&self.signer, self.algorithm) {
            (Signer::Rsa(key), KeyAlgorithm::Rsa) => decrypt_raw(key, ciphertext),
            _ => Err(KeyError::Failed(format!(
                "a key of kind {:?} does not decrypt",
                self.kind()
            ))),
        })
    }
}

impl core::fmt::Debug for MemoryKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_tuple("PrivateKey").field(&self.kind()).finish()
    }
}
