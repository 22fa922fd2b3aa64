//! GenericAEADCipher (RFC 5246 §6.2.3.3) with the nonces of RFC 5288 §3 and RFC 7905 §2.

use super::header::RecordHeader;
use super::protect::bad_record;
use crate::crypto::{AEAD_NONCE_LEN, Aead};
use crate::error::Result;
use core::mem::MaybeUninit;
use core::ops::Range;
use zeroize::Zeroizing;

/// Bytes of GenericAEADCipher.nonce_explicit where it exists.
const EXPLICIT_LEN: usize = 8;

/// How a record's nonce comes about.
#[derive(Clone)]
pub(crate) enum NonceForm {
    /// Four bytes of the key block, then eight explicit bytes in the record (RFC 5288 §3).
    Explicit(Zeroizing<[u8; 4]>),
    /// Twelve bytes of the key block, XORed with the sequence number (RFC 7905 §2).
    Implicit(Zeroizing<[u8; AEAD_NONCE_LEN]>),
}

impl NonceForm {
    fn explicit_len(&self) -> usize {
        match self {
            Self::Explicit(_) => EXPLICIT_LEN,
            Self::Implicit(_) => 0,
        }
    }

    /// The nonce of record `seq`; `explicit` is the record's own eight bytes, where it has them.
    fn nonce(&self, seq: u64, explicit: &[u8]) -> [u8; AEAD_NONCE_LEN] {
        let mut nonce = [0; AEAD_NONCE_LEN];
        match self {
            Self::Explicit(salt) => {
                nonce[..4].copy_from_slice(&salt[..]);
                nonce[4..].copy_from_slice(explicit);
            }
            Self::Implicit(iv) => {
                nonce[4..].copy_from_slice(&seq.to_be_bytes());
                for (n, i) in nonce.iter_mut().zip(iv.iter()) {
                    *n ^= i;
                }
            }
        }
        nonce
    }
}

/// additional_data = seq_num + type + version + length (RFC 5246 §6.2.3.3).
fn additional_data(seq: u64, header3: [u8; 3], plain_len: usize) -> [u8; 13] {
    let mut aad = [0; 13];
    aad[..8].copy_from_slice(&seq.to_be_bytes());
    aad[8..11].copy_from_slice(&header3);
    aad[11..].copy_from_slice(&(plain_len as u16).to_be_bytes());
    aad
}

pub(crate) struct AeadWrite {
    key: Box<dyn Aead>,
    nonce: NonceForm,
}

impl AeadWrite {
    pub(crate) fn new(key: Box<dyn Aead>, nonce: NonceForm) -> Self {
        Self { key, nonce }
    }

    pub(crate) fn sealed_len(&self, plain_len: usize) -> usize {
        self.nonce.explicit_len() + plain_len + self.key.tag_len()
    }

    /// The explicit nonce is the sequence number: unique under a key without any state of its own
    /// (RFC 5288 §3).
    pub(crate) fn seal(&self, seq: u64, header3: [u8; 3], plain: &[u8], body: &mut [u8]) {
        let (explicit, sealed) = body.split_at_mut(self.nonce.explicit_len());
        explicit.copy_from_slice(&seq.to_be_bytes()[..explicit.len()]);
        let nonce = self.nonce.nonce(seq, explicit);
        let aad = additional_data(seq, header3, plain.len());
        self.key.seal(&nonce, &aad, plain, sealed);
    }
}

pub(crate) struct AeadRead {
    key: Box<dyn Aead>,
    nonce: NonceForm,
}

impl AeadRead {
    pub(crate) fn new(key: Box<dyn Aead>, nonce: NonceForm) -> Self {
        Self { key, nonce }
    }

    /// The plaintext's length, or `None` for a body too short to be a record.
    pub(crate) fn plain_len(&self, body_len: usize) -> Option<usize> {
        body_len.checked_sub(self.nonce.explicit_len() + self.key.tag_len())
    }

    pub(crate) fn open_in_place(
        &self,
        seq: u64,
        header: RecordHeader,
        body: &mut [u8],
    ) -> Result<Range<usize>> {
        let plain_len = self
            .plain_len(body.len())
            .ok_or_else(|| bad_record(header, seq))?;
        let (explicit, sealed) = body.split_at_mut(self.nonce.explicit_len());
        let nonce = self.nonce.nonce(seq, explicit);
        let aad = additional_data(seq, header.first3(), plain_len);
        let start = explicit.len();
        match self.key.open_in_place(&nonce, &aad, sealed) {
            Ok(len) => Ok(start..start + len),
            Err(_) => Err(bad_record(header, seq)),
        }
    }

    pub(crate) fn open_into(
        &self,
        seq: u64,
        header: RecordHeader,
        body: &[u8],
        out: &mut [MaybeUninit<u8>],
    ) -> Result<()> {
        let plain_len = self
            .plain_len(body.len())
            .ok_or_else(|| bad_record(header, seq))?;
        let (explicit, sealed) = body.split_at(self.nonce.explicit_len());
        let nonce = self.nonce.nonce(seq, explicit);
        let aad = additional_data(seq, header.first3(), plain_len);
        self.key
            .open(&nonce, &aad, sealed, out)
            .map_err(|_| bad_record(header, seq))
    }
}
