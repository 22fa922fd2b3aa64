//! The edges of a record: the batch in front, with what comes before the text, and the end, less
//! than a batch, with the tag. Short records are one edge.

use super::Width;
use super::field::Sum;
use super::key::Key;
use super::run::{LEAD, Run, Text, Vectors};
use core::arch::x86_64::*;

/// Encrypts (`SEAL`) or decrypts what is text of the first `count` vectors of the batch at `at`.
/// Returns the blocks to hash, byte-reversed: the ciphertext with the lead in front of it and
/// zeroes behind it.
#[inline(always)]
pub(super) fn crypt<V: Width, const R: usize, const SEAL: bool>(
    key: &Key<V, R>,
    run: &mut Run<V>,
    text: &Text<'_>,
    at: usize,
    count: usize,
) -> Vectors<V> {
    let mut sealed = run.counters(key);
    for round in 1..R {
        let key = key.round(round);
        for block in &mut sealed[..count] {
            *block = block.encrypt_round(key);
        }
    }
    for block in &mut sealed[..count] {
        *block = block.encrypt_last(key.round(R));
    }
    // Block 1.
    let (vector, place) = (1 / V::BLOCKS, 1 % V::BLOCKS);
    if at == 0 {
        run.mask = sealed[vector].block(place);
    }
    for (n, block) in sealed[..count].iter_mut().enumerate() {
        let at = at + n * V::BYTES;
        let part = text.part::<V>(at);
        // SAFETY: `part` is what is text here. It starts at a whole block, since the text does.
        unsafe {
            let given = V::load_part(text.input(at), part.clone());
            let result = given.xor(*block);
            result.store_part(text.output(at), part.clone());
            *block = if SEAL { result.keep(part) } else { given }.reverse();
        }
    }
    if at == 0 {
        sealed[vector] = sealed[vector].with_block(place, run.lead);
    }
    sealed
}

/// Encrypts or decrypts what is left of the text from `at` on, and returns the tag. `lengths` is
/// the last block of GHASH, byte-reversed (SP 800-38D §7.1).
#[inline(always)]
pub(super) fn finish<V: Width, const R: usize, const SEAL: bool>(
    key: &Key<V, R>,
    run: &mut Run<V>,
    text: &Text<'_>,
    at: usize,
    lengths: __m128i,
) -> __m128i {
    let left = text.end() - at;
    debug_assert!(left < V::BATCH || at == 0 && left == LEAD);
    macro_rules! finish {
        ($count:literal) => {
            finish_up_to::<V, R, SEAL>(key, run, text, at, $count, lengths)
        };
    }
    match left.div_ceil(V::BYTES) {
        0 => finish!(0),
        1 => finish!(1),
        2 => finish!(2),
        5.. if V::VECTORS > 4 => finish!(8),
        _ => finish!(4),
    }
}

/// [`finish`] for up to `count` vectors.
#[inline(always)]
fn finish_up_to<V: Width, const R: usize, const SEAL: bool>(
    key: &Key<V, R>,
    run: &mut Run<V>,
    text: &Text<'_>,
    at: usize,
    count: usize,
    lengths: __m128i,
) -> __m128i {
    let sealed = if count > 0 {
        crypt::<V, R, SEAL>(key, run, text, at, count)
    } else {
        [run.hash; _]
    };
    let blocks = (text.end() - at).div_ceil(16);
    let mut sum = None;
    for (n, sealed) in sealed[..count].iter().enumerate() {
        if n * V::BLOCKS < blocks {
            let before = if n == 0 { run.hash } else { key.zero() };
            let (powers, folded) = key.descending(blocks + 1 - n * V::BLOCKS);
            sum = Some(Sum::of(sealed.xor(before), powers, folded).and(sum));
        }
    }
    let mut last = key.first(lengths);
    if count == 0 {
        last = last.xor(run.hash);
    }
    let (powers, folded) = key.descending(1);
    let sum = Sum::of(last, powers, folded).and(sum);
    let hash = key.first(sum.reduce().sum()).reverse();
    hash.xor(key.first(run.mask)).block(0)
}
