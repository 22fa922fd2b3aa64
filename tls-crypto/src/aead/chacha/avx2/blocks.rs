//! ChaCha20 (RFC 8439 §2.3) with AVX2, in two layouts, and Poly1305 of something else in between.
//!
//! [`eight`] holds the same word of eight blocks in a vector: the most bytes per instruction.
//! [`four`] holds a row of two blocks in a vector, twice: half as long for short texts.

use crate::aead::chacha::poly1305::{Feed, Poly1305};
use crate::aead::chacha::{CONSTANTS, Input, Text};
use core::arch::x86_64::*;

#[inline]
#[target_feature(enable = "avx2,bmi2")]
fn rotate_16(x: __m256i) -> __m256i {
    let order = _mm_set_epi64x(0x0d0c_0f0e_0908_0b0a, 0x0504_0706_0100_0302);
    _mm256_shuffle_epi8(x, _mm256_broadcastsi128_si256(order))
}

#[inline]
#[target_feature(enable = "avx2,bmi2")]
fn rotate_8(x: __m256i) -> __m256i {
    let order = _mm_set_epi64x(0x0e0d_0c0f_0a09_080b, 0x0605_0407_0201_0003);
    _mm256_shuffle_epi8(x, _mm256_broadcastsi128_si256(order))
}

#[inline]
#[target_feature(enable = "avx2,bmi2")]
fn rotate_12(x: __m256i) -> __m256i {
    _mm256_or_si256(_mm256_slli_epi32(x, 12), _mm256_srli_epi32(x, 20))
}

#[inline]
#[target_feature(enable = "avx2,bmi2")]
fn rotate_7(x: __m256i) -> __m256i {
    _mm256_or_si256(_mm256_slli_epi32(x, 7), _mm256_srli_epi32(x, 25))
}

/// Four quarter rounds side by side, step by step, with a block of Poly1305 in the middle.
macro_rules! quarter_rounds {
    ($v:ident, $feed:ident, $poly:ident, $(($a:expr, $b:expr, $c:expr, $d:expr)),+) => {
        $( $v[$a] = _mm256_add_epi32($v[$a], $v[$b]);
           $v[$d] = rotate_16(_mm256_xor_si256($v[$d], $v[$a])); )+
        $( $v[$c] = _mm256_add_epi32($v[$c], $v[$d]);
           $v[$b] = rotate_12(_mm256_xor_si256($v[$b], $v[$c])); )+
        $feed.step($poly);
        $( $v[$a] = _mm256_add_epi32($v[$a], $v[$b]);
           $v[$d] = rotate_8(_mm256_xor_si256($v[$d], $v[$a])); )+
        $( $v[$c] = _mm256_add_epi32($v[$c], $v[$d]);
           $v[$b] = rotate_7(_mm256_xor_si256($v[$b], $v[$c])); )+
    };
}

/// Eight blocks from `counter` on, 512 bytes to `output`.
///
/// # Safety
/// 512 bytes at `output` are writable, and readable at the text, which may be `output` itself.
/// `feed` may overlap the text but not `output`, unless that is the text.
#[target_feature(enable = "avx2,bmi2")]
pub(super) unsafe fn eight(
    input: &Input<'_>,
    counter: u32,
    text: Text,
    output: *mut u8,
    poly: &mut Poly1305,
    mut feed: Feed,
) {
    let counters = _mm256_add_epi32(splat(counter), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
    let mut v = start_eight(input, counters);
    for _ in 0..10 {
        quarter_rounds!(
            v,
            feed,
            poly,
            (0, 4, 8, 12),
            (1, 5, 9, 13),
            (2, 6, 10, 14),
            (3, 7, 11, 15)
        );
        feed.step(poly);
        quarter_rounds!(
            v,
            feed,
            poly,
            (0, 5, 10, 15),
            (1, 6, 11, 12),
            (2, 7, 8, 13),
            (3, 4, 9, 14)
        );
    }
    feed.rest(poly);
    for (word, start) in v.iter_mut().zip(start_eight(input, counters)) {
        *word = _mm256_add_epi32(*word, start);
    }
    for half in 0..2 {
        let rows = transpose(&v, 8 * half);
        for (block, row) in rows.into_iter().enumerate() {
            // SAFETY: 64 bytes for each of eight blocks, of which this is one half.
            unsafe { put(row, text, output, 64 * block + 32 * half) };
        }
    }
}

/// The sixteen words of eight blocks before the first round (RFC 8439 §2.3).
#[inline]
#[target_feature(enable = "avx2,bmi2")]
fn start_eight(input: &Input<'_>, counters: __m256i) -> [__m256i; 16] {
    let mut v = [counters; 16];
    for (v, word) in v.iter_mut().zip(CONSTANTS.iter().chain(input.key)) {
        *v = splat(*word);
    }
    for (v, word) in v[13..].iter_mut().zip(input.nonce) {
        *v = splat(word);
    }
    v
}

#[inline]
#[target_feature(enable = "avx2,bmi2")]
fn splat(word: u32) -> __m256i {
    _mm256_set1_epi32(word.cast_signed())
}

/// Words `from..from + 8` of eight blocks, block by block.
#[inline]
#[target_feature(enable = "avx2,bmi2")]
fn transpose(v: &[__m256i; 16], from: usize) -> [__m256i; 8] {
    let w = &v[from..from + 8];
    // Words 0 and 1 (2 and 3, ...) of blocks 0, 1 | 4, 5 and of 2, 3 | 6, 7.
    let a = [
        _mm256_unpacklo_epi32(w[0], w[1]),
        _mm256_unpackhi_epi32(w[0], w[1]),
        _mm256_unpacklo_epi32(w[2], w[3]),
        _mm256_unpackhi_epi32(w[2], w[3]),
        _mm256_unpacklo_epi32(w[4], w[5]),
        _mm256_unpackhi_epi32(w[4], w[5]),
        _mm256_unpacklo_epi32(w[6], w[7]),
        _mm256_unpackhi_epi32(w[6], w[7]),
    ];
    // Words 0 to 3 (4 to 7) of blocks 0 | 4, 1 | 5, 2 | 6, 3 | 7.
    let b = [
        _mm256_unpacklo_epi64(a[0], a[2]),
        _mm256_unpackhi_epi64(a[0], a[2]),
        _mm256_unpacklo_epi64(a[1], a[3]),
        _mm256_unpackhi_epi64(a[1], a[3]),
        _mm256_unpacklo_epi64(a[4], a[6]),
        _mm256_unpackhi_epi64(a[4], a[6]),
        _mm256_unpacklo_epi64(a[5], a[7]),
        _mm256_unpackhi_epi64(a[5], a[7]),
    ];
    let mut rows = [_mm256_setzero_si256(); 8];
    for block in 0..4 {
        rows[block] = _mm256_permute2x128_si256(b[block], b[block + 4], 0x20);
        rows[block + 4] = _mm256_permute2x128_si256(b[block], b[block + 4], 0x31);
    }
    rows
}

/// Four blocks of keystream from `counter` on, as 256 bytes.
#[target_feature(enable = "avx2,bmi2")]
pub(super) fn four(
    input: &Input<'_>,
    counter: u32,
    poly: &mut Poly1305,
    mut feed: Feed,
) -> [__m256i; 8] {
    let start = start_four(input, counter);
    let mut v = start;
    for _ in 0..10 {
        quarter_rounds!(v, feed, poly, (0, 1, 2, 3), (4, 5, 6, 7));
        diagonals(&mut v);
        feed.step(poly);
        quarter_rounds!(v, feed, poly, (0, 1, 2, 3), (4, 5, 6, 7));
        columns(&mut v);
    }
    feed.rest(poly);
    for (row, start) in v.iter_mut().zip(start) {
        *row = _mm256_add_epi32(*row, start);
    }
    let mut out = [_mm256_setzero_si256(); 8];
    for pair in [0, 4] {
        out[pair] = _mm256_permute2x128_si256(v[pair], v[pair + 1], 0x20);
        out[pair + 1] = _mm256_permute2x128_si256(v[pair + 2], v[pair + 3], 0x20);
        out[pair + 2] = _mm256_permute2x128_si256(v[pair], v[pair + 1], 0x31);
        out[pair + 3] = _mm256_permute2x128_si256(v[pair + 2], v[pair + 3], 0x31);
    }
    out
}

/// The four rows of blocks 0 | 1, then those of 2 | 3, before the first round.
#[inline]
#[target_feature(enable = "avx2,bmi2")]
fn start_four(input: &Input<'_>, counter: u32) -> [__m256i; 8] {
    let row = |a: u32, b: u32, c: u32, d: u32| {
        let [a, b, c, d] = [a, b, c, d].map(u32::cast_signed);
        _mm256_broadcastsi128_si256(_mm_setr_epi32(a, b, c, d))
    };
    let (k, [n0, n1, n2]) = (input.key, input.nonce);
    let constants = row(CONSTANTS[0], CONSTANTS[1], CONSTANTS[2], CONSTANTS[3]);
    let (low, high) = (row(k[0], k[1], k[2], k[3]), row(k[4], k[5], k[6], k[7]));
    let first = row(counter, n0, n1, n2);
    let first = _mm256_add_epi32(first, _mm256_setr_epi32(0, 0, 0, 0, 1, 0, 0, 0));
    let second = _mm256_add_epi32(first, _mm256_setr_epi32(2, 0, 0, 0, 2, 0, 0, 0));
    [constants, low, high, first, constants, low, high, second]
}

/// Turns the rows so that diagonals stand in columns.
#[inline]
#[target_feature(enable = "avx2,bmi2")]
fn diagonals(v: &mut [__m256i; 8]) {
    for set in [0, 4] {
        v[set + 1] = _mm256_shuffle_epi32(v[set + 1], 0x39);
        v[set + 2] = _mm256_shuffle_epi32(v[set + 2], 0x4e);
        v[set + 3] = _mm256_shuffle_epi32(v[set + 3], 0x93);
    }
}

/// Turns them back.
#[inline]
#[target_feature(enable = "avx2,bmi2")]
fn columns(v: &mut [__m256i; 8]) {
    for set in [0, 4] {
        v[set + 1] = _mm256_shuffle_epi32(v[set + 1], 0x93);
        v[set + 2] = _mm256_shuffle_epi32(v[set + 2], 0x4e);
        v[set + 3] = _mm256_shuffle_epi32(v[set + 3], 0x39);
    }
}

/// Writes 32 bytes at `offset`.
///
/// # Safety
/// 32 bytes at `offset` of `output` are writable and of the text readable.
#[inline]
#[target_feature(enable = "avx2,bmi2")]
unsafe fn put(stream: __m256i, text: Text, output: *mut u8, offset: usize) {
    // SAFETY: the caller's promise.
    unsafe {
        let bytes = match text {
            Text::Nothing => stream,
            Text::At(text) => {
                let text = _mm256_loadu_si256(text.add(offset).cast());
                _mm256_xor_si256(stream, text)
            }
        };
        _mm256_storeu_si256(output.add(offset).cast(), bytes);
    }
}
