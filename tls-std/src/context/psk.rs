//! Pre-shared keys.

use super::Context;
use crate::error::{Error, Result};
use std::sync::Arc;
use tls_core::crypto::{Later, MAX_PSK, MAX_PSK_IDENTITY, Psk, PskKeys, Reply, Secret};
use tls_core::error::Reason;

/// One key: a client has it for every hint, a server for its identity.
#[derive(Debug)]
struct OneKey(Psk);

impl PskKeys for OneKey {
    fn for_hint(&self, _hint: &[u8], _later: &Later) -> Reply<Option<Psk>> {
        Reply::Now(Some(self.0.clone()))
    }

    /// Identities are public: they travel in the clear.
    fn for_identity(&self, identity: &[u8], _later: &Later) -> Reply<Option<Psk>> {
        Reply::Now((self.0.identity == identity).then(|| self.0.clone()))
    }

    fn scope(&self) -> Vec<u8> {
        self.0.identity.clone()
    }
}

/// Pre-shared keys (RFC 4279), for peers that have no certificates. Without any, no suite that needs
/// one is offered or chosen; with them, certificates still come first where both sides have them: a
/// cipher list like `aPSK` leaves no certificates. A client that offers suites without certificates alone
/// needs no name to verify, and such a server no keypair.
impl Context {
    /// One key and what it is called: a client shows this name, a server knows no other. In place of
    /// all earlier ones. The name has at most [`MAX_PSK_IDENTITY`] bytes, the key 1 to [`MAX_PSK`]
    /// (`BadArgument`); a key is random bytes, never a password.
    pub fn set_psk(&self, identity: &[u8], key: &[u8]) -> Result<()> {
        self.edit(|s| {
            check(identity.len() <= MAX_PSK_IDENTITY, || {
                let len = identity.len();
                format!("a PSK identity has at most {MAX_PSK_IDENTITY} bytes, not {len}")
            })?;
            check((1..=MAX_PSK).contains(&key.len()), || {
                format!("a PSK has 1 to {MAX_PSK} bytes, not {}", key.len())
            })?;
            s.edit().psk = Some(Arc::new(OneKey(Psk {
                identity: identity.to_vec(),
                key: Secret::new(key.to_vec()),
            })));
            Ok(())
        })
    }

    /// Keys that the application looks up, which may answer later. In place of all earlier ones;
    /// `None`: no pre-shared keys.
    pub fn set_psk_keys(&self, keys: Option<Arc<dyn PskKeys>>) {
        self.change(|s| s.edit().psk = keys);
    }

    /// What a server tells its clients, so that they find their key (RFC 4279 §5.2), at most
    /// [`MAX_PSK_IDENTITY`] bytes (`BadArgument`); empty, the default: nothing.
    pub fn set_psk_hint(&self, hint: &[u8]) -> Result<()> {
        self.edit(|s| {
            check(hint.len() <= MAX_PSK_IDENTITY, || {
                let len = hint.len();
                format!("a PSK identity hint has at most {MAX_PSK_IDENTITY} bytes, not {len}")
            })?;
            s.edit().psk_hint = hint.to_vec();
            Ok(())
        })
    }
}

fn check(good: bool, text: impl FnOnce() -> String) -> Result<()> {
    match good {
        true => Ok(()),
        false => Err(Error::with(Reason::BadArgument, text())),
    }
}
