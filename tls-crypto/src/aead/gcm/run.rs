//! What moves along a record.
//!
//! Counters and GHASH's blocks are numbered together: block 0 is idle, block 1 has the counter that
//! masks the tag and the additional data (in TLS always one block), and from block 2 on both are the
//! text's. Text is looked at by position: its first byte has the position [`LEAD`].

use super::MAX_VECTORS;
use super::Width;
use super::field::multiply;
use super::key::Key;
use crate::inout::InOut;
use crate::x86::{One, Vector, partial};
use core::arch::x86_64::*;
use core::ops::Range;
use tls_core::crypto::AEAD_NONCE_LEN;

/// Bytes of the blocks in front of the text.
pub(super) const LEAD: usize = 32;

/// The vectors of a batch; only the first [`Width::VECTORS`] are used.
pub(super) type Vectors<V> = [V; MAX_VECTORS];

/// The text of a record, by position.
pub(super) struct Text<'a>(pub(super) InOut<'a>);

impl Text<'_> {
    /// The position behind the text.
    #[inline(always)]
    pub(super) fn end(&self) -> usize {
        LEAD + self.0.len()
    }

    /// What of the vector at `at` is text.
    #[inline(always)]
    pub(super) fn part<V: Vector>(&self, at: usize) -> Range<usize> {
        let inside = |position: usize| position.saturating_sub(at).min(V::BYTES);
        inside(LEAD)..inside(self.end())
    }

    /// Readable where there is text.
    #[inline(always)]
    pub(super) fn input(&self, at: usize) -> *const u8 {
        self.0.input().wrapping_add(at).wrapping_sub(LEAD)
    }

    /// Writable where there is text.
    #[inline(always)]
    pub(super) fn output(&self, at: usize) -> *mut u8 {
        self.0.output().wrapping_add(at).wrapping_sub(LEAD)
    }
}

/// See the module.
pub(super) struct Run<V> {
    /// The nonce, with counters of zero and the first round key added.
    nonce: V,
    /// The number of the next batch's first block, byte-reversed.
    number: V,
    /// The block of GHASH in front of the text: the (last) additional data, byte-reversed.
    pub(super) lead: __m128i,
    /// The mask of the tag, once the first batch is done.
    pub(super) mask: __m128i,
    /// GHASH so far, reduced, byte-reversed: what each place is to be multiplied with is missing.
    pub(super) hash: V,
}

/// The numbers of a batch's blocks, as counters.
#[repr(align(64))]
struct Numbers([[u8; 16]; 16]);

static NUMBERS: Numbers = {
    let mut numbers = [[0; 16]; 16];
    let mut n = 0;
    while n < 16 {
        numbers[n][15] = n as u8;
        n += 1;
    }
    Numbers(numbers)
};

impl<V: Width> Run<V> {
    #[inline(always)]
    pub(super) fn new<const R: usize>(
        key: &Key<V, R>,
        nonce: &[u8; AEAD_NONCE_LEN],
        aad: &[u8],
    ) -> Self {
        // SAFETY: a key exists only where the CPU has the instructions; the array has so many bytes.
        let (nonce, zero) = unsafe {
            let nonce = partial::load(nonce.as_ptr(), AEAD_NONCE_LEN);
            (nonce, _mm_setzero_si128())
        };
        Self {
            nonce: key.all(nonce).xor(key.round(0)),
            number: key.all(zero),
            lead: additional_data(key, aad),
            mask: zero,
            hash: key.all(zero),
        }
    }

    /// The next batch's counters with the first round key added.
    #[inline(always)]
    pub(super) fn counters<const R: usize>(&mut self, key: &Key<V, R>) -> Vectors<V> {
        let first = self.number.reverse().xor(self.nonce);
        let mut state = [first; MAX_VECTORS];
        for (n, state) in state[..V::VECTORS].iter_mut().enumerate() {
            // SAFETY: there are vectors, hence the CPU has the instructions. There are numbers for
            // all blocks of a batch.
            let numbers = unsafe { V::load(NUMBERS.0[n * V::BLOCKS].as_ptr()) };
            *state = first.xor(numbers);
        }
        // SAFETY: as above.
        let batch = unsafe { _mm_cvtsi32_si128((V::VECTORS * V::BLOCKS) as i32) };
        self.number = self.number.add_words(key.all(batch));
        state
    }
}

/// GHASH of the additional data but for the last multiplication.
#[inline(always)]
fn additional_data<V: Width, const R: usize>(key: &Key<V, R>, aad: &[u8]) -> __m128i {
    let mut parts = aad.chunks(16);
    let mut hash = block(key, parts.next().unwrap_or_default());
    for part in parts {
        hash = multiply(hash, key.hash_key()).xor(block(key, part));
    }
    hash.sum()
}

/// A block of at most 16 bytes, byte-reversed.
#[inline(always)]
fn block<V: Width, const R: usize>(_key: &Key<V, R>, bytes: &[u8]) -> One {
    debug_assert!(bytes.len() <= 16);
    // SAFETY: a key exists only where the CPU has the instructions; the slice has so many bytes.
    unsafe { One::all(partial::load(bytes.as_ptr(), bytes.len())) }.reverse()
}
