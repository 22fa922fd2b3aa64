use super::{Later, Reply, Secret};

/// Most bytes of a PSK identity and of an identity hint. RFC 4279 §5.3 asks for 128 at least.
pub const MAX_PSK_IDENTITY: usize = 1024;

/// Most bytes of a pre-shared key. RFC 4279 §5.3 asks for 64 at least.
pub const MAX_PSK: usize = 1024;

/// A pre-shared key and what it is called (RFC 4279).
#[derive(Clone, PartialEq, Eq)]
pub struct Psk {
    /// At most [`MAX_PSK_IDENTITY`] bytes, sent in the clear; RFC 4279 §5.1 wants UTF-8. Of no
    /// meaning in a server's answer.
    pub identity: Vec<u8>,
    /// 1 to [`MAX_PSK`] bytes. Not a password: who sees a handshake can try all of those.
    pub key: Secret,
}

/// The name alone.
impl core::fmt::Debug for Psk {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let identity = String::from_utf8_lossy(&self.identity);
        write!(f, "Psk({identity:?}, a key of {} bytes)", self.key.len())
    }
}

/// Where pre-shared keys come from. One object may serve both roles; either answer may come later.
pub trait PskKeys: Send + Sync + core::fmt::Debug {
    /// A client's key for a server with this identity hint (RFC 4279 §5.2), which is empty where the
    /// server gives none. `None` ends the handshake.
    fn for_hint(&self, hint: &[u8], later: &Later) -> Reply<Option<Psk>>;

    /// A server's key for this identity, of at most [`MAX_PSK_IDENTITY`] bytes. `None`: nobody has
    /// it; the handshake then goes on and fails as it does with a wrong key (RFC 4279 §2). Asked too
    /// before a session is resumed that was made with a key: with none, or another, it is not.
    fn for_identity(&self, identity: &[u8], later: &Later) -> Reply<Option<Psk>>;

    /// What stands for these keys in a client's sessions: a session that was made with other keys is
    /// not offered. Never a key or anything that is computed from one.
    fn scope(&self) -> Vec<u8>;
}
