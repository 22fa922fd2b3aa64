//! Algorithms and keys over any cipher and hash; what a record of either form is like is in [`super::seal`]
//! and [`super::open`].

use super::compression::Compression;
use super::mac::HmacKey;
use super::side_by_side::SideBySide;
use core::fmt;
use core::marker::PhantomData;
use tls_core::crypto::{
    BadRecord, CbcAlgorithm, CbcMac, CbcRecord, CbcSealed, CipherId, HashId, MacForm,
};

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

impl<C: SideBySide<H>, H: Compression> CbcAlgorithm for Algorithm<C, H> {
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
pub(super) struct Key<C, H: Compression> {
    pub(super) cipher: C,
    pub(super) mac: HmacKey<H>,
    form: MacForm,
}

impl<C: SideBySide<H>, H: Compression> Key<C, H> {
    /// Whether a fragment of this (public) length has room for an IV, a MAC and the padding's
    /// length byte, and holds whole blocks.
    pub(super) fn possible_len(&self, sealed_len: usize) -> bool {
        let Some(body) = sealed_len.checked_sub(C::BLOCK) else {
            return false;
        };
        let encrypted = match self.form {
            MacForm::MacThenEncrypt => body,
            MacForm::EncryptThenMac => body.saturating_sub(H::OUTPUT),
        };
        body > H::OUTPUT && encrypted.is_multiple_of(C::BLOCK)
    }
}

impl<C: SideBySide<H>, H: Compression> CbcMac for Key<C, H> {
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
        for record in &mut *records {
            let len = self.sealed_len(record.plain.len());
            assert_eq!(record.out.len(), len, "output length");
            record.out[..C::BLOCK].copy_from_slice(&record.iv[..C::BLOCK]);
        }
        match self.form {
            MacForm::MacThenEncrypt => self.seal_mac_then_encrypt(records),
            MacForm::EncryptThenMac => records
                .iter_mut()
                .for_each(|record| self.seal_encrypt_then_mac(record)),
        }
    }

    fn open(&self, records: &mut [CbcSealed<'_>]) {
        for record in &mut *records {
            record.plain_len = Err(BadRecord);
        }
        match self.form {
            MacForm::MacThenEncrypt => self.open_mac_then_encrypt(records),
            MacForm::EncryptThenMac => self.open_encrypt_then_mac(records),
        }
    }
}
