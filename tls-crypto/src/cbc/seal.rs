//! Sealing in both forms. `out` of a record begins with its IV.

use super::compression::Compression;
use super::mac::{HmacKey, Run};
use super::pseudo_header;
use super::record::Key;
use super::side_by_side::{SideBySide, Stitch};
use tls_core::crypto::CbcRecord;

/// Bytes that are encrypted while as many in front of them are hashed. Short, since what is in
/// front must be encrypted alone first; a whole number of blocks of every hash and cipher.
const CHUNK: usize = 256;

/// A record whose MAC is under way.
struct Sealing<'a, 'r, H: Compression> {
    record: &'a mut CbcRecord<'r>,
    mac: Run<'r, H>,
}

impl<C: SideBySide<H>, H: Compression> Key<C, H> {
    /// MAC, pad, encrypt (RFC 5246 §6.2.3.2).
    ///
    /// While whole blocks of the hash go by, as many bytes from the beginning are encrypted, and
    /// those of another record with them.
    pub(super) fn seal_mac_then_encrypt(&self, records: &mut [CbcRecord<'_>]) {
        for pair in records.chunks_mut(2) {
            if let [a, b] = pair {
                let (mut a, mut b) = (self.begin(a), self.begin(b));
                let mut both = [a.stitch(C::BLOCK), b.stitch(C::BLOCK)];
                self.cipher.encrypt_and_compress(&mut both);
                self.end(a);
                self.end(b);
                continue;
            }
            for record in pair {
                let mut record = self.begin(record);
                let mut one = [record.stitch(C::BLOCK)];
                self.cipher.encrypt_and_compress(&mut one);
                self.end(record);
            }
        }
    }

    #[inline(never)]
    fn begin<'a, 'r>(&self, record: &'a mut CbcRecord<'r>) -> Sealing<'a, 'r, H> {
        let plain = record.plain;
        let header = pseudo_header(record.seq, record.header, plain.len());
        let mac = self.mac.start(&header, plain);
        Sealing { record, mac }
    }

    /// Behind [`Sealing::stitch`].
    #[inline(never)]
    fn end(&self, sealing: Sealing<'_, '_, H>) {
        let CbcRecord { plain, out, .. } = sealing.record;
        let done = sealing.mac.blocks.len();
        let mac = self.mac.finish(sealing.mac);
        let (before, body) = out.split_at_mut(C::BLOCK + done);
        self.encrypt_end(&before[done..], body, &plain[done..], &mac[..H::OUTPUT]);
    }

    /// Encrypts the end of a record: `plain`, then `mac`, then padding.
    #[inline(never)]
    fn encrypt_end(&self, iv: &[u8], body: &mut [u8], plain: &[u8], mac: &[u8]) {
        let (content, rest) = body.split_at_mut(plain.len());
        content.copy_from_slice(plain);
        let (to, padding) = rest.split_at_mut(mac.len());
        to.copy_from_slice(mac);
        // RFC 5246 §6.2.3.2: every byte says how many padding bytes stand in front of the last.
        padding.fill((padding.len() - 1) as u8);
        self.cipher.encrypt(iv, body);
    }

    /// Pad, encrypt, MAC over IV and ciphertext (RFC 7366 §3). The length under the MAC is the one
    /// before the MAC is appended.
    ///
    /// Once a few chunks are encrypted, the next chunk is encrypted while the hash follows.
    pub(super) fn seal_encrypt_then_mac(&self, record: &mut CbcRecord<'_>) {
        let CbcRecord {
            seq, header, plain, ..
        } = *record;
        let (sealed, mac) = record.out.split_at_mut(record.out.len() - H::OUTPUT);
        let header = pseudo_header(seq, header, sealed.len());
        if plain.len() < 3 * CHUNK {
            let (iv, body) = sealed.split_at_mut(C::BLOCK);
            self.encrypt_end(iv, body, plain, &[]);
            mac.copy_from_slice(&self.mac.mac(&header, sealed)[..H::OUTPUT]);
            return;
        }

        let (now, mut plain) = plain.split_at(2 * CHUNK);
        let (iv, body) = sealed.split_at_mut(C::BLOCK);
        body[..now.len()].copy_from_slice(now);
        self.cipher.encrypt(iv, &mut body[..now.len()]);

        let (first, behind) = (HmacKey::<H>::FIRST, C::BLOCK + now.len());
        let mut state = self.mac.begin(&header, &sealed[..first]);
        let (mut hashed, mut encrypted) = (first, behind);
        while let Some((now, later)) = plain.split_at_checked(CHUNK) {
            let (done, to) = sealed.split_at_mut(encrypted);
            self.cipher.encrypt_and_compress(&mut [Stitch {
                iv: &done[encrypted - C::BLOCK..],
                from: now,
                to: &mut to[..CHUNK],
                state: &mut state,
                hashed: &done[hashed..][..CHUNK],
            }]);
            (hashed, encrypted, plain) = (hashed + CHUNK, encrypted + CHUNK, later);
        }
        let (done, to) = sealed.split_at_mut(encrypted);
        self.encrypt_end(&done[encrypted - C::BLOCK..], to, plain, &[]);

        let rest = &sealed[hashed..];
        let (whole, tail) = rest.split_at(rest.len() - rest.len() % H::BLOCK);
        H::compress(&mut state, whole);
        let computed = self.mac.end(state, &[], tail, header.len() + sealed.len());
        mac.copy_from_slice(&computed[..H::OUTPUT]);
    }
}

impl<H: Compression> Sealing<'_, '_, H> {
    /// The whole blocks of the MAC, and as many bytes from the record's beginning.
    fn stitch(&mut self, block: usize) -> Stitch<'_, H> {
        let hashed = self.mac.blocks;
        let (iv, body) = self.record.out.split_at_mut(block);
        Stitch {
            iv,
            from: &self.record.plain[..hashed.len()],
            to: &mut body[..hashed.len()],
            state: &mut self.mac.state,
            hashed,
        }
    }
}
