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

    /// Opens the fragment `buf` in place and returns the plaintext's length; the plaintext starts
    /// behind the IV, at `buf[block_len]`.
    ///
    /// For [`MacForm::MacThenEncrypt`] padding and MAC are checked together, in time that depends
    /// on `buf.len()` alone: also the number of the hash's compressions does not depend on the
    /// padding (Lucky 13). Every cause of failure is the same [`BadRecord`]. On error no plaintext
    /// stays in `buf`.
    fn open(&self, seq: u64, header: [u8; 3], buf: &mut [u8]) -> Result<usize, BadRecord>;
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
        for byte in ["238", "204", "221", "ee", "cc,", "dd"] {
            assert!(!shown.contains(byte), "{shown}");
        }
    }
}
