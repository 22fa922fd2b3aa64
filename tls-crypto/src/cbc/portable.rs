use super::compression::Compression;
use super::record::BlockCipher;
use super::side_by_side::SideBySide;
use aes::{Aes128, Aes256};
use cbc::cipher::typenum::Unsigned;
use cbc::cipher::{
    Array, BlockCipherDecrypt, BlockCipherEncrypt, BlockModeDecrypt, BlockModeEncrypt, InnerIvInit,
    KeyInit,
};
use cbc::{Decryptor, Encryptor};

/// A block cipher of RustCrypto in CBC mode, on any CPU. Constant time; aes uses AES-NI, VAES or
/// the ARMv8 instructions where it finds them. Wiped by the crates' own `Drop`.
pub(crate) struct Portable<C>(C);

impl<C> BlockCipher for Portable<C>
where
    C: KeyInit + BlockCipherEncrypt + BlockCipherDecrypt + Send + Sync + 'static,
{
    const BLOCK: usize = C::BlockSize::USIZE;
    const NAME: &'static str = "portable";

    #[allow(clippy::expect_used)]
    fn new(key: &[u8]) -> Self {
        Self(C::new_from_slice(key).expect("the key's length was checked"))
    }

    #[allow(clippy::expect_used)]
    fn encrypt(&self, iv: &[u8], data: &mut [u8]) {
        let (blocks, rest) = Array::slice_as_chunks_mut(data);
        debug_assert!(rest.is_empty());
        Encryptor::<&C>::inner_iv_slice_init(&self.0, iv)
            .expect("the IV is one block")
            .encrypt_blocks(blocks);
    }

    #[allow(clippy::expect_used)]
    fn decrypt(&self, iv: &[u8], data: &mut [u8]) {
        let (blocks, rest) = Array::slice_as_chunks_mut(data);
        debug_assert!(rest.is_empty());
        Decryptor::<&C>::inner_iv_slice_init(&self.0, iv)
            .expect("the IV is one block")
            .decrypt_blocks(blocks);
    }
}

impl<C, H: Compression> SideBySide<H> for Portable<C> where Self: BlockCipher {}

/// AES with a key of either length: what is around a cipher exists once for both.
pub(super) enum Aes {
    Short(Portable<Aes128>),
    Long(Portable<Aes256>),
}

impl BlockCipher for Aes {
    const BLOCK: usize = 16;
    const NAME: &'static str = "portable";

    fn new(key: &[u8]) -> Self {
        match key.len() {
            16 => Self::Short(Portable::new(key)),
            _ => Self::Long(Portable::new(key)),
        }
    }

    fn encrypt(&self, iv: &[u8], data: &mut [u8]) {
        match self {
            Self::Short(key) => key.encrypt(iv, data),
            Self::Long(key) => key.encrypt(iv, data),
        }
    }

    fn decrypt(&self, iv: &[u8], data: &mut [u8]) {
        match self {
            Self::Short(key) => key.decrypt(iv, data),
            Self::Long(key) => key.decrypt(iv, data),
        }
    }
}

impl<H: Compression> SideBySide<H> for Aes {}
