//! What one record's chains, and those of several records, have to do at the same time.

use super::compression::Compression;
use super::record::BlockCipher;

/// Bytes of a record to encrypt and bytes of it to hash, which are other ones.
pub(super) struct Stitch<'a, H: Compression> {
    /// The chaining value of the cipher.
    pub(super) iv: &'a [u8],
    /// What is encrypted to `to`: both as long as `hashed`.
    pub(super) from: &'a [u8],
    pub(super) to: &'a mut [u8],
    /// The chaining value of the hash.
    pub(super) state: &'a mut H::State,
    /// What is hashed: a whole number of the hash's blocks.
    pub(super) hashed: &'a [u8],
}

impl<'a, H: Compression> Stitch<'a, H> {
    /// Nothing to encrypt.
    pub(super) fn hash(state: &'a mut H::State, hashed: &'a [u8]) -> Self {
        Self {
            iv: &[],
            from: &[],
            to: &mut [],
            state,
            hashed,
        }
    }
}

/// Encryption and hashing side by side, where an implementation can. Records are independent of one
/// another, and need not be equally long.
pub(super) trait SideBySide<H: Compression>: BlockCipher {
    /// Encrypts and compresses.
    fn encrypt_and_compress(&self, records: &mut [Stitch<'_, H>]) {
        for record in records {
            H::compress(record.state, record.hashed);
            record.to.copy_from_slice(record.from);
            self.encrypt(record.iv, record.to);
        }
    }

    /// Compresses alone ([`Stitch::hash`]).
    fn compress(&self, records: &mut [Stitch<'_, H>]) {
        for record in records {
            H::compress(record.state, record.hashed);
        }
    }
}
