//! ChaCha20-Poly1305 (RFC 8439, RFC 7905) with AVX-512 and with AVX2.

mod avx2;
mod avx512;
mod limbs;
mod poly1305;
#[cfg(test)]
mod tests;

use super::same_tag;
use crate::inout::InOut;
use core::arch::x86_64::*;
use core::fmt;
use core::mem::MaybeUninit;
use poly1305::Poly1305;
use tls_core::crypto::{AEAD_NONCE_LEN, Aead, AeadAlgorithm, AeadId, BadRecord};
use zeroize::Zeroize;

/// Length of the tag in bytes.
const TAG: usize = 16;
/// Length of a ChaCha20 block in bytes.
const BLOCK: usize = 64;

/// Handed out by [`kernels`] alone.
struct ChaCha20Poly1305(Instructions);

/// What a kernel is made of.
#[derive(Clone, Copy)]
enum Instructions {
    Avx512,
    Avx2,
}

/// What this CPU has the instructions for, the fastest first.
pub(super) fn kernels() -> [Option<&'static dyn AeadAlgorithm>; 2] {
    static AVX512: ChaCha20Poly1305 = ChaCha20Poly1305(Instructions::Avx512);
    static AVX2: ChaCha20Poly1305 = ChaCha20Poly1305(Instructions::Avx2);
    [
        crate::cpu::has_avx512_ifma().then_some(&AVX512),
        crate::cpu::has_avx2().then_some(&AVX2),
    ]
}

impl fmt::Debug for ChaCha20Poly1305 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self.0 {
            Instructions::Avx512 => "AVX-512",
            Instructions::Avx2 => "AVX2",
        };
        write!(f, "{:?} ({name})", self.id())
    }
}

impl AeadAlgorithm for ChaCha20Poly1305 {
    fn id(&self) -> AeadId {
        AeadId::ChaCha20Poly1305
    }

    fn key(&self, key: &[u8]) -> Box<dyn Aead> {
        Box::new(self.new_key(key))
    }
}

impl ChaCha20Poly1305 {
    fn new_key(&self, key: &[u8]) -> Key {
        let (words, rest) = key.as_chunks();
        assert!(words.len() == 8 && rest.is_empty(), "key length");
        Key {
            words: core::array::from_fn(|i| u32::from_le_bytes(words[i])),
            instructions: self.0,
        }
    }
}

struct Key {
    words: [u32; 8],
    instructions: Instructions,
}

impl Drop for Key {
    fn drop(&mut self) {
        self.words.zeroize();
    }
}

impl Key {
    fn crypt<const SEAL: bool>(
        &self,
        nonce: &[u8; AEAD_NONCE_LEN],
        aad: &[u8],
        text: &InOut<'_>,
    ) -> [u8; TAG] {
        let words = nonce.as_chunks().0;
        let input = Input {
            key: &self.words,
            nonce: core::array::from_fn(|i| u32::from_le_bytes(words[i])),
        };
        // SAFETY: a key exists only where the CPU has the instructions.
        unsafe {
            match self.instructions {
                Instructions::Avx512 => avx512::crypt::<SEAL>(&input, aad, text),
                Instructions::Avx2 => avx2::crypt::<SEAL>(&input, aad, text),
            }
        }
    }
}

impl Aead for Key {
    fn tag_len(&self) -> usize {
        TAG
    }

    fn seal(&self, nonce: &[u8; AEAD_NONCE_LEN], aad: &[u8], plain: &[u8], out: &mut [u8]) {
        assert_eq!(out.len(), plain.len() + TAG, "output length");
        let (text, tag) = out.split_at_mut(plain.len());
        tag.copy_from_slice(&self.crypt::<true>(nonce, aad, &InOut::apart(plain, text)));
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
        let computed = self.crypt::<false>(nonce, aad, &InOut::uninit(text, out));
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
        let computed = self.crypt::<false>(nonce, aad, &InOut::in_place(text));
        if same_tag(&computed, tag) {
            return Ok(len);
        }
        text.zeroize();
        Err(BadRecord)
    }
}

/// Key and nonce as words.
struct Input<'a> {
    key: &'a [u32; 8],
    nonce: [u32; 3],
}

/// "expand 32-byte k"
const CONSTANTS: [u32; 4] = [0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574];

/// What the keystream is added to.
#[derive(Clone, Copy)]
enum Text {
    /// Nothing: the keystream itself comes out.
    Nothing,
    /// As many bytes here.
    At(*const u8),
}

/// The first 32 bytes of block 0 (RFC 8439 §2.6).
#[inline]
#[target_feature(enable = "avx2")]
fn one_time_key(key: __m256i) -> Poly1305 {
    Poly1305::new([
        _mm256_extract_epi64(key, 0).cast_unsigned(),
        _mm256_extract_epi64(key, 1).cast_unsigned(),
        _mm256_extract_epi64(key, 2).cast_unsigned(),
        _mm256_extract_epi64(key, 3).cast_unsigned(),
    ])
}
