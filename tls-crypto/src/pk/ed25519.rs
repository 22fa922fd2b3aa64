use super::engine::Engine;
use super::{fast, portable};
use tls_core::crypto::KeyError;
use zeroize::Zeroizing;

/// The public half of an Ed25519 key.
pub(crate) enum Ed25519Verifier {
    Fast(fast::Ed25519Verifier),
    Portable(portable::Ed25519Verifier),
}

impl Ed25519Verifier {
    /// Takes the 32 bytes of RFC 8032 §5.1.5.
    pub(crate) fn new(key: &[u8], engine: Engine) -> Result<Self, KeyError> {
        let key: &[u8; 32] = key.try_into().map_err(|_| {
            KeyError::Malformed(format!(
                "an Ed25519 public key of {} bytes, not 32",
                key.len()
            ))
        })?;
        match engine {
            Engine::Fast | Engine::Ifma => fast::Ed25519Verifier::new(key).map(Self::Fast),
            Engine::Portable => portable::Ed25519Verifier::new(key).map(Self::Portable),
        }
        .ok_or_else(|| KeyError::Malformed("the Ed25519 public key is no point".into()))
    }

    pub(crate) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Fast(key) => key.verify(message, signature),
            Self::Portable(key) => key.verify(message, signature),
        }
    }
}

/// The private half of an Ed25519 key. Wiped when dropped.
pub(crate) enum Ed25519Signer {
    Fast(fast::Ed25519Signer),
    Portable(Box<portable::Ed25519Signer>),
}

impl Ed25519Signer {
    /// Takes the 32 bytes of RFC 8032 §5.1.5.
    pub(crate) fn new(seed: &[u8], engine: Engine) -> Result<Self, KeyError> {
        let seed: Zeroizing<[u8; 32]> = Zeroizing::new(seed.try_into().map_err(|_| {
            KeyError::Malformed(format!(
                "an Ed25519 private key of {} bytes, not 32",
                seed.len()
            ))
        })?);
        let fast = match engine {
            Engine::Fast | Engine::Ifma => fast::Ed25519Signer::new(&seed),
            Engine::Portable => None,
        };
        Ok(match fast {
            Some(key) => Self::Fast(key),
            None => Self::Portable(Box::new(portable::Ed25519Signer::new(&seed))),
        })
    }

    pub(crate) fn public(&self) -> [u8; 32] {
        match self {
            Self::Fast(key) => key.public(),
            Self::Portable(key) => key.public(),
        }
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Fast(key) => key.sign(message).to_vec(),
            Self::Portable(key) => key.sign(message).to_vec(),
        }
    }
}
