use super::lanes::{DIGIT_MASK, Lanes};
use super::vector::Vector;
use core::hint::black_box;

/// What the instructions do, lane by lane, without a branch: runs on every CPU, and under valgrind,
/// which does not know IFMA.
#[derive(Clone, Copy)]
pub(super) struct Model([u64; 8]);

impl Model {
    fn each(lane: impl Fn(usize) -> u64) -> Self {
        Self(core::array::from_fn(lane))
    }

    fn product(a: u64, b: u64) -> u128 {
        u128::from(a & DIGIT_MASK) * u128::from(b & DIGIT_MASK)
    }

    /// All ones where the bit is set. The compiler shall not find out that there are two masks, and
    /// branch where the instruction does not.
    fn mask(lanes: u8, lane: usize) -> u64 {
        black_box(u64::from(lanes >> lane & 1)).wrapping_neg()
    }

    fn bits(lane: impl Fn(usize) -> u64) -> u8 {
        (0..8).fold(0, |bits, at| bits | (lane(at) as u8) << at)
    }
}

impl Vector for Model {
    fn load(from: &Lanes) -> Self {
        Self(from.0)
    }

    fn store(self, to: &mut Lanes) {
        to.0 = self.0;
    }

    fn splat(value: u64) -> Self {
        Self([value; 8])
    }

    fn add(self, other: Self) -> Self {
        Self::each(|lane| self.0[lane].wrapping_add(other.0[lane]))
    }

    fn add_where(self, lanes: u8, other: Self) -> Self {
        Self::each(|lane| self.0[lane].wrapping_add(other.0[lane] & Self::mask(lanes, lane)))
    }

    fn add_low(self, a: Self, b: Self) -> Self {
        Self::each(|lane| {
            self.0[lane].wrapping_add(Self::product(a.0[lane], b.0[lane]) as u64 & DIGIT_MASK)
        })
    }

    fn add_high(self, a: Self, b: Self) -> Self {
        Self::each(|lane| {
            self.0[lane].wrapping_add((Self::product(a.0[lane], b.0[lane]) >> 52) as u64)
        })
    }

    fn low(self) -> Self {
        Self::each(|lane| self.0[lane] & DIGIT_MASK)
    }

    fn carry(self) -> Self {
        Self::each(|lane| self.0[lane] >> 52)
    }

    fn carry_into<const L: usize, const I: usize>(self) -> Self {
        Self::each(|lane| match lane % L == (I + 1) % L {
            true => self.0[lane] >> 52,
            false => 0,
        })
    }

    fn digit<const L: usize, const I: usize>(self) -> Self {
        Self::each(|lane| self.0[lane / L * L + I])
    }

    fn up<const L: usize, const BY: usize>(self, below: Self) -> Self {
        Self::each(|lane| match lane % L < BY {
            true => below.0[lane + L - BY],
            false => self.0[lane - BY],
        })
    }

    fn equal(self, other: Self) -> u8 {
        // x | -x has its uppermost bit set unless x is zero.
        Self::bits(|lane| {
            let difference = self.0[lane] ^ other.0[lane];
            !(difference | difference.wrapping_neg()) >> 63
        })
    }

    fn exceed(self, other: Self) -> u8 {
        Self::bits(|lane| other.0[lane].wrapping_sub(self.0[lane]) >> 63)
    }

    fn or_where(self, lanes: u8, other: Self) -> Self {
        Self::each(|lane| {
            let mask = Self::mask(lanes, lane);
            self.0[lane] & !mask | other.0[lane] & mask
        })
    }
}
