//! What one verification may cost, whatever a peer sends: bounds with names, and what is left of them. A bound that was
//! reached ends the verification.

use super::strength::ec_bits;
use super::view::CertView;
use crate::error::{Error, Reason, Result};

/// Signatures that one search for a path tries: Go's limit, which webpki has as well.
const MAX_SIGNATURES: usize = 100;

/// What the signatures of one verification may cost, of certificates, staples, and lists that a CA did not sign: in
/// signatures with P-256. Six intermediates with the largest keys, and a staple, cost 128.
const MAX_EFFORT: usize = 400;

/// So many bytes are hashed in the time of a signature with P-256, about.
const HASHED: usize = 128 << 10;

/// Issuers that one search steps up to.
const MAX_STEPS: usize = 1000;

/// Names that one verification compares with name constraints: Go's and webpki's limit for one path,
/// here for all of them.
const MAX_COMPARISONS: usize = 250_000;

/// What is left of the bounds.
#[derive(Debug)]
pub(super) struct Work {
    signatures: usize,
    effort: usize,
    steps: usize,
    comparisons: usize,
    /// Something was asked that would have been beyond a bound: whatever else is left, nothing comes of it.
    refused: bool,
}

impl Default for Work {
    fn default() -> Self {
        Self {
            signatures: MAX_SIGNATURES,
            effort: MAX_EFFORT,
            steps: MAX_STEPS,
            comparisons: MAX_COMPARISONS,
            refused: false,
        }
    }
}

impl Work {
    /// One more issuer on the path.
    pub(super) fn step(&mut self) -> Result<()> {
        self.take(|work| &mut work.steps, 1)
    }

    /// One more pair of a certificate and one that might have issued it.
    pub(super) fn try_issuer(&mut self) -> Result<()> {
        self.take(|work| &mut work.signatures, 1)
    }

    /// A signature over `message`, which `signer` may have made.
    pub(super) fn verify(&mut self, signer: &CertView<'_>, message: &[u8]) -> Result<()> {
        let effort = of_key(signer) + message.len() / HASHED;
        self.take(|work| &mut work.effort, effort)
    }

    /// Names with constraints.
    pub(super) fn compare(&mut self, count: usize) -> Result<()> {
        self.take(|work| &mut work.comparisons, count)
    }

    fn take(&mut self, bound: fn(&mut Self) -> &mut usize, count: usize) -> Result<()> {
        let left = bound(self);
        match left.checked_sub(count) {
            Some(less) if !self.refused => {
                *bound(self) = less;
                Ok(())
            }
            _ => {
                self.refused = true;
                Err(too_much())
            }
        }
    }

    /// Whether a bound was reached: the verification is over.
    pub(super) const fn is_over(&self) -> bool {
        self.refused
    }
}

pub(super) fn too_much() -> Error {
    Error::with(
        Reason::CertificateChainTooLong,
        "the chain takes more work to verify than the limit",
    )
}

/// What a signature with this key costs, in those with P-256: as measured where no instructions help, rounded up. RSA costs
/// what its modulus does, squared, and an exponent of up to 33 bits, the most that is read, four times that of
/// 65537. Keys that nobody knows are not tried.
fn of_key(signer: &CertView<'_>) -> usize {
    if let Ok(Some(rsa)) = signer.rsa_size() {
        let kilobits = rsa.modulus_bits.div_ceil(1024);
        let exponent = if rsa.exponent_bits <= 17 { 1 } else { 4 };
        return (kilobits * kilobits).div_ceil(4) * exponent;
    }
    match ec_bits(signer) {
        Ok(Some(257..=384)) => 4,
        Ok(Some(385..)) => 12,
        _ => 1,
    }
}
