//! AES in CBC mode with VAES, AES-NI and the SHA extensions.
//!
//! Decryption of a record is as wide as the CPU is. Encryption is a chain, bound by the latency of
//! AES, and so is SHA-1 or SHA-256: [`stitched`] runs both chains side by side, and those of two
//! records where [`pairs`] finds two.

mod decrypt;
mod pairs;
mod sha;
mod stitched;

use super::compression::{Sha1, Sha256, Sha384};
use super::record::BlockCipher;
use super::side_by_side::{SideBySide, Stitch};
use crate::x86::aes::{RoundKeys, expand, invert};
use zeroize::Zeroize;

/// An expanded AES key of either length. Only for algorithms that were chosen by
/// [`crate::cpu::has_vaes_and_sha`].
pub(super) struct Aes {
    /// Whether it has 14 rounds, and not 10.
    long: bool,
    encrypt: RoundKeys,
    decrypt: RoundKeys,
}

impl Drop for Aes {
    fn drop(&mut self) {
        self.encrypt.zeroize();
        self.decrypt.zeroize();
    }
}

/// The call with the key's rounds as the constant `R`: the kernels are written out for both numbers, and what is
/// around them is not.
macro_rules! with_rounds {
    ($key:ident, $R:ident => $call:expr) => {
        if $key.long {
            const $R: usize = 14;
            $call
        } else {
            const $R: usize = 10;
            $call
        }
    };
}

/// [`super::compression::Compression::compress_digest`] of SHA-256, where the CPU can; whether it could.
pub(super) fn compress_digest(pad: &[u32; 8], digest: &mut [u32; 8]) -> bool {
    let can = crate::cpu::has_sha();
    if can {
        // SAFETY: the CPU has the instructions.
        unsafe { sha::compress_digest(pad, digest) };
    }
    can
}

/// The chaining value as an array.
fn block(iv: &[u8]) -> &[u8; 16] {
    iv.first_chunk().expect("the IV is one block")
}

impl BlockCipher for Aes {
    const BLOCK: usize = 16;
    const NAME: &'static str = "VAES, SHA";

    fn new(key: &[u8]) -> Self {
        // The table asks before it hands an algorithm out. A safe trait method cannot say so in
        // its type, and asking again costs nothing beside the key schedule.
        assert!(crate::cpu::has_vaes_and_sha());
        let long = key.len() == 32;
        // SAFETY: the CPU has the instructions.
        unsafe {
            let encrypt = match long {
                true => expand::<14>(key),
                false => expand::<10>(key),
            };
            let decrypt = match long {
                true => invert::<14>(&encrypt),
                false => invert::<10>(&encrypt),
            };
            Self {
                long,
                encrypt,
                decrypt,
            }
        }
    }

    fn encrypt(&self, iv: &[u8], data: &mut [u8]) {
        // SAFETY: a key exists only where the CPU has the instructions.
        with_rounds!(self, R => unsafe {
            stitched::encrypt::<R>(&self.encrypt, block(iv), data);
        });
    }

    fn decrypt(&self, iv: &[u8], data: &mut [u8]) {
        // SAFETY: as above.
        with_rounds!(self, R => unsafe {
            decrypt::decrypt::<R>(&self.decrypt, block(iv), data);
        });
    }
}

impl SideBySide<Sha1> for Aes {
    fn encrypt_and_compress(&self, records: &mut [Stitch<'_, Sha1>]) {
        with_rounds!(self, R => pairs::run::<Sha1, R>(&self.encrypt, records));
    }

    fn compress(&self, records: &mut [Stitch<'_, Sha1>]) {
        pairs::run::<Sha1, 0>(&self.encrypt, records);
    }
}

impl SideBySide<Sha256> for Aes {
    fn encrypt_and_compress(&self, records: &mut [Stitch<'_, Sha256>]) {
        with_rounds!(self, R => pairs::run::<Sha256, R>(&self.encrypt, records));
    }

    fn compress(&self, records: &mut [Stitch<'_, Sha256>]) {
        pairs::run::<Sha256, 0>(&self.encrypt, records);
    }
}

/// SHA-384 has no instructions here; one after the other.
impl SideBySide<Sha384> for Aes {}
