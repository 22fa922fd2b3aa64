//! Numbers modulo 2^130 - 5 in limbs of 44, 44 and 42 bits: what the vectors of Poly1305 compute with.

use zeroize::Zeroize;

/// Bits of the two lower limbs.
pub(super) const LOW: u32 = 44;
/// Bits of the highest limb.
pub(super) const TOP: u32 = 42;
pub(super) const LOW_MASK: u64 = (1 << LOW) - 1;
pub(super) const TOP_MASK: u64 = (1 << TOP) - 1;

/// A number whose limbs may be a little longer than they should be.
pub(super) struct Limbs(pub(super) [u64; 3]);

impl Drop for Limbs {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl Limbs {
    /// From 64-bit words, the highest below 2^20.
    #[inline]
    pub(super) fn from_words([a, b, c]: [u64; 3]) -> Self {
        Self([
            a & LOW_MASK,
            (a >> 44 | b << 20) & LOW_MASK,
            b >> 24 | c << 40,
        ])
    }

    /// To 64-bit words, the highest at most 4. Limbs may have up to 60 bits.
    #[inline]
    pub(super) fn to_words(&self) -> [u64; 3] {
        let [a, b, c] = self.0;
        let b = b + (a >> LOW);
        let c = c + (b >> LOW);
        let a = (a & LOW_MASK) + 5 * (c >> TOP);
        let b = (b & LOW_MASK) + (a >> LOW);
        let c = (c & TOP_MASK) + (b >> LOW);
        let (a, b) = (a & LOW_MASK, b & LOW_MASK);
        [a | b << 44, b >> 20 | c << 24, c >> 40]
    }
}
