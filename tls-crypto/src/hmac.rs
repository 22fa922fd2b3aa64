//! HMAC (RFC 2104) over a compression function, as the PRF needs it: the two pads are compressed once for each key, a
//! message is laid out once and hashed in one call, and digests go on as the words that they are.

use crate::cbc::compression::{Compression, MAX_BLOCK};
use core::iter::once;
use core::marker::PhantomData;
use zeroize::Zeroize;

/// Zeroes at the speed of memset: byte by byte, as `zeroize` does it, takes as long as a compression.
pub(crate) fn wipe(bytes: &mut [u8]) {
    bytes.fill(0);
    core::hint::black_box(bytes);
}

/// Room for all that TLS derives, but for what an exporter's long context asks for.
const SHORT: usize = 2 * MAX_BLOCK;

/// What a key authenticates: a text, alone or behind a digest. Wiped when dropped.
pub(crate) struct Message<C> {
    short: [u8; SHORT],
    /// In place of `short` where that is too small.
    long: Vec<u8>,
    /// Where the text ends. It begins behind the place of a digest.
    end: usize,
    /// Bytes of it all, with the padding.
    len: usize,
    hash: PhantomData<C>,
}

impl<C: Compression> Message<C> {
    /// Bytes of so many with their padding: whole blocks (FIPS 180-4 §5.1).
    fn padded_len(len: usize) -> usize {
        (len + 1 + C::LENGTH_FIELD).next_multiple_of(C::BLOCK)
    }

    /// Of the concatenated parts of a text.
    #[inline(always)]
    pub(crate) fn new<'a>(parts: impl Iterator<Item = &'a [u8]> + Clone) -> Self {
        let end = C::OUTPUT + parts.clone().map(<[u8]>::len).sum::<usize>();
        let len = Self::padded_len(end).max(C::OUTPUT + Self::padded_len(end - C::OUTPUT));
        let mut message = Self {
            short: [0; SHORT],
            long: vec![0; if len > SHORT { len } else { 0 }],
            end,
            len,
            hash: PhantomData,
        };
        let mut rest = &mut message.room()[C::OUTPUT..];
        for part in parts {
            let (place, behind) = rest.split_at_mut(part.len());
            place.copy_from_slice(part);
            rest = behind;
        }
        message
    }

    /// The text alone.
    fn alone(&mut self) -> &[u8] {
        self.padded(C::OUTPUT, C::BLOCK)
    }

    /// A digest and the text.
    fn behind(&mut self, digest: &C::State) -> &[u8] {
        C::output(digest, &mut self.room()[..C::OUTPUT]);
        self.padded(0, C::BLOCK)
    }

    /// What begins at `start`, with its padding, for a hash that has taken `before` bytes.
    fn padded(&mut self, start: usize, before: usize) -> &[u8] {
        let text = self.end;
        let len = Self::padded_len(text - start);
        let bits = 8 * (before + text - start) as u64;
        let blocks = &mut self.room()[..start + len];
        blocks[text..].fill(0);
        blocks[text] = 0x80;
        blocks[start + len - 8..].copy_from_slice(&bits.to_be_bytes());
        &blocks[start..]
    }
}

impl<C> Message<C> {
    fn room(&mut self) -> &mut [u8] {
        match self.long.is_empty() {
            true => &mut self.short[..self.len],
            false => &mut self.long,
        }
    }
}

impl<C> Drop for Message<C> {
    fn drop(&mut self) {
        wipe(self.room());
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
            let mut message = Message::<C>::new(once(secret));
            let mut state = C::INIT;
            C::compress(&mut state, message.padded(C::OUTPUT, 0));
            C::output(&state, &mut pad[..C::OUTPUT]);
            state.zeroize();
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

    /// The MAC of a message's text, into `mac`, which is the caller's to wipe.
    pub(crate) fn mac(&self, message: &mut Message<C>, mac: &mut C::State) {
        self.mac_blocks(message.alone(), mac);
    }

    /// The MAC of a digest, and of a message's text behind it.
    pub(crate) fn mac_behind(
        &self,
        digest: &C::State,
        message: &mut Message<C>,
        mac: &mut C::State,
    ) {
        self.mac_blocks(message.behind(digest), mac);
    }

    /// The MAC of a digest alone, in its place.
    pub(crate) fn mac_digest(&self, digest: &mut C::State) {
        C::compress_digest(&self.inner, digest);
        C::compress_digest(&self.outer, digest);
    }

    fn mac_blocks(&self, blocks: &[u8], mac: &mut C::State) {
        *mac = self.inner;
        C::compress(mac, blocks);
        C::compress_digest(&self.outer, mac);
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

    fn shown<C: Compression>(digest: &C::State) -> Vec<u8> {
        let mut bytes = vec![0xaa; C::OUTPUT];
        C::output(digest, &mut bytes);
        bytes
    }

    fn check<C: Compression, D: EagerHash>()
    where
        Hmac<D>: KeyInit + hmac::Mac,
    {
        for key_len in [0, 1, 48, C::BLOCK - 1, C::BLOCK, C::BLOCK + 1, 300] {
            let secret = bytes(key_len as u64, key_len);
            let key = Key::<C>::new(&secret);
            let peer = |message: &[u8]| {
                let mac = <Hmac<D> as KeyInit>::new_from_slice(&secret).expect("any key");
                mac.chain_update(message).finalize().into_bytes().to_vec()
            };
            for len in 0..SHORT + C::BLOCK + 2 {
                let message = bytes(len as u64, len);
                let expected = peer(&message);
                let (a, b) = message.split_at(len / 3);
                let mut in_parts = Message::new([a, &[], b].into_iter());
                let mut mac = C::INIT;
                key.mac(&mut in_parts, &mut mac);
                assert_eq!(shown::<C>(&mac), expected, "{len} bytes");
                let (first, mut second) = (mac, C::INIT);
                let behind = [&expected[..], &message].concat();
                for _ in 0..2 {
                    key.mac_behind(&first, &mut in_parts, &mut second);
                    assert_eq!(shown::<C>(&second), peer(&behind), "{len} behind a digest");
                }
                key.mac(&mut in_parts, &mut mac);
                assert_eq!(shown::<C>(&mac), expected, "again");
                key.mac_digest(&mut mac);
                assert_eq!(shown::<C>(&mac), peer(&expected), "of a digest");
            }
        }
    }

    /// Against the crate `hmac`, on every length around blocks and the room for short messages.
    #[test]
    fn agrees_with_another_implementation() {
        check::<Sha1, sha1::Sha1>();
        check::<Sha256, sha2::Sha256>();
        check::<Sha384, sha2::Sha384>();
    }
}
