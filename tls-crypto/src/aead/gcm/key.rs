use super::field::{fold2, multiply, multiply2, reverse, times_x};
use crate::x86::aes::{RoundKeys, expand};
use core::arch::x86_64::*;
use zeroize::Zeroize;

/// How many powers of the hash key there are: as many blocks share one reduction.
pub(super) const POWERS: usize = 32;

/// An expanded AES-GCM key with `R` rounds.
///
/// All powers are computed at once: a tree of products of two blocks at a time takes a fraction of
/// the time that the handshake's Finished takes, and a later stage would cost every record a check.
#[repr(C, align(64))]
pub(super) struct Key<const R: usize> {
    powers: [__m256i; POWERS / 2 + 1],
    folded: [__m256i; POWERS / 2 + 1],
    rounds: RoundKeys,
}

impl<const R: usize> Key<R> {
    /// `key` has 16 (`R` = 10) or 32 bytes (`R` = 14).
    #[target_feature(enable = "avx2,vaes,vpclmulqdq,aes,pclmulqdq")]
    pub(super) fn new(key: &[u8]) -> Self {
        let zero = _mm256_setzero_si256();
        let mut this = Self {
            powers: [zero; POWERS / 2 + 1],
            folded: [zero; POWERS / 2 + 1],
            rounds: expand::<R>(key),
        };
        this.fill_powers();
        this
    }

    /// Pairs of powers in descending order, H^32 in front and H^1 last, then zeroes: blocks that
    /// come first meet the highest power, and one block alone is a pair with a zero.
    #[target_feature(enable = "avx2,vaes,vpclmulqdq,aes,pclmulqdq")]
    fn fill_powers(&mut self) {
        const LAST: usize = POWERS / 2 - 1;
        let h1 = times_x(reverse(self.encrypt(_mm_setzero_si128())));
        let h2 = multiply(h1, h1);
        self.powers[LAST] = _mm256_set_m128i(h1, h2);
        // With the pairs up to H^2n known, each times H^2n gives those up to H^4n.
        let mut known = 1;
        while known < POWERS / 2 {
            let highest = self.powers[LAST + 1 - known];
            let factor = _mm256_permute2x128_si256(highest, highest, 0x00);
            for index in 0..known {
                self.powers[LAST - known - index] = multiply2(self.powers[LAST - index], factor);
            }
            known *= 2;
        }
        for (folded, powers) in self.folded.iter_mut().zip(&self.powers) {
            *folded = fold2(*powers);
        }
    }

    /// One block of AES.
    #[inline]
    #[target_feature(enable = "avx2,vaes,vpclmulqdq,aes,pclmulqdq")]
    pub(super) fn encrypt(&self, block: __m128i) -> __m128i {
        let mut state = _mm_xor_si128(block, self.rounds[0]);
        for key in &self.rounds[1..R] {
            state = _mm_aesenc_si128(state, *key);
        }
        _mm_aesenclast_si128(state, self.rounds[R])
    }

    /// The key of round `round`.
    #[inline]
    #[target_feature(enable = "avx2,vaes,vpclmulqdq,aes,pclmulqdq")]
    pub(super) fn round(&self, round: usize) -> __m128i {
        self.rounds[round]
    }

    /// The key of round `round`, twice.
    #[inline]
    #[target_feature(enable = "avx2,vaes,vpclmulqdq,aes,pclmulqdq")]
    pub(super) fn round2(&self, round: usize) -> __m256i {
        _mm256_broadcastsi128_si256(self.rounds[round])
    }

    /// For the block that has `to_go` blocks from itself to the end of a run, and the one behind
    /// it: their powers, H^`to_go` and the next lower one (or zero), and the powers folded.
    #[inline]
    #[target_feature(enable = "avx2,vaes,vpclmulqdq,aes,pclmulqdq")]
    pub(super) fn powers(&self, to_go: usize) -> (__m256i, __m256i) {
        debug_assert!((1..=POWERS).contains(&to_go));
        let index = POWERS - to_go;
        // SAFETY: `1 <= to_go <= POWERS`, so the 32 bytes at block `index <= POWERS - 1` lie
        // within the POWERS + 2 blocks of either table.
        unsafe {
            let powers = self.powers.as_ptr().cast::<__m128i>().add(index);
            let folded = self.folded.as_ptr().cast::<__m128i>().add(index);
            (
                _mm256_loadu_si256(powers.cast()),
                _mm256_loadu_si256(folded.cast()),
            )
        }
    }

    /// H^1.
    #[inline]
    #[target_feature(enable = "avx2,vaes,vpclmulqdq,aes,pclmulqdq")]
    pub(super) fn hash_key(&self) -> __m128i {
        _mm256_extracti128_si256(self.powers[POWERS / 2 - 1], 1)
    }
}

impl<const R: usize> Drop for Key<R> {
    fn drop(&mut self) {
        self.powers.zeroize();
        self.folded.zeroize();
        self.rounds.zeroize();
    }
}
