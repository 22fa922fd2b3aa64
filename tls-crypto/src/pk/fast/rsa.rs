use graviola::signing::rsa::{SigningKey, VerifyingKey};
use tls_core::crypto::HashId;

use super::super::scheme::RsaPadding;

/// The modulus lengths in bits that graviola takes.
const BITS: core::ops::RangeInclusive<usize> = 2048..=8192;

/// Verifies with one RSA key.
pub(crate) struct RsaVerifier(Box<VerifyingKey>);

impl RsaVerifier {
    /// `None` when graviola cannot work with the key: its integers are whole 64-bit words, its
    /// exponent has 32 bits, and its PSS takes a modulus without spare bits.
    pub(crate) fn new(pkcs1: &[u8], bits: usize) -> Option<Self> {
        if !BITS.contains(&bits) || !bits.is_multiple_of(64) {
            return None;
        }
        VerifyingKey::from_pkcs1_der(pkcs1)
            .ok()
            .map(|key| Self(Box::new(key)))
    }

    /// `signature` has the modulus's length. `None` when graviola does not have the hash.
    pub(crate) fn verify(
        &self,
        padding: RsaPadding,
        hash: HashId,
        message: &[u8],
        signature: &[u8],
    ) -> Option<bool> {
        use HashId::{Sha1, Sha256, Sha384, Sha512};
        use RsaPadding::{Pkcs1, Pss};
        let key = &self.0;
        let result = match (padding, hash) {
            (_, Sha1) => return None,
            (Pkcs1, Sha256) => key.verify_pkcs1_sha256(signature, message),
            (Pkcs1, Sha384) => key.verify_pkcs1_sha384(signature, message),
            (Pkcs1, Sha512) => key.verify_pkcs1_sha512(signature, message),
            (Pss, Sha256) => key.verify_pss_sha256(signature, message),
            (Pss, Sha384) => key.verify_pss_sha384(signature, message),
            (Pss, Sha512) => key.verify_pss_sha512(signature, message),
        };
        Some(result.is_ok())
    }
}

/// Signs with one RSA key. graviola checks every signature with the public key before it lets go
/// of it, so a fault cannot give the factors away.
pub(crate) struct RsaSigner(Box<SigningKey>);

impl RsaSigner {
    /// `pkcs1` is an `RSAPrivateKey` that was checked for consistency, with its larger prime
    /// first. `None` when graviola cannot work with the key: its CRT wants primes of half the
    /// modulus's length, in whole words.
    pub(crate) fn new(pkcs1: &[u8], bits: usize, prime_bits: [usize; 2]) -> Option<Self> {
        if !BITS.contains(&bits) || !bits.is_multiple_of(128) || prime_bits != [bits / 2; 2] {
            return None;
        }
        SigningKey::from_pkcs1_der(pkcs1)
            .ok()
            .map(|key| Self(Box::new(key)))
    }

    /// `None` when graviola does not have the hash; an error when the signature failed its check.
    pub(crate) fn sign(
        &self,
        padding: RsaPadding,
        hash: HashId,
        message: &[u8],
    ) -> Option<Result<Vec<u8>, ()>> {
        use HashId::{Sha1, Sha256, Sha384, Sha512};
        use RsaPadding::{Pkcs1, Pss};
        let key = &self.0;
        let mut out = vec![0; key.modulus_len_bytes()];
        let result = match (padding, hash) {
            (_, Sha1) => return None,
            (Pkcs1, Sha256) => key.sign_pkcs1_sha256(&mut out, message),
            (Pkcs1, Sha384) => key.sign_pkcs1_sha384(&mut out, message),
            (Pkcs1, Sha512) => key.sign_pkcs1_sha512(&mut out, message),
            (Pss, Sha256) => key.sign_pss_sha256(&mut out, message),
            (Pss, Sha384) => key.sign_pss_sha384(&mut out, message),
            (Pss, Sha512) => key.sign_pss_sha512(&mut out, message),
        };
        Some(match result {
            Ok(signature) if signature.len() == key.modulus_len_bytes() => Ok(out),
            _ => Err(()),
        })
    }
}
