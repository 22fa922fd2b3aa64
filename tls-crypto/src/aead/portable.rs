use aes_gcm::aead::inout::InOutBuf;
use aes_gcm::aead::{AeadInOut, KeyInit, Nonce, Tag, consts::U12};
use core::fmt;
use core::marker::PhantomData;
use core::mem::MaybeUninit;
use tls_core::crypto::{AEAD_NONCE_LEN, Aead, AeadAlgorithm, AeadId, BadRecord};
use zeroize::Zeroize;

/// The floor: any AEAD of RustCrypto with a 12-byte nonce, on any CPU. Constant time; uses AES-NI,
/// PCLMULQDQ and the like where its crates find them.
pub(super) struct Portable<A> {
    id: AeadId,
    cipher: PhantomData<fn() -> A>,
}

impl<A> Portable<A> {
    pub(super) const fn new(id: AeadId) -> Self {
        Self {
            id,
            cipher: PhantomData,
        }
    }
}

impl<A> fmt::Debug for Portable<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} (portable)", self.id)
    }
}

impl<A> AeadAlgorithm for Portable<A>
where
    A: AeadInOut<NonceSize = U12> + KeyInit + Send + Sync + 'static,
{
    fn id(&self) -> AeadId {
        self.id
    }

    fn key(&self, key: &[u8]) -> Box<dyn Aead> {
        assert_eq!(key.len(), self.id.key_len(), "key length");
        #[allow(clippy::expect_used)]
        let cipher = A::new_from_slice(key).expect("the length was checked");
        Box::new(Key {
            cipher,
            tag_len: self.id.tag_len(),
        })
    }
}

/// Wiped by the crates' own `Drop` (their feature `zeroize`).
struct Key<A> {
    cipher: A,
    tag_len: usize,
}

impl<A: AeadInOut<NonceSize = U12>> Key<A> {
    /// Decrypts in place, or leaves zeroes.
    fn open_detached(
        &self,
        nonce: &[u8; AEAD_NONCE_LEN],
        aad: &[u8],
        text: &mut [u8],
        tag: &[u8],
    ) -> Result<(), BadRecord> {
        let nonce: &Nonce<A> = nonce.into();
        let opened = match <&Tag<A>>::try_from(tag) {
            Ok(tag) => self
                .cipher
                .decrypt_inout_detached(nonce, aad, InOutBuf::from(&mut *text), tag)
                .map_err(|_| BadRecord),
            Err(_) => Err(BadRecord),
        };
        if opened.is_err() {
            text.zeroize();
        }
        opened
    }
}

impl<A: AeadInOut<NonceSize = U12> + Send + Sync> Aead for Key<A> {
    fn tag_len(&self) -> usize {
        self.tag_len
    }

    fn seal(&self, nonce: &[u8; AEAD_NONCE_LEN], aad: &[u8], plain: &[u8], out: &mut [u8]) {
        assert_eq!(out.len(), plain.len() + self.tag_len, "output length");
        let (text, tag) = out.split_at_mut(plain.len());
        #[allow(clippy::expect_used)]
        let computed = InOutBuf::new(plain, text)
            .ok()
            .and_then(|text| {
                self.cipher
                    .encrypt_inout_detached(nonce.into(), aad, text)
                    .ok()
            })
            .expect("a record is far below the AEAD's limits");
        tag.copy_from_slice(&computed);
    }

    fn open(
        &self,
        nonce: &[u8; AEAD_NONCE_LEN],
        aad: &[u8],
        sealed: &[u8],
        out: &mut [MaybeUninit<u8>],
    ) -> Result<(), BadRecord> {
        assert_eq!(sealed.len(), out.len() + self.tag_len, "output length");
        let (text, tag) = sealed.split_at(out.len());
        self.open_detached(nonce, aad, out.write_copy_of_slice(text), tag)
    }

    fn open_in_place(
        &self,
        nonce: &[u8; AEAD_NONCE_LEN],
        aad: &[u8],
        buf: &mut [u8],
    ) -> Result<usize, BadRecord> {
        let len = buf.len().checked_sub(self.tag_len).ok_or(BadRecord)?;
        let (text, tag) = buf.split_at_mut(len);
        self.open_detached(nonce, aad, text, tag)?;
        Ok(len)
    }
}
