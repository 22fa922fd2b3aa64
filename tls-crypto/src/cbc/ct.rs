//! Masks: all ones for true, all zeroes for false. Comparisons that leave no branch.
//!
//! Inputs are lengths and positions inside one record, far below 2^31, so that the sign of a
//! difference tells the order. [`black_box`] keeps the compiler from learning that a mask has only
//! two values, which is what it would need to know to make a branch of it.

use core::hint::black_box;

/// `a < b`
#[inline]
pub(super) fn lt(a: u32, b: u32) -> u32 {
    negative(black_box(a.wrapping_sub(b)))
}

/// `a == b`
#[inline]
pub(super) fn eq(a: u32, b: u32) -> u32 {
    let difference = a ^ b;
    negative(black_box(!difference & difference.wrapping_sub(1)))
}

/// All ones when the top bit is set. Without a barrier, so that loops over bytes vectorise: the
/// caller passes its secret through [`black_box`] once per block or row.
#[inline]
pub(super) fn negative(a: u32) -> u32 {
    0u32.wrapping_sub(a >> 31)
}

/// Whether two slices of the same (public) length are equal.
#[inline]
pub(super) fn same(a: &[u8], b: &[u8]) -> u32 {
    debug_assert_eq!(a.len(), b.len());
    let difference = a.iter().zip(b).fold(0, |sum, (a, b)| sum | (a ^ b));
    eq(u32::from(difference), 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_are_right_at_the_edges() {
        for a in [0u32, 1, 2, 255, 256, 16384, (1 << 31) - 1] {
            for b in [0u32, 1, 2, 255, 256, 16384, (1 << 31) - 1] {
                let mask = |truth: bool| if truth { u32::MAX } else { 0 };
                assert_eq!(lt(a, b), mask(a < b), "{a} < {b}");
                assert_eq!(eq(a, b), mask(a == b), "{a} == {b}");
            }
        }
        assert_eq!(same(&[1, 2], &[1, 2]), u32::MAX);
        assert_eq!(same(&[1, 2], &[1, 130]), 0);
        assert_eq!(same(&[], &[]), u32::MAX);
    }
}
