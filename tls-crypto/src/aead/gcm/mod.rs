//! AES-GCM (SP 800-38D, RFC 5288) on vectors of one, two or four blocks: one pass, up to 16 blocks
//! in flight, one reduction a batch.
//!
//! [`field`] is the arithmetic of GHASH, [`key`] what is computed once, [`run`] what moves along a
//! record, [`bulk`] and [`edge`] the parts of a record.

mod bulk;
mod edge;
mod field;
mod key;
mod run;

use super::same_tag;
use crate::cpu;
use crate::inout::InOut;
use crate::x86::{Four, One, Two, Vector};
use core::arch::x86_64::*;
use core::fmt;
use core::marker::PhantomData;
use core::mem::MaybeUninit;
use key::Key;
use run::{Run, Text};
use tls_core::crypto::{AEAD_NONCE_LEN, Aead, AeadAlgorithm, AeadId, BadRecord};
use zeroize::Zeroize;

/// Length of the tag in bytes.
const TAG: usize = 16;

/// The most vectors of a batch.
const MAX_VECTORS: usize = 8;

/// A width of the kernel: how much is in flight, and the entry functions with its instructions.
trait Width: Vector {
    /// What people see of it.
    const NAME: &'static str;
    /// Vectors of a batch.
    const VECTORS: usize = if Self::BLOCKS == 4 { 4 } else { MAX_VECTORS };
    /// Bytes of a batch.
    const BATCH: usize = Self::VECTORS * Self::BYTES;

    /// Whether this CPU has the instructions.
    fn is_there() -> bool;

    /// # Safety
    /// The CPU has the instructions.
    unsafe fn expand<const R: usize>(key: &[u8]) -> Key<Self, R>;

    /// Encrypts (`SEAL`) or decrypts `text` and returns the tag.
    fn crypt<const R: usize, const SEAL: bool>(
        key: &Key<Self, R>,
        nonce: &[u8; AEAD_NONCE_LEN],
        aad: &[u8],
        text: InOut<'_>,
    ) -> [u8; TAG];
}

macro_rules! width {
    ($vector:ty, $name:literal, $is_there:path, $features:literal) => {
        impl Width for $vector {
            const NAME: &'static str = $name;

            fn is_there() -> bool {
                $is_there()
            }

            unsafe fn expand<const R: usize>(key: &[u8]) -> Key<Self, R> {
                #[target_feature(enable = $features)]
                fn expand<const R: usize>(key: &[u8]) -> Key<$vector, R> {
                    // SAFETY: the CPU has what this function needs.
                    unsafe { Key::new(key) }
                }
                // SAFETY: the caller's promise.
                unsafe { expand(key) }
            }

            fn crypt<const R: usize, const SEAL: bool>(
                key: &Key<Self, R>,
                nonce: &[u8; AEAD_NONCE_LEN],
                aad: &[u8],
                text: InOut<'_>,
            ) -> [u8; TAG] {
                #[target_feature(enable = $features)]
                fn entry<const R: usize, const SEAL: bool>(
                    key: &Key<$vector, R>,
                    nonce: &[u8; AEAD_NONCE_LEN],
                    aad: &[u8],
                    text: InOut<'_>,
                ) -> [u8; TAG] {
                    crypt::<$vector, R, SEAL>(key, nonce, aad, text)
                }
                // SAFETY: a key exists only where the CPU has the instructions.
                unsafe { entry::<R, SEAL>(key, nonce, aad, text) }
            }
        }
    };
}

width!(One, "AES-NI", cpu::has_aes, "avx2,aes,pclmulqdq");
width!(
    Two,
    "VAES",
    cpu::has_vaes,
    "avx2,aes,pclmulqdq,vaes,vpclmulqdq"
);
width!(
    Four,
    "VAES-512",
    cpu::has_vaes_512,
    "avx2,aes,pclmulqdq,vaes,vpclmulqdq,avx512f,avx512bw,avx512vl"
);

/// AES-GCM with `R` rounds. Handed out by [`kernels`] alone.
struct Gcm<V, const R: usize>(PhantomData<fn() -> V>);

/// AES-GCM with `R` rounds, as this CPU can run it, the widest first.
pub(super) fn kernels<const R: usize>() -> [Option<&'static dyn AeadAlgorithm>; 3] {
    fn kernel<V: Width + 'static, const R: usize>() -> Option<&'static dyn AeadAlgorithm> {
        let algorithm: &'static Gcm<V, R> = &const { Gcm(PhantomData) };
        V::is_there().then_some(algorithm)
    }
    [kernel::<Four, R>(), kernel::<Two, R>(), kernel::<One, R>()]
}

impl<V: Width, const R: usize> fmt::Debug for Gcm<V, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = if R == 10 {
            AeadId::Aes128Gcm
        } else {
            AeadId::Aes256Gcm
        };
        write!(f, "{id:?} ({})", V::NAME)
    }
}

impl<V: Width + 'static, const R: usize> AeadAlgorithm for Gcm<V, R> {
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
        Box::new(unsafe { V::expand::<R>(key) })
    }
}

impl<V: Width, const R: usize> Aead for Key<V, R> {
    fn tag_len(&self) -> usize {
        TAG
    }

    fn seal(&self, nonce: &[u8; AEAD_NONCE_LEN], aad: &[u8], plain: &[u8], out: &mut [u8]) {
        assert_eq!(out.len(), plain.len() + TAG, "output length");
        let (text, tag) = out.split_at_mut(plain.len());
        let text = InOut::apart(plain, text);
        tag.copy_from_slice(&V::crypt::<R, true>(self, nonce, aad, text));
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
        let computed = V::crypt::<R, false>(self, nonce, aad, InOut::uninit(text, out));
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
        let computed = V::crypt::<R, false>(self, nonce, aad, InOut::in_place(text));
        if same_tag(&computed, tag) {
            return Ok(len);
        }
        text.zeroize();
        Err(BadRecord)
    }
}

/// Encrypts (`SEAL`) or decrypts `text` and returns the tag.
#[inline(always)]
fn crypt<V: Width, const R: usize, const SEAL: bool>(
    key: &Key<V, R>,
    nonce: &[u8; AEAD_NONCE_LEN],
    aad: &[u8],
    text: InOut<'_>,
) -> [u8; TAG] {
    let mut tag_bytes = crate::x86::Aligned([0; TAG]);
    core::hint::black_box(&mut tag_bytes);
    let bits = |len: usize| (len as u64 * 8).cast_signed();
    // SAFETY: a key exists only where the CPU has the instructions.
    let lengths = unsafe { _mm_set_epi64x(bits(aad.len()), bits(text.len())) };
    let mut run = Run::new(key, nonce, aad);
    let text = Text(text);
    let whole = text.end() - text.end() % V::BATCH;
    if whole > 0 {
        let first = edge::crypt::<V, R, SEAL>(key, &mut run, &text, 0, V::VECTORS);
        bulk::crypt::<V, R, SEAL>(key, &mut run, &text, V::BATCH..whole, first);
    }
    let tag = edge::finish::<V, R, SEAL>(key, &mut run, &text, whole, lengths);

    // SAFETY: the array has 16 bytes.
    unsafe { _mm_storeu_si128(tag_bytes.0.as_mut_ptr().cast(), tag) };
    tag_bytes.0
}
