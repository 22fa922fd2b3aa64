use super::lanes::{DIGIT, DIGIT_MASK, Lanes, Numbers, Shifted};
use super::modulus::Modulus;
use super::workspace::Workspace;
use super::{multiply, select};
use core::arch::x86_64::*;

/// Eight lanes of 64 bits with the instructions of AVX-512 IFMA: what the arithmetic is written in.
///
/// There are two: [`Ifma`], and for tests a model that every CPU and valgrind can run.
pub(super) trait Vector: Copy {
    fn load(from: &Lanes) -> Self;
    fn store(self, to: &mut Lanes);
    /// `value` in every lane.
    fn splat(value: u64) -> Self;
    fn add(self, other: Self) -> Self;
    /// Adds in the lanes whose bit is set.
    fn add_where(self, lanes: u8, other: Self) -> Self;
    /// Adds the low 52 bits of the product of the low 52 bits.
    fn add_low(self, a: Self, b: Self) -> Self;
    /// Adds the high 52 bits of the product of the low 52 bits.
    fn add_high(self, a: Self, b: Self) -> Self;
    /// The low 52 bits.
    fn low(self) -> Self;
    /// What is above 52 bits.
    fn carry(self) -> Self;
    /// What is above 52 bits, in the lane behind lane `I` of each `L` lanes (the first is behind the
    /// last), and zero in the others.
    fn carry_into<const L: usize, const I: usize>(self) -> Self;
    /// Lane `I` of each `L` lanes in all of them.
    fn digit<const L: usize, const I: usize>(self) -> Self;
    /// Each `L` lanes moved up by `BY`; from below come the upper lanes of `below`.
    fn up<const L: usize, const BY: usize>(self, below: Self) -> Self;
    /// The lanes that are equal.
    fn equal(self, other: Self) -> u8;
    /// The lanes that are larger than the other's.
    fn exceed(self, other: Self) -> u8;
    /// `other` in the lanes whose bit is set.
    fn or_where(self, lanes: u8, other: Self) -> Self;

    /// [`Self::digit`] of what lies in memory.
    #[inline(always)]
    fn digit_of<const L: usize, const I: usize>(from: &Lanes) -> Self {
        Self::load(from).digit::<L, I>()
    }

    /// [`multiply::shift`], compiled for this machine.
    fn shift<const L: usize, const V: usize, const W: usize>(
        number: &Numbers<V>,
        to: &mut Shifted<L, W>,
    ) {
        multiply::shift::<Self, L, V, W>(number, to);
    }

    /// [`multiply::multiply`], compiled for this machine.
    fn multiply_many<const L: usize, const V: usize, const W: usize>(
        space: &mut Workspace<L, V, W>,
        modulus: &Modulus<L, V, W>,
        by: Option<&Numbers<V>>,
        times: usize,
    ) {
        multiply::multiply::<Self, L, V, W>(space, modulus, by, times);
    }

    /// `space.number` times `by`.
    fn multiply<const L: usize, const V: usize, const W: usize>(
        space: &mut Workspace<L, V, W>,
        modulus: &Modulus<L, V, W>,
        by: &Numbers<V>,
    ) {
        Self::multiply_many(space, modulus, Some(by), 1);
    }

    /// `space.number` squared, `times` times.
    fn square<const L: usize, const V: usize, const W: usize>(
        space: &mut Workspace<L, V, W>,
        modulus: &Modulus<L, V, W>,
        times: usize,
    ) {
        Self::multiply_many(space, modulus, None, times);
    }

    /// [`select::select`], compiled for this machine.
    fn select<const V: usize>(table: &[Numbers<V>], indices: &Lanes, out: &mut Numbers<V>) {
        select::select::<Self, V>(table, indices, out);
    }
}

/// The real one. Values are made only by code that runs behind [`super::available`]: each method
/// relies on that.
#[derive(Clone, Copy)]
pub(super) struct Ifma(__m512i);

/// The lanes of `VPERMQ` that repeat lane `at` of each `l`.
const fn repeated(l: usize, at: usize) -> [i64; 8] {
    let mut lanes = [0; 8];
    let mut lane = 0;
    while lane < 8 {
        lanes[lane] = (lane / l * l + at) as i64;
        lane += 1;
    }
    lanes
}

/// The lanes of `VPERMT2Q`, 8 and above from the second operand, that move each `l` up by `by`.
const fn moved(l: usize, by: usize) -> [i64; 8] {
    let mut lanes = [0; 8];
    let mut lane = 0;
    while lane < 8 {
        let within = lane % l;
        lanes[lane] = if within < by {
            (8 + lane + l - by) as i64
        } else {
            (lane - by) as i64
        };
        lane += 1;
    }
    lanes
}

/// The counts of `VPSRLVQ` that leave a carry in the lane behind lane `at` of each `l`: 64 clears.
const fn only_behind(l: usize, at: usize) -> [i64; 8] {
    let mut counts = [64; 8];
    let mut lane = (at + 1) % l;
    while lane < 8 {
        counts[lane] = DIGIT as i64;
        lane += l;
    }
    counts
}

#[inline(always)]
fn constant(lanes: [i64; 8]) -> __m512i {
    // SAFETY: as many bytes, and each pattern is valid.
    unsafe { core::mem::transmute(lanes) }
}

/// One intrinsic on the vectors inside.
macro_rules! intrinsic {
    ($call:expr) => {
        // SAFETY: a value of this type exists only where the CPU has AVX-512 F, DQ, VL and IFMA.
        Self(unsafe { $call })
    };
}

impl Vector for Ifma {
    #[inline(always)]
    fn load(from: &Lanes) -> Self {
        // SAFETY: 64 readable bytes, aligned; the CPU has AVX-512, see the type.
        Self(unsafe { _mm512_load_si512(from.0.as_ptr().cast()) })
    }

    #[inline(always)]
    fn store(self, to: &mut Lanes) {
        // SAFETY: 64 writable bytes, aligned; the CPU has AVX-512, see the type.
        unsafe { _mm512_store_si512(to.0.as_mut_ptr().cast(), self.0) }
    }

    #[inline(always)]
    fn splat(value: u64) -> Self {
        intrinsic!(_mm512_set1_epi64(value.cast_signed()))
    }

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        intrinsic!(_mm512_add_epi64(self.0, other.0))
    }

    #[inline(always)]
    fn add_where(self, lanes: u8, other: Self) -> Self {
        intrinsic!(_mm512_mask_add_epi64(self.0, lanes, self.0, other.0))
    }

    #[inline(always)]
    fn add_low(self, a: Self, b: Self) -> Self {
        intrinsic!(_mm512_madd52lo_epu64(self.0, a.0, b.0))
    }

    #[inline(always)]
    fn add_high(self, a: Self, b: Self) -> Self {
        intrinsic!(_mm512_madd52hi_epu64(self.0, a.0, b.0))
    }

    #[inline(always)]
    fn low(self) -> Self {
        intrinsic!(_mm512_and_si512(self.0, Self::splat(DIGIT_MASK).0))
    }

    #[inline(always)]
    fn carry(self) -> Self {
        intrinsic!(_mm512_srli_epi64::<52>(self.0))
    }

    #[inline(always)]
    fn carry_into<const L: usize, const I: usize>(self) -> Self {
        let counts = constant(const { only_behind(L, I) });
        intrinsic!(_mm512_srlv_epi64(self.0, counts))
    }

    #[inline(always)]
    fn digit<const L: usize, const I: usize>(self) -> Self {
        let lanes = constant(const { repeated(L, I) });
        intrinsic!(_mm512_permutexvar_epi64(lanes, self.0))
    }

    #[inline(always)]
    fn up<const L: usize, const BY: usize>(self, below: Self) -> Self {
        let lanes = constant(const { moved(L, BY) });
        intrinsic!(_mm512_permutex2var_epi64(self.0, lanes, below.0))
    }

    #[inline(always)]
    fn equal(self, other: Self) -> u8 {
        // SAFETY: the CPU has AVX-512, see the type.
        unsafe { _mm512_cmpeq_epu64_mask(self.0, other.0) }
    }

    #[inline(always)]
    fn exceed(self, other: Self) -> u8 {
        // SAFETY: the CPU has AVX-512, see the type.
        unsafe { _mm512_cmpgt_epu64_mask(self.0, other.0) }
    }

    #[inline(always)]
    fn or_where(self, lanes: u8, other: Self) -> Self {
        intrinsic!(_mm512_mask_mov_epi64(self.0, lanes, other.0))
    }

    /// A whole vector of one number: straight from memory, without a permutation.
    #[inline(always)]
    fn digit_of<const L: usize, const I: usize>(from: &Lanes) -> Self {
        if L == 8 {
            Self::splat(from.0[I])
        } else {
            Self::load(from).digit::<L, I>()
        }
    }

    fn shift<const L: usize, const V: usize, const W: usize>(
        number: &Numbers<V>,
        to: &mut Shifted<L, W>,
    ) {
        #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
        fn run<const L: usize, const V: usize, const W: usize>(
            number: &Numbers<V>,
            to: &mut Shifted<L, W>,
        ) {
            multiply::shift::<Ifma, L, V, W>(number, to);
        }
        // SAFETY: this type is chosen only where the CPU has the instructions.
        unsafe { run(number, to) }
    }

    fn multiply_many<const L: usize, const V: usize, const W: usize>(
        space: &mut Workspace<L, V, W>,
        modulus: &Modulus<L, V, W>,
        by: Option<&Numbers<V>>,
        times: usize,
    ) {
        #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
        fn run<const L: usize, const V: usize, const W: usize>(
            space: &mut Workspace<L, V, W>,
            modulus: &Modulus<L, V, W>,
            by: Option<&Numbers<V>>,
            times: usize,
        ) {
            multiply::multiply::<Ifma, L, V, W>(space, modulus, by, times);
        }
        // SAFETY: this type is chosen only where the CPU has the instructions.
        unsafe { run(space, modulus, by, times) }
    }

    fn select<const V: usize>(table: &[Numbers<V>], indices: &Lanes, out: &mut Numbers<V>) {
        #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
        fn run<const V: usize>(table: &[Numbers<V>], indices: &Lanes, out: &mut Numbers<V>) {
            select::select::<Ifma, V>(table, indices, out);
        }
        // SAFETY: this type is chosen only where the CPU has the instructions.
        unsafe { run(table, indices, out) }
    }
}
