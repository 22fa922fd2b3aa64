use super::engine::Engine;
use super::{fast, portable};
use std::sync::OnceLock;
use tls_core::crypto::{HashId, KeyError};
use tls_core::wire::NamedGroup;
use zeroize::Zeroizing;

/// The public half of an EC key, ready to verify ECDSA.
pub(crate) struct EcVerifier {
    curve: NamedGroup,
    point: Box<[u8]>,
    fast: Option<fast::EcVerifier>,
    /// Built at once where graviola lacks the curve, else when a SHA-1 signature comes.
    portable: OnceLock<Option<portable::EcVerifier>>,
}

impl EcVerifier {
    /// Takes an uncompressed point (RFC 5480 §2.2).
    pub(crate) fn new(curve: NamedGroup, point: &[u8], engine: Engine) -> Result<Self, KeyError> {
        let use_fast = engine != Engine::Portable && fast::EcVerifier::has(curve);
        let key = Self {
            curve,
            point: point.into(),
            fast: use_fast
                .then(|| fast::EcVerifier::new(curve, point))
                .flatten(),
            portable: OnceLock::new(),
        };
        if key.fast.is_none() && (use_fast || key.portable().is_none()) {
            return Err(KeyError::Malformed(format!(
                "not an uncompressed point on {curve}"
            )));
        }
        Ok(key)
    }

    pub(crate) fn verify(&self, hash: HashId, message: &[u8], signature: &[u8]) -> bool {
        let fast = self.fast.as_ref();
        match fast.and_then(|key| key.verify(hash, message, signature)) {
            Some(verdict) => verdict,
            None => self
                .portable()
                .is_some_and(|key| key.verify(hash, message, signature)),
        }
    }

    fn portable(&self) -> Option<&portable::EcVerifier> {
        self.portable
            .get_or_init(|| portable::EcVerifier::new(self.curve, &self.point))
            .as_ref()
    }
}

/// The private half of an EC key. Wiped when dropped.
pub(crate) struct EcSigner {
    fast: Option<fast::EcSigner>,
    portable: portable::EcSigner,
}

impl EcSigner {
    /// Takes a scalar of the order's length or shorter: RFC 5915 §3 wants the full length, but
    /// old tools stripped leading zeroes.
    pub(crate) fn new(curve: NamedGroup, scalar: &[u8], engine: Engine) -> Result<Self, KeyError> {
        let len = match curve {
            NamedGroup::SECP256R1 => 32,
            NamedGroup::SECP384R1 => 48,
            _ => 66,
        };
        if scalar.len() > len {
            return Err(KeyError::Malformed(format!(
                "a private key of {} bytes for {curve}, whose keys have {len}",
                scalar.len()
            )));
        }
        let mut padded = Zeroizing::new(vec![0; len]);
        padded[len - scalar.len()..].copy_from_slice(scalar);
        let portable = portable::EcSigner::new(curve, &padded).ok_or_else(|| {
            KeyError::Malformed(format!(
                "the private key is zero or not below the order of {curve}"
            ))
        })?;
        let fast = match engine {
            Engine::Fast | Engine::Ifma => fast::EcSigner::new(curve, &padded),
            Engine::Portable => None,
        };
        Ok(Self { fast, portable })
    }

    /// The public key as an uncompressed point.
    pub(crate) fn public(&self) -> Vec<u8> {
        self.portable.public()
    }

    pub(crate) fn sign(&self, hash: HashId, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let fast = self.fast.as_ref();
        fast.and_then(|key| key.sign(hash, message))
            .or_else(|| self.portable.sign(hash, message))
            .ok_or_else(|| KeyError::Failed("the source of randomness failed".into()))
    }
}
