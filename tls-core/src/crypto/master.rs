use std::sync::Arc;
use zeroize::Zeroizing;

/// Bytes of the master secret.
const LEN: usize = 48;

/// master_secret (RFC 5246 §8.1): one copy, whoever has it (the handshake, its session, exporters), wiped when
/// the last of them is dropped. On the heap: a value that moves leaves its bytes behind.
#[derive(Clone)]
pub(crate) struct Master(Arc<Zeroizing<[u8; LEN]>>);

impl Master {
    /// What `fill` puts there.
    pub(crate) fn new(fill: impl FnOnce(&mut [u8])) -> Self {
        let mut secret = Arc::new(Zeroizing::new([0; LEN]));
        // Nobody else has it yet.
        fill(&mut Arc::make_mut(&mut secret)[..]);
        Self(secret)
    }

    /// A copy.
    pub(crate) fn copy_of(bytes: &[u8; LEN]) -> Self {
        Self::new(|secret| secret.copy_from_slice(bytes))
    }
}

impl core::ops::Deref for Master {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0[..]
    }
}
