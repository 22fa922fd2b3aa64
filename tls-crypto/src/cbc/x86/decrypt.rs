//! CBC decryption on 256-bit vectors: up to 16 blocks in flight.

use crate::x86::aes::RoundKeys;
use core::arch::x86_64::*;

/// Decrypts whole blocks in place. `keys` are those of the inverse cipher.
#[target_feature(enable = "avx2,vaes,aes")]
pub(super) fn decrypt<const R: usize>(keys: &RoundKeys, iv: &[u8; 16], data: &mut [u8]) {
    assert!(data.len().is_multiple_of(16));
    // SAFETY: the array has 16 bytes.
    let mut before = unsafe { _mm_loadu_si128(iv.as_ptr().cast()) };
    let (batches, mut data) = data.as_chunks_mut::<256>();
    for batch in batches {
        before = vectors::<R, 8>(keys, before, batch);
    }
    // What is left, in halving steps, so that few blocks wait for one another.
    if let Some(batch) = data.split_off_mut(..128) {
        before = vectors::<R, 4>(keys, before, batch);
    }
    if let Some(batch) = data.split_off_mut(..64) {
        before = vectors::<R, 2>(keys, before, batch);
    }
    if let Some(batch) = data.split_off_mut(..32) {
        before = vectors::<R, 1>(keys, before, batch);
    }
    if let Some(block) = data.first_chunk_mut() {
        single::<R>(keys, before, block);
    }
}

/// Decrypts `V` vectors in place; `before` is the ciphertext block in front of them. Returns their
/// last ciphertext block.
#[inline]
#[target_feature(enable = "avx2,vaes,aes")]
fn vectors<const R: usize, const V: usize>(
    keys: &RoundKeys,
    before: __m128i,
    data: &mut [u8],
) -> __m128i {
    assert!(data.len() == 32 * V);
    let at = data.as_mut_ptr();
    let key = |round: usize| _mm256_broadcastsi128_si256(keys[round]);
    let mut state = [_mm256_setzero_si256(); V];
    let mut chain = state;
    // SAFETY: `data` has V vectors of 32 bytes; the loads in between begin 16 bytes before the
    // second vector or a later one.
    unsafe {
        for vector in 0..V {
            state[vector] = _mm256_loadu_si256(at.add(32 * vector).cast());
            chain[vector] = if vector == 0 {
                _mm256_set_m128i(_mm256_castsi256_si128(state[0]), before)
            } else {
                _mm256_loadu_si256(at.add(32 * vector - 16).cast())
            };
        }
    }
    let last = _mm256_extracti128_si256(state[V - 1], 1);
    for block in &mut state {
        *block = _mm256_xor_si256(*block, key(0));
    }
    for round in 1..R {
        for block in &mut state {
            *block = _mm256_aesdec_epi128(*block, key(round));
        }
    }
    for vector in 0..V {
        // The last round adds its key after the substitution, and so the chaining value with it.
        let end = _mm256_xor_si256(chain[vector], key(R));
        let plain = _mm256_aesdeclast_epi128(state[vector], end);
        // SAFETY: as above.
        unsafe { _mm256_storeu_si256(at.add(32 * vector).cast(), plain) };
    }
    last
}

/// The last block of an odd number.
#[inline]
#[target_feature(enable = "avx2,vaes,aes")]
fn single<const R: usize>(keys: &RoundKeys, before: __m128i, block: &mut [u8; 16]) {
    // SAFETY: the array has 16 bytes.
    let mut state = unsafe { _mm_loadu_si128(block.as_ptr().cast()) };
    state = _mm_xor_si128(state, keys[0]);
    for key in &keys[1..R] {
        state = _mm_aesdec_si128(state, *key);
    }
    state = _mm_aesdeclast_si128(state, _mm_xor_si128(before, keys[R]));
    // SAFETY: the array has 16 bytes.
    unsafe { _mm_storeu_si128(block.as_mut_ptr().cast(), state) };
}
