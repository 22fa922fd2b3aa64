//! The check of padding and MAC of an opened GenericBlockCipher (RFC 5246 §6.2.3.2), in time that
//! depends on its length alone.

use super::compression::{Compression, MAX_MAC};
use super::ct;
use super::mac::HmacKey;
use super::pseudo_header;
use super::side_by_side::Stitch;
use core::hint::black_box;
use tls_core::crypto::{BadRecord, PSEUDO_HEADER_LEN};
use zeroize::Zeroizing;

/// The longest padding, its length byte not counted.
const MAX_PADDING: usize = 255;

/// What a decrypted fragment, `content || MAC || padding || padding_length`, claims to be. Nothing
/// but [`Claim::check`]'s outcome may depend on more than its length; overflow checks would, so sums
/// with a secret are wrapping ones.
pub(super) struct Claim<'a, H: Compression> {
    text: &'a [u8],
    /// The most content that there could be.
    room: usize,
    /// The least.
    min: usize,
    well_padded: u32,
    /// Secret.
    len: usize,
    header: [u8; PSEUDO_HEADER_LEN],
    /// The MAC's chaining value, in front of `blocks` at first.
    state: H::State,
    blocks: &'a [u8],
}

impl<'a, H: Compression> Claim<'a, H> {
    /// `text` has room for a MAC and the padding's length byte.
    #[inline(never)]
    pub(super) fn new(key: &HmacKey<H>, seq: u64, header: [u8; 3], text: &'a [u8]) -> Self {
        let room = text.len() - H::OUTPUT - 1;
        let min = room.saturating_sub(MAX_PADDING);
        let (well_padded, padding) = padding(text, room);
        // Bad padding is treated as none, so that the MAC is computed all the same.
        let len = room.wrapping_sub((padding & well_padded) as usize);
        let header = pseudo_header(seq, header, len);
        let (state, blocks) = key.certain(&header, &text[..room], min);
        Self {
            text,
            room,
            min,
            well_padded,
            len,
            header,
            state,
            blocks,
        }
    }

    /// The blocks that belong to the MAC for certain, for the caller to compress before he asks
    /// for the outcome.
    pub(super) fn certain(&mut self) -> Stitch<'_, H> {
        Stitch::hash(&mut self.state, self.blocks)
    }

    /// The content's length when MAC and padding are right.
    #[inline(never)]
    pub(super) fn check(self, key: &HmacKey<H>) -> Result<usize, BadRecord> {
        let (good, len) = self.outcome(key);
        // The only branch on the outcome, once everything is done.
        if black_box(good) != 0 {
            Ok(len)
        } else {
            Err(BadRecord)
        }
    }

    /// A mask that says whether MAC and padding are right, and the content's length, which is at
    /// most `room`.
    fn outcome(self, key: &HmacKey<H>) -> (u32, usize) {
        let Self {
            text,
            room,
            min,
            len,
            ..
        } = self;
        let computed = key.end_secret(self.state, &self.header, &text[..room], min, len);
        let window = &text[min..room + H::OUTPUT];
        let received = extract(window, len.wrapping_sub(min), H::OUTPUT);
        let same = ct::same(&computed[..H::OUTPUT], &received[..H::OUTPUT]);
        (self.well_padded & same, len)
    }
}

/// Whether the padding is right, and its length: each of its bytes has the value of the length
/// byte, and there is room for it (`room` bytes beside MAC and length byte). Looks at as many
/// bytes as there could be.
#[inline(never)]
pub(super) fn padding(text: &[u8], room: usize) -> (u32, u32) {
    let Some((&length, rest)) = text.split_last() else {
        return (0, 0);
    };
    let padding = black_box(u32::from(length));
    let wrong = rest
        .iter()
        .rev()
        .take(MAX_PADDING)
        .enumerate()
        .fold(0, |wrong, (index, &byte)| {
            let inside = ct::negative((index as u32).wrapping_sub(padding));
            wrong | (inside & u32::from(byte ^ length))
        });
    let fits = ct::lt(padding, room as u32 + 1);
    (fits & ct::eq(wrong, 0), padding)
}

/// The `len` bytes at the secret `offset` of `window`, without touching memory at an address that
/// depends on `offset`: the window is folded into rows of `len` bytes with all but the wanted bytes
/// masked away, and the sum is rotated by one power of two after the other.
fn extract(window: &[u8], offset: usize, len: usize) -> Zeroizing<[u8; MAX_MAC]> {
    let mut sum = Zeroizing::new([0u8; MAX_MAC]);
    let mut rotation = 0;
    for (row, bytes) in window.chunks(len).enumerate() {
        // Position of the row's first byte relative to the wanted ones.
        let start = black_box(((row * len) as u32).wrapping_sub(offset as u32));
        for (column, (sum, byte)) in sum.iter_mut().zip(bytes).enumerate() {
            let relative = start.wrapping_add(column as u32);
            let inside = !ct::negative(relative) & ct::negative(relative.wrapping_sub(len as u32));
            let first = ct::negative(relative ^ u32::MAX) & ct::negative(relative.wrapping_sub(1));
            *sum |= byte & inside as u8;
            rotation |= column as u32 & first;
        }
    }

    let mut step = 1;
    while step < len {
        let mask = ct::eq(rotation & step as u32, step as u32) as u8;
        let mut rotated = sum.clone();
        rotated[..len].rotate_left(step);
        for (byte, other) in sum.iter_mut().zip(rotated.iter()) {
            *byte ^= mask & (*byte ^ other);
        }
        step *= 2;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::super::compression::{Sha1, Sha256, Sha384};
    use super::*;
    use crate::testing::{bytes, public, secret};

    /// Means something under valgrind alone (see constant-time.sh): there every branch and every
    /// address that depends on `text` is an error.
    fn leaks_nothing<H: Compression>() {
        let key = HmacKey::<H>::new(&bytes(1, H::OUTPUT));
        for (len, padding) in [(64, 3), (256, 255), (512, 0), (1024, 200), (64, 255)] {
            let text = vec![padding; len];
            secret(&text);
            let mut claim = Claim::new(&key, 7, [23, 3, 3], &text);
            H::compress(&mut claim.state, claim.blocks);
            let mut outcome = claim.outcome(&key);
            public(&mut outcome);
            assert_eq!(outcome.0, 0, "the MAC is wrong");
        }
    }

    #[test]
    fn valgrind_sees_no_leak() {
        leaks_nothing::<Sha1>();
        leaks_nothing::<Sha256>();
        leaks_nothing::<Sha384>();
    }

    /// That valgrind would see one.
    #[test]
    fn valgrind_sees_a_leak() {
        let text = vec![black_box(1u8); 16];
        secret(&text);
        if black_box(text[3]) == 1 {
            black_box(3);
        }
    }

    #[test]
    fn extract_finds_the_bytes_at_every_offset() {
        let window: Vec<u8> = (0..255 + 48u32).map(|i| (i * 7 + 1) as u8).collect();
        for len in [20, 32, 48] {
            for offset in 0..=255 {
                let window = &window[..255 + len];
                assert_eq!(
                    extract(window, offset, len)[..len],
                    window[offset..offset + len],
                    "{len} bytes at {offset}"
                );
            }
            assert_eq!(extract(&window[..len], 0, len)[..len], window[..len]);
        }
    }

    #[test]
    fn padding_of_every_length_and_every_wrong_byte() {
        for length in 0..=255usize {
            let mut text = vec![length as u8; length + 1];
            text.insert(0, !length as u8);
            assert_eq!(padding(&text, length), (u32::MAX, length as u32));
            assert_eq!(padding(&text, length + 1).0, u32::MAX);
            if length > 0 {
                assert_eq!(padding(&text, length - 1).0, 0, "no room for {length}");
            }
            for wrong in 1..=length {
                text[wrong] ^= 0x80;
                assert_eq!(padding(&text, length).0, 0, "byte {wrong} of {length}");
                text[wrong] ^= 0x80;
            }
        }
        assert_eq!(padding(&[], 0).0, 0);
    }
}
