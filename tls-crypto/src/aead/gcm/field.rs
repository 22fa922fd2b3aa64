//! GF(2^128) of GHASH with carry-less multiplication.
//!
//! Blocks are byte-reversed on the way in, which turns GHASH's bit order into that of POLYVAL
//! (RFC 8452 Appendix A): with the key multiplied by x once, `a * b * x^-128` comes out of plain
//! 64-bit products and a reduction by the polynomial x^128 + x^127 + x^126 + x^121 + 1.

use crate::x86::Vector;
use core::arch::x86_64::*;

/// A sum of products that is not reduced yet, block by block (Karatsuba: products of the low
/// halves, of the high halves, of the sums of both).
#[derive(Clone, Copy)]
pub(super) struct Sum<V> {
    low: V,
    middle: V,
    high: V,
}

/// The sum of the two 64-bit halves of each block, in both halves.
#[inline(always)]
pub(super) fn fold<V: Vector>(blocks: V) -> V {
    blocks.xor(blocks.swap_halves())
}

impl<V: Vector> Sum<V> {
    /// The products of blocks (byte-reversed) with powers; `folded` is [`fold`] of the powers, of
    /// which the lower half counts.
    #[inline(always)]
    pub(super) fn of(blocks: V, powers: V, folded: V) -> Self {
        Self {
            low: blocks.multiply::<0x00>(powers),
            middle: fold(blocks).multiply::<0x00>(folded),
            high: blocks.multiply::<0x11>(powers),
        }
    }

    /// The sum of both.
    #[inline(always)]
    pub(super) fn and(self, other: Option<Self>) -> Self {
        match other {
            None => self,
            Some(other) => Self {
                low: self.low.xor(other.low),
                middle: self.middle.xor(other.middle),
                high: self.high.xor(other.high),
            },
        }
    }

    /// Reduces each block: twice its lowest 64 bits are folded upwards.
    #[inline(always)]
    pub(super) fn reduce(self) -> V {
        let middle = self.middle.xor(self.low).xor(self.high);
        fold_up(self.high, fold_up(middle, self.low))
    }
}

/// `upper + lower * x^-64`, block by block.
#[inline(always)]
fn fold_up<V: Vector>(upper: V, lower: V) -> V {
    // SAFETY: there are vectors, hence the CPU has the instructions.
    let polynomial = unsafe { V::all_halves(POLYNOMIAL) };
    let product = lower.multiply::<0x00>(polynomial);
    upper.xor(lower.swap_halves()).xor(product)
}

/// `a * b`, block by block.
#[inline(always)]
pub(super) fn multiply<V: Vector>(a: V, b: V) -> V {
    Sum::of(a, b, fold(b)).reduce()
}

/// `a * x`, with which the hash key enters this representation (RFC 8452 Appendix A).
#[inline]
#[target_feature(enable = "avx2")]
pub(super) fn times_x(a: __m128i) -> __m128i {
    // All ones in every 32-bit word where the top bit of `a` is set.
    let carry = _mm_shuffle_epi32(_mm_srai_epi32(a, 31), 0xff);
    let polynomial = _mm_and_si128(carry, _mm_set_epi64x(POLYNOMIAL.cast_signed(), 1));
    let carried = _mm_slli_si128(_mm_srli_epi64(a, 63), 8);
    let doubled = _mm_or_si128(_mm_add_epi64(a, a), carried);
    _mm_xor_si128(doubled, polynomial)
}

/// x^127 + x^126 + x^121 in the upper half of a block.
const POLYNOMIAL: u64 = 0xc2 << 56;
