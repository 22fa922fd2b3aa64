//! HMAC (RFC 2104) over a compression function: the two pads are compressed once for each key, and a MAC takes
//! no more compressions than its bytes need.

use crate::cbc::compression::{Compression, MAX_BLOCK};
use core::marker::PhantomData;
use zeroize::Zeroize;

/// Zeroes at the speed of memset: byte by byte, as `zeroize` does it, takes as long as a compression.
pub(crate) fn wipe(bytes: &mut [u8]) {
    bytes.fill(0);
    core::hint::black_box(bytes);
}

/// A hash that goes on from a chaining value; wiped when dropped.
struct Running<C: Compression> {
    state: C::State,
    block: [u8; MAX_BLOCK],
    /// Bytes of `block` that wait.
    filled: usize,
    /// All bytes so far.
    length: u64,
    hash: PhantomData<C>,
}

impl<C: Compression> Running<C> {
    /// Behind one whole block.
    fn behind_block(state: C::State) -> Self {
        Self {
            state,
            block: [0; MAX_BLOCK],
            filled: 0,
            length: C::BLOCK as u64,
            hash: PhantomData,
        }
    }

    fn update(&mut self, mut bytes: &[u8]) {
        self.length += bytes.len() as u64;
        if self.filled > 0 {
            let n = bytes.len().min(C::BLOCK - self.filled);
            self.block[self.filled..][..n].copy_from_slice(&bytes[..n]);
            self.filled += n;
            bytes = &bytes[n..];
            if self.filled < C::BLOCK {
                return;
            }
            C::compress(&mut self.state, &self.block[..C::BLOCK]);
            self.filled = 0;
        }
        let (whole, rest) = bytes.split_at(bytes.len() - bytes.len() % C::BLOCK);
        C::compress(&mut self.state, whole);
        self.block[..rest.len()].copy_from_slice(rest);
        self.filled = rest.len();
    }

    /// The digest, into the first [`Compression::OUTPUT`] bytes of `out` (FIPS 180-4 §5.1).
    fn finish(&mut self, out: &mut [u8]) {
        let block = &mut self.block[..C::BLOCK];
        block[self.filled] = 0x80;
        block[self.filled + 1..].fill(0);
        if self.filled + 1 + C::LENGTH_FIELD > C::BLOCK {
            C::compress(&mut self.state, block);
            block.fill(0);
        }
        block[C::BLOCK - 8..].copy_from_slice(&(8 * self.length).to_be_bytes());
        C::compress(&mut self.state, block);
        C::output(&self.state, &mut out[..C::OUTPUT]);
    }
}

impl<C: Compression> Drop for Running<C> {
    fn drop(&mut self) {
        self.state.zeroize();
        wipe(&mut self.block);
    }
}

/// A key: the states behind its two pads. Wiped when dropped.
pub(crate) struct Key<C: Compression> {
    inner: C::State,
    outer: C::State,
}

impl<C: Compression> Key<C> {
    /// Any bytes are a key; more than a block are hashed first.
    pub(crate) fn new(secret: &[u8]) -> Self {
        let mut pad = [0; MAX_BLOCK];
        let pad = &mut pad[..C::BLOCK];
        if secret.len() > C::BLOCK {
            let mut hash = Running::<C>::behind_block(C::INIT);
            hash.length = 0;
            hash.update(secret);
            hash.finish(pad);
        } else {
            pad[..secret.len()].copy_from_slice(secret);
        }
        let mut state_behind = |byte: u8| {
            pad.iter_mut().for_each(|b| *b ^= byte);
            let mut state = C::INIT;
            C::compress(&mut state, pad);
            state
        };
        let inner = state_behind(0x36);
        // Takes the first pad away as it puts the second one on.
        let outer = state_behind(0x36 ^ 0x5c);
        wipe(pad);
        Self { inner, outer }
    }

    /// The MAC of the concatenated parts, into `out`, which has [`Compression::OUTPUT`] bytes.
    pub(crate) fn mac<'a>(&self, parts: impl IntoIterator<Item = &'a [u8]>, out: &mut [u8]) {
        let mut inner = Running::<C>::behind_block(self.inner);
        parts.into_iter().for_each(|part| inner.update(part));
        inner.finish(out);
        let mut outer = Running::<C>::behind_block(self.outer);
        outer.update(out);
        outer.finish(out);
    }
}

impl<C: Compression> Drop for Key<C> {
    fn drop(&mut self) {
        self.inner.zeroize();
        self.outer.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cbc::compression::{Sha1, Sha256, Sha384};
    use crate::testing::bytes;
    use hmac::{EagerHash, Hmac, KeyInit, Mac as _};

    fn check<C: Compression, D: EagerHash>()
    where
        Hmac<D>: KeyInit + hmac::Mac,
    {
        for key_len in [0, 1, 48, C::BLOCK - 1, C::BLOCK, C::BLOCK + 1, 300] {
            let secret = bytes(key_len as u64, key_len);
            let key = Key::<C>::new(&secret);
            for len in 0..2 * C::BLOCK + 2 {
                let message = bytes(len as u64, len);
                let expected = <Hmac<D> as KeyInit>::new_from_slice(&secret)
                    .expect("any key")
                    .chain_update(&message)
                    .finalize()
                    .into_bytes();
                let mut mac = vec![0xaa; C::OUTPUT];
                key.mac([&message[..]], &mut mac);
                assert_eq!(mac, expected[..]);
                let (a, b) = message.split_at(len / 3);
                key.mac([a, &[], b], &mut mac);
                assert_eq!(mac, expected[..], "in parts");
            }
        }
    }

    /// Against the crate `hmac`, on every length around a block.
    #[test]
    fn agrees_with_another_implementation() {
        check::<Sha1, sha1::Sha1>();
        check::<Sha256, sha2::Sha256>();
        check::<Sha384, sha2::Sha384>();
    }
}
