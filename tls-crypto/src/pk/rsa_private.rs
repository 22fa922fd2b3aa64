use super::engine::Engine;
use super::rsa_public::{check_public, uint};
use super::scheme::RsaPadding;
use super::{fast, ifma, portable};
use rsa::pkcs1::{EncodeRsaPrivateKey as _, EncodeRsaPublicKey as _, RsaPrivateKeyRef, UintRef};
use rsa::pkcs8::der::Decode as _;
use rsa::traits::{PrivateKeyParts as _, PublicKeyParts as _};
use rsa::{BoxedUint, RsaPrivateKey};
use tls_core::crypto::{HashId, KeyError};
use zeroize::Zeroizing;

/// The private half of an RSA key. Its parts are wiped when dropped.
pub(crate) struct RsaSigner {
    key: RsaPrivateKey,
    ifma: Option<ifma::RsaSigner>,
    fast: Option<fast::RsaSigner>,
    bits: usize,
}

impl RsaSigner {
    /// Reads an `RSAPrivateKey` (RFC 8017 Appendix A.1.2) and checks that its parts belong
    /// together: a wrong one would give away the factors with the first signature.
    pub(crate) fn from_pkcs1(der: &[u8], engine: Engine) -> Result<Self, KeyError> {
        let parts = RsaPrivateKeyRef::from_der(der).map_err(|_| {
            KeyError::Malformed("not an RSAPrivateKey of positive integers in DER".into())
        })?;
        if parts.other_prime_infos.is_some() {
            return Err(KeyError::Unsupported(
                "RSA keys of more than two primes".into(),
            ));
        }
        let bits = check_public(parts.modulus.as_bytes(), parts.public_exponent.as_bytes())?;
        let (p, q) = (integer(parts.prime1)?, integer(parts.prime2)?);
        let key = build(&parts, [&p, &q])?;
        check_crt(&key, &parts)?;
        // graviola's CRT computes modulo the first prime and wants it to be the larger one.
        let key = if *p < *q {
            build(&parts, [&q, &p])?
        } else {
            key
        };
        let ifma = match engine {
            Engine::Ifma => ifma::RsaSigner::new(&parts, bits),
            Engine::Fast | Engine::Portable => None,
        };
        let fast = match engine {
            Engine::Fast | Engine::Ifma if ifma.is_none() => fast_signer(&key, bits),
            _ => None,
        };
        Ok(Self {
            key,
            ifma,
            fast,
            bits,
        })
    }

    /// Length of the modulus in bits.
    pub(crate) fn bits(&self) -> usize {
        self.bits
    }

    /// For the raw private operation.
    pub(crate) fn key(&self) -> &RsaPrivateKey {
        &self.key
    }

    /// The kernel that takes the key, if any: it decrypts faster than [`Self::key`].
    pub(crate) fn ifma(&self) -> Option<&ifma::RsaSigner> {
        self.ifma.as_ref()
    }

    /// The `RSAPublicKey` in DER.
    pub(crate) fn public(&self) -> Result<Vec<u8>, KeyError> {
        let der = self.key.as_public_key().to_pkcs1_der();
        der.map(|der| der.as_bytes().to_vec())
            .map_err(|_| KeyError::Failed("encoding the RSA public key".into()))
    }

    pub(crate) fn sign(
        &self,
        padding: RsaPadding,
        hash: HashId,
        message: &[u8],
    ) -> Result<Vec<u8>, KeyError> {
        let fast = || self.fast.as_ref()?.sign(padding, hash, message);
        match &self.ifma {
            Some(key) => key.sign(padding, hash, message),
            None => match fast() {
                Some(Ok(signature)) => Some(signature),
                Some(Err(())) => None,
                None => portable::sign(&self.key, padding, hash, message),
            },
        }
        .ok_or_else(|| {
            KeyError::Failed("the RSA signature failed its check, or there is no randomness".into())
        })
    }
}

/// Wiped when dropped: most of them are secret.
fn integer(value: UintRef<'_>) -> Result<Zeroizing<BoxedUint>, KeyError> {
    uint(value.as_bytes())
        .map(Zeroizing::new)
        .ok_or_else(|| KeyError::Malformed("an integer of the RSA key".into()))
}

/// Checks `p * q = n`, `d < n` and `d * e = 1` modulo `p - 1` and `q - 1`, and precomputes the CRT.
fn build(parts: &RsaPrivateKeyRef<'_>, primes: [&BoxedUint; 2]) -> Result<RsaPrivateKey, KeyError> {
    use rsa::Error;
    let owned = |value| integer(value).map(|value| BoxedUint::clone(&value));
    let modulus = owned(parts.modulus)?;
    let exponent = owned(parts.public_exponent)?;
    let private = owned(parts.private_exponent)?;
    let primes = primes.map(Clone::clone).to_vec();
    let key =
        RsaPrivateKey::from_components(modulus, exponent, private, primes).map_err(|why| {
            KeyError::Malformed(
                match why {
                    Error::InvalidModulus => "the product of the RSA primes is not the modulus",
                    Error::InvalidExponent => "the RSA exponents do not belong to these primes",
                    Error::InvalidPrime => "an RSA prime is even, or longer than half the modulus",
                    _ => "the parts of the RSA key do not belong together",
                }
                .into(),
            )
        })?;
    if key.qinv().is_none() {
        return Err(KeyError::Malformed("the RSA primes are equal".into()));
    }
    Ok(key)
}

/// Compares the CRT values of the file, which no one needs, with our own: a file with wrong ones
/// is damaged, and its owner had better know before another program signs with it.
fn check_crt(key: &RsaPrivateKey, parts: &RsaPrivateKeyRef<'_>) -> Result<(), KeyError> {
    let same = |ours: Option<&BoxedUint>, theirs: UintRef<'_>| -> Result<bool, KeyError> {
        let theirs = integer(theirs)?;
        Ok(ours.is_some_and(|ours| *ours == *theirs))
    };
    let coefficient = key.crt_coefficient().map(Zeroizing::new);
    if same(key.dp(), parts.exponent1)?
        && same(key.dq(), parts.exponent2)?
        && same(coefficient.as_deref(), parts.coefficient)?
    {
        Ok(())
    } else {
        Err(KeyError::Malformed(
            "the RSA key's CRT exponents or coefficient do not belong to its primes".into(),
        ))
    }
}

fn fast_signer(key: &RsaPrivateKey, bits: usize) -> Option<fast::RsaSigner> {
    let prime_bits = [0, 1].map(|i| key.primes()[i].as_ref().bits() as usize);
    let der = key.to_pkcs1_der().ok()?;
    debug_assert_eq!(key.n().bits() as usize, bits);
    fast::RsaSigner::new(der.as_bytes(), bits, prime_bits)
}
