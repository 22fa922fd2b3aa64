//! The middle of a record: whole batches. AES of one batch and GHASH of another run interleaved,
//! since they use different units of the CPU, with one reduction a batch, of all places at once.

use super::Width;
use super::field::Sum;
use super::key::Key;
use super::run::{Run, Text, Vectors};
use core::ops::Range;

/// Encrypts (`SEAL`) or decrypts the batches at `positions`, and hashes them. `sealed` is the
/// ciphertext of the batch in front of them, byte-reversed, which is not hashed yet.
#[inline(always)]
pub(super) fn crypt<V: Width, const R: usize, const SEAL: bool>(
    key: &Key<V, R>,
    run: &mut Run<V>,
    text: &Text<'_>,
    positions: Range<usize>,
    mut sealed: Vectors<V>,
) {
    debug_assert!(positions.end <= text.end() && positions.len().is_multiple_of(V::BATCH));
    let mut at = positions.start;
    while at < positions.end {
        // SAFETY: the batch at `at` is all text.
        unsafe { batch::<V, R, SEAL>(key, run, text.input(at), text.output(at), &mut sealed) };
        at += V::BATCH;
    }

    // Behind the last batch the places of a vector are not equal any more.
    let mut sum = None;
    for (n, blocks) in sealed[..V::VECTORS].iter().enumerate() {
        let (powers, folded) = key.descending((V::VECTORS - n) * V::BLOCKS);
        let blocks = if n == 0 {
            blocks.xor(run.hash)
        } else {
            *blocks
        };
        sum = Some(Sum::of(blocks, powers, folded).and(sum));
    }
    if let Some(sum) = sum {
        run.hash = key.first(sum.reduce().sum());
    }
}

/// AES-CTR of a batch from `input` to `output`, interleaved with GHASH of the batch before, which is
/// `sealed`; then this one is.
///
/// # Safety
/// [`Width::BATCH`] bytes are readable and writable. Both may be the same.
#[inline(always)]
unsafe fn batch<V: Width, const R: usize, const SEAL: bool>(
    key: &Key<V, R>,
    run: &mut Run<V>,
    input: *const u8,
    output: *mut u8,
    sealed: &mut Vectors<V>,
) {
    let mut state = run.counters(key);
    let mut sum = None;
    macro_rules! round {
        ($round:literal) => {
            if $round < R {
                let key = key.round($round);
                for state in &mut state[..V::VECTORS] {
                    *state = state.encrypt_round(key);
                }
            }
        };
        ($round:literal, $n:literal) => {
            round!($round);
            if $n < V::VECTORS {
                let (power, folded) = key.stride(V::VECTORS - $n);
                let blocks = if $n == 0 {
                    sealed[$n].xor(run.hash)
                } else {
                    sealed[$n]
                };
                sum = Some(Sum::of(blocks, power, folded).and(sum));
            }
        };
    }
    round!(1, 0);
    round!(2, 1);
    round!(3, 2);
    round!(4, 3);
    round!(5, 4);
    round!(6, 5);
    round!(7, 6);
    round!(8, 7);
    round!(9);
    if let Some(sum) = sum.take() {
        run.hash = sum.reduce();
    }
    round!(10);
    round!(11);
    round!(12);
    round!(13);

    // The last round adds its key after the substitution: adding the text to the key first saves
    // an instruction per vector.
    let last = key.round(R);
    for (n, state) in state[..V::VECTORS].iter().enumerate() {
        // SAFETY: the caller's promise.
        let (given, result) = unsafe {
            let given = V::load(input.add(n * V::BYTES));
            let result = state.encrypt_last(last.xor(given));
            result.store(output.add(n * V::BYTES));
            (given, result)
        };
        sealed[n] = if SEAL { result } else { given }.reverse();
    }
}
