//! AES-GCM (SP 800-38D, RFC 5288) with VAES and VPCLMULQDQ on 256-bit vectors: one pass, 16 blocks
//! in flight, one reduction per 32 blocks.
//!
//! [`field`] is the arithmetic of GHASH, [`key`] what is computed once, [`bulk`] and [`tail`] the
//! two parts of a record.

mod bulk;
mod field;
mod key;
mod tail;

use super::same_tag;
use crate::inout::InOut;
use crate::x86::partial;
use core::arch::x86_64::*;
use core::fmt;
use core::mem::MaybeUninit;
use field::{multiply, reverse, reverse2};
use key::Key;
use tls_core::crypto::{AEAD_NONCE_LEN, Aead, AeadAlgorithm, AeadId, BadRecord};
use zeroize::Zeroize;

/// Length of the tag in bytes.
const TAG: usize = 16;

/// AES-GCM with `R` rounds. Handed out by [`aes_128_gcm`] and [`aes_256_gcm`] alone.
struct Gcm<const R: usize>;

/// AES-128-GCM, where this CPU has the instructions.
pub(super) fn aes_128_gcm() -> Option<&'static dyn AeadAlgorithm> {
    static ALGORITHM: Gcm<10> = Gcm;
    crate::cpu::has_vaes().then_some(&ALGORITHM)
}

/// AES-256-GCM, where this CPU has the instructions.
pub(super) fn aes_256_gcm() -> Option<&'static dyn AeadAlgorithm> {
    static ALGORITHM: Gcm<14> = Gcm;
    crate::cpu::has_vaes().then_some(&ALGORITHM)
}

impl<const R: usize> fmt::Debug for Gcm<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} (VAES)", self.id())
    }
}

impl<const R: usize> AeadAlgorithm for Gcm<R> {
    fn id(&self) -> AeadId {
        if R == 10 {
            AeadId::Aes128Gcm
        } else {
            AeadId::Aes256Gcm
        }
    }

    fn key(&self, key: &[u8]) -> Box<dyn Aead> {
        assert_eq!(key.len(), self.id().key_len(), "key length");
        // SAFETY: this algorithm is handed out only where the CPU has the instructions.
        Box::new(unsafe { Key::<R>::new(key) })
    }
}

impl<const R: usize> Key<R> {
    fn crypt<const SEAL: bool>(
        &self,
        nonce: &[u8; AEAD_NONCE_LEN],
        aad: &[u8],
        text: InOut<'_>,
    ) -> [u8; TAG] {
        // SAFETY: a key exists only where the CPU has the instructions.
        unsafe { crypt::<R, SEAL>(self, nonce, aad, text) }
    }
}

impl<const R: usize> Aead for Key<R> {
    fn tag_len(&self) -> usize {
        TAG
    }

    fn seal(&self, nonce: &[u8; AEAD_NONCE_LEN], aad: &[u8], plain: &[u8], out: &mut [u8]) {
        assert_eq!(out.len(), plain.len() + TAG, "output length");
        let (text, tag) = out.split_at_mut(plain.len());
        tag.copy_from_slice(&self.crypt::<true>(nonce, aad, InOut::apart(plain, text)));
    }

    fn open(
        &self,
        nonce: &[u8; AEAD_NONCE_LEN],
        aad: &[u8],
        sealed: &[u8],
        out: &mut [MaybeUninit<u8>],
    ) -> Result<(), BadRecord> {
        assert_eq!(sealed.len(), out.len() + TAG, "output length");
        let (text, tag) = sealed.split_at(out.len());
        let computed = self.crypt::<false>(nonce, aad, InOut::uninit(text, out));
        if same_tag(&computed, tag) {
            return Ok(());
        }
        out.zeroize();
        Err(BadRecord)
    }

    fn open_in_place(
        &self,
        nonce: &[u8; AEAD_NONCE_LEN],
        aad: &[u8],
        buf: &mut [u8],
    ) -> Result<usize, BadRecord> {
        let len = buf.len().checked_sub(TAG).ok_or(BadRecord)?;
        let (text, tag) = buf.split_at_mut(len);
        let computed = self.crypt::<false>(nonce, aad, InOut::in_place(text));
        if same_tag(&computed, tag) {
            return Ok(len);
        }
        text.zeroize();
        Err(BadRecord)
    }
}

/// What moves along a record.
struct Run {
    /// Counter 1, in the byte order of the cipher.
    first_counter: __m128i,
    /// The next two counters, byte-reversed: the 32 bits that count are the lowest.
    counters: __m256i,
    /// GHASH so far, reduced, byte-reversed.
    hash: __m128i,
}

impl Run {
    #[inline]
    #[target_feature(enable = "avx2,vaes,vpclmulqdq,aes,pclmulqdq")]
    fn new(nonce: &[u8; AEAD_NONCE_LEN]) -> Self {
        // SAFETY: the array has as many bytes.
        let nonce = unsafe { partial::load(nonce.as_ptr(), AEAD_NONCE_LEN) };
        let first_counter = _mm_insert_epi32(nonce, 1i32.to_be(), 3);
        let both = _mm256_broadcastsi128_si256(reverse(first_counter));
        Self {
            first_counter,
            counters: _mm256_add_epi32(both, _mm256_set_epi32(0, 0, 0, 2, 0, 0, 0, 1)),
            hash: _mm_setzero_si128(),
        }
    }

    /// The next `2 * V` counters with the first round key added.
    #[inline]
    #[target_feature(enable = "avx2,vaes,vpclmulqdq,aes,pclmulqdq")]
    fn counters<const R: usize, const V: usize>(&mut self, key: &Key<R>) -> [__m256i; V] {
        let two = _mm256_set_epi32(0, 0, 0, 2, 0, 0, 0, 2);
        let first_key = key.round2(0);
        let mut state = [first_key; V];
        for block in &mut state {
            *block = _mm256_xor_si256(reverse2(self.counters), first_key);
            self.counters = _mm256_add_epi32(self.counters, two);
        }
        state
    }

    /// Hashes the additional data: one block in TLS.
    #[inline]
    #[target_feature(enable = "avx2,vaes,vpclmulqdq,aes,pclmulqdq")]
    fn additional_data<const R: usize>(&mut self, key: &Key<R>, aad: &[u8]) {
        for part in aad.chunks(16) {
            // SAFETY: a part is a slice of at most 16 bytes.
            let block = reverse(unsafe { partial::load(part.as_ptr(), part.len()) });
            self.hash = multiply(_mm_xor_si128(self.hash, block), key.hash_key());
        }
    }
}

/// Encrypts (`SEAL`) or decrypts `text` and returns the tag.
#[target_feature(enable = "avx2,vaes,vpclmulqdq,aes,pclmulqdq")]
fn crypt<const R: usize, const SEAL: bool>(
    key: &Key<R>,
    nonce: &[u8; AEAD_NONCE_LEN],
    aad: &[u8],
    text: InOut<'_>,
) -> [u8; TAG] {
    let mut run = Run::new(nonce);
    run.additional_data(key, aad);
    let bits = |len: usize| (len as u64 * 8).cast_signed();
    let lengths = _mm_set_epi64x(bits(aad.len()), bits(text.len()));

    let whole = text.len() - text.len() % bulk::BATCH;
    let (batches, rest) = text.split_at(whole);
    if SEAL && whole > 0 {
        bulk::seal(key, &mut run, &batches);
        bulk::hash_last(key, &mut run, &batches);
    } else if whole > 0 {
        bulk::open(key, &mut run, &batches);
    }
    let tag = tail::finish::<R, SEAL>(key, &mut run, &rest, lengths);

    let mut bytes = [0; TAG];
    // SAFETY: the array has 16 bytes.
    unsafe { _mm_storeu_si128(bytes.as_mut_ptr().cast(), tag) };
    bytes
}
