//! CBC encryption and SHA-1 or SHA-256, of one record or of two side by side: in each step 64 bytes of
//! every record are encrypted and one block of the hash compressed, interleaved.
//!
//! No 256-bit vectors in these functions: the SHA instructions have no VEX form and suffer from
//! dirty upper halves.

use super::sha::{Sha1, Sha256, load_words};
use crate::x86::aes::RoundKeys;
use core::arch::x86_64::*;
use core::ops::Range;

/// Bytes of a step: four AES blocks, one block of the hash.
pub(super) const STEP: usize = 64;

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

/// What moves along a record: its AES, where `R` is not 0, and its hash.
#[derive(Clone, Copy)]
pub(super) struct Lane<'a, const R: usize, H> {
    pub(super) chain: Chain<'a, R>,
    pub(super) hash: H,
}

/// A record's bytes in steps: what is encrypted, where to, and what is hashed meanwhile.
pub(super) struct Steps<'a> {
    pub(super) from: &'a [[u8; STEP]],
    pub(super) to: &'a mut [[u8; STEP]],
    pub(super) hashed: &'a [[u8; STEP]],
}

/// One step of a record.
struct Step<'a> {
    /// What is encrypted, and where to. Nothing where there is only hashing.
    text: Option<(&'a [u8; STEP], &'a mut [u8; STEP])>,
    hashed: &'a [u8; STEP],
}

impl Steps<'_> {
    #[inline]
    fn at(&mut self, step: usize) -> Step<'_> {
        Step {
            text: self.from.get(step).zip(self.to.get_mut(step)),
            hashed: &self.hashed[step],
        }
    }
}

macro_rules! steps {
    ($name:ident, $step:ident, $hash:ty) => {
        /// The steps `which` of `N` records.
        #[target_feature(enable = "avx,aes,sha,sse4.1,ssse3")]
        pub(super) fn $name<'a, const R: usize, const N: usize>(
            lanes: [Lane<'a, R, $hash>; N],
            records: [&mut Steps<'_>; N],
            which: Range<usize>,
        ) -> [Lane<'a, R, $hash>; N] {
            let mut lanes = lanes;
            let mut records = records;
            for step in which {
                $step(&mut lanes, &mut records, step);
            }
            lanes
        }
    };
}

steps!(sha1, sha1_step, Sha1);
steps!(sha256, sha256_step, Sha256);

/// Four AES blocks, each beside a quarter of SHA-256's sixteen groups of four rounds.
#[inline]
#[target_feature(enable = "avx,aes,sha,sse4.1,ssse3")]
fn sha256_step<const R: usize, const N: usize>(
    lanes: &mut [Lane<'_, R, Sha256>; N],
    records: &mut [&mut Steps<'_>; N],
    step: usize,
) {
    // Where each of four parts of the AES rounds 1 to R - 1 begins, and the last one ends.
    let bounds = if R == 10 {
        [1, 3, 5, 7, 10]
    } else {
        [1, 4, 7, 10, 14]
    };
    let before = *lanes;
    let mut words = [[_mm_setzero_si128(); 4]; N];
    // Checked here, so that nothing in between is a branch.
    let mut steps = records.each_mut().map(|record| record.at(step));
    assert!(R == 0 || steps.iter().all(|step| step.text.is_some()));
    for (words, step) in words.iter_mut().zip(&steps) {
        *words = load_words(step.hashed, Sha256::ORDER);
    }
    macro_rules! group {
        ($group:literal) => {
            let (block, part) = ($group / 4, $group % 4);
            for ((lane, words), step) in lanes.iter_mut().zip(&mut words).zip(&mut steps) {
                if R > 0 {
                    if part == 0
                        && let Some((from, _)) = &step.text
                    {
                        lane.chain.begin(&from.as_chunks().0[block]);
                    }
                    lane.chain.rounds(bounds[part], bounds[part + 1]);
                }
                lane.hash.group::<$group>(words);
                if R > 0
                    && part == 3
                    && let Some((_, to)) = &mut step.text
                {
                    lane.chain.end(&mut to.as_chunks_mut().0[block]);
                }
            }
            if let [a, b] = lanes.as_mut_slice() {
                a.hash.abreast(&mut b.hash);
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
    for (lane, before) in lanes.iter_mut().zip(before) {
        lane.hash.add(before.hash);
    }
}

/// Four AES blocks, each beside a quarter of SHA-1's twenty groups of four rounds.
#[inline]
#[target_feature(enable = "avx,aes,sha,sse4.1,ssse3")]
fn sha1_step<const R: usize, const N: usize>(
    lanes: &mut [Lane<'_, R, Sha1>; N],
    records: &mut [&mut Steps<'_>; N],
    step: usize,
) {
    // Where each of five parts of the AES rounds 1 to R - 1 begins, and the last one ends.
    let bounds = if R == 10 {
        [1, 3, 5, 7, 9, 10]
    } else {
        [1, 4, 7, 10, 12, 14]
    };
    let before = *lanes;
    let mut words = [[_mm_setzero_si128(); 4]; N];
    // Checked here, so that nothing in between is a branch.
    let mut steps = records.each_mut().map(|record| record.at(step));
    assert!(R == 0 || steps.iter().all(|step| step.text.is_some()));
    for (words, step) in words.iter_mut().zip(&steps) {
        *words = load_words(step.hashed, Sha1::ORDER);
    }
    macro_rules! group {
        ($group:literal) => {
            let (block, part) = ($group / 5, $group % 5);
            for ((lane, words), step) in lanes.iter_mut().zip(&mut words).zip(&mut steps) {
                if R > 0 {
                    if part == 0
                        && let Some((from, _)) = &step.text
                    {
                        lane.chain.begin(&from.as_chunks().0[block]);
                    }
                    lane.chain.rounds(bounds[part], bounds[part + 1]);
                }
                lane.hash.group::<$group>(words);
                if R > 0
                    && part == 4
                    && let Some((_, to)) = &mut step.text
                {
                    lane.chain.end(&mut to.as_chunks_mut().0[block]);
                }
            }
            if R == 0
                && let [a, b] = lanes.as_mut_slice()
            {
                a.hash.abreast(&mut b.hash);
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
    for (lane, before) in lanes.iter_mut().zip(before) {
        lane.hash.add(before.hash);
    }
}

/// AES-CBC on its way.
#[derive(Clone, Copy)]
pub(super) struct Chain<'a, const R: usize> {
    keys: &'a RoundKeys,
    /// The chaining value, or the block that is being encrypted.
    state: __m128i,
}

impl<'a, const R: usize> Chain<'a, R> {
    #[inline]
    #[target_feature(enable = "avx,aes")]
    pub(super) fn new(keys: &'a RoundKeys, iv: &[u8; 16]) -> Self {
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
