//! RSA with the instructions of AVX-512 IFMA, for moduli of 2048, 3072 and 4096 bits: digits of 52
//! bits, eight to a vector.
//!
//! ```text
//! RsaSigner ──► private (CRT: two primes of 4 lanes per vector) ─┐
//!                  └─ check of the result ─┐                     ├─► multiply ─► vector
//! RsaVerifier ► public (one modulus of 8 lanes per vector) ──────┘    select ──► vector
//! ```
//!
//! [`modulus`] is what is made once per key, [`digits`] the scalar rest. No branch,
//! no address and no instruction's time depends on a private key or on what is raised to it (DIV is
//! not used, products of integers and vectors take a fixed time). So signatures, whose input is
//! public, are made without blinding; what a peer wants decrypted is blinded nonetheless.

mod digits;
mod division;
mod lanes;
#[cfg(test)]
mod model;
mod modulus;
mod multiply;
mod private;
mod public;
mod select;
#[cfg(test)]
mod tests;
mod vector;
mod workspace;

use super::rsa_padding;
use super::rsa_public::bit_length;
use super::scheme::RsaPadding;
use private::Private;
use public::Public;
use rsa::pkcs1::RsaPrivateKeyRef;
use tls_core::crypto::HashId;
use vector::{Ifma, Vector};
use zeroize::Zeroizing;

/// Whether this CPU has what the kernel is written in: Intel since Ice Lake, AMD since Zen 4.
pub(crate) fn available() -> bool {
    use std::arch::is_x86_feature_detected as has;
    has!("avx512f") && has!("avx512dq") && has!("avx512vl") && has!("avx512ifma")
}

/// [`Public`] of any size.
trait PublicPrimitive: Send + Sync {
    fn apply(&self, input: &[u8], out: &mut [u8]) -> Option<()>;
}

impl<X: Vector, const V: usize, const W: usize> PublicPrimitive for Public<X, V, W> {
    fn apply(&self, input: &[u8], out: &mut [u8]) -> Option<()> {
        self.apply(input, out)
    }
}

/// [`Private`] of any size.
trait PrivatePrimitive: Send + Sync {
    fn apply(&self, input: &[u8], blind: Option<&[u8]>, out: &mut [u8]) -> Option<()>;
}

impl<X: Vector, const V: usize, const W: usize> PrivatePrimitive for Private<X, V, W> {
    fn apply(&self, input: &[u8], blind: Option<&[u8]>, out: &mut [u8]) -> Option<()> {
        self.apply(input, blind, out)
    }
}

/// The moduli that the kernel takes, in bits.
fn takes(bits: usize) -> bool {
    matches!(bits, 2048 | 3072 | 4096)
}

fn public<X: Vector + 'static>(
    modulus: &[u8],
    bits: usize,
    exponent: u64,
) -> Box<dyn PublicPrimitive> {
    match bits {
        2048 => Box::new(Public::<X, 5, 6>::new(modulus, exponent)),
        3072 => Box::new(Public::<X, 8, 9>::new(modulus, exponent)),
        _ => Box::new(Public::<X, 10, 11>::new(modulus, exponent)),
    }
}

fn private<X: Vector + 'static>(
    key: &RsaPrivateKeyRef<'_>,
    bits: usize,
    exponent: u64,
) -> Box<dyn PrivatePrimitive> {
    match bits {
        2048 => Box::new(Private::<X, 5, 6>::new(key, bits, exponent)),
        3072 => Box::new(Private::<X, 8, 9>::new(key, bits, exponent)),
        _ => Box::new(Private::<X, 10, 11>::new(key, bits, exponent)),
    }
}

/// The public exponent, when it is one that the kernel takes: odd, at least 3, at most 64 bits.
fn exponent(bytes: &[u8]) -> Option<u64> {
    if bytes.len() > 8 {
        return None;
    }
    let value = bytes
        .iter()
        .fold(0, |all, &byte| all << 8 | u64::from(byte));
    (value & 1 == 1 && value > 1).then_some(value)
}

/// Verifies with one RSA key.
pub(crate) struct RsaVerifier {
    primitive: Box<dyn PublicPrimitive>,
    len: usize,
}

impl RsaVerifier {
    /// Takes an odd modulus of `bits` bits and an exponent, both big-endian and without leading
    /// zeroes. `None` when the kernel does not take them. Asks for [`available`].
    pub(crate) fn new(modulus: &[u8], bits: usize, public_exponent: &[u8]) -> Option<Self> {
        let exponent = exponent(public_exponent)?;
        takes(bits).then(|| Self {
            primitive: public::<Ifma>(modulus, bits, exponent),
            len: bits / 8,
        })
    }

    /// `signature` has the modulus's length.
    pub(crate) fn verify(
        &self,
        padding: RsaPadding,
        hash: HashId,
        message: &[u8],
        signature: &[u8],
    ) -> bool {
        let mut encoded = vec![0; self.len];
        self.primitive.apply(signature, &mut encoded).is_some()
            && rsa_padding::verify(padding, hash, message, 8 * self.len, &mut encoded)
    }
}

/// Signs and decrypts with one RSA key.
pub(crate) struct RsaSigner {
    primitive: Box<dyn PrivatePrimitive>,
    len: usize,
}

impl RsaSigner {
    /// Takes a key that was checked for consistency. `None` when the kernel does not take it: its
    /// primes have to be of half the modulus's length. Asks for [`available`].
    pub(crate) fn new(key: &RsaPrivateKeyRef<'_>, bits: usize) -> Option<Self> {
        let exponent = exponent(key.public_exponent.as_bytes())?;
        let halves = [key.prime1, key.prime2].map(|prime| bit_length(prime.as_bytes()));
        (takes(bits) && halves == [bits / 2; 2]).then(|| Self {
            primitive: private::<Ifma>(key, bits, exponent),
            len: bits / 8,
        })
    }

    /// `None` when the signature failed its check, or there is no randomness.
    pub(crate) fn sign(
        &self,
        padding: RsaPadding,
        hash: HashId,
        message: &[u8],
    ) -> Option<Vec<u8>> {
        let encoded = rsa_padding::encode(padding, hash, message, 8 * self.len)?;
        let mut signature = vec![0; self.len];
        self.primitive.apply(&encoded, None, &mut signature)?;
        Some(signature)
    }

    /// RSADP of as many bytes as the modulus has, blinded, into as many. `None` when the ciphertext is
    /// not below the modulus, when the check failed, or there is no randomness.
    pub(crate) fn decrypt(&self, ciphertext: &[u8], out: &mut [u8]) -> Option<()> {
        let mut blind = Zeroizing::new(vec![0; self.len]);
        getrandom::fill(&mut blind).ok()?;
        self.primitive.apply(ciphertext, Some(&blind), out)
    }
}
