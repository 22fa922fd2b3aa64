//! The end of a record, less than one batch, and the tag. Short records are all tail.

use super::Run;
use super::bulk::{BATCH, BLOCKS};
use super::field::{Sum, reverse, reverse2};
use super::key::Key;
use crate::inout::InOut;
use crate::x86::partial;
use core::arch::x86_64::*;

/// Encrypts (or decrypts) the last bytes and returns the tag. `lengths` is the last block of GHASH,
/// byte-reversed (SP 800-38D §7.1).
#[inline]
#[target_feature(enable = "avx2,vaes,vpclmulqdq,aes,pclmulqdq")]
pub(super) fn finish<const R: usize, const SEAL: bool>(
    key: &Key<R>,
    run: &mut Run,
    text: &InOut<'_>,
    lengths: __m128i,
) -> __m128i {
    debug_assert!(text.len() < BATCH);
    match text.len() {
        0..=64 => finish_up_to::<R, SEAL, 2>(key, run, text, lengths),
        65..=128 => finish_up_to::<R, SEAL, 4>(key, run, text, lengths),
        _ => finish_up_to::<R, SEAL, 8>(key, run, text, lengths),
    }
}

/// [`finish`] for up to `32 * V` bytes.
#[target_feature(enable = "avx2,vaes,vpclmulqdq,aes,pclmulqdq")]
fn finish_up_to<const R: usize, const SEAL: bool, const V: usize>(
    key: &Key<R>,
    run: &mut Run,
    text: &InOut<'_>,
    lengths: __m128i,
) -> __m128i {
    let (stream, mask) = keystream::<R, V>(key, run);
    let (input, output) = (text.input(), text.output());
    let (pairs, rest) = (text.len() / 32, text.len() % 32);
    // Blocks that are hashed together: whole pairs, the rest's one or two, the lengths.
    let blocks = 2 * pairs + rest.div_ceil(16) + 1;
    debug_assert!(pairs <= V && blocks <= BLOCKS + 1);

    let mut sum = Sum::zero();
    let mut before = _mm256_zextsi128_si256(run.hash);
    let mut last_stream = stream[0];
    for (pair, stream) in stream.into_iter().enumerate() {
        if pair < pairs {
            // SAFETY: pair number `pair` of `pairs` lies within the text.
            let (plain, result) = unsafe {
                let plain = _mm256_loadu_si256(input.add(32 * pair).cast());
                let result = _mm256_xor_si256(plain, stream);
                _mm256_storeu_si256(output.add(32 * pair).cast(), result);
                (plain, result)
            };
            let sealed = reverse2(if SEAL { result } else { plain });
            let (powers, folded) = key.powers(blocks - 2 * pair);
            sum.add(_mm256_xor_si256(sealed, before), powers, folded);
            before = _mm256_setzero_si256();
        } else if pair == pairs {
            last_stream = stream;
        }
    }

    // SAFETY: the `rest` bytes behind the pairs are the last of the text.
    let sealed = unsafe {
        let (input, output) = (input.add(32 * pairs), output.add(32 * pairs));
        last_bytes::<SEAL>(last_stream, input, output, rest)
    };
    let mut sealed = reverse2(sealed);
    let mut to_go = blocks - 2 * pairs;
    if rest > 16 {
        let (powers, folded) = key.powers(to_go);
        sum.add(_mm256_xor_si256(sealed, before), powers, folded);
        before = _mm256_setzero_si256();
        to_go -= 2;
    }
    sealed = if rest > 0 && rest <= 16 {
        _mm256_set_m128i(lengths, _mm256_castsi256_si128(sealed))
    } else {
        _mm256_zextsi128_si256(lengths)
    };
    let (powers, folded) = key.powers(to_go);
    sum.add(_mm256_xor_si256(sealed, before), powers, folded);
    _mm_xor_si128(reverse(sum.reduce()), mask)
}

/// `V` vectors of keystream, and the block that masks the tag (the counter 1), side by side.
#[inline]
#[target_feature(enable = "avx2,vaes,vpclmulqdq,aes,pclmulqdq")]
fn keystream<const R: usize, const V: usize>(
    key: &Key<R>,
    run: &mut Run,
) -> ([__m256i; V], __m128i) {
    let mut state: [__m256i; V] = run.counters(key);
    let mut mask = _mm_xor_si128(run.first_counter, key.round(0));
    for round in 1..R {
        mask = _mm_aesenc_si128(mask, key.round(round));
        for block in &mut state {
            *block = _mm256_aesenc_epi128(*block, key.round2(round));
        }
    }
    mask = _mm_aesenclast_si128(mask, key.round(R));
    for block in &mut state {
        *block = _mm256_aesenclast_epi128(*block, key.round2(R));
    }
    (state, mask)
}

/// The last `rest < 32` bytes. Returns their ciphertext, filled up with zeroes.
///
/// # Safety
/// `rest` bytes at `input` are readable and at `output` writable. Both may be equal.
#[inline]
#[target_feature(enable = "avx2,vaes,vpclmulqdq,aes,pclmulqdq")]
unsafe fn last_bytes<const SEAL: bool>(
    stream: __m256i,
    input: *const u8,
    output: *mut u8,
    rest: usize,
) -> __m256i {
    debug_assert!(rest < 32);
    let mut sealed = [_mm_setzero_si128(); 2];
    let streams = [
        _mm256_castsi256_si128(stream),
        _mm256_extracti128_si256(stream, 1),
    ];
    for (block, stream) in streams.into_iter().enumerate() {
        let len = rest.saturating_sub(16 * block).min(16);
        if len > 0 {
            // SAFETY: these `len` bytes are among the `rest` that the caller promises.
            let (given, result) = unsafe {
                let given = partial::load(input.add(16 * block), len);
                let result = _mm_xor_si128(given, stream);
                partial::store(output.add(16 * block), len, result);
                (given, result)
            };
            sealed[block] = if SEAL {
                partial::keep(result, len)
            } else {
                given
            };
        }
    }
    _mm256_set_m128i(sealed[1], sealed[0])
}
