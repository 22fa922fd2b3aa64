//! GF(2^128) of GHASH with carry-less multiplication.
//!
//! Blocks are byte-reversed on the way in, which turns GHASH's bit order into that of POLYVAL
//! (RFC 8452 Appendix A): with the key multiplied by x once, `a * b * x^-128` comes out of plain
//! 64-bit products and a reduction by the polynomial x^128 + x^127 + x^126 + x^121 + 1.

use core::arch::x86_64::*;

/// A sum of products that is not reduced yet, in each half of the vectors (Karatsuba: products of
/// the low halves, of the high halves, of the sums of both).
#[derive(Clone, Copy)]
pub(super) struct Sum {
    low: __m256i,
    middle: __m256i,
    high: __m256i,
}

/// The byte order of GHASH's blocks and of counters, reversed, in 16 bytes.
#[inline]
#[target_feature(enable = "avx2,vaes,vpclmulqdq,aes,pclmulqdq")]
pub(super) fn reverse(block: __m128i) -> __m128i {
    let order = _mm_set_epi64x(0x0001_0203_0405_0607, 0x0809_0a0b_0c0d_0e0f);
    _mm_shuffle_epi8(block, order)
}

/// [`reverse`] for two blocks.
#[inline]
#[target_feature(enable = "avx2,vaes,vpclmulqdq,aes,pclmulqdq")]
pub(super) fn reverse2(blocks: __m256i) -> __m256i {
    let order = _mm_set_epi64x(0x0001_0203_0405_0607, 0x0809_0a0b_0c0d_0e0f);
    _mm256_shuffle_epi8(blocks, _mm256_broadcastsi128_si256(order))
}

/// The sum of the two 64-bit halves of each block, in both halves.
#[inline]
#[target_feature(enable = "avx2,vaes,vpclmulqdq,aes,pclmulqdq")]
pub(super) fn fold2(blocks: __m256i) -> __m256i {
    _mm256_xor_si256(blocks, _mm256_shuffle_epi32(blocks, 0x4e))
}

impl Sum {
    #[inline]
    #[target_feature(enable = "avx2,vaes,vpclmulqdq,aes,pclmulqdq")]
    pub(super) fn zero() -> Self {
        let zero = _mm256_setzero_si256();
        Self {
            low: zero,
            middle: zero,
            high: zero,
        }
    }

    /// Adds the products of two blocks (byte-reversed) with two powers; `folded` is [`fold2`] of
    /// the powers.
    #[inline]
    #[target_feature(enable = "avx2,vaes,vpclmulqdq,aes,pclmulqdq")]
    pub(super) fn add(&mut self, blocks: __m256i, powers: __m256i, folded: __m256i) {
        let low = _mm256_clmulepi64_epi128(blocks, powers, 0x00);
        let high = _mm256_clmulepi64_epi128(blocks, powers, 0x11);
        let middle = _mm256_clmulepi64_epi128(fold2(blocks), folded, 0x00);
        self.low = _mm256_xor_si256(self.low, low);
        self.high = _mm256_xor_si256(self.high, high);
        self.middle = _mm256_xor_si256(self.middle, middle);
    }

    /// Adds both halves up and reduces.
    #[inline]
    #[target_feature(enable = "avx2,vaes,vpclmulqdq,aes,pclmulqdq")]
    pub(super) fn reduce(self) -> __m128i {
        let low = halves(self.low);
        let high = halves(self.high);
        let middle = _mm_xor_si128(halves(self.middle), _mm_xor_si128(low, high));
        reduce(low, middle, high)
    }
}

/// `a * b`
#[inline]
#[target_feature(enable = "avx2,vaes,vpclmulqdq,aes,pclmulqdq")]
pub(super) fn multiply(a: __m128i, b: __m128i) -> __m128i {
    let middle = _mm_xor_si128(
        _mm_clmulepi64_si128(a, b, 0x01),
        _mm_clmulepi64_si128(a, b, 0x10),
    );
    reduce(
        _mm_clmulepi64_si128(a, b, 0x00),
        middle,
        _mm_clmulepi64_si128(a, b, 0x11),
    )
}

/// [`multiply`] for two pairs.
#[inline]
#[target_feature(enable = "avx2,vaes,vpclmulqdq,aes,pclmulqdq")]
pub(super) fn multiply2(a: __m256i, b: __m256i) -> __m256i {
    let low = _mm256_clmulepi64_epi128(a, b, 0x00);
    let high = _mm256_clmulepi64_epi128(a, b, 0x11);
    let middle = _mm256_xor_si256(
        _mm256_clmulepi64_epi128(a, b, 0x01),
        _mm256_clmulepi64_epi128(a, b, 0x10),
    );
    let polynomial = _mm256_set1_epi64x(POLYNOMIAL);
    let fold = |upper: __m256i, lower: __m256i| {
        let product = _mm256_clmulepi64_epi128(lower, polynomial, 0x00);
        let swapped = _mm256_shuffle_epi32(lower, 0x4e);
        _mm256_xor_si256(upper, _mm256_xor_si256(swapped, product))
    };
    fold(high, fold(middle, low))
}

/// `a * x`, with which the hash key enters this representation (RFC 8452 Appendix A).
#[inline]
#[target_feature(enable = "avx2,vaes,vpclmulqdq,aes,pclmulqdq")]
pub(super) fn times_x(a: __m128i) -> __m128i {
    // All ones in every 32-bit word where the top bit of `a` is set.
    let carry = _mm_shuffle_epi32(_mm_srai_epi32(a, 31), 0xff);
    let polynomial = _mm_and_si128(carry, _mm_set_epi64x(POLYNOMIAL, 1));
    let carried = _mm_slli_si128(_mm_srli_epi64(a, 63), 8);
    let doubled = _mm_or_si128(_mm_add_epi64(a, a), carried);
    _mm_xor_si128(doubled, polynomial)
}

/// x^127 + x^126 + x^121 in the upper half of a block.
const POLYNOMIAL: i64 = 0xc2u64.cast_signed() << 56;

#[inline]
#[target_feature(enable = "avx2,vaes,vpclmulqdq,aes,pclmulqdq")]
fn halves(x: __m256i) -> __m128i {
    _mm_xor_si128(_mm256_castsi256_si128(x), _mm256_extracti128_si256(x, 1))
}

/// Reduces a 256-bit product: twice its lowest 64 bits are folded upwards.
#[inline]
#[target_feature(enable = "avx2,vaes,vpclmulqdq,aes,pclmulqdq")]
fn reduce(low: __m128i, middle: __m128i, high: __m128i) -> __m128i {
    let polynomial = _mm_set1_epi64x(POLYNOMIAL);
    let fold = |upper: __m128i, lower: __m128i| {
        let product = _mm_clmulepi64_si128(lower, polynomial, 0x00);
        let swapped = _mm_shuffle_epi32(lower, 0x4e);
        _mm_xor_si128(upper, _mm_xor_si128(swapped, product))
    };
    fold(high, fold(middle, low))
}
