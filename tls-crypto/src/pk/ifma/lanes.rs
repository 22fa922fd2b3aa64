use super::digits::Digits;
use zeroize::{DefaultIsZeroes, Zeroize};

/// Bits of a digit: what VPMADD52 multiplies.
pub(super) const DIGIT: usize = 52;

/// The largest digit, and the mask of its bits.
pub(super) const DIGIT_MASK: u64 = (1 << DIGIT) - 1;

/// Eight digits as they lie in memory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C, align(64))]
pub(super) struct Lanes(pub(super) [u64; 8]);

/// Wiped as a whole, not digit by digit.
impl DefaultIsZeroes for Lanes {}

impl Lanes {
    pub(super) const ZERO: Self = Self([0; 8]);
}

/// `8 / L` numbers of `L * V` digits side by side, least significant first: each vector has `L`
/// digits of the first, then `L` of the second. One number when `L` is 8, two when it is 4.
pub(super) type Numbers<const V: usize> = [Lanes; V];

/// Numbers out of their digits: `digit(number, index)`.
pub(super) fn numbers<const L: usize, const V: usize>(
    digit: impl Fn(usize, usize) -> u64,
) -> Numbers<V> {
    core::array::from_fn(|v| {
        Lanes(core::array::from_fn(|lane| {
            digit(lane / L, v * L + lane % L)
        }))
    })
}

/// Numbers out of as many lists of digits. The digits go through a list first where they are computed:
/// what they are computed by would be written out for each of them.
#[inline(never)]
pub(super) fn of_digits<const L: usize, const V: usize>(digits: &[Digits]) -> Numbers<V> {
    assert!(digits.len() == 8 / L, "a list for each number");
    numbers::<L, V>(|which, index| digits[which][index])
}

/// Digit `index` of number `which`.
pub(super) fn digit<const L: usize>(of: &[Lanes], which: usize, index: usize) -> u64 {
    of[index / L].0[which * L + index % L]
}

/// Numbers, and the same times 2^52, 2^104 and so on: row `s` is moved up by `s < L` digits, which
/// takes one more vector than the numbers have (`W = V + 1`). What moves up by `L` digits moves by
/// a whole vector, so these rows are all that a product ever needs.
#[derive(Clone)]
pub(super) struct Shifted<const L: usize, const W: usize>(pub(super) [[Lanes; W]; L]);

impl<const L: usize, const W: usize> Shifted<L, W> {
    pub(super) const ZERO: Self = Self([[Lanes::ZERO; W]; L]);

    pub(super) fn wipe(&mut self) {
        wipe(self.0.as_flattened_mut());
    }
}

/// Not inlined: stores would be written out anew for every length of numbers, four kilobytes for some.
#[inline(never)]
pub(super) fn wipe(lanes: &mut [Lanes]) {
    lanes.zeroize();
}
