use core::mem::MaybeUninit;

/// Length in bytes of the nonce of every AEAD that TLS uses.
pub const AEAD_NONCE_LEN: usize = 12;

/// The AEADs of TLS 1.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AeadId {
    /// AES-128-GCM (RFC 5288)
    Aes128Gcm,
    /// AES-256-GCM (RFC 5288)
    Aes256Gcm,
    /// ChaCha20-Poly1305 (RFC 7905)
    ChaCha20Poly1305,
    /// AES-128-CCM (RFC 6655)
    Aes128Ccm,
    /// AES-256-CCM (RFC 6655)
    Aes256Ccm,
    /// AES-128-CCM with an 8-byte tag (RFC 6655)
    Aes128Ccm8,
    /// AES-256-CCM with an 8-byte tag (RFC 6655)
    Aes256Ccm8,
}

impl AeadId {
    /// Key length in bytes.
    pub const fn key_len(self) -> usize {
        match self {
            Self::Aes128Gcm | Self::Aes128Ccm | Self::Aes128Ccm8 => 16,
            Self::Aes256Gcm | Self::Aes256Ccm | Self::Aes256Ccm8 | Self::ChaCha20Poly1305 => 32,
        }
    }

    /// Tag length in bytes.
    pub const fn tag_len(self) -> usize {
        match self {
            Self::Aes128Ccm8 | Self::Aes256Ccm8 => 8,
            _ => 16,
        }
    }
}

/// A record that does not authenticate: wrong MAC, tag, padding or length. One value for all
/// causes, so that no caller can tell them apart (RFC 5246 §6.2.3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadRecord;

/// Makes keys of one AEAD.
pub trait AeadAlgorithm: Send + Sync + core::fmt::Debug {
    /// Which AEAD this is.
    fn id(&self) -> AeadId;

    /// Expands `key`, which has [`AeadId::key_len`] bytes (anything else is a bug of the caller and
    /// may panic). The expanded key is wiped when dropped.
    fn key(&self, key: &[u8]) -> Box<dyn Aead>;
}

/// One expanded AEAD key. Wide tables may be built lazily: most connections are short.
pub trait Aead: Send + Sync {
    /// Tag length in bytes.
    fn tag_len(&self) -> usize;

    /// Encrypts `plain` into `out` and appends the tag: one pass, out of place.
    /// `out.len() == plain.len() + tag_len`, else it panics.
    fn seal(&self, nonce: &[u8; AEAD_NONCE_LEN], aad: &[u8], plain: &[u8], out: &mut [u8]);

    /// Opens `sealed` (ciphertext and tag) into `out`, which may be uninitialised and is wholly
    /// initialised on success: `out.len() == sealed.len() - tag_len`, else it panics. On error
    /// nothing of the plaintext stays in `out`.
    fn open(
        &self,
        nonce: &[u8; AEAD_NONCE_LEN],
        aad: &[u8],
        sealed: &[u8],
        out: &mut [MaybeUninit<u8>],
    ) -> Result<(), BadRecord>;

    /// Opens in place and returns the plaintext's length; the plaintext starts at `buf[0]`. A
    /// `buf` shorter than the tag is a [`BadRecord`]. On error no plaintext stays in `buf`.
    fn open_in_place(
        &self,
        nonce: &[u8; AEAD_NONCE_LEN],
        aad: &[u8],
        buf: &mut [u8],
    ) -> Result<usize, BadRecord>;
}
