//! The record's layout in both forms, over any cipher and hash.

use super::compression::Compression;
use super::mac::HmacKey;
use super::{pseudo_header, unpad};
use core::fmt;
use core::marker::PhantomData;
use subtle::ConstantTimeEq;
use tls_core::crypto::{BadRecord, CbcAlgorithm, CbcMac, CbcRecord, CipherId, HashId, MacForm};
use zeroize::Zeroize;

/// Bytes that are encrypted while as many in front of them are hashed. Short, since what is in
/// front must be encrypted alone first; a whole number of blocks of every hash and cipher.
const CHUNK: usize = 256;

/// A block cipher in CBC mode. `data` is a whole number of blocks, `iv` one block.
pub(crate) trait BlockCipher: Send + Sync + 'static {
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

/// Encryption and hashing of different bytes side by side, where an implementation can.
pub(super) trait SealWith<H: Compression>: BlockCipher {
    /// Encrypts `from` to `to`, and compresses `hashed`: three slices of the same length, a whole
    /// number of hash blocks.
    fn encrypt_and_compress(
        &self,
        iv: &[u8],
        from: &[u8],
        to: &mut [u8],
        state: &mut H::State,
        hashed: &[u8],
    ) {
        H::compress(state, hashed);
        to.copy_from_slice(from);
        self.encrypt(iv, to);
    }
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

impl<C: SealWith<H>, H: Compression> CbcAlgorithm for Algorithm<C, H> {
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

impl<C: SealWith<H>, H: Compression> Key<C, H> {
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

    /// MAC, pad, encrypt (RFC 5246 §6.2.3.2). `out` begins with the IV.
    ///
    /// While whole blocks of the hash go by, as many bytes from the beginning are encrypted.
    fn seal_mac_then_encrypt(&self, seq: u64, header: [u8; 3], plain: &[u8], out: &mut [u8]) {
        let header = pseudo_header(seq, header, plain.len());
        let (iv, body) = out.split_at_mut(C::BLOCK);
        let Some((first, rest)) = plain.split_at_checked(HmacKey::<H>::FIRST) else {
            self.encrypt_end(iv, body, plain, &self.mac.mac(&header, plain)[..H::OUTPUT]);
            return;
        };
        let mut state = self.mac.begin(&header, first);
        let (hashed, tail) = rest.split_at(rest.len() - rest.len() % H::BLOCK);
        let (now, later) = plain.split_at(hashed.len());
        let (to, body) = body.split_at_mut(now.len());
        self.cipher
            .encrypt_and_compress(iv, now, to, &mut state, hashed);
        let mac = self.mac.end(state, &[], tail, header.len() + plain.len());
        let iv = if to.is_empty() {
            iv
        } else {
            &to[to.len() - C::BLOCK..]
        };
        self.encrypt_end(iv, body, later, &mac[..H::OUTPUT]);
    }

    /// Encrypts the end of a record: `plain`, then `mac`, then padding.
    fn encrypt_end(&self, iv: &[u8], body: &mut [u8], plain: &[u8], mac: &[u8]) {
        let (content, rest) = body.split_at_mut(plain.len());
        content.copy_from_slice(plain);
        let (to, padding) = rest.split_at_mut(mac.len());
        to.copy_from_slice(mac);
        // RFC 5246 §6.2.3.2: every byte says how many padding bytes stand in front of the last.
        padding.fill((padding.len() - 1) as u8);
        self.cipher.encrypt(iv, body);
    }

    /// Pad, encrypt, MAC over IV and ciphertext (RFC 7366 §3). `out` begins with the IV. The
    /// length under the MAC is the one before the MAC is appended.
    ///
    /// Once a few chunks are encrypted, the next chunk is encrypted while the hash follows.
    fn seal_encrypt_then_mac(&self, seq: u64, header: [u8; 3], plain: &[u8], out: &mut [u8]) {
        let (sealed, mac) = out.split_at_mut(out.len() - H::OUTPUT);
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
            let iv = &done[encrypted - C::BLOCK..];
            let follow = &done[hashed..][..CHUNK];
            self.cipher
                .encrypt_and_compress(iv, now, &mut to[..CHUNK], &mut state, follow);
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

impl<C: SealWith<H>, H: Compression> CbcMac for Key<C, H> {
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
            let CbcRecord {
                seq, header, plain, ..
            } = *record;
            match self.form {
                MacForm::MacThenEncrypt => {
                    self.seal_mac_then_encrypt(seq, header, plain, record.out);
                }
                MacForm::EncryptThenMac => {
                    self.seal_encrypt_then_mac(seq, header, plain, record.out);
                }
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
