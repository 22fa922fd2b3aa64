use super::{BadRecord, HashId};

/// Length in bytes of what the MAC covers before the fragment: sequence number (8), type (1),
/// version (2), length (2) (RFC 5246 §6.2.3.1).
pub const PSEUDO_HEADER_LEN: usize = 13;

/// Block ciphers used in CBC mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CipherId {
    /// AES with a 128-bit key
    Aes128,
    /// AES with a 256-bit key
    Aes256,
    /// Triple DES (EDE, three keys): legacy policy only
    TripleDes,
}

impl CipherId {
    /// Key length in bytes (parity bits included for DES).
    pub const fn key_len(self) -> usize {
        match self {
            Self::Aes128 => 16,
            Self::Aes256 => 32,
            Self::TripleDes => 24,
        }
    }

    /// Block length in bytes, which is also the length of the explicit IV.
    pub const fn block_len(self) -> usize {
        match self {
            Self::Aes128 | Self::Aes256 => 16,
            Self::TripleDes => 8,
        }
    }
}

/// Which comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MacForm {
    /// MAC, pad, encrypt (RFC 5246 §6.2.3.2)
    MacThenEncrypt,
    /// Pad, encrypt, MAC over IV and ciphertext (RFC 7366)
    EncryptThenMac,
}

/// One record to seal: the fragment of the record (what follows its 5-byte header) is written to
/// `out`, `IV || ciphertext [|| MAC]`.
pub struct CbcRecord<'a> {
    /// The record's sequence number.
    pub seq: u64,
    /// Content type, then the version's two bytes, as in the record header.
    pub header: [u8; 3],
    /// Explicit IV: the first [`CipherId::block_len`] bytes are used; unpredictable and never used
    /// before (RFC 5246 §6.2.3.2).
    pub iv: [u8; 16],
    /// The plaintext.
    pub plain: &'a [u8],
    /// Exactly [`CbcMac::sealed_len`]`(plain.len())` bytes.
    pub out: &'a mut [u8],
}

/// Lengths alone: what is inside is the user's.
impl core::fmt::Debug for CbcRecord<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("CbcRecord")
            .field("seq", &self.seq)
            .field("header", &self.header)
            .field("plain_len", &self.plain.len())
            .field("out_len", &self.out.len())
            .finish_non_exhaustive()
    }
}

/// One record to open in place: the fragment `IV || ciphertext [|| MAC]`.
pub struct CbcSealed<'a> {
    /// The record's sequence number.
    pub seq: u64,
    /// Content type, then the version's two bytes, as in the record header.
    pub header: [u8; 3],
    /// The fragment. Once it is open the plaintext starts behind the IV, at `buf[block_len]`; of a
    /// fragment that could not be opened no plaintext stays.
    pub buf: &'a mut [u8],
    /// The plaintext's length, once it is open. Every cause of failure is the same [`BadRecord`].
    pub plain_len: Result<usize, BadRecord>,
}

impl<'a> CbcSealed<'a> {
    /// A record that nobody has opened yet.
    pub fn new(seq: u64, header: [u8; 3], buf: &'a mut [u8]) -> Self {
        Self {
            seq,
            header,
            buf,
            plain_len: Err(BadRecord),
        }
    }
}

/// Lengths alone: what is inside is the user's.
impl core::fmt::Debug for CbcSealed<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("CbcSealed")
            .field("seq", &self.seq)
            .field("header", &self.header)
            .field("buf_len", &self.buf.len())
            .finish_non_exhaustive()
    }
}

/// Makes keys of one cipher and MAC.
pub trait CbcAlgorithm: Send + Sync + core::fmt::Debug {
    /// The cipher.
    fn cipher(&self) -> CipherId;

    /// The hash under the HMAC.
    fn mac(&self) -> HashId;

    /// Expands the keys; their lengths are those of [`CbcAlgorithm::cipher`] and of the hash's
    /// output. For one direction: an implementation may build only what `direction` needs.
    fn key(&self, form: MacForm, cipher_key: &[u8], mac_key: &[u8]) -> Box<dyn CbcMac>;
}

/// One expanded pair of keys. Wiped when dropped.
pub trait CbcMac: Send + Sync {
    /// Length in bytes of the explicit IV: the cipher's block length.
    fn iv_len(&self) -> usize;

    /// Length in bytes of the fragment that `plain_len` bytes become: IV, padded ciphertext, MAC.
    /// Padding is minimal.
    fn sealed_len(&self, plain_len: usize) -> usize;

    /// Seals a run of records. They are independent of one another: an implementation may work on
    /// several side by side (CBC encryption of one record is bound by the cipher's latency).
    fn seal(&self, records: &mut [CbcRecord<'_>]);

    /// Opens a run of records in place and sets [`CbcSealed::plain_len`] of each. They are independent
    /// of one another: an implementation may work on several side by side.
    ///
    /// For [`MacForm::MacThenEncrypt`] padding and MAC are checked together, in time that depends
    /// on the lengths of the fragments alone: also the number of the hash's compressions does not
    /// depend on the padding (Lucky 13).
    fn open(&self, records: &mut [CbcSealed<'_>]);

    /// Opens one fragment and returns the plaintext's length.
    fn open_one(&self, seq: u64, header: [u8; 3], buf: &mut [u8]) -> Result<usize, BadRecord> {
        let mut record = [CbcSealed::new(seq, header, buf)];
        self.open(&mut record);
        let [record] = record;
        record.plain_len
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debugging_a_record_shows_nothing_of_it() {
        let record = CbcRecord {
            seq: 3,
            header: [23, 3, 3],
            iv: [0xdd; 16],
            plain: &[0xee; 3],
            out: &mut [0xcc; 5],
        };
        let shown = format!("{record:?}");
        assert!(shown.contains("plain_len: 3"), "{shown}");
        let mut buf = [0xcc; 5];
        let sealed = format!("{:?}", CbcSealed::new(4, [23, 3, 3], &mut buf));
        assert!(sealed.contains("buf_len: 5"), "{sealed}");
        for byte in ["238", "204", "221", "ee", "cc,", "dd"] {
            assert!(!shown.contains(byte), "{shown}");
            assert!(!sealed.contains(byte), "{sealed}");
        }
    }
}
