//! ChaCha20 (RFC 8439 §2.3) with AVX-512, in two layouts.
//!
//! [`sixteen`] holds the same word of sixteen blocks in a vector: the most bytes per instruction.
//! [`rows`] holds a row of four blocks in a vector, up to three times: for texts and ends of texts
//! that sixteen blocks would be too much for.

use crate::aead::chacha::{CONSTANTS, Input, Text};
use core::arch::x86_64::*;

/// Length of a block in bytes, and of a vector.
pub(super) const BLOCK: usize = 64;

/// Quarter rounds side by side, step by step.
macro_rules! quarter_rounds {
    ($v:ident, $(($a:expr, $b:expr, $c:expr, $d:expr)),+) => {
        $( $v[$a] = _mm512_add_epi32($v[$a], $v[$b]);
           $v[$d] = _mm512_rol_epi32::<16>(_mm512_xor_si512($v[$d], $v[$a])); )+
        $( $v[$c] = _mm512_add_epi32($v[$c], $v[$d]);
           $v[$b] = _mm512_rol_epi32::<12>(_mm512_xor_si512($v[$b], $v[$c])); )+
        $( $v[$a] = _mm512_add_epi32($v[$a], $v[$b]);
           $v[$d] = _mm512_rol_epi32::<8>(_mm512_xor_si512($v[$d], $v[$a])); )+
        $( $v[$c] = _mm512_add_epi32($v[$c], $v[$d]);
           $v[$b] = _mm512_rol_epi32::<7>(_mm512_xor_si512($v[$b], $v[$c])); )+
    };
}

/// Sixteen blocks from `counter` on, 1024 bytes to `output`.
///
/// # Safety
/// 1024 bytes at `output` are writable, and readable at the text, which may be `output` itself.
#[target_feature(enable = "avx512f")]
pub(super) unsafe fn sixteen(input: &Input<'_>, counter: u32, text: Text, output: *mut u8) {
    let start = start_sixteen(input, counter);
    let mut v = start;
    for _ in 0..10 {
        quarter_rounds!(
            v,
            (0, 4, 8, 12),
            (1, 5, 9, 13),
            (2, 6, 10, 14),
            (3, 7, 11, 15)
        );
        quarter_rounds!(
            v,
            (0, 5, 10, 15),
            (1, 6, 11, 12),
            (2, 7, 8, 13),
            (3, 4, 9, 14)
        );
    }
    for (word, start) in v.iter_mut().zip(start) {
        *word = _mm512_add_epi32(*word, start);
    }
    for (quarter, blocks) in transpose(&v).into_iter().enumerate() {
        for (index, block) in blocks.into_iter().enumerate() {
            // SAFETY: 64 bytes for each of sixteen blocks.
            unsafe { put(block, text, output, BLOCK * (4 * index + quarter)) };
        }
    }
}

/// The sixteen words of sixteen blocks before the first round (RFC 8439 §2.3).
#[inline]
#[target_feature(enable = "avx512f")]
fn start_sixteen(input: &Input<'_>, counter: u32) -> [__m512i; 16] {
    let order = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    let mut v = [_mm512_add_epi32(splat(counter), order); 16];
    for (v, word) in v.iter_mut().zip(CONSTANTS.iter().chain(input.key)) {
        *v = splat(*word);
    }
    for (v, word) in v[13..].iter_mut().zip(input.nonce) {
        *v = splat(word);
    }
    v
}

#[inline]
#[target_feature(enable = "avx512f")]
fn splat(word: u32) -> __m512i {
    _mm512_set1_epi32(word.cast_signed())
}

/// Words to blocks: `[k][l]` is block `4 * l + k`.
#[inline]
#[target_feature(enable = "avx512f")]
fn transpose(v: &[__m512i; 16]) -> [[__m512i; 4]; 4] {
    // Of every four words: `[k]` has those of blocks k, 4 + k, 8 + k and 12 + k.
    let mut fours = [[v[0]; 4]; 4];
    for (four, w) in fours.iter_mut().zip(v.as_chunks::<4>().0) {
        let (a, b) = (
            _mm512_unpacklo_epi32(w[0], w[1]),
            _mm512_unpackhi_epi32(w[0], w[1]),
        );
        let (c, d) = (
            _mm512_unpacklo_epi32(w[2], w[3]),
            _mm512_unpackhi_epi32(w[2], w[3]),
        );
        *four = [
            _mm512_unpacklo_epi64(a, c),
            _mm512_unpackhi_epi64(a, c),
            _mm512_unpacklo_epi64(b, d),
            _mm512_unpackhi_epi64(b, d),
        ];
    }
    let mut blocks = [[v[0]; 4]; 4];
    for (k, blocks) in blocks.iter_mut().enumerate() {
        *blocks = lanes_to_blocks([fours[0][k], fours[1][k], fours[2][k], fours[3][k]]);
    }
    blocks
}

/// From lane `l` of each of four rows, block `l`.
#[inline]
#[target_feature(enable = "avx512f")]
fn lanes_to_blocks([a, b, c, d]: [__m512i; 4]) -> [__m512i; 4] {
    let (low, high) = (
        _mm512_shuffle_i32x4::<0x44>(a, b),
        _mm512_shuffle_i32x4::<0xee>(a, b),
    );
    let (low2, high2) = (
        _mm512_shuffle_i32x4::<0x44>(c, d),
        _mm512_shuffle_i32x4::<0xee>(c, d),
    );
    [
        _mm512_shuffle_i32x4::<0x88>(low, low2),
        _mm512_shuffle_i32x4::<0xdd>(low, low2),
        _mm512_shuffle_i32x4::<0x88>(high, high2),
        _mm512_shuffle_i32x4::<0xdd>(high, high2),
    ]
}

/// `4 * SETS` blocks of keystream from `counter` on, four by four.
#[inline]
#[target_feature(enable = "avx512f")]
pub(super) fn rows<const SETS: usize>(input: &Input<'_>, counter: u32) -> [[__m512i; 4]; SETS] {
    let mut start = [start_rows(input, counter); SETS];
    for (set, rows) in start.iter_mut().enumerate() {
        let ahead = _mm512_castsi128_si512(_mm_cvtsi32_si128(4 * set as i32));
        rows[3] = _mm512_add_epi32(rows[3], _mm512_shuffle_i32x4::<0>(ahead, ahead));
    }
    let mut sets = start;
    for _ in 0..10 {
        for v in &mut sets {
            quarter_rounds!(v, (0, 1, 2, 3));
            // Turned so that diagonals stand in columns, and back.
            v[1] = _mm512_shuffle_epi32::<0x39>(v[1]);
            v[2] = _mm512_shuffle_epi32::<0x4e>(v[2]);
            v[3] = _mm512_shuffle_epi32::<0x93>(v[3]);
        }
        for v in &mut sets {
            quarter_rounds!(v, (0, 1, 2, 3));
            v[1] = _mm512_shuffle_epi32::<0x93>(v[1]);
            v[2] = _mm512_shuffle_epi32::<0x4e>(v[2]);
            v[3] = _mm512_shuffle_epi32::<0x39>(v[3]);
        }
    }
    for (v, start) in sets.iter_mut().zip(start) {
        for (row, start) in v.iter_mut().zip(start) {
            *row = _mm512_add_epi32(*row, start);
        }
        *v = lanes_to_blocks(*v);
    }
    sets
}

/// The four rows of four blocks before the first round.
#[inline]
#[target_feature(enable = "avx512f")]
fn start_rows(input: &Input<'_>, counter: u32) -> [__m512i; 4] {
    let row = |a: u32, b: u32, c: u32, d: u32| {
        let [a, b, c, d] = [a, b, c, d].map(u32::cast_signed);
        _mm512_broadcast_i32x4(_mm_setr_epi32(a, b, c, d))
    };
    let (k, [n0, n1, n2]) = (input.key, input.nonce);
    let order = _mm512_setr_epi32(0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0);
    [
        row(CONSTANTS[0], CONSTANTS[1], CONSTANTS[2], CONSTANTS[3]),
        row(k[0], k[1], k[2], k[3]),
        row(k[4], k[5], k[6], k[7]),
        _mm512_add_epi32(row(counter, n0, n1, n2), order),
    ]
}

/// Writes 64 bytes at `offset`.
///
/// # Safety
/// 64 bytes at `offset` of `output` are writable and of the text readable.
#[inline]
#[target_feature(enable = "avx512f")]
unsafe fn put(stream: __m512i, text: Text, output: *mut u8, offset: usize) {
    // SAFETY: the caller's promise.
    unsafe {
        let bytes = match text {
            Text::Nothing => stream,
            Text::At(text) => _mm512_xor_si512(stream, _mm512_loadu_si512(text.add(offset).cast())),
        };
        _mm512_storeu_si512(output.add(offset).cast(), bytes);
    }
}
