//! Montgomery multiplication of `8 / L` pairs of numbers at once, row by row, in blocks of `L` rows.
//!
//! A block adds `L` digits of one operand times the other, which lies there moved up by 0 to `L - 1`
//! digits, and then takes away the lowest `L` digits of the sum. For that it does not use the modulus
//! n itself but its multiple M = n * (-1/n mod 2^52), which is -1 modulo 2^52: the factor that clears
//! a digit is the digit, and what is left to add is the digit times M' = (M + 1) / 2^52, which is as
//! long as n. Only the very last digit is cleared with n, so that the result is below 2n + n/2^8 for
//! operands up to 4n, and never has to be compared with n before the end.
//!
//! The products of the operands do not wait for the digits to be cleared, which is a chain of eight
//! cycles per digit: they have accumulators of their own, so that the processor runs ahead with them.

#![allow(
    clippy::needless_range_loop,
    reason = "an index is the place of a digit, in several arrays at once"
)]

use super::lanes::{DIGIT_MASK, Lanes, Numbers, Shifted};
use super::modulus::Modulus;
use super::vector::Vector;
use super::workspace::Workspace;
use core::hint::black_box;

/// `space.number` times `by`, or by itself, `times` times, each time divided by 2^(52 * L * V) modulo
/// the modulus. One function for both, since all that is below is written out in it.
#[inline(always)]
pub(super) fn multiply<X: Vector, const L: usize, const V: usize, const W: usize>(
    space: &mut Workspace<L, V, W>,
    modulus: &Modulus<L, V, W>,
    by: Option<&Numbers<V>>,
    times: usize,
) {
    for _ in 0..times {
        shift::<X, L, V, W>(&space.number, &mut space.shifted);
        let by = match by {
            Some(by) => &by[..],
            None => &space.shifted.0[0][..V],
        };
        space.number = product::<X, L, V, W>(by, &space.shifted, modulus);
    }
}

/// Numbers in all their places.
#[inline(always)]
pub(super) fn shift<X: Vector, const L: usize, const V: usize, const W: usize>(
    number: &Numbers<V>,
    to: &mut Shifted<L, W>,
) {
    let mut below = X::splat(0);
    for v in 0..W {
        let here = if v < V {
            X::load(&number[v])
        } else {
            X::splat(0)
        };
        here.store(&mut to.0[0][v]);
        here.up::<L, 1>(below).store(&mut to.0[1][v]);
        here.up::<L, 2>(below).store(&mut to.0[2][v]);
        here.up::<L, 3>(below).store(&mut to.0[3][v]);
        if L == 8 {
            here.up::<L, 4>(below).store(&mut to.0[4 % L][v]);
            here.up::<L, 5>(below).store(&mut to.0[5 % L][v]);
            here.up::<L, 6>(below).store(&mut to.0[6 % L][v]);
            here.up::<L, 7>(below).store(&mut to.0[7 % L][v]);
        }
        below = here;
    }
}

/// `digits` times the shifted numbers, reduced.
#[inline(always)]
fn product<X: Vector, const L: usize, const V: usize, const W: usize>(
    digits: &[Lanes],
    shifted: &Shifted<L, W>,
    modulus: &Modulus<L, V, W>,
) -> Numbers<V> {
    let zero = X::splat(0);
    let mut sums = [zero; W];
    let mut reducing = Reducing {
        low: zero,
        high: zero,
        rest: [zero; W],
    };
    add_first_rows::<X, L, V, W>(&mut sums, &digits[0], shifted);
    for next in &digits[1..V] {
        // The compiler would load all rows before the loop, and then have to store them elsewhere.
        let (shifted, modulus) = (black_box(shifted), black_box(modulus));
        reducing.next_block(&mut sums);
        block::<X, L, V, W>(&mut reducing, modulus, &mut sums, next, shifted);
    }
    let modulus = black_box(modulus);
    reducing.next_block(&mut sums);
    last_block::<X, L, V, W>(&mut reducing, modulus);
    let mut result = [zero; V];
    for v in 0..V {
        result[v] = sums[v].add(reducing.rest[v]);
    }
    normalise::<X, L, V>(&mut result);
    let mut out = [Lanes::ZERO; V];
    for v in 0..V {
        result[v].store(&mut out[v]);
    }
    out
}

/// `$step!(I)` for each of `L` rows.
macro_rules! rows {
    ($l:ident, $step:ident) => {
        $step!(0);
        $step!(1);
        $step!(2);
        $step!(3);
        if $l == 8 {
            $step!(4);
            $step!(5);
            $step!(6);
            $step!(7);
        }
    };
}

/// The products of the first block of digits.
#[inline(always)]
fn add_first_rows<X: Vector, const L: usize, const V: usize, const W: usize>(
    sums: &mut [X; W],
    digits: &Lanes,
    shifted: &Shifted<L, W>,
) {
    macro_rules! step {
        ($i:literal) => {
            add_row::<X, L, V, W, $i>(sums, digits, shifted);
        };
    }
    rows!(L, step);
}

/// Clears a block of digits, and adds the products of the next: by turns, since the one has to wait
/// for itself.
#[inline(always)]
fn block<X: Vector, const L: usize, const V: usize, const W: usize>(
    reducing: &mut Reducing<X, W>,
    modulus: &Modulus<L, V, W>,
    sums: &mut [X; W],
    digits: &Lanes,
    shifted: &Shifted<L, W>,
) {
    macro_rules! step {
        ($i:literal) => {
            reducing.clear_row::<L, V, $i>(modulus);
            add_row::<X, L, V, W, $i>(sums, digits, shifted);
        };
    }
    rows!(L, step);
}

/// Clears the last block of digits.
#[inline(always)]
fn last_block<X: Vector, const L: usize, const V: usize, const W: usize>(
    reducing: &mut Reducing<X, W>,
    modulus: &Modulus<L, V, W>,
) {
    macro_rules! step {
        ($i:literal) => {
            if $i + 1 < L {
                reducing.clear_row::<L, V, $i>(modulus);
            } else {
                reducing.clear_last_row::<L, V, $i>(modulus);
            }
        };
    }
    rows!(L, step);
}

/// Adds one digit times the number: the low halves at the digit's place, the high ones above it.
#[inline(always)]
fn add_row<X: Vector, const L: usize, const V: usize, const W: usize, const I: usize>(
    sums: &mut [X; W],
    digits: &Lanes,
    shifted: &Shifted<L, W>,
) {
    let digit = X::digit_of::<L, I>(digits);
    // The row that is not moved has one vector less.
    for v in 0..if I == 0 { V } else { W } {
        sums[v] = sums[v].add_low(digit, X::load(&shifted.0[I % L][v]));
    }
    if I + 1 < L {
        for v in 0..W {
            sums[v] = sums[v].add_high(digit, X::load(&shifted.0[(I + 1) % L][v]));
        }
    } else {
        for v in 0..V {
            sums[v + 1] = sums[v + 1].add_high(digit, X::load(&shifted.0[0][v]));
        }
    }
}

/// Each vector to the place below it. Written out, since the compiler would make a loop a move of
/// memory, and then keep all of these vectors there.
#[inline(always)]
fn move_down<X: Vector, const W: usize>(vectors: &mut [X; W]) {
    macro_rules! one_by_one {
        ($($v:literal)*) => {
            $(if $v + 1 < W {
                vectors[$v] = vectors[($v + 1) % W];
            })*
        };
    }
    one_by_one!(0 1 2 3 4 5 6 7 8 9);
    vectors[W - 1] = X::splat(0);
}

/// The block whose digits are being cleared.
struct Reducing<X, const W: usize> {
    /// The block's own vector, in two halves to shorten the chain: low products here,
    low: X,
    /// high products and carries here.
    high: X,
    /// The vectors above it.
    rest: [X; W],
}

impl<X: Vector, const W: usize> Reducing<X, W> {
    /// Moves up by a vector: the lowest one is complete.
    #[inline(always)]
    fn next_block(&mut self, sums: &mut [X; W]) {
        self.low = sums[0].add(self.rest[0]);
        self.high = X::splat(0);
        move_down(sums);
        move_down(&mut self.rest);
    }

    /// Clears digit `I` with M: adds the digit times M' from the next digit on.
    #[inline(always)]
    fn clear_row<const L: usize, const V: usize, const I: usize>(
        &mut self,
        modulus: &Modulus<L, V, W>,
    ) {
        let digit = self.low.add(self.high).digit::<L, I>();
        if I + 1 < L {
            self.high = self.high.add(digit.carry_into::<L, I>());
        } else {
            self.rest[0] = self.rest[0].add(digit.carry_into::<L, I>());
        }
        let rows = &modulus.friendly.0;
        if I + 1 < L {
            let row = &rows[(I + 1) % L];
            self.low = self.low.add_low(digit, X::load(&row[0]));
            for v in 1..W {
                self.rest[v - 1] = self.rest[v - 1].add_low(digit, X::load(&row[v]));
            }
        } else {
            for v in 0..V {
                self.rest[v] = self.rest[v].add_low(digit, X::load(&rows[0][v]));
            }
        }
        let row = &rows[(I + 2) % L];
        if I + 2 < L {
            self.high = self.high.add_high(digit, X::load(&row[0]));
            for v in 1..W {
                self.rest[v - 1] = self.rest[v - 1].add_high(digit, X::load(&row[v]));
            }
        } else {
            for v in 0..if I + 2 == L { V } else { W } {
                self.rest[v] = self.rest[v].add_high(digit, X::load(&row[v]));
            }
        }
    }

    /// Clears digit `I`, the last of the block and of all, with n.
    #[inline(always)]
    fn clear_last_row<const L: usize, const V: usize, const I: usize>(
        &mut self,
        modulus: &Modulus<L, V, W>,
    ) {
        let sum = self.low.add(self.high);
        let inverse = X::splat(0).add_low(sum, X::load(&modulus.inverse));
        let digit = inverse.digit::<L, I>();
        let row = &modulus.last_low;
        let cleared = sum.add_low(digit, X::load(&row[0]));
        let carry = cleared.digit::<L, I>().carry_into::<L, I>();
        self.rest[0] = self.rest[0].add(carry);
        for v in 1..W {
            self.rest[v - 1] = self.rest[v - 1].add_low(digit, X::load(&row[v]));
        }
        for v in 0..V {
            self.rest[v] = self.rest[v].add_high(digit, X::load(&modulus.last_high[v]));
        }
    }
}

/// Carries between digits, so that each has 52 bits. What is carried out of the uppermost is zero.
#[inline(always)]
fn normalise<X: Vector, const L: usize, const V: usize>(number: &mut [X; V]) {
    let largest = X::splat(DIGIT_MASK);
    let mut below = X::splat(0);
    for v in 0..V {
        let carry = number[v].carry();
        number[v] = number[v].low().add(carry.up::<L, 1>(below));
        below = carry;
    }
    // Now a carry is 0 or 1: it comes out of digits that are too large, and out of the largest ones
    // when it comes into them. That is an addition of two binary numbers with a bit for each digit.
    let (mut over, mut full) = (0u128, 0u128);
    for v in 0..V {
        over |= u128::from(number[v].exceed(largest)) << (8 * v);
        full |= u128::from(number[v].equal(largest)) << (8 * v);
    }
    let into = if L == 8 {
        ripple(over, full)
    } else {
        // The other number's digits pass carries on.
        const FIRST: u128 = 0x0f0f_0f0f_0f0f_0f0f_0f0f_0f0f_0f0f_0f0f;
        (ripple(over & FIRST, full | !FIRST) & FIRST)
            | (ripple(over & !FIRST, full | FIRST) & !FIRST)
    };
    for v in 0..V {
        let lanes = (into >> (8 * v)) as u8;
        number[v] = number[v].add_where(lanes, X::splat(1)).low();
    }
}

/// The digits that a carry comes into.
#[inline(always)]
fn ripple(over: u128, full: u128) -> u128 {
    (over << 1).wrapping_add(full) ^ full
}
