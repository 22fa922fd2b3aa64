//! The little that is done outside of vectors: digits of 52 bits, least significant first. Times and
//! addresses depend on lengths alone.
//!
//! Most are not inlined: each would be written out anew for every length of numbers that it is called
//! with, and beside what the vectors do they take no time.

use super::lanes::{DIGIT, DIGIT_MASK};
use core::hint::black_box;
use core::ops::{Deref, DerefMut};
use zeroize::Zeroize as _;

/// Digits of the longest modulus.
pub(super) const MAX: usize = 80;

/// Room for a number of any length that the kernel takes. Wiped when dropped.
#[cfg_attr(test, derive(Debug, PartialEq))]
pub(super) struct Digits([u64; MAX]);

impl Digits {
    pub(super) const fn zero() -> Self {
        Self([0; MAX])
    }
}

impl Deref for Digits {
    type Target = [u64; MAX];

    fn deref(&self) -> &[u64; MAX] {
        &self.0
    }
}

impl DerefMut for Digits {
    fn deref_mut(&mut self) -> &mut [u64; MAX] {
        &mut self.0
    }
}

impl Drop for Digits {
    #[inline(never)]
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// Digit `index` of a big-endian integer.
#[inline(never)]
pub(super) fn of_bytes(bytes: &[u8], index: usize) -> u64 {
    let bit = DIGIT * index;
    let end = bytes.len().saturating_sub(bit / 8);
    let word = match bytes[..end].last_chunk::<8>() {
        Some(word) => u64::from_be_bytes(*word),
        None => bytes[..end]
            .iter()
            .fold(0, |word, &byte| word << 8 | u64::from(byte)),
    };
    // A digit begins at a whole byte or in the middle of one.
    word >> (bit % 8) & DIGIT_MASK
}

/// The first digits of a big-endian integer.
pub(super) fn from_bytes(bytes: &[u8], len: usize) -> Digits {
    let mut digits = Digits::zero();
    for (index, digit) in digits[..len].iter_mut().enumerate() {
        *digit = of_bytes(bytes, index);
    }
    digits
}

/// Subtracts 2 from an odd number above 1.
pub(super) fn subtract_two(number: &mut [u64]) {
    let mut borrow = 2;
    for digit in number {
        let difference = digit.wrapping_sub(borrow);
        borrow = difference >> 63;
        *digit = difference & DIGIT_MASK;
    }
}

/// -1/n modulo 2^52, of an odd n: each step doubles the bits that are right.
pub(super) fn negative_inverse(n: u64) -> u64 {
    let mut inverse = n;
    for _ in 0..5 {
        inverse = inverse.wrapping_mul(2u64.wrapping_sub(n.wrapping_mul(inverse)));
    }
    inverse.wrapping_neg() & DIGIT_MASK
}

/// M' of a modulus n, which is as long: (n * inverse + 1) / 2^52. See [`super::multiply`].
#[inline(never)]
pub(super) fn friendly(modulus: &[u64], inverse: u64, out: &mut [u64]) {
    let mut carry = 1;
    for (index, &digit) in modulus.iter().enumerate() {
        carry += u128::from(digit) * u128::from(inverse);
        if index > 0 {
            out[index - 1] = carry as u64 & DIGIT_MASK;
        }
        carry >>= DIGIT;
    }
    out[modulus.len() - 1] = carry as u64;
}

/// Writes a big-endian integer that is as long as `out`.
#[inline(never)]
pub(super) fn to_bytes(digits: &[u64], out: &mut [u8]) {
    for (index, byte) in out.iter_mut().rev().enumerate() {
        let (at, shift) = (8 * index / DIGIT, 8 * index % DIGIT);
        let above = digits.get(at + 1).copied().unwrap_or(0);
        let wide = u128::from(digits[at]) | u128::from(above) << DIGIT;
        *byte = (wide >> shift) as u8;
    }
}

/// Whether `a < b`: 1 or 0.
#[inline(never)]
pub(super) fn less(a: &[u64], b: &[u64]) -> u64 {
    a.iter().zip(b).fold(0, |borrow, (&a, &b)| {
        a.wrapping_sub(b).wrapping_sub(borrow) >> 63
    })
}

/// Subtracts `modulus` when it is not larger.
#[inline(never)]
pub(super) fn reduce_once(number: &mut [u64], modulus: &[u64]) {
    // The compiler shall not find out that this is a bit.
    let keep = black_box(less(number, modulus).wrapping_sub(1));
    let mut borrow = 0;
    for (digit, &other) in number.iter_mut().zip(modulus) {
        let difference = digit.wrapping_sub(other & keep).wrapping_sub(borrow);
        borrow = difference >> 63;
        *digit = difference & DIGIT_MASK;
    }
}

/// Doubles `number < modulus`.
#[inline(never)]
pub(super) fn double(number: &mut [u64], modulus: &[u64]) {
    let mut carry = 0;
    for digit in number.iter_mut() {
        let doubled = *digit << 1 | carry;
        carry = doubled >> DIGIT;
        *digit = doubled & DIGIT_MASK;
    }
    reduce_once(number, modulus);
}

/// `a + 2 * b - c`, which is not negative.
#[inline(never)]
pub(super) fn add_twice_and_subtract(a: &mut [u64], b: &[u64], c: &[u64]) {
    let mut carry = 0i64;
    for ((a, &b), &c) in a.iter_mut().zip(b).zip(c) {
        let sum = (*a + 2 * b).cast_signed() - c.cast_signed() + carry;
        *a = sum.cast_unsigned() & DIGIT_MASK;
        carry = sum >> DIGIT;
    }
}

/// Adds `a * b` to `sum`, which has room for it and nothing yet above the length of `b`.
#[inline(never)]
pub(super) fn add_product(sum: &mut [u64], a: &[u64], b: &[u64]) {
    for (at, &a) in a.iter().enumerate() {
        let mut carry = 0;
        for (sum, &b) in sum[at..].iter_mut().zip(b) {
            let wide = u128::from(a) * u128::from(b) + u128::from(*sum) + u128::from(carry);
            *sum = wide as u64 & DIGIT_MASK;
            carry = (wide >> DIGIT) as u64;
        }
        sum[at + b.len()] = carry;
    }
}
