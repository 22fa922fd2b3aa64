use crate::cbc::{BlockCipher, Portable};
use aes::{Aes128, Aes192, Aes256};
use des::TdesEde3;
use rc2::Rc2;
use zeroize::Zeroizing;

/// A block cipher in CBC mode with the padding of PKCS #7.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cipher {
    Aes128,
    Aes192,
    Aes256,
    /// Three keys.
    DesEde3,
    /// Two keys, the first of which comes again as the third.
    DesEde2,
    /// The effective length is the key's own.
    Rc2Bits128,
    Rc2Bits40,
}

impl Cipher {
    pub(super) const fn key_len(self) -> usize {
        match self {
            Self::Aes128 | Self::DesEde2 | Self::Rc2Bits128 => 16,
            Self::Aes192 | Self::DesEde3 => 24,
            Self::Aes256 => 32,
            Self::Rc2Bits40 => 5,
        }
    }

    /// Of a block and of the IV, in bytes.
    pub(super) const fn block(self) -> usize {
        match self {
            Self::Aes128 | Self::Aes192 | Self::Aes256 => 16,
            Self::DesEde3 | Self::DesEde2 | Self::Rc2Bits128 | Self::Rc2Bits40 => 8,
        }
    }

    /// `None`: no whole blocks, or a padding that shows another key. `key` and `iv` have their lengths.
    /// Whoever could measure this has the file and could try passwords himself.
    pub(super) fn decrypt(self, key: &[u8], iv: &[u8], data: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        if data.is_empty() || !data.len().is_multiple_of(self.block()) {
            return None;
        }
        let mut plain = Zeroizing::new(data.to_vec());
        match self {
            Self::Aes128 => Portable::<Aes128>::new(key).decrypt(iv, &mut plain),
            Self::Aes192 => Portable::<Aes192>::new(key).decrypt(iv, &mut plain),
            Self::Aes256 => Portable::<Aes256>::new(key).decrypt(iv, &mut plain),
            Self::DesEde3 => Portable::<TdesEde3>::new(key).decrypt(iv, &mut plain),
            Self::DesEde2 => {
                let keys = Zeroizing::new([key, &key[..8]].concat());
                Portable::<TdesEde3>::new(&keys).decrypt(iv, &mut plain);
            }
            Self::Rc2Bits128 | Self::Rc2Bits40 => {
                Portable::<Rc2>::new(key).decrypt(iv, &mut plain);
            }
        }
        let padding = usize::from(*plain.last()?);
        let kept = plain.len().checked_sub(padding)?;
        let fits = (1..=self.block()).contains(&padding);
        if !fits || plain[kept..].iter().any(|b| usize::from(*b) != padding) {
            return None;
        }
        plain.truncate(kept);
        Some(plain)
    }
}
