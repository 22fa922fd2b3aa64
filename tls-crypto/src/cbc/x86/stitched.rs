//! CBC encryption of 64 bytes and one compression of SHA-1 or SHA-256, interleaved.
//!
//! No 256-bit vectors in these functions: the SHA instructions have no VEX form and suffer from
//! dirty upper halves.

use super::sha::{Sha1, Sha256, load_words};
use crate::x86::aes::RoundKeys;
use core::arch::x86_64::*;

/// Bytes of a step: four AES blocks, one block of the hash.
const STEP: usize = 64;

/// CBC encryption in place, nothing beside it.
#[target_feature(enable = "avx,aes")]
pub(super) fn encrypt<const R: usize>(keys: &RoundKeys, iv: &[u8; 16], data: &mut [u8]) {
    let (blocks, rest) = data.as_chunks_mut();
    assert!(rest.is_empty());
    let mut chain = Chain::<R>::new(keys, iv);
    for block in blocks {
        chain.begin(block);
        chain.rounds(1, R);
        chain.end(block);
    }
}

/// CBC encryption of `from` to `to`, and SHA-256 of `hashed` into `digest`. All three have the same
/// length, a whole number of steps.
#[target_feature(enable = "avx,aes,sha,sse4.1,ssse3")]
pub(super) fn sha256<const R: usize>(
    keys: &RoundKeys,
    iv: &[u8; 16],
    from: &[u8],
    to: &mut [u8],
    digest: &mut [u32; 8],
    hashed: &[u8],
) {
    assert!(from.len() == to.len() && from.len() == hashed.len());
    assert!(from.len().is_multiple_of(STEP));
    let mut chain = Chain::<R>::new(keys, iv);
    let mut hash = Sha256::new(digest);
    let steps = from
        .as_chunks()
        .0
        .iter()
        .zip(to.as_chunks_mut().0)
        .zip(hashed.as_chunks().0);
    for ((from, to), hashed) in steps {
        sha256_step(&mut chain, from, to, &mut hash, hashed);
    }
    hash.store(digest);
}

/// CBC encryption of `from` to `to`, and SHA-1 of `hashed` into `digest`. All three have the same
/// length, a whole number of steps.
#[target_feature(enable = "avx,aes,sha,sse4.1,ssse3")]
pub(super) fn sha1<const R: usize>(
    keys: &RoundKeys,
    iv: &[u8; 16],
    from: &[u8],
    to: &mut [u8],
    digest: &mut [u32; 5],
    hashed: &[u8],
) {
    assert!(from.len() == to.len() && from.len() == hashed.len());
    assert!(from.len().is_multiple_of(STEP));
    let mut chain = Chain::<R>::new(keys, iv);
    let mut hash = Sha1::new(digest);
    let steps = from
        .as_chunks()
        .0
        .iter()
        .zip(to.as_chunks_mut().0)
        .zip(hashed.as_chunks().0);
    for ((from, to), hashed) in steps {
        sha1_step(&mut chain, from, to, &mut hash, hashed);
    }
    hash.store(digest);
}

/// Four AES blocks, each beside a quarter of SHA-256's sixteen groups of four rounds.
#[inline]
#[target_feature(enable = "avx,aes,sha,sse4.1,ssse3")]
fn sha256_step<const R: usize>(
    chain: &mut Chain<'_, R>,
    from: &[u8; STEP],
    to: &mut [u8; STEP],
    hash: &mut Sha256,
    hashed: &[u8; STEP],
) {
    let before = *hash;
    // Where each of four parts of the AES rounds 1 to R - 1 ends.
    let ends = if R == 10 {
        [3, 5, 7, 10]
    } else {
        [4, 7, 10, 14]
    };
    let mut words = load_words(hashed, Sha256::ORDER);
    macro_rules! group {
        ($group:literal) => {
            let (number, part) = ($group / 4, $group % 4);
            if part == 0 {
                chain.begin(block_of(from, number));
                chain.rounds(1, ends[0]);
            } else {
                chain.rounds(ends[part - 1], ends[part]);
            }
            hash.group::<$group>(&mut words);
            if part == 3 {
                chain.end(block_of_mut(to, number));
            }
        };
    }
    group!(0);
    group!(1);
    group!(2);
    group!(3);
    group!(4);
    group!(5);
    group!(6);
    group!(7);
    group!(8);
    group!(9);
    group!(10);
    group!(11);
    group!(12);
    group!(13);
    group!(14);
    group!(15);
    hash.add(before);
}

/// Four AES blocks, each beside a quarter of SHA-1's twenty groups of four rounds.
#[inline]
#[target_feature(enable = "avx,aes,sha,sse4.1,ssse3")]
fn sha1_step<const R: usize>(
    chain: &mut Chain<'_, R>,
    from: &[u8; STEP],
    to: &mut [u8; STEP],
    hash: &mut Sha1,
    hashed: &[u8; STEP],
) {
    let before = *hash;
    // Where each of five parts of the AES rounds 1 to R - 1 ends.
    let ends = if R == 10 {
        [3, 5, 7, 9, 10]
    } else {
        [4, 7, 10, 12, 14]
    };
    let mut words = load_words(hashed, Sha1::ORDER);
    macro_rules! group {
        ($group:literal) => {
            let (number, part) = ($group / 5, $group % 5);
            if part == 0 {
                chain.begin(block_of(from, number));
                chain.rounds(1, ends[0]);
            } else {
                chain.rounds(ends[part - 1], ends[part]);
            }
            hash.group::<$group>(&mut words);
            if part == 4 {
                chain.end(block_of_mut(to, number));
            }
        };
    }
    group!(0);
    group!(1);
    group!(2);
    group!(3);
    group!(4);
    group!(5);
    group!(6);
    group!(7);
    group!(8);
    group!(9);
    group!(10);
    group!(11);
    group!(12);
    group!(13);
    group!(14);
    group!(15);
    group!(16);
    group!(17);
    group!(18);
    group!(19);
    hash.add(before);
}

/// AES-CBC on its way.
struct Chain<'a, const R: usize> {
    keys: &'a RoundKeys,
    /// The chaining value, or the block that is being encrypted.
    state: __m128i,
}

impl<'a, const R: usize> Chain<'a, R> {
    #[inline]
    #[target_feature(enable = "avx,aes")]
    fn new(keys: &'a RoundKeys, iv: &[u8; 16]) -> Self {
        let state = load(iv);
        Self { keys, state }
    }

    /// Adds the next block and the first round key.
    #[inline]
    #[target_feature(enable = "avx,aes")]
    fn begin(&mut self, plain: &[u8; 16]) {
        let added = _mm_xor_si128(load(plain), self.keys[0]);
        self.state = _mm_xor_si128(self.state, added);
    }

    /// Rounds `from` up to, but not including, `until`.
    #[inline]
    #[target_feature(enable = "avx,aes")]
    fn rounds(&mut self, from: usize, until: usize) {
        for key in &self.keys[from..until] {
            self.state = _mm_aesenc_si128(self.state, *key);
        }
    }

    /// The last round.
    #[inline]
    #[target_feature(enable = "avx,aes")]
    fn end(&mut self, sealed: &mut [u8; 16]) {
        self.state = _mm_aesenclast_si128(self.state, self.keys[R]);
        // SAFETY: the array has 16 bytes.
        unsafe { _mm_storeu_si128(sealed.as_mut_ptr().cast(), self.state) };
    }
}

#[inline]
#[target_feature(enable = "avx,aes")]
fn load(block: &[u8; 16]) -> __m128i {
    // SAFETY: the array has 16 bytes.
    unsafe { _mm_loadu_si128(block.as_ptr().cast()) }
}

fn block_of(step: &[u8; STEP], number: usize) -> &[u8; 16] {
    &step.as_chunks().0[number]
}

fn block_of_mut(step: &mut [u8; STEP], number: usize) -> &mut [u8; 16] {
    &mut step.as_chunks_mut().0[number]
}
