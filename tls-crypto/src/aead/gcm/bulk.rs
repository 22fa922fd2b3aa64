//! The middle of a record: batches of 16 blocks, eight vectors of two. AES of one batch and GHASH
//! of another run interleaved, since they use different units of the CPU.

use super::Run;
use super::field::{Sum, reverse2};
use super::key::Key;
use crate::inout::InOut;
use core::arch::x86_64::*;

/// Bytes of a batch.
pub(super) const BATCH: usize = 256;
/// Blocks of a batch.
pub(super) const BLOCKS: usize = BATCH / 16;
/// Vectors of a batch.
const VECTORS: usize = BLOCKS / 2;

// What a batch hashes while it encrypts. Two batches share one reduction.
const NOTHING: u8 = 0;
const FIRST_OF_TWO: u8 = 1;
const SECOND_OF_TWO: u8 = 2;
const ALONE: u8 = 3;

/// Encrypts whole batches. The ciphertext of the last one is not hashed yet.
#[inline]
#[target_feature(enable = "avx2,vaes,vpclmulqdq,aes,pclmulqdq")]
pub(super) fn seal<const R: usize>(key: &Key<R>, run: &mut Run, text: &InOut<'_>) {
    let (mut input, mut output) = (text.input(), text.output());
    let mut batches = text.len() / BATCH;
    debug_assert!(batches > 0 && text.len().is_multiple_of(BATCH));
    let mut sum = Sum::zero();
    // SAFETY: `text` has `batches` batches, each is visited once in order, and what is hashed is
    // the batch in front, written before.
    unsafe {
        batch::<R, NOTHING>(key, run, &mut sum, input, output, input);
        batches -= 1;
        while batches >= 2 {
            (input, output) = (input.add(BATCH), output.add(BATCH));
            batch::<R, FIRST_OF_TWO>(key, run, &mut sum, input, output, output.sub(BATCH));
            (input, output) = (input.add(BATCH), output.add(BATCH));
            batch::<R, SECOND_OF_TWO>(key, run, &mut sum, input, output, output.sub(BATCH));
            batches -= 2;
        }
        if batches == 1 {
            (input, output) = (input.add(BATCH), output.add(BATCH));
            batch::<R, ALONE>(key, run, &mut sum, input, output, output.sub(BATCH));
        }
    }
}

/// Hashes and decrypts whole batches.
#[inline]
#[target_feature(enable = "avx2,vaes,vpclmulqdq,aes,pclmulqdq")]
pub(super) fn open<const R: usize>(key: &Key<R>, run: &mut Run, text: &InOut<'_>) {
    let (mut input, mut output) = (text.input(), text.output());
    let mut batches = text.len() / BATCH;
    debug_assert!(text.len().is_multiple_of(BATCH));
    let mut sum = Sum::zero();
    // SAFETY: `text` has `batches` batches and each is visited once in order. A batch is hashed
    // before its place is written, which matters when input and output are the same.
    unsafe {
        while batches >= 2 {
            batch::<R, FIRST_OF_TWO>(key, run, &mut sum, input, output, input);
            (input, output) = (input.add(BATCH), output.add(BATCH));
            batch::<R, SECOND_OF_TWO>(key, run, &mut sum, input, output, input);
            (input, output) = (input.add(BATCH), output.add(BATCH));
            batches -= 2;
        }
        if batches == 1 {
            batch::<R, ALONE>(key, run, &mut sum, input, output, input);
        }
    }
}

/// Hashes the last batch that [`seal`] wrote.
#[inline]
#[target_feature(enable = "avx2,vaes,vpclmulqdq,aes,pclmulqdq")]
pub(super) fn hash_last<const R: usize>(key: &Key<R>, run: &mut Run, text: &InOut<'_>) {
    debug_assert!(text.len() >= BATCH);
    let mut sum = Sum::zero();
    // SAFETY: the output is initialised, and its last batch lies within it.
    unsafe {
        let hashed = text.output().add(text.len() - BATCH);
        for vector in 0..VECTORS {
            hash::<R, ALONE>(key, run.hash, &mut sum, hashed, vector);
        }
    }
    run.hash = sum.reduce();
}

/// AES-CTR of 256 bytes from `input` to `output`, interleaved with GHASH of the 256 bytes at
/// `hashed`.
///
/// # Safety
/// 256 bytes at each of the three are readable, writable, readable. `input` and `hashed` may equal
/// `output`.
#[inline]
#[target_feature(enable = "avx2,vaes,vpclmulqdq,aes,pclmulqdq")]
unsafe fn batch<const R: usize, const HASHES: u8>(
    key: &Key<R>,
    run: &mut Run,
    sum: &mut Sum,
    input: *const u8,
    output: *mut u8,
    hashed: *const u8,
) {
    let mut state: [__m256i; VECTORS] = run.counters(key);
    if HASHES == FIRST_OF_TWO || HASHES == ALONE {
        *sum = Sum::zero();
    }
    macro_rules! round {
        ($round:literal) => {
            if $round < R {
                let round = key.round2($round);
                for block in &mut state {
                    *block = _mm256_aesenc_epi128(*block, round);
                }
            }
        };
        ($round:literal, $vector:literal) => {
            round!($round);
            if HASHES != NOTHING {
                // SAFETY: the caller's promise about `hashed`.
                unsafe { hash::<R, HASHES>(key, run.hash, sum, hashed, $vector) };
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
    if HASHES == SECOND_OF_TWO || HASHES == ALONE {
        run.hash = sum.reduce();
    }
    round!(10);
    round!(11);
    round!(12);
    round!(13);

    // The last round adds its key after the substitution: adding the text to the key first saves
    // an instruction per vector.
    let last = key.round2(R);
    for (vector, block) in state.into_iter().enumerate() {
        // SAFETY: the caller's promise about `input` and `output`.
        unsafe {
            let text = _mm256_loadu_si256(input.add(32 * vector).cast());
            let text = _mm256_aesenclast_epi128(block, _mm256_xor_si256(text, last));
            _mm256_storeu_si256(output.add(32 * vector).cast(), text);
        }
    }
}

/// Adds vector number `vector` of the batch at `hashed`; `before` is the hash of all before it.
///
/// # Safety
/// 256 bytes at `hashed` are readable.
#[inline]
#[target_feature(enable = "avx2,vaes,vpclmulqdq,aes,pclmulqdq")]
unsafe fn hash<const R: usize, const HASHES: u8>(
    key: &Key<R>,
    before: __m128i,
    sum: &mut Sum,
    hashed: *const u8,
    vector: usize,
) {
    // SAFETY: `vector < VECTORS`, so these 32 bytes lie within the batch.
    let blocks = unsafe { _mm256_loadu_si256(hashed.add(32 * vector).cast()) };
    let mut blocks = reverse2(blocks);
    if vector == 0 && HASHES != SECOND_OF_TWO {
        blocks = _mm256_xor_si256(blocks, _mm256_zextsi128_si256(before));
    }
    let follows = if HASHES == FIRST_OF_TWO { BLOCKS } else { 0 };
    let (powers, folded) = key.powers(follows + BLOCKS - 2 * vector);
    sum.add(blocks, powers, folded);
}
