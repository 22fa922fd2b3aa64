//! Poly1305 (RFC 8439 §2.5) in eight lanes with AVX-512 IFMA: lane after lane takes every eighth
//! block, all are multiplied by r^8, and at the end each by the power of r that its place asks for.

use crate::aead::chacha::limbs::{LOW, LOW_MASK, Limbs, TOP, TOP_MASK};
use crate::aead::chacha::poly1305::Poly1305;
use core::arch::x86_64::*;
use zeroize::Zeroize;

/// Eight blocks: what all lanes take at once, in bytes.
pub(super) const EIGHT: usize = 8 * 16;
/// What [`Lanes::four`] takes, in bytes.
pub(super) const STEP: usize = 4 * EIGHT;

/// A number in every lane, as [`Limbs`].
type Vector = [__m512i; 3];

/// The sum over the lanes, each times the power of r from its own to the end of eight blocks, is the
/// authenticator.
pub(super) struct Lanes {
    h: Vector,
    /// Of each lane its own power of r, from r^8 to r: what it is multiplied by at the end.
    last: Factor,
    /// r^8: what eight blocks multiply by.
    r8: Factor,
    /// r^16, r^24, r^32: what more of them at once multiply by. Only for texts that have so many.
    more: Option<[Factor; 3]>,
}

/// Limbs, and the upper two times 20: what 2^132, where a fourth limb would begin, is worth.
#[derive(Clone, Copy)]
struct Factor {
    limbs: Vector,
    around: [__m512i; 2],
}

impl Drop for Lanes {
    fn drop(&mut self) {
        self.h.zeroize();
        let more = self.more.iter_mut().flatten();
        for factor in more.chain([&mut self.last, &mut self.r8]) {
            factor.limbs.zeroize();
            factor.around.zeroize();
        }
    }
}

impl Lanes {
    /// Goes on from `poly` with eight blocks of a text of `len` bytes.
    ///
    /// # Safety
    /// [`EIGHT`] bytes at `from` are readable.
    #[target_feature(enable = "avx512f,avx512ifma")]
    pub(super) unsafe fn new(poly: &Poly1305, from: *const u8, len: usize) -> Self {
        let so_far = poly.so_far();
        // SAFETY: the caller's promise.
        let mut h = unsafe { load(from) };
        for (h, so_far) in h.iter_mut().zip(so_far.0) {
            let first_lane = _mm512_maskz_set1_epi64(1, so_far.cast_signed());
            *h = _mm512_add_epi64(*h, first_lane);
        }
        let last = powers(&poly.factor());
        let r8 = last.map(|limb| _mm512_broadcastq_epi64(_mm512_castsi512_si128(limb)));
        let more = (len >= EIGHT + STEP).then(|| {
            let r8 = Factor::new(r8);
            let r16 = r8.times(&r8.limbs);
            [r16, r8.times(&r16), Factor::new(r16).times(&r16)].map(|power| Factor::new(power))
        });
        Self {
            h,
            last: Factor::new(last),
            r8: Factor::new(r8),
            more,
        }
    }

    /// Eight blocks.
    ///
    /// # Safety
    /// [`EIGHT`] bytes at `from` are readable.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    pub(super) unsafe fn eight(&mut self, from: *const u8) {
        // SAFETY: the caller's promise.
        self.h = sum(self.r8.times(&self.h), unsafe { load(from) });
    }

    /// As many times [`STEP`] bytes as `len` has, where the text was said to have so many; each with
    /// one reduction. Returns how many bytes it took.
    ///
    /// # Safety
    /// `len` bytes at `from` are readable.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    pub(super) unsafe fn steps(&mut self, from: *const u8, len: usize) -> usize {
        let Some([r16, r24, r32]) = &self.more else {
            return 0;
        };
        let mut at = 0;
        while len - at >= STEP {
            let mut product = Product::zero();
            // SAFETY: the caller's promise. What does not wait for the last step comes first.
            unsafe {
                let from = from.add(at);
                product.add(&load(from), r24);
                product.add(&load(from.add(EIGHT)), r16);
                product.add(&load(from.add(2 * EIGHT)), &self.r8);
                product.add(&self.h, r32);
                self.h = sum(product.reduced(), load(from.add(3 * EIGHT)));
            }
            at += STEP;
        }
        at
    }

    /// Gives what was authenticated back to `poly`.
    #[target_feature(enable = "avx512f,avx512ifma")]
    pub(super) fn finish(&self, poly: &mut Poly1305) {
        let all = self.last.times(&self.h);
        let sum = |limb| _mm512_reduce_add_epi64(limb).cast_unsigned();
        poly.go_on(&Limbs(all.map(sum)));
    }
}

/// The powers from r^8 to r, in the order in which [`load`] puts the blocks: 8, 4, 7, 3, 6, 2, 5, 1.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn powers(r: &Limbs) -> Vector {
    let r = r.0.map(|limb| splat(limb));
    let r2 = Factor::new(r).times(&r);
    // Bit by bit of each exponent but one.
    let power = select(0x33, r2, r);
    let r2 = Factor::new(r2);
    let power = select(0x0f, r2.times(&power), power);
    let r4 = Factor::new(r2.times(&r2.limbs));
    select(0x55, r4.times(&power), power)
}

/// `a` in the lanes of the mask and `b` in the others.
#[inline]
#[target_feature(enable = "avx512f")]
fn select(mask: u8, a: Vector, b: Vector) -> Vector {
    core::array::from_fn(|limb| _mm512_mask_mov_epi64(b[limb], mask, a[limb]))
}

impl Factor {
    #[inline]
    #[target_feature(enable = "avx512f")]
    fn new(limbs: Vector) -> Self {
        // 20 is 4 + 16.
        let around =
            |limb| _mm512_add_epi64(_mm512_slli_epi64::<2>(limb), _mm512_slli_epi64::<4>(limb));
        Self {
            limbs,
            around: [around(limbs[1]), around(limbs[2])],
        }
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn times(&self, a: &Vector) -> Vector {
        let mut product = Product::zero();
        product.add(a, self);
        product.reduced()
    }
}

/// A sum of products that is not carried yet: per limb the lower 52 bits of each and what is above.
struct Product {
    low: Vector,
    high: Vector,
}

impl Product {
    #[inline]
    #[target_feature(enable = "avx512f")]
    fn zero() -> Self {
        Self {
            low: [_mm512_setzero_si512(); 3],
            high: [_mm512_setzero_si512(); 3],
        }
    }

    /// Adds `a` times `factor`. Limbs of `a` have up to 46 bits, those of the factor up to 49.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn add(&mut self, a: &Vector, factor: &Factor) {
        let ([r0, r1, r2], [s1, s2]) = (factor.limbs, factor.around);
        for (limb, row) in [[r0, s2, s1], [r1, r0, s2], [r2, r1, r0]]
            .into_iter()
            .enumerate()
        {
            for (a, r) in a.iter().zip(row) {
                self.low[limb] = _mm512_madd52lo_epu64(self.low[limb], *a, r);
                self.high[limb] = _mm512_madd52hi_epu64(self.high[limb], *a, r);
            }
        }
    }

    /// As limbs again, the middle one a little longer than it should be.
    #[inline]
    #[target_feature(enable = "avx512f")]
    fn reduced(self) -> Vector {
        let (low_mask, top_mask) = (splat(LOW_MASK), splat(TOP_MASK));
        let [low0, low1, low2] = self.low;
        // 2^52 is 2^8 of the next limb.
        let [high0, high1] = [self.high[0], self.high[1]].map(|high| _mm512_slli_epi64::<8>(high));
        let d1 = _mm512_add_epi64(
            _mm512_add_epi64(low1, high0),
            _mm512_srli_epi64::<LOW>(low0),
        );
        let d2 = _mm512_add_epi64(_mm512_add_epi64(low2, high1), _mm512_srli_epi64::<LOW>(d1));
        // Above the highest limb, which is two bits shorter, 2^130 is 5.
        let above = _mm512_add_epi64(
            _mm512_slli_epi64::<10>(self.high[2]),
            _mm512_srli_epi64::<TOP>(d2),
        );
        let above = _mm512_add_epi64(above, _mm512_slli_epi64::<2>(above));
        let d0 = _mm512_add_epi64(_mm512_and_si512(low0, low_mask), above);
        [
            _mm512_and_si512(d0, low_mask),
            _mm512_add_epi64(_mm512_and_si512(d1, low_mask), _mm512_srli_epi64::<LOW>(d0)),
            _mm512_and_si512(d2, top_mask),
        ]
    }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn splat(word: u64) -> __m512i {
    _mm512_set1_epi64(word.cast_signed())
}

#[inline]
#[target_feature(enable = "avx512f")]
fn sum([a0, a1, a2]: Vector, [b0, b1, b2]: Vector) -> Vector {
    [
        _mm512_add_epi64(a0, b0),
        _mm512_add_epi64(a1, b1),
        _mm512_add_epi64(a2, b2),
    ]
}

/// Eight whole blocks, in the order 0, 4, 1, 5, 2, 6, 3, 7.
///
/// # Safety
/// [`EIGHT`] bytes at `from` are readable.
#[inline]
#[target_feature(enable = "avx512f")]
unsafe fn load(from: *const u8) -> Vector {
    // SAFETY: the caller's promise.
    let (a, b) = unsafe {
        (
            _mm512_loadu_si512(from.cast()),
            _mm512_loadu_si512(from.add(64).cast()),
        )
    };
    let (low, high) = (_mm512_unpacklo_epi64(a, b), _mm512_unpackhi_epi64(a, b));
    let middle = _mm512_or_si512(_mm512_srli_epi64::<44>(low), _mm512_slli_epi64::<20>(high));
    [
        _mm512_and_si512(low, splat(LOW_MASK)),
        _mm512_and_si512(middle, splat(LOW_MASK)),
        // 2^128, which every whole block has on top.
        _mm512_or_si512(_mm512_srli_epi64::<24>(high), splat(1 << 40)),
    ]
}
