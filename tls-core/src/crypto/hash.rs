use super::wipe;

/// Length in bytes of the longest digest (SHA-512).
pub const MAX_DIGEST_LEN: usize = 64;

/// The hash functions of TLS 1.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum HashId {
    /// SHA-1: MACs, and signatures in the legacy policy.
    Sha1,
    /// SHA-256
    Sha256,
    /// SHA-384
    Sha384,
    /// SHA-512
    Sha512,
}

impl HashId {
    /// Output length in bytes.
    pub const fn output_len(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// Length in bytes of the block that one compression takes.
    pub const fn block_len(self) -> usize {
        match self {
            Self::Sha1 | Self::Sha256 => 64,
            Self::Sha384 | Self::Sha512 => 128,
        }
    }
}

/// A hash value of up to [`MAX_DIGEST_LEN`] bytes, kept inline and wiped when dropped (a MAC or a
/// session hash can be a secret's neighbour).
#[derive(Clone)]
pub struct Digest {
    bytes: [u8; MAX_DIGEST_LEN],
    len: usize,
}

impl Digest {
    /// Copies `bytes`; panics when there are more than [`MAX_DIGEST_LEN`].
    pub fn new(bytes: &[u8]) -> Self {
        let mut digest = Self {
            bytes: [0; MAX_DIGEST_LEN],
            len: bytes.len(),
        };
        digest.bytes[..bytes.len()].copy_from_slice(bytes);
        digest
    }
}

impl AsRef<[u8]> for Digest {
    fn as_ref(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

impl core::fmt::Debug for Digest {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Digest({} bytes)", self.len)
    }
}

impl Drop for Digest {
    fn drop(&mut self) {
        wipe(&mut self.bytes[..self.len]);
    }
}

/// One hash function.
pub trait Hash: Send + Sync + core::fmt::Debug {
    /// Which one.
    fn id(&self) -> HashId;

    /// A running hash.
    fn start(&self) -> Box<dyn HashContext>;

    /// The hash of the concatenated `parts`.
    fn hash(&self, parts: &[&[u8]]) -> Digest;
}

/// A running hash, as transcripts need it.
pub trait HashContext: Send + Sync {
    /// Appends bytes.
    fn update(&mut self, bytes: &[u8]);

    /// The hash of what came so far; the context goes on.
    fn current(&self) -> Digest;

    /// A second context that goes on from here.
    fn fork(&self) -> Box<dyn HashContext>;
}

/// The pseudorandom function `PRF(secret, label, seed)` with P_hash over HMAC (RFC 5246 §5).
pub trait Prf: Send + Sync + core::fmt::Debug {
    /// The hash under the HMAC.
    fn hash(&self) -> HashId;

    /// A secret from which several values are derived: what depends on it alone is computed once.
    fn key(&self, secret: &[u8]) -> Box<dyn PrfKey>;

    /// One value of one secret: fills `out`; the seed is the concatenation of `seed`.
    fn derive(&self, secret: &[u8], label: &[u8], seed: &[&[u8]], out: &mut [u8]) {
        self.key(secret).derive(label, seed, out);
    }
}

/// A secret under a [`Prf`], wiped when dropped.
pub trait PrfKey: Send + Sync {
    /// Fills `out`; the seed is the concatenation of `seed`.
    fn derive(&self, label: &[u8], seed: &[&[u8]], out: &mut [u8]);
}
