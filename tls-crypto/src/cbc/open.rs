//! Opening in both forms. Which operations there are follows from the records' lengths alone, also
//! where two records are opened side by side.

use super::compression::Compression;
use super::mac::Run;
use super::pseudo_header;
use super::record::Key;
use super::side_by_side::{SideBySide, Stitch};
use super::unpad::{self, Claim};
use subtle::ConstantTimeEq;
use tls_core::crypto::{BadRecord, CbcSealed};
use zeroize::Zeroize;

impl<C: SideBySide<H>, H: Compression> Key<C, H> {
    /// Decrypts, then checks MAC and padding together (RFC 5246 §6.2.3.2).
    pub(super) fn open_mac_then_encrypt(&self, records: &mut [CbcSealed<'_>]) {
        for pair in records.chunks_mut(2) {
            if let [a, b] = pair
                && self.possible_len(a.buf.len())
                && self.possible_len(b.buf.len())
            {
                let (mut x, mut y) = (self.decrypt(a), self.decrypt(b));
                let mut both = [x.certain(), y.certain()];
                self.cipher.compress(&mut both);
                let (x, y) = (x.check(&self.mac), y.check(&self.mac));
                (a.plain_len, b.plain_len) = (x, y);
                self.wipe_if_bad(a);
                self.wipe_if_bad(b);
                continue;
            }
            for record in pair {
                if self.possible_len(record.buf.len()) {
                    let mut claim = self.decrypt(record);
                    self.cipher.compress(&mut [claim.certain()]);
                    record.plain_len = claim.check(&self.mac);
                    self.wipe_if_bad(record);
                }
            }
        }
    }

    /// Decrypts a record; what it claims is to be checked.
    #[inline(never)]
    fn decrypt<'a>(&self, record: &'a mut CbcSealed<'_>) -> Claim<'a, H> {
        let (iv, text) = record.buf.split_at_mut(C::BLOCK);
        self.cipher.decrypt(iv, text);
        Claim::new(&self.mac, record.seq, record.header, text)
    }

    #[inline(never)]
    fn wipe_if_bad(&self, record: &mut CbcSealed<'_>) {
        if record.plain_len.is_err() {
            record.buf[C::BLOCK..].zeroize();
        }
    }

    /// The MAC is checked before anything is decrypted (RFC 7366 §3), so padding is no oracle; it
    /// must be right nevertheless.
    pub(super) fn open_encrypt_then_mac(&self, records: &mut [CbcSealed<'_>]) {
        for pair in records.chunks_mut(2) {
            if let [a, b] = pair
                && self.possible_len(a.buf.len())
                && self.possible_len(b.buf.len())
            {
                let (mut x, mut y) = (self.start(a), self.start(b));
                let mut both = [hash(&mut x), hash(&mut y)];
                self.cipher.compress(&mut both);
                let (x, y) = (self.mac.finish(x), self.mac.finish(y));
                a.plain_len = self.decrypt_authentic(a.buf, &x[..H::OUTPUT]);
                b.plain_len = self.decrypt_authentic(b.buf, &y[..H::OUTPUT]);
                continue;
            }
            for record in pair {
                if self.possible_len(record.buf.len()) {
                    let mut run = self.start(record);
                    self.cipher.compress(&mut [hash(&mut run)]);
                    let mac = self.mac.finish(run);
                    record.plain_len = self.decrypt_authentic(record.buf, &mac[..H::OUTPUT]);
                }
            }
        }
    }

    /// The MAC over IV and ciphertext.
    #[inline(never)]
    fn start<'a>(&self, record: &'a CbcSealed<'_>) -> Run<'a, H> {
        let sealed = &record.buf[..record.buf.len() - H::OUTPUT];
        let header = pseudo_header(record.seq, record.header, sealed.len());
        self.mac.start(&header, sealed)
    }

    /// Decrypts when the MAC is the `computed` one.
    #[inline(never)]
    fn decrypt_authentic(&self, buf: &mut [u8], computed: &[u8]) -> Result<usize, BadRecord> {
        let (sealed, mac) = buf.split_at_mut(buf.len() - H::OUTPUT);
        if !bool::from(computed.ct_eq(mac)) {
            return Err(BadRecord);
        }
        let (iv, text) = sealed.split_at_mut(C::BLOCK);
        self.cipher.decrypt(iv, text);
        let room = text.len() - 1;
        let (well_padded, padding) = unpad::padding(text, room);
        if well_padded == 0 {
            text.zeroize();
            return Err(BadRecord);
        }
        Ok(room - padding as usize)
    }
}

/// The whole blocks of a MAC.
fn hash<'a, H: Compression>(run: &'a mut Run<'_, H>) -> Stitch<'a, H> {
    Stitch::hash(&mut run.state, run.blocks)
}
