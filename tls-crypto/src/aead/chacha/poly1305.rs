//! Poly1305 (RFC 8439 §2.5) on two 64-bit words: scalar code that runs beside the vector code of
//! ChaCha20 and costs next to nothing there.

use super::limbs::Limbs;
use crate::x86::partial;
use core::arch::x86_64::*;
use zeroize::Zeroize;

/// Length of a block in bytes.
const BLOCK: usize = 16;

/// A running authenticator.
pub(super) struct Poly1305 {
    /// 130 bits and a little more.
    h: [u64; 3],
    r: [u64; 2],
    /// `r[1] * 5 / 4`: what `r[1]` is worth when it is carried around 2^130 - 5. Clamping left its
    /// two lowest bits zero.
    s: u64,
    pad: [u64; 2],
}

impl Drop for Poly1305 {
    fn drop(&mut self) {
        self.h.zeroize();
        self.r.zeroize();
        self.s.zeroize();
        self.pad.zeroize();
    }
}

impl Poly1305 {
    /// From the one-time key as four little-endian words.
    #[inline]
    pub(super) fn new(key: [u64; 4]) -> Self {
        let r = [
            key[0] & 0x0fff_fffc_0fff_ffff,
            key[1] & 0x0fff_fffc_0fff_fffc,
        ];
        Self {
            h: [0; 3],
            r,
            s: r[1] + (r[1] >> 2),
            pad: [key[2], key[3]],
        }
    }

    /// One whole block, as two little-endian words.
    #[inline(always)]
    pub(super) fn block(&mut self, low: u64, high: u64) {
        let wide = |a: u64, b: u64| u128::from(a) * u128::from(b);
        let [r0, r1] = self.r;

        let (h0, carry) = self.h[0].overflowing_add(low);
        let sum = u128::from(self.h[1]) + u128::from(high) + u128::from(carry);
        let h1 = sum as u64;
        let h2 = self.h[2] + (sum >> 64) as u64 + 1;

        // h2 is below 8 and s below 2^61, so their product fits.
        let d0 = wide(h0, r0) + wide(h1, self.s);
        let d1 = wide(h0, r1) + wide(h1, r0) + u128::from(h2 * self.s) + (d0 >> 64);
        let d2 = h2 * r0 + (d1 >> 64) as u64;

        // 2^130 is 5: what lies above comes back five times.
        let above = (d2 & !3) + (d2 >> 2);
        let (h0, carry) = (d0 as u64).overflowing_add(above);
        let (h1, carry) = (d1 as u64).overflowing_add(u64::from(carry));
        self.h = [h0, h1, (d2 & 3) + u64::from(carry)];
    }

    /// Bytes, filled up with zeroes to a whole block as the AEAD wants it (RFC 8439 §2.8).
    #[inline]
    #[target_feature(enable = "avx2")]
    pub(super) fn padded(&mut self, bytes: &[u8]) {
        let (blocks, rest) = bytes.as_chunks::<BLOCK>();
        for block in blocks {
            let block = u128::from_le_bytes(*block);
            self.block(block as u64, (block >> 64) as u64);
        }
        if !rest.is_empty() {
            // SAFETY: so many bytes are there.
            let block = unsafe { partial::load(rest.as_ptr(), rest.len()) };
            self.block(
                _mm_cvtsi128_si64(block).cast_unsigned(),
                _mm_extract_epi64(block, 1).cast_unsigned(),
            );
        }
    }

    /// What the next block is multiplied by, and all that came before again.
    #[inline]
    pub(super) fn factor(&self) -> Limbs {
        Limbs::from_words([self.r[0], self.r[1], 0])
    }

    /// What was authenticated so far.
    #[inline]
    pub(super) fn so_far(&self) -> Limbs {
        Limbs::from_words(self.h)
    }

    /// Goes on from what was authenticated elsewhere. Limbs have up to 60 bits.
    #[inline]
    pub(super) fn go_on(&mut self, so_far: &Limbs) {
        self.h = so_far.to_words();
    }

    /// The tag.
    #[inline]
    pub(super) fn finish(self) -> [u8; BLOCK] {
        let [h0, h1, h2] = self.h;
        // h + 5 reaches 2^130 when h is not below 2^130 - 5; then it is the reduced value.
        let (g0, carry) = h0.overflowing_add(5);
        let (g1, carry) = h1.overflowing_add(u64::from(carry));
        let g2 = h2 + u64::from(carry);
        let reduced = core::hint::black_box(0u64.wrapping_sub(g2 >> 2));
        let h0 = h0 ^ (reduced & (h0 ^ g0));
        let h1 = h1 ^ (reduced & (h1 ^ g1));

        let (t0, carry) = h0.overflowing_add(self.pad[0]);
        let t1 = h1.wrapping_add(self.pad[1]).wrapping_add(u64::from(carry));
        (u128::from(t0) | u128::from(t1) << 64).to_le_bytes()
    }
}

/// Whole blocks in memory that are authenticated one by one while something else runs.
pub(super) struct Feed {
    next: *const u8,
    blocks: usize,
}

impl Feed {
    pub(super) const NOTHING: Self = Self {
        next: core::ptr::null(),
        blocks: 0,
    };

    /// # Safety
    /// The `blocks` blocks at `next` are readable and do not change until all are taken.
    pub(super) unsafe fn new(next: *const u8, blocks: usize) -> Self {
        Self { next, blocks }
    }

    /// Authenticates the next block, if there is one.
    #[inline(always)]
    pub(super) fn step(&mut self, poly: &mut Poly1305) {
        if self.blocks > 0 {
            // SAFETY: there is a block left, by the promise of `new`.
            let (low, high) = unsafe {
                let words = self.next.cast::<u64>();
                self.next = self.next.add(BLOCK);
                (words.read_unaligned(), words.add(1).read_unaligned())
            };
            self.blocks -= 1;
            poly.block(low, high);
        }
    }

    /// Authenticates what is left.
    #[inline(always)]
    pub(super) fn rest(mut self, poly: &mut Poly1305) {
        while self.blocks > 0 {
            self.step(poly);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::hex;

    fn tag(key: &[u8], message: &[u8]) -> Vec<u8> {
        let words = key.as_chunks::<8>().0;
        let mut poly = Poly1305::new(core::array::from_fn(|i| u64::from_le_bytes(words[i])));
        // SAFETY: the tests have looked for AVX2.
        unsafe { poly.padded(message) };
        poly.finish().to_vec()
    }

    /// RFC 8439 Appendix A.3, those whose message is a whole number of blocks: among them the ones
    /// that go through every carry and the last reduction (tests 7 to 11).
    #[test]
    fn known_answers() {
        if !crate::cpu::has_avx2() {
            return;
        }
        let zero = "00000000000000000000000000000000";
        let ones = "ffffffffffffffffffffffffffffffff";
        let r = |byte: &str| format!("{byte}{}", &zero[2..]);
        let two = "02000000000000000000000000000000";
        let cases = [
            (
                format!("{zero}{zero}"),
                format!("{zero}{zero}{zero}{zero}"),
                zero.to_string(),
            ),
            (format!("{two}{zero}"), ones.to_string(), r("03")),
            (format!("{two}{ones}"), two.to_string(), r("03")),
            (
                format!("{}{zero}", r("01")),
                format!("{ones}f0ffffffffffffffffffffffffffffff11{}", &zero[2..]),
                r("05"),
            ),
            (
                format!("{}{zero}", r("01")),
                format!("{ones}fbfefefefefefefefefefefefefefefe01010101010101010101010101010101"),
                zero.to_string(),
            ),
            (
                format!("{two}{zero}"),
                "fdffffffffffffffffffffffffffffff".to_string(),
                "faffffffffffffffffffffffffffffff".to_string(),
            ),
            (
                "0100000000000000040000000000000000000000000000000000000000000000".to_string(),
                "e33594d7505e43b900000000000000003394d7505e4379cd0100000000000000\
                 0000000000000000000000000000000001000000000000000000000000000000"
                    .to_string(),
                "14000000000000005500000000000000".to_string(),
            ),
            (
                "0100000000000000040000000000000000000000000000000000000000000000".to_string(),
                "e33594d7505e43b900000000000000003394d7505e4379cd0100000000000000\
                 00000000000000000000000000000000"
                    .to_string(),
                "13000000000000000000000000000000".to_string(),
            ),
        ];
        for (number, (key, message, expected)) in cases.iter().enumerate() {
            assert_eq!(
                tag(&hex(key), &hex(message)),
                hex(expected),
                "case {number}"
            );
        }
    }

    #[test]
    fn a_feed_equals_the_same_bytes_at_once() {
        if !crate::cpu::has_avx2() {
            return;
        }
        let (key, message) = (crate::testing::bytes(1, 32), crate::testing::bytes(2, 96));
        let words = key.as_chunks::<8>().0;
        let mut poly = Poly1305::new(core::array::from_fn(|i| u64::from_le_bytes(words[i])));
        // SAFETY: the message has six blocks.
        let mut feed = unsafe { Feed::new(message.as_ptr(), 6) };
        feed.step(&mut poly);
        feed.step(&mut poly);
        feed.rest(&mut poly);
        Feed::NOTHING.rest(&mut poly);
        assert_eq!(poly.finish().to_vec(), tag(&key, &message));
    }
}
