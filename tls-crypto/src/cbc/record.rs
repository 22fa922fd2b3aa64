//! The record's layout in both forms, over any cipher and hash.

use super::compression::Compression;
use super::mac::HmacKey;
use super::{pseudo_header, unpad};
use core::fmt;
use core::marker::PhantomData;
use subtle::ConstantTimeEq;
use tls_core::crypto::{BadRecord, CbcAlgorithm, CbcMac, CbcRecord, CipherId, HashId, MacForm};
use zeroize::Zeroize;

/// A block cipher in CBC mode. `data` is a whole number of blocks, `iv` one block.
pub(super) trait BlockCipher: Send + Sync + 'static {
    /// Length of a block in bytes.
    const BLOCK: usize;
    /// What people see of this implementation.
    const NAME: &'static str;

    /// Expands a key of the right length.
    fn new(key: &[u8]) -> Self;
    /// Encrypts in place.
    fn encrypt(&self, iv: &[u8], data: &mut [u8]);
    /// Decrypts in place.
    fn decrypt(&self, iv: &[u8], data: &mut [u8]);
}

/// A cipher and a hash.
pub(super) struct Algorithm<C, H> {
    cipher: CipherId,
    mac: HashId,
    types: PhantomData<fn() -> (C, H)>,
}

impl<C, H> Algorithm<C, H> {
    pub(super) const fn new(cipher: CipherId, mac: HashId) -> Self {
        Self {
            cipher,
            mac,
            types: PhantomData,
        }
    }
}

impl<C: BlockCipher, H> fmt::Debug for Algorithm<C, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (cipher, mac, name) = (self.cipher, self.mac, C::NAME);
        write!(f, "{cipher:?}-CBC with HMAC-{mac:?} ({name})")
    }
}

impl<C: BlockCipher, H: Compression> CbcAlgorithm for Algorithm<C, H> {
    fn cipher(&self) -> CipherId {
        self.cipher
    }

    fn mac(&self) -> HashId {
        self.mac
    }

    fn key(&self, form: MacForm, cipher_key: &[u8], mac_key: &[u8]) -> Box<dyn CbcMac> {
        assert_eq!(cipher_key.len(), self.cipher.key_len(), "cipher key length");
        assert_eq!(mac_key.len(), self.mac.output_len(), "MAC key length");
        Box::new(Key::<C, H> {
            cipher: C::new(cipher_key),
            mac: HmacKey::new(mac_key),
            form,
        })
    }
}

/// Cipher and MAC wipe themselves.
struct Key<C, H: Compression> {
    cipher: C,
    mac: HmacKey<H>,
    form: MacForm,
}

impl<C: BlockCipher, H: Compression> Key<C, H> {
    /// Whether a fragment of this (public) length has room for an IV, a MAC and the padding's
    /// length byte, and holds whole blocks.
    fn possible_len(&self, sealed_len: usize) -> bool {
        let Some(body) = sealed_len.checked_sub(C::BLOCK) else {
            return false;
        };
        let encrypted = match self.form {
            MacForm::MacThenEncrypt => body,
            MacForm::EncryptThenMac => body.saturating_sub(H::OUTPUT),
        };
        body > H::OUTPUT && encrypted.is_multiple_of(C::BLOCK)
    }

    /// MAC, pad, encrypt (RFC 5246 §6.2.3.2). `body` is what follows the IV.
    fn seal_mac_then_encrypt(&self, record: &CbcRecord<'_>, iv: &[u8], body: &mut [u8]) {
        let len = record.plain.len();
        let header = pseudo_header(record.seq, record.header, len);
        let mac = self.mac.mac(&header, record.plain);
        let (content, rest) = body.split_at_mut(len);
        content.copy_from_slice(record.plain);
        rest[..H::OUTPUT].copy_from_slice(&mac[..H::OUTPUT]);
        pad(&mut rest[H::OUTPUT..]);
        self.cipher.encrypt(iv, body);
    }

    /// Pad, encrypt, MAC over IV and ciphertext (RFC 7366 §3). `out` begins with the IV. The
    /// length under the MAC is the one before the MAC is appended.
    fn seal_encrypt_then_mac(&self, record: &mut CbcRecord<'_>) {
        let (sealed, mac) = record.out.split_at_mut(record.out.len() - H::OUTPUT);
        let (iv, body) = sealed.split_at_mut(C::BLOCK);
        body[..record.plain.len()].copy_from_slice(record.plain);
        pad(&mut body[record.plain.len()..]);
        self.cipher.encrypt(iv, body);
        let header = pseudo_header(record.seq, record.header, sealed.len());
        mac.copy_from_slice(&self.mac.mac(&header, sealed)[..H::OUTPUT]);
    }

    fn open_mac_then_encrypt(
        &self,
        seq: u64,
        header: [u8; 3],
        buf: &mut [u8],
    ) -> Result<usize, BadRecord> {
        let (iv, text) = buf.split_at_mut(C::BLOCK);
        self.cipher.decrypt(iv, text);
        let opened = unpad::authenticate(&self.mac, seq, header, text);
        if opened.is_err() {
            text.zeroize();
        }
        opened
    }

    /// The MAC is checked before anything is decrypted (RFC 7366 §3), so padding is no oracle; it
    /// must be right nevertheless.
    fn open_encrypt_then_mac(
        &self,
        seq: u64,
        header: [u8; 3],
        buf: &mut [u8],
    ) -> Result<usize, BadRecord> {
        let (sealed, mac) = buf.split_at_mut(buf.len() - H::OUTPUT);
        let header = pseudo_header(seq, header, sealed.len());
        let computed = self.mac.mac(&header, sealed);
        if !bool::from(computed[..H::OUTPUT].ct_eq(mac)) {
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

impl<C: BlockCipher, H: Compression> CbcMac for Key<C, H> {
    fn iv_len(&self) -> usize {
        C::BLOCK
    }

    fn sealed_len(&self, plain_len: usize) -> usize {
        let blocks = |len: usize| len.next_multiple_of(C::BLOCK);
        match self.form {
            MacForm::MacThenEncrypt => C::BLOCK + blocks(plain_len + H::OUTPUT + 1),
            MacForm::EncryptThenMac => C::BLOCK + blocks(plain_len + 1) + H::OUTPUT,
        }
    }

    fn seal(&self, records: &mut [CbcRecord<'_>]) {
        for record in records {
            assert_eq!(
                record.out.len(),
                self.sealed_len(record.plain.len()),
                "output length"
            );
            record.out[..C::BLOCK].copy_from_slice(&record.iv[..C::BLOCK]);
            match self.form {
                MacForm::MacThenEncrypt => {
                    let out = core::mem::take(&mut record.out);
                    let (iv, body) = out.split_at_mut(C::BLOCK);
                    self.seal_mac_then_encrypt(record, iv, body);
                    record.out = out;
                }
                MacForm::EncryptThenMac => self.seal_encrypt_then_mac(record),
            }
        }
    }

    fn open(&self, seq: u64, header: [u8; 3], buf: &mut [u8]) -> Result<usize, BadRecord> {
        if !self.possible_len(buf.len()) {
            return Err(BadRecord);
        }
        match self.form {
            MacForm::MacThenEncrypt => self.open_mac_then_encrypt(seq, header, buf),
            MacForm::EncryptThenMac => self.open_encrypt_then_mac(seq, header, buf),
        }
    }
}

/// Fills `tail` with its padding: every byte says how many padding bytes stand before the last.
fn pad(tail: &mut [u8]) {
    tail.fill((tail.len() - 1) as u8);
}
