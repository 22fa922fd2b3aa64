//! Blocks of 128 bits side by side, in vectors of three widths. A kernel is written once, for any
//! [`Vector`], of functions that are inlined into entry functions with the width's instructions.
//!
//! A value is the proof that the CPU has these instructions: who makes the first one promises it,
//! and what can be done with values is safe.

use core::arch::x86_64::*;
use core::ops::Range;

/// A vector of blocks.
pub(crate) trait Vector: Copy {
    /// Blocks in a vector.
    const BLOCKS: usize;
    /// Bytes in a vector.
    const BYTES: usize = 16 * Self::BLOCKS;

    /// `block` in every place.
    ///
    /// # Safety
    /// The CPU has the instructions of this width.
    unsafe fn all(block: __m128i) -> Self;

    /// `half` in both halves of every block.
    ///
    /// # Safety
    /// As for [`Vector::all`].
    unsafe fn all_halves(half: u64) -> Self;

    /// [`Vector::BYTES`] bytes.
    ///
    /// # Safety
    /// As for [`Vector::all`], and the bytes at `from` are readable.
    unsafe fn load(from: *const u8) -> Self;

    /// The bytes `part` of those at `from`, between zeroes. `part` starts at a whole block.
    ///
    /// # Safety
    /// As for [`Vector::all`], and these bytes are readable; nothing is said about others.
    unsafe fn load_part(from: *const u8, part: Range<usize>) -> Self;

    /// # Safety
    /// [`Vector::BYTES`] bytes at `to` are writable.
    unsafe fn store(self, to: *mut u8);

    /// Stores the bytes `part` to their places behind `to`. `part` starts at a whole block.
    ///
    /// # Safety
    /// These bytes are writable; nothing is said about others.
    unsafe fn store_part(self, to: *mut u8, part: Range<usize>);

    /// Zeroes but for the bytes `part`, which starts at a whole block.
    fn keep(self, part: Range<usize>) -> Self;

    /// The block at `place`.
    fn block(self, place: usize) -> __m128i;

    /// With another block at `place`.
    fn with_block(self, place: usize, block: __m128i) -> Self;

    /// The sum (XOR) of all blocks.
    fn sum(self) -> __m128i;

    fn xor(self, other: Self) -> Self;

    /// Adds 32-bit words.
    fn add_words(self, other: Self) -> Self;

    /// Each block with its bytes in the opposite order.
    fn reverse(self) -> Self;

    /// Each block with its 64-bit halves exchanged.
    fn swap_halves(self) -> Self;

    /// Carry-less products, block by block, of the halves that `HALVES` names: 0x01 the upper one of
    /// `self`, 0x10 that of `other`.
    fn multiply<const HALVES: i32>(self, other: Self) -> Self;

    /// A round of AES.
    fn encrypt_round(self, key: Self) -> Self;

    /// The last round of AES.
    fn encrypt_last(self, key: Self) -> Self;
}
