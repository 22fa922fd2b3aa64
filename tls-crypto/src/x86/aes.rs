//! The AES key schedule (FIPS 197 §5.2) with AES-NI.

use core::arch::x86_64::*;

/// Round keys of AES with up to 14 rounds. Those behind the last stay zero.
pub(crate) type RoundKeys = [__m128i; 15];

/// Expands a key of 16 bytes (`R` = 10 rounds) or 32 bytes (`R` = 14).
#[target_feature(enable = "avx2,aes")]
pub(crate) fn expand<const R: usize>(key: &[u8]) -> RoundKeys {
    const { assert!(R == 10 || R == 14) };
    let mut keys = [_mm_setzero_si128(); 15];
    let (halves, rest) = key.as_chunks();
    assert!(rest.is_empty() && halves.len() == if R == 10 { 1 } else { 2 });
    keys[0] = load(&halves[0]);
    if R == 10 {
        for round in 1..=10 {
            keys[round] = next(keys[round - 1], rotated(keys[round - 1], round));
        }
    } else {
        keys[1] = load(&halves[1]);
        for round in 2..=14 {
            let word = if round % 2 == 0 {
                rotated(keys[round - 1], round / 2)
            } else {
                substituted(keys[round - 1])
            };
            keys[round] = next(keys[round - 2], word);
        }
    }
    keys
}

/// The keys of the equivalent inverse cipher, in the order of their use (FIPS 197 §5.3.5).
#[target_feature(enable = "avx2,aes")]
pub(crate) fn invert<const R: usize>(keys: &RoundKeys) -> RoundKeys {
    let mut inverse = [_mm_setzero_si128(); 15];
    inverse[0] = keys[R];
    for round in 1..R {
        inverse[round] = _mm_aesimc_si128(keys[R - round]);
    }
    inverse[R] = keys[0];
    inverse
}

#[inline]
#[target_feature(enable = "avx2,aes")]
fn load(bytes: &[u8; 16]) -> __m128i {
    // SAFETY: an array of 16 bytes is readable as such; the load needs no alignment.
    unsafe { _mm_loadu_si128(bytes.as_ptr().cast()) }
}

/// `SubWord(RotWord(w)) ^ Rcon` of the last word, in all four words. With four equal columns
/// ShiftRows changes nothing, so the last round of the cipher is SubWord and an addition: in
/// constant time and faster than AESKEYGENASSIST.
#[inline]
#[target_feature(enable = "avx2,aes")]
fn rotated(key: __m128i, index: usize) -> __m128i {
    const RCON: [i32; 11] = [0, 1, 2, 4, 8, 16, 32, 64, 128, 27, 54];
    let rotate = _mm_set1_epi32(0x0c0f_0e0d);
    _mm_aesenclast_si128(_mm_shuffle_epi8(key, rotate), _mm_set1_epi32(RCON[index]))
}

/// `SubWord(w)` of the last word, in all four words.
#[inline]
#[target_feature(enable = "avx2,aes")]
fn substituted(key: __m128i) -> __m128i {
    _mm_aesenclast_si128(_mm_shuffle_epi32(key, 0xff), _mm_setzero_si128())
}

/// Each word of the next key is the sum of `word` and all words of `key` up to its own.
#[inline]
#[target_feature(enable = "avx2,aes")]
fn next(key: __m128i, word: __m128i) -> __m128i {
    let sum = _mm_xor_si128(key, _mm_slli_si128(key, 4));
    let sum = _mm_xor_si128(sum, _mm_slli_si128(sum, 8));
    _mm_xor_si128(sum, word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::hex;

    fn bytes(key: __m128i) -> Vec<u8> {
        // SAFETY: every bit pattern of 16 bytes is an array of bytes.
        unsafe { core::mem::transmute::<__m128i, [u8; 16]>(key) }.to_vec()
    }

    /// FIPS 197 Appendix A.1 and A.3: the last round key.
    #[test]
    fn known_answers() {
        if !crate::cpu::has_vaes() {
            return;
        }
        let key = hex("2b7e151628aed2a6abf7158809cf4f3c");
        // SAFETY: the CPU has AVX2 and AES-NI.
        let keys = unsafe { expand::<10>(&key) };
        assert_eq!(bytes(keys[10]), hex("d014f9a8c9ee2589e13f0cc8b6630ca6"));

        let key = hex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4");
        // SAFETY: as above.
        let keys = unsafe { expand::<14>(&key) };
        assert_eq!(bytes(keys[13]), hex("cafaaae3e4d59b349adf6acebd10190d"));
        assert_eq!(bytes(keys[14]), hex("fe4890d1e6188d0b046df344706c631e"));
    }
}
