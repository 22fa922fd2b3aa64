//! GenericAEADCipher (RFC 5246 §6.2.3.3) with the nonces of RFC 5288 §3 and RFC 7905 §2.

use super::header::RecordHeader;
use super::protect::bad_record;
use crate::crypto::{AEAD_NONCE_LEN, Aead};
use crate::error::Result;
use core::mem::MaybeUninit;
use core::ops::Range;
use zeroize::Zeroizing;

/// How the nonces of records come about: what the key block gives, filled up to twelve bytes, to whose last eight a number
/// is added (XOR). It stands in the record (GenericAEADCipher.nonce_explicit) where the key block gives four bytes
/// (RFC 5288 §3), and is the record's sequence number where it gives twelve (RFC 7905 §2).
#[derive(Clone)]
pub(crate) struct NonceForm {
    /// Its first twelve bytes, as a number.
    fixed: Zeroizing<u128>,
    /// Bytes of nonce_explicit: eight or none.
    explicit_len: usize,
}

impl NonceForm {
    pub(crate) fn new(fixed: &[u8]) -> Self {
        let mut padded = Zeroizing::new([0; 16]);
        padded[..fixed.len()].copy_from_slice(fixed);
        Self {
            fixed: Zeroizing::new(u128::from_be_bytes(*padded)),
            explicit_len: AEAD_NONCE_LEN - fixed.len(),
        }
    }

    fn nonce(&self, number: u64) -> Bytes {
        Bytes((*self.fixed ^ u128::from(number) << 32).to_be_bytes())
    }

    /// A received body's nonce, and what is sealed of it; `None` where it is too short.
    fn split<'a>(&self, seq: u64, body: &'a [u8]) -> Option<(Bytes, &'a [u8])> {
        let (explicit, sealed) = body.split_at_checked(self.explicit_len)?;
        let number = explicit
            .first_chunk()
            .map_or(seq, |n| u64::from_be_bytes(*n));
        Some((self.nonce(number), sealed))
    }
}

/// What a kernel loads at once is stored as one number: behind stores of its parts the CPU would have to wait until they
/// have reached the cache.
struct Bytes([u8; 16]);

impl Bytes {
    fn nonce(&self) -> &[u8; AEAD_NONCE_LEN] {
        let [nonce @ .., _, _, _, _] = &self.0;
        nonce
    }

    fn additional_data(&self) -> &[u8] {
        &self.0[..ADDITIONAL_DATA_LEN]
    }
}

const ADDITIONAL_DATA_LEN: usize = 13;

/// additional_data = seq_num + type + version + length (RFC 5246 §6.2.3.3).
fn additional_data(seq: u64, header3: [u8; 3], plain_len: usize) -> Bytes {
    let [typ, major, minor] = header3;
    let header = u64::from(u32::from_be_bytes([0, typ, major, minor])) << 16;
    // A fragment's length is at most 2^14.
    let rest = (header | plain_len as u64 & 0xffff) << 24;
    Bytes((u128::from(seq) << 64 | u128::from(rest)).to_be_bytes())
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
        self.nonce.explicit_len + plain_len + self.key.tag_len()
    }

    /// The explicit nonce is the sequence number: unique under a key without any state of its own
    /// (RFC 5288 §3).
    pub(crate) fn seal(&self, seq: u64, header3: [u8; 3], plain: &[u8], body: &mut [u8]) {
        let (explicit, sealed) = body.split_at_mut(self.nonce.explicit_len);
        if let Some(explicit) = explicit.first_chunk_mut() {
            *explicit = seq.to_be_bytes();
        }
        let aad = additional_data(seq, header3, plain.len());
        let nonce = self.nonce.nonce(seq);
        self.key
            .seal(nonce.nonce(), aad.additional_data(), plain, sealed);
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
        body_len.checked_sub(self.nonce.explicit_len + self.key.tag_len())
    }

    pub(crate) fn open_in_place(
        &self,
        seq: u64,
        header: RecordHeader,
        body: &mut [u8],
    ) -> Result<Range<usize>> {
        let (nonce, aad, _) = self.parts(seq, header, body)?;
        let start = self.nonce.explicit_len;
        let aad = aad.additional_data();
        match self
            .key
            .open_in_place(nonce.nonce(), aad, &mut body[start..])
        {
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
        let (nonce, aad, sealed) = self.parts(seq, header, body)?;
        self.key
            .open(nonce.nonce(), aad.additional_data(), sealed, out)
            .map_err(|_| bad_record(header, seq))
    }

    /// A record's nonce, its additional data, and what is sealed.
    fn parts<'a>(
        &self,
        seq: u64,
        header: RecordHeader,
        body: &'a [u8],
    ) -> Result<(Bytes, Bytes, &'a [u8])> {
        let plain_len = self.plain_len(body.len());
        let split = self.nonce.split(seq, body);
        let (Some(plain_len), Some((nonce, sealed))) = (plain_len, split) else {
            return Err(bad_record(header, seq));
        };
        Ok((
            nonce,
            additional_data(seq, header.first3(), plain_len),
            sealed,
        ))
    }
}
