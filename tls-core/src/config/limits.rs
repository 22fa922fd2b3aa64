//! How much the keys of one direction may protect.

use crate::crypto::{AeadId, BulkCipher, CipherId};

/// How much the keys of one direction may protect. TLS 1.2 has no key update: when the end is near
/// ([`crate::conn::Connection::keys_nearly_used`]) a program closes, or renegotiates, which brings new
/// keys. At the end no more data is written or read.
///
/// An AEAD is counted in records, a block cipher in blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyLimits {
    /// AES-GCM, in records.
    pub gcm: u64,
    /// AES-CCM, in records.
    pub ccm: u64,
    /// ChaCha20-Poly1305, in records.
    pub chacha20: u64,
    /// AES-CBC, in blocks.
    pub aes_cbc: u64,
    /// 3DES, in blocks.
    pub triple_des: u64,
}

impl KeyLimits {
    /// AES-GCM 2^24.5 records (RFC 8446 §5.5, RFC 9325 §4.4), AES-CCM 2^23 (RFC 9147 §4.5.3); 3DES 2^32
    /// blocks, the birthday bound of its 64 bits (Sweet32 needs that many for one collision); AES-CBC
    /// 2^48 blocks, where a collision has a chance of 2^-33. ChaCha20-Poly1305 needs none: the sequence
    /// number ends before (RFC 8446 §5.5).
    pub const DEFAULT: Self = Self {
        gcm: 23_726_566,
        ccm: 1 << 23,
        chacha20: u64::MAX,
        aes_cbc: 1 << 48,
        triple_des: 1 << 32,
    };

    /// None of them above `most`.
    #[must_use]
    pub fn at_most(self, most: u64) -> Self {
        Self {
            gcm: self.gcm.min(most),
            ccm: self.ccm.min(most),
            chacha20: self.chacha20.min(most),
            aes_cbc: self.aes_cbc.min(most),
            triple_des: self.triple_des.min(most),
        }
    }

    pub(crate) fn of(&self, bulk: BulkCipher) -> u64 {
        match bulk {
            BulkCipher::Aead(AeadId::ChaCha20Poly1305) => self.chacha20,
            BulkCipher::Aead(AeadId::Aes128Gcm | AeadId::Aes256Gcm) => self.gcm,
            BulkCipher::Aead(_) => self.ccm,
            BulkCipher::Cbc {
                cipher: CipherId::TripleDes,
                ..
            } => self.triple_des,
            BulkCipher::Cbc { .. } => self.aes_cbc,
        }
    }
}

impl Default for KeyLimits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
