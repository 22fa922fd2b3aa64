//! ChaCha20-Poly1305 with AVX2: vector ChaCha20 with scalar Poly1305 in between, which on opening
//! authenticates the bytes that are decrypted and on sealing those that were encrypted one pass
//! before.

mod blocks;

use super::poly1305::{Feed, Poly1305};
use super::{BLOCK, Input, TAG, Text, one_time_key};
use crate::inout::InOut;
use crate::x86::partial;
use blocks::{eight, four};
use core::arch::x86_64::*;
use zeroize::Zeroize;

/// What [`four`] makes, in bytes.
const SHORT: usize = 4 * BLOCK;
/// What [`eight`] makes, in bytes.
const LONG: usize = 8 * BLOCK;

/// Keystream of the first and of the last pass, wiped when dropped.
struct Stream([__m256i; LONG / 32]);

impl Drop for Stream {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// Encrypts (`SEAL`) or decrypts `text` and returns the tag (RFC 8439 §2.8).
#[target_feature(enable = "avx2,bmi2")]
pub(super) fn crypt<const SEAL: bool>(
    input: &Input<'_>,
    aad: &[u8],
    text: &InOut<'_>,
) -> [u8; TAG] {
    let mut stream = Stream([_mm256_setzero_si256(); LONG / 32]);
    // Block 0 gives the key of Poly1305, and the rest of its pass the first bytes of the text.
    let mut no_poly = Poly1305::new([0; 4]);
    let ready = fill(
        &mut stream,
        input,
        0,
        BLOCK + text.len(),
        &mut no_poly,
        Feed::NOTHING,
    ) - BLOCK;
    let mut poly = one_time_key(stream.0[0]);
    poly.padded(aad);

    let mut walk = Walk::<SEAL> {
        text,
        done: 0,
        authenticated: 0,
    };
    // SAFETY: the walk advances by what it was asked to feed, inside the text throughout.
    unsafe {
        walk.feed(ready.min(text.len())).rest(&mut poly);
        walk.add(&stream, BLOCK, ready.min(text.len()), &mut poly);
        let mut counter = (LONG / BLOCK) as u32;
        while walk.left() >= LONG {
            let feed = walk.feed(LONG);
            let (from, to) = (text.input().add(walk.done), text.output().add(walk.done));
            eight(input, counter, Text::At(from), to, &mut poly, feed);
            walk.done += LONG;
            counter += (LONG / BLOCK) as u32;
        }
        let left = walk.left();
        if left > 0 {
            let feed = walk.feed(left);
            fill(&mut stream, input, counter, left, &mut poly, feed);
            walk.add(&stream, 0, left, &mut poly);
        }
        walk.authenticate_rest(&mut poly);
    }
    poly.block(aad.len() as u64, text.len() as u64);
    poly.finish()
}

/// Fills `stream` with at least `wanted` bytes from `counter` on, or with [`LONG`]; returns with
/// how many.
#[inline]
#[target_feature(enable = "avx2,bmi2")]
fn fill(
    stream: &mut Stream,
    input: &Input<'_>,
    counter: u32,
    wanted: usize,
    poly: &mut Poly1305,
    feed: Feed,
) -> usize {
    if wanted <= SHORT {
        stream.0[..SHORT / 32].copy_from_slice(&four(input, counter, poly, feed));
        return SHORT;
    }
    // SAFETY: the stream has LONG bytes, and nothing else points there.
    unsafe {
        let output = stream.0.as_mut_ptr().cast();
        eight(input, counter, Text::Nothing, output, poly, feed);
    }
    LONG
}

/// How far a text has come.
struct Walk<'a, 'b, const SEAL: bool> {
    text: &'a InOut<'b>,
    /// Bytes that are encrypted or decrypted.
    done: usize,
    /// Bytes of ciphertext that are authenticated: not ahead of `done` when sealing, not behind
    /// when opening.
    authenticated: usize,
}

impl<const SEAL: bool> Walk<'_, '_, SEAL> {
    fn left(&self) -> usize {
        self.text.len() - self.done
    }

    /// What can be authenticated while the next `len` bytes are worked on: when opening, the whole
    /// blocks among them; when sealing, those in front of them.
    ///
    /// # Safety
    /// `len` is not more than is left, and the bytes change only after the feed was taken.
    #[inline]
    unsafe fn feed(&mut self, len: usize) -> Feed {
        let until = if SEAL { self.done } else { self.done + len };
        let blocks = (until - self.authenticated) / 16;
        // SAFETY: `until` lies within the text; when sealing, it was written up to there.
        let feed = unsafe { Feed::new(self.ciphertext().add(self.authenticated), blocks) };
        self.authenticated += 16 * blocks;
        feed
    }

    /// Where the ciphertext is.
    fn ciphertext(&self) -> *const u8 {
        if SEAL {
            self.text.output()
        } else {
            self.text.input()
        }
    }

    /// Authenticates the ciphertext to its end.
    ///
    /// # Safety
    /// The ciphertext is whole: when sealing, all is written; when opening, none of what is left is
    /// overwritten.
    #[inline]
    #[target_feature(enable = "avx2,bmi2")]
    unsafe fn authenticate_rest(&mut self, poly: &mut Poly1305) {
        let len = self.text.len() - self.authenticated;
        if len > 0 {
            // SAFETY: these are the last bytes of the text, and nothing writes meanwhile.
            let rest = unsafe {
                core::slice::from_raw_parts(self.ciphertext().add(self.authenticated), len)
            };
            poly.padded(rest);
            self.authenticated = self.text.len();
        }
    }

    /// Adds `len` bytes of keystream from `offset` on. When opening, all but the text's last few
    /// bytes were fed before; these are authenticated now, since they may be overwritten.
    ///
    /// # Safety
    /// `len` is not more than is left, and `offset + len` not more than `stream` has.
    #[inline]
    #[target_feature(enable = "avx2,bmi2")]
    unsafe fn add(&mut self, stream: &Stream, offset: usize, len: usize, poly: &mut Poly1305) {
        debug_assert!(len <= self.left() && offset + len <= LONG);
        if !SEAL && len == self.left() {
            // SAFETY: nothing of the rest is overwritten yet.
            unsafe { self.authenticate_rest(poly) };
        }
        // SAFETY: 32 bytes at a time as long as there are so many, then what is left in one block
        // and a part of one; the stream is read in whole blocks, up to a multiple of 16 of its
        // length.
        unsafe {
            let stream = stream.0.as_ptr().cast::<u8>().add(offset);
            let (from, to) = (
                self.text.input().add(self.done),
                self.text.output().add(self.done),
            );
            let mut at = 0;
            while len - at >= 32 {
                let text = _mm256_loadu_si256(from.add(at).cast());
                let key = _mm256_loadu_si256(stream.add(at).cast());
                _mm256_storeu_si256(to.add(at).cast(), _mm256_xor_si256(text, key));
                at += 32;
            }
            while at < len {
                let part = (len - at).min(16);
                let text = partial::load(from.add(at), part);
                let key = _mm_loadu_si128(stream.add(at).cast());
                partial::store(to.add(at), part, _mm_xor_si128(text, key));
                at += part;
            }
        }
        self.done += len;
    }
}
