//! Records of the GenericBlockCipher form (RFC 5246 §6.2.3.2) with any padding and any MAC.

use aes::cipher::{BlockModeEncrypt, KeyIvInit, block_padding::NoPadding};
use hmac::{Hmac, KeyInit, Mac};
use tls_core::crypto::{CipherId, HashId};

/// Content type and version of every record here.
pub(crate) const HEADER: [u8; 3] = [23, 3, 3];

/// A sender that makes what no honest one does.
pub(crate) struct Sender {
    pub(crate) cipher: CipherId,
    pub(crate) hash: HashId,
    pub(crate) cipher_key: Vec<u8>,
    pub(crate) mac_key: Vec<u8>,
}

/// What is wrong with a record.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flaw {
    None,
    /// The MAC's last bit.
    Mac,
    /// The first byte of the padding.
    Padding,
}

impl Sender {
    pub(crate) fn new(cipher: CipherId, hash: HashId) -> Self {
        Self {
            cipher,
            hash,
            cipher_key: (1..=cipher.key_len() as u8).collect(),
            mac_key: (101..=100 + hash.output_len() as u8).collect(),
        }
    }

    /// A fragment whose ciphertext has `len` bytes, the last `padding + 1` of them padding.
    pub(crate) fn seal(&self, seq: u64, len: usize, padding: u8, flaw: Flaw) -> Vec<u8> {
        let plain_len = len - usize::from(padding) - 1 - self.hash.output_len();
        let mut body = vec![0x61; plain_len];
        let mut tag = self.mac(seq, &body);
        if flaw == Flaw::Mac {
            *tag.last_mut().expect("a MAC is not empty") ^= 1;
        }
        body.extend(tag);
        let first = body.len();
        body.resize(len, padding);
        if flaw == Flaw::Padding {
            body[first] ^= 0x80;
        }
        let block = self.cipher.block_len();
        let mut fragment = vec![0x17; block];
        self.encrypt(&fragment.clone(), &mut body);
        fragment.extend(body);
        fragment
    }

    fn mac(&self, seq: u64, plain: &[u8]) -> Vec<u8> {
        let mut head = seq.to_be_bytes().to_vec();
        head.extend(HEADER);
        head.extend((plain.len() as u16).to_be_bytes());
        macro_rules! hmac {
            ($hash:ty) => {{
                let mut mac =
                    Hmac::<$hash>::new_from_slice(&self.mac_key).expect("HMAC takes any key");
                mac.update(&head);
                mac.update(plain);
                mac.finalize().into_bytes().to_vec()
            }};
        }
        match self.hash {
            HashId::Sha1 => hmac!(sha1::Sha1),
            HashId::Sha256 => hmac!(sha2::Sha256),
            HashId::Sha384 => hmac!(sha2::Sha384),
            other => panic!("no suite has an HMAC over {other:?}"),
        }
    }

    fn encrypt(&self, iv: &[u8], body: &mut [u8]) {
        macro_rules! cbc {
            ($cipher:ty) => {{
                let len = body.len();
                cbc::Encryptor::<$cipher>::new_from_slices(&self.cipher_key, iv)
                    .expect("key and IV have the cipher's lengths")
                    .encrypt_padded::<NoPadding>(body, len)
                    .expect("whole blocks");
            }};
        }
        match self.cipher {
            CipherId::Aes128 => cbc!(aes::Aes128),
            CipherId::Aes256 => cbc!(aes::Aes256),
            CipherId::TripleDes => cbc!(des::TdesEde3),
        }
    }
}
