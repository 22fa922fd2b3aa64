//! Poly1305 (RFC 8439 §2.5) in eight lanes with AVX-512 IFMA: lane after lane takes every eighth
//! block, all are multiplied by r^8, and at the end each by the power of r that its place asks for.

use crate::aead::chacha::limbs::{AROUND, LOW, LOW_MASK, Limbs, TOP, TOP_MASK};
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
    powers: Powers,
}

/// What lanes are multiplied by.
struct Powers {
    /// r^8, r^16, r^24, r^32: what one to four times eight blocks ask for.
    steps: [Factor; 4],
    /// Of each lane its own, from r^8 to r.
    last: Factor,
}

/// Limbs, and [`AROUND`] times the upper two.
#[derive(Clone, Copy)]
struct Factor {
    limbs: Vector,
    around: [__m512i; 2],
}

impl Drop for Lanes {
    fn drop(&mut self) {
        self.h.zeroize();
        for factor in self.powers.steps.iter_mut().chain([&mut self.powers.last]) {
            factor.limbs.zeroize();
            factor.around.zeroize();
        }
    }
}

impl Lanes {
    /// Goes on from `poly` with eight blocks.
    ///
    /// # Safety
    /// [`EIGHT`] bytes at `from` are readable.
    #[target_feature(enable = "avx512f,avx512ifma")]
    pub(super) unsafe fn new(poly: &Poly1305, from: *const u8) -> Self {
        let so_far = poly.so_far();
        // SAFETY: the caller's promise.
        let mut h = unsafe { load(from) };
        for (h, so_far) in h.iter_mut().zip(so_far.0) {
            let first_lane = _mm512_castsi128_si512(_mm_cvtsi64_si128(so_far.cast_signed()));
            *h = _mm512_add_epi64(*h, _mm512_maskz_mov_epi64(1, first_lane));
        }
        Self {
            h,
            powers: Powers::new(&poly.factor()),
        }
    }

    /// Eight blocks.
    ///
    /// # Safety
    /// [`EIGHT`] bytes at `from` are readable.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    pub(super) unsafe fn eight(&mut self, from: *const u8) {
        let mut product = Product::zero();
        product.add(&self.h, &self.powers.steps[0]);
        // SAFETY: the caller's promise.
        self.h = sum(product.reduced(), unsafe { load(from) });
    }

    /// Four times eight blocks, with one reduction.
    ///
    /// # Safety
    /// [`STEP`] bytes at `from` are readable.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    pub(super) unsafe fn four(&mut self, from: *const u8) {
        let [r8, r16, r24, r32] = &self.powers.steps;
        let mut product = Product::zero();
        // SAFETY: the caller's promise. What does not wait for the last step comes first.
        unsafe {
            product.add(&load(from), r24);
            product.add(&load(from.add(EIGHT)), r16);
            product.add(&load(from.add(2 * EIGHT)), r8);
            product.add(&self.h, r32);
            self.h = sum(product.reduced(), load(from.add(3 * EIGHT)));
        }
    }

    /// Gives what was authenticated back to `poly`.
    #[target_feature(enable = "avx512f,avx512ifma")]
    pub(super) fn finish(&self, poly: &mut Poly1305) {
        let mut product = Product::zero();
        product.add(&self.h, &self.powers.last);
        let all = product.reduced();
        poly.go_on(&Limbs(
            all.map(|limb| _mm512_reduce_add_epi64(limb).cast_unsigned()),
        ));
    }
}

impl Powers {
    #[inline]
    #[target_feature(enable = "avx512f")]
    fn new(r: &Limbs) -> Self {
        let r2 = r.times(r);
        let r3 = r2.times(r);
        let r4 = r2.times(&r2);
        let [r5, r6, r7, r8] = [r, &r2, &r3, &r4].map(|low| r4.times(low));
        let r16 = r8.times(&r8);
        let r24 = r16.times(&r8);
        let r32 = r16.times(&r16);
        // Where `load` puts the blocks.
        let last = [&r8, &r4, &r7, &r3, &r6, &r2, &r5, r];
        Self {
            steps: [&r8, &r16, &r24, &r32].map(|power| Factor::new([power; 8])),
            last: Factor::new(last),
        }
    }
}

impl Factor {
    #[inline]
    #[target_feature(enable = "avx512f")]
    fn new(lanes: [&Limbs; 8]) -> Self {
        let vector = |limb: usize, times: u64| {
            let [a, b, c, d, e, f, g, h] = lanes.map(|lane| (lane.0[limb] * times).cast_signed());
            _mm512_setr_epi64(a, b, c, d, e, f, g, h)
        };
        Self {
            limbs: [vector(0, 1), vector(1, 1), vector(2, 1)],
            around: [vector(1, AROUND), vector(2, AROUND)],
        }
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
