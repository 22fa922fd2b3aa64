//! Hashes seen from their compression function, which a MAC over a secret length needs.

use crate::hmac::wipe;
use zeroize::Zeroize;

/// The longest block of a hash here (SHA-384).
pub(crate) const MAX_BLOCK: usize = 128;
/// The longest digest under a MAC here (SHA-384).
pub(crate) const MAX_MAC: usize = 48;

/// A Merkle-Damgard hash of FIPS 180-4.
pub(crate) trait Compression: Send + Sync + 'static {
    /// Chaining value.
    type State: Copy + Zeroize + Send + Sync;
    /// The chaining value before the first block.
    const INIT: Self::State;
    /// Length of a block in bytes, a power of two.
    const BLOCK: usize;
    /// Length of the digest in bytes.
    const OUTPUT: usize;
    /// Length in bytes of the field at the end of the last block that holds the message's length
    /// in bits.
    const LENGTH_FIELD: usize;

    /// Compresses `blocks`, a whole number of blocks.
    fn compress(state: &mut Self::State, blocks: &[u8]);

    /// Writes the digest, [`Self::OUTPUT`] bytes.
    fn output(state: &Self::State, out: &mut [u8]);

    /// A digest becomes what it is compressed to, with its padding, behind the state `pad`: the outer hash of HMAC.
    fn compress_digest(pad: &Self::State, digest: &mut Self::State) {
        compress_as_bytes::<Self>(pad, digest);
    }
}

/// [`Compression::compress_digest`] on every CPU.
fn compress_as_bytes<C: Compression + ?Sized>(pad: &C::State, digest: &mut C::State) {
    let mut block = [0; MAX_BLOCK];
    C::output(digest, &mut block[..C::OUTPUT]);
    block[C::OUTPUT] = 0x80;
    let bits = 8 * (C::BLOCK + C::OUTPUT) as u64;
    block[C::BLOCK - 8..C::BLOCK].copy_from_slice(&bits.to_be_bytes());
    *digest = *pad;
    C::compress(digest, &block[..C::BLOCK]);
    wipe(&mut block);
}

/// SHA-1
pub(crate) struct Sha1;
/// SHA-256
pub(crate) struct Sha256;
/// SHA-384
pub(crate) struct Sha384;

fn words32(state: &[u32], out: &mut [u8]) {
    for (word, out) in state.iter().zip(out.as_chunks_mut::<4>().0) {
        *out = word.to_be_bytes();
    }
}

impl Compression for Sha1 {
    type State = [u32; 5];
    const INIT: Self::State = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
    const BLOCK: usize = 64;
    const OUTPUT: usize = 20;
    const LENGTH_FIELD: usize = 8;

    fn compress(state: &mut Self::State, blocks: &[u8]) {
        let (blocks, rest) = blocks.as_chunks();
        debug_assert!(rest.is_empty());
        sha1::block_api::compress(state, blocks);
    }

    fn output(state: &Self::State, out: &mut [u8]) {
        words32(state, out);
    }
}

impl Compression for Sha256 {
    type State = [u32; 8];
    const INIT: Self::State = [
        0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab,
        0x5be0cd19,
    ];
    const BLOCK: usize = 64;
    const OUTPUT: usize = 32;
    const LENGTH_FIELD: usize = 8;

    fn compress(state: &mut Self::State, blocks: &[u8]) {
        let (blocks, rest) = blocks.as_chunks();
        debug_assert!(rest.is_empty());
        sha2::block_api::compress256(state, blocks);
    }

    fn output(state: &Self::State, out: &mut [u8]) {
        words32(state, out);
    }

    fn compress_digest(pad: &Self::State, digest: &mut Self::State) {
        #[cfg(target_arch = "x86_64")]
        if super::x86::compress_digest(pad, digest) {
            return;
        }
        compress_as_bytes::<Self>(pad, digest);
    }
}

impl Compression for Sha384 {
    type State = [u64; 8];
    const INIT: Self::State = [
        0xcbbb9d5dc1059ed8,
        0x629a292a367cd507,
        0x9159015a3070dd17,
        0x152fecd8f70e5939,
        0x67332667ffc00b31,
        0x8eb44a8768581511,
        0xdb0c2e0d64f98fa7,
        0x47b5481dbefa4fa4,
    ];
    const BLOCK: usize = 128;
    const OUTPUT: usize = 48;
    const LENGTH_FIELD: usize = 16;

    fn compress(state: &mut Self::State, blocks: &[u8]) {
        let (blocks, rest) = blocks.as_chunks();
        debug_assert!(rest.is_empty());
        sha2::block_api::compress512(state, blocks);
    }

    fn output(state: &Self::State, out: &mut [u8]) {
        for (word, out) in state.iter().zip(out.as_chunks_mut::<8>().0) {
            *out = word.to_be_bytes();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check<C: Compression<State = [W; 8]>, W: From<u32> + Copy + PartialEq + core::fmt::Debug>() {
        for n in 0..1000u32 {
            let words = |by: u32| {
                core::array::from_fn(|i| W::from((n + 8 * i as u32 + 1).wrapping_mul(by)))
            };
            let (pad, digest) = (words(0x9e37_79b9), words(0x85eb_ca6b));
            let (mut a, mut b) = (digest, digest);
            C::compress_digest(&pad, &mut a);
            compress_as_bytes::<C>(&pad, &mut b);
            assert_eq!(a, b);
            assert_ne!(a, digest);
        }
    }

    #[test]
    fn words_are_compressed_as_bytes_are() {
        check::<Sha256, u32>();
        check::<Sha384, u64>();
    }
}
