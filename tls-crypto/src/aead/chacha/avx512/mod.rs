//! ChaCha20-Poly1305 with AVX-512 IFMA: a kilobyte of ChaCha20, then a kilobyte of Poly1305, close
//! enough for the CPU to overlap them. Poly1305 works in lanes where the text is worth the powers
//! of r that this takes, and on single blocks where it is not.

mod blocks;
mod lanes;
#[cfg(test)]
mod tests;

use super::{Input, Poly1305, TAG, Text, one_time_key};
use crate::inout::InOut;
use blocks::{BLOCK, rows, sixteen};
use core::arch::x86_64::*;
use lanes::{EIGHT, Lanes, STEP};
use zeroize::Zeroize;

/// What [`sixteen`] makes, in bytes.
const LONG: usize = 16 * BLOCK;
/// From how many bytes on lanes are faster than single blocks.
const WORTH_LANES: usize = 3 * EIGHT;

/// Sixteen blocks of keystream or less, wiped when dropped.
struct Stream([[__m512i; 4]; 4]);

impl Drop for Stream {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl Stream {
    #[inline]
    #[target_feature(enable = "avx512f")]
    fn new() -> Self {
        Self([[_mm512_setzero_si512(); 4]; 4])
    }

    /// At least `wanted` blocks from `counter` on, or sixteen; returns how many.
    #[inline]
    #[target_feature(enable = "avx512f")]
    fn fill(&mut self, input: &Input<'_>, counter: u32, wanted: usize) -> usize {
        match wanted {
            0..=4 => self.0[..1].copy_from_slice(&rows::<1>(input, counter)),
            5..=8 => self.0[..2].copy_from_slice(&rows::<2>(input, counter)),
            9..=12 => self.0[..3].copy_from_slice(&rows::<3>(input, counter)),
            _ => {
                // SAFETY: the stream has 1024 bytes, and nothing else points there.
                unsafe { sixteen(input, counter, Text::Nothing, self.0.as_mut_ptr().cast()) };
            }
        }
        wanted.next_multiple_of(4).min(16)
    }
}

/// Encrypts (`SEAL`) or decrypts `text` and returns the tag (RFC 8439 §2.8).
#[target_feature(enable = "avx512f,avx512bw,avx512ifma,bmi2")]
pub(super) fn crypt<const SEAL: bool>(
    input: &Input<'_>,
    aad: &[u8],
    text: &InOut<'_>,
) -> [u8; TAG] {
    let mut stream = Stream::new();
    // Block 0 gives the key of Poly1305, and the rest of its pass the first bytes of the text.
    let made = stream.fill(input, 0, 1 + text.len().div_ceil(BLOCK));
    let mut poly = one_time_key(_mm512_castsi512_si256(stream.0[0][0]));
    poly.padded(aad);
    let mut walk = Walk::<SEAL> {
        text,
        done: 0,
        authenticated: 0,
        poly,
        lanes: None,
    };
    // SAFETY: no step is longer than what is left, nor than the stream.
    unsafe {
        walk.step(text.len().min((made - 1) * BLOCK), |from, to, len| {
            add(&stream.0.as_flattened()[1..], from, to, len)
        });
        let mut counter = made as u32;
        while walk.left() >= LONG {
            walk.step(LONG, |from, to, _| {
                sixteen(input, counter, Text::At(from), to)
            });
            counter += 16;
        }
        let left = walk.left();
        if left > 0 {
            stream.fill(input, counter, left.div_ceil(BLOCK));
            walk.step(left, |from, to, len| {
                add(stream.0.as_flattened(), from, to, len)
            });
        }
    }
    // SAFETY: the ciphertext is whole, unless it was authenticated before it was overwritten.
    unsafe { walk.authenticate_rest() };
    walk.poly.block(aad.len() as u64, text.len() as u64);
    walk.poly.finish()
}

/// Adds `len` bytes of keystream.
///
/// # Safety
/// `len` bytes are readable at `from`, which may be `to`, and writable there; the stream is not shorter.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
unsafe fn add(stream: &[__m512i], from: *const u8, to: *mut u8, len: usize) {
    debug_assert!(len <= stream.len() * BLOCK);
    let whole = len / BLOCK;
    // SAFETY: whole blocks as long as there are some, then the part that is left: what the mask leaves
    // out is not touched.
    unsafe {
        for (block, key) in stream[..whole].iter().enumerate() {
            let text = _mm512_loadu_si512(from.add(block * BLOCK).cast());
            _mm512_storeu_si512(to.add(block * BLOCK).cast(), _mm512_xor_si512(text, *key));
        }
        if len > whole * BLOCK {
            let (from, to) = (from.add(whole * BLOCK), to.add(whole * BLOCK));
            let mask = (1 << (len - whole * BLOCK)) - 1;
            let text = _mm512_maskz_loadu_epi8(mask, from.cast());
            _mm512_mask_storeu_epi8(to.cast(), mask, _mm512_xor_si512(text, stream[whole]));
        }
    }
}

/// How far a text has come.
struct Walk<'a, 'b, const SEAL: bool> {
    text: &'a InOut<'b>,
    /// Bytes that are encrypted or decrypted.
    done: usize,
    /// Bytes of ciphertext that are authenticated: not ahead of `done` when sealing, not behind when
    /// opening, since what is opened may be overwritten.
    authenticated: usize,
    poly: Poly1305,
    /// From the first eight blocks to the last, of a text that is worth it.
    lanes: Option<Lanes>,
}

impl<const SEAL: bool> Walk<'_, '_, SEAL> {
    fn left(&self) -> usize {
        self.text.len() - self.done
    }

    /// Encrypts or decrypts `len` bytes with `crypt` (from, to, how many), and authenticates.
    ///
    /// # Safety
    /// `len` is not more than is left; `crypt` writes as many bytes.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma,bmi2")]
    unsafe fn step(&mut self, len: usize, crypt: impl FnOnce(*const u8, *mut u8, usize)) {
        // SAFETY: the bytes are inside the text. What is sealed was written up to `done`.
        unsafe {
            if !SEAL {
                self.authenticate(self.done + len, self.text.len());
            }
            crypt(
                self.text.input().add(self.done),
                self.text.output().add(self.done),
                len,
            );
            self.done += len;
            if SEAL {
                self.authenticate(self.done, self.done);
            }
        }
    }

    /// Authenticates what can be at once of the `ready` first bytes of ciphertext, until at least
    /// `enough` are, or all when they are ready to the end.
    ///
    /// # Safety
    /// `ready` is inside the text.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma,bmi2")]
    unsafe fn authenticate(&mut self, enough: usize, ready: usize) {
        let ciphertext = self.ciphertext();
        // SAFETY: no step goes behind what is ready.
        unsafe {
            if self.authenticated == 0 && ready >= WORTH_LANES {
                self.lanes = Some(Lanes::new(&self.poly, ciphertext, self.text.len()));
                self.authenticated = EIGHT;
            }
            if let Some(lanes) = &mut self.lanes {
                // When opening, so much is ready that steps can end behind what is enough.
                let len = enough
                    .saturating_sub(self.authenticated)
                    .next_multiple_of(STEP);
                let len = len.min(ready - self.authenticated);
                self.authenticated += lanes.steps(ciphertext.add(self.authenticated), len);
            }
            if self.authenticated < enough && ready == self.text.len() {
                self.authenticate_rest();
            }
        }
    }

    /// Authenticates the ciphertext to its end. Does nothing when it is called again.
    ///
    /// # Safety
    /// What is not authenticated yet is there.
    #[target_feature(enable = "avx512f,avx512ifma,bmi2")]
    unsafe fn authenticate_rest(&mut self) {
        let ciphertext = self.ciphertext();
        // SAFETY: no step goes behind the end of the text.
        unsafe {
            if let Some(lanes) = &mut self.lanes {
                while self.text.len() - self.authenticated >= EIGHT {
                    lanes.eight(ciphertext.add(self.authenticated));
                    self.authenticated += EIGHT;
                }
                lanes.finish(&mut self.poly);
                self.lanes = None;
            }
            let len = self.text.len() - self.authenticated;
            let rest = core::slice::from_raw_parts(ciphertext.add(self.authenticated), len);
            self.poly.padded(rest);
            self.authenticated += len;
        }
    }

    fn ciphertext(&self) -> *const u8 {
        if SEAL {
            self.text.output()
        } else {
            self.text.input()
        }
    }
}
