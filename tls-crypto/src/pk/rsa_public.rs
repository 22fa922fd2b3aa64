use super::engine::Engine;
use super::scheme::RsaPadding;
use super::{fast, ifma, portable};
use rsa::pkcs1::RsaPublicKeyRef;
use rsa::pkcs8::der::Decode as _;
use rsa::{BoxedUint, RsaPublicKey};
use std::sync::OnceLock;
use tls_core::crypto::{HashId, KeyError};

/// Shortest modulus in bits. Old peers still show 1024; policies may ask for more.
pub(crate) const MIN_MODULUS_BITS: usize = 1024;

/// Longest modulus in bits: the cost of a verification grows with its square.
pub(crate) const MAX_MODULUS_BITS: usize = 8192;

/// Longest public exponent in bits: the cost of a verification grows with its length, so that an
/// exponent of the modulus's length would cost a server a private-key operation per certificate.
/// Everyone uses 65537; a few old keys go up to this length.
const MAX_EXPONENT_BITS: usize = 33;

/// The public half of an RSA key, ready to verify.
pub(crate) struct RsaVerifier {
    bits: usize,
    ifma: Option<ifma::RsaVerifier>,
    fast: Option<fast::RsaVerifier>,
    modulus: Box<[u8]>,
    exponent: Box<[u8]>,
    /// Built when first used: a key that graviola serves may never need it.
    portable: OnceLock<Option<RsaPublicKey>>,
}

impl RsaVerifier {
    /// Reads an `RSAPublicKey` (RFC 8017 Appendix A.1.1).
    pub(crate) fn from_pkcs1(der: &[u8], engine: Engine) -> Result<Self, KeyError> {
        let key = RsaPublicKeyRef::from_der(der).map_err(|_| {
            KeyError::Malformed("not an RSAPublicKey of two positive integers in DER".into())
        })?;
        let modulus = key.modulus.as_bytes();
        let exponent = key.public_exponent.as_bytes();
        let bits = check_public(modulus, exponent)?;
        let ifma = match engine {
            Engine::Ifma => ifma::RsaVerifier::new(modulus, bits, exponent),
            Engine::Fast | Engine::Portable => None,
        };
        let fast = match engine {
            Engine::Fast | Engine::Ifma if ifma.is_none() => fast::RsaVerifier::new(der, bits),
            _ => None,
        };
        Ok(Self {
            bits,
            ifma,
            fast,
            modulus: modulus.into(),
            exponent: exponent.into(),
            portable: OnceLock::new(),
        })
    }

    /// Length of the modulus in bits.
    pub(crate) fn bits(&self) -> usize {
        self.bits
    }

    /// Length of the modulus, of signatures and of ciphertexts, in bytes.
    pub(crate) fn len(&self) -> usize {
        self.bits.div_ceil(8)
    }

    pub(crate) fn verify(
        &self,
        padding: RsaPadding,
        hash: HashId,
        message: &[u8],
        signature: &[u8],
    ) -> bool {
        // RFC 8017 §8.1.2 and §8.2.2, step 1. graviola would take a shorter one.
        if signature.len() != self.len() {
            return false;
        }
        if let Some(key) = &self.ifma {
            return key.verify(padding, hash, message, signature);
        }
        let fast = self.fast.as_ref();
        match fast.and_then(|key| key.verify(padding, hash, message, signature)) {
            Some(verdict) => verdict,
            None => self
                .portable()
                .is_some_and(|key| portable::verify(key, padding, hash, message, signature)),
        }
    }

    /// `None` cannot happen after [`check_public`]; a caller treats it as a failure.
    pub(crate) fn portable(&self) -> Option<&RsaPublicKey> {
        self.portable
            .get_or_init(|| {
                let modulus = uint(&self.modulus)?;
                let exponent = uint(&self.exponent)?;
                RsaPublicKey::new(modulus, exponent).ok()
            })
            .as_ref()
    }
}

/// Big-endian bytes as an integer of just the words that they need.
pub(crate) fn uint(bytes: &[u8]) -> Option<BoxedUint> {
    let bits = u32::try_from(bytes.len() * 8).ok()?;
    BoxedUint::from_be_slice(bytes, bits).ok()
}

/// Length in bits of a big-endian integer without leading zero bytes.
pub(crate) fn bit_length(bytes: &[u8]) -> usize {
    match bytes.first() {
        Some(first) => bytes.len() * 8 - first.leading_zeros() as usize,
        None => 0,
    }
}

/// Refuses what is too long to verify in bounded time, too short, or no RSA key. Takes both
/// without leading zeroes and returns the modulus's length in bits.
pub(crate) fn check_public(modulus: &[u8], exponent: &[u8]) -> Result<usize, KeyError> {
    let bits = bit_length(modulus);
    if !(MIN_MODULUS_BITS..=MAX_MODULUS_BITS).contains(&bits) {
        return Err(KeyError::Unsupported(format!(
            "RSA modulus of {bits} bits (supported: {MIN_MODULUS_BITS} to {MAX_MODULUS_BITS})"
        )));
    }
    if bit_length(exponent) > MAX_EXPONENT_BITS {
        return Err(KeyError::Unsupported(format!(
            "RSA public exponent of {} bits (supported: up to {MAX_EXPONENT_BITS}, since longer \
             ones make verification expensive)",
            bit_length(exponent)
        )));
    }
    let is_odd = |integer: &[u8]| integer.last().is_some_and(|byte| byte & 1 == 1);
    if !is_odd(modulus) {
        return Err(KeyError::Malformed("the RSA modulus is even".into()));
    }
    if !is_odd(exponent) || exponent == [1] {
        return Err(KeyError::Malformed(
            "the RSA public exponent is even or 1".into(),
        ));
    }
    Ok(bits)
}
