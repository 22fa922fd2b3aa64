use crate::crypto::{Digest, Hash, HashContext};
use crate::error::{Reason, Result};

/// Bytes for a ServerHello behind the ClientHello: often the hash begins there.
const SERVER_HELLO_ROOM: usize = 128;

/// handshake_messages (RFC 5246 §7.4.9): every handshake message so far, both directions,
/// HelloRequest apart.
///
/// The bytes are kept until the hash is known and nobody needs them any more: a client's
/// CertificateVerify signs the messages, not a digest (§7.4.8).
pub(crate) struct Transcript {
    bytes: Vec<u8>,
    hash: Option<Box<dyn HashContext>>,
}

impl Transcript {
    pub(crate) fn new() -> Self {
        Self {
            bytes: Vec::new(),
            hash: None,
        }
    }

    pub(crate) fn add(&mut self, message: &[u8]) {
        match &mut self.hash {
            Some(hash) => hash.update(message),
            None => {
                if self.bytes.is_empty() {
                    self.bytes.reserve_exact(message.len() + SERVER_HELLO_ROOM);
                }
                self.bytes.extend_from_slice(message);
            }
        }
    }

    /// The messages so far. Only before [`Transcript::hash_with`]: behind it they are gone, and nobody
    /// must sign or verify what is left.
    pub(crate) fn bytes(&self) -> Result<&[u8]> {
        match self.hash {
            None => Ok(&self.bytes),
            Some(_) => Err(Reason::Bug.into()),
        }
    }

    /// From here on the hash is enough: hashes the messages so far, once, and drops them.
    pub(crate) fn hash_with(&mut self, hash: &dyn Hash) {
        if self.hash.is_some() {
            return;
        }
        let mut context = hash.start();
        context.update(&self.bytes);
        self.bytes = Vec::new();
        self.hash = Some(context);
    }

    /// The hash of the messages so far: of all that were added, with `hash` where none runs yet.
    pub(crate) fn current(&self, hash: &dyn Hash) -> Digest {
        match &self.hash {
            Some(context) => context.current(),
            None => hash.hash(&[&self.bytes]),
        }
    }
}
