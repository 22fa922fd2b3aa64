//! What loading credentials needs of a context. A loader is taken before any lock: a file may be slow,
//! a key derivation is meant to be, and a program's callback may take its time.

use crate::error::Result;
use crate::password::{self, PasswordSource};
use std::sync::Arc;
use tls_core::crypto::Provider;
use tls_core::error::Reason;
use tls_crypto::encrypted::OpenError;

#[derive(Clone, Debug)]
pub(crate) struct Loader {
    provider: Arc<dyn Provider>,
    passwords: Option<Arc<dyn PasswordSource>>,
}

impl Loader {
    pub(crate) fn new(
        provider: Arc<dyn Provider>,
        passwords: Option<Arc<dyn PasswordSource>>,
    ) -> Self {
        Self {
            provider,
            passwords,
        }
    }

    /// The same with another source of passwords.
    pub(crate) fn with_passwords(&self, passwords: Option<Arc<dyn PasswordSource>>) -> Self {
        Self::new(self.provider.clone(), passwords)
    }

    pub(crate) fn has_passwords(&self) -> bool {
        self.passwords.is_some()
    }

    pub(crate) fn provider(&self) -> &dyn Provider {
        &*self.provider
    }

    /// See [`password::unlock`].
    pub(crate) fn unlock<T>(
        &self,
        place: &str,
        reason: Reason,
        open: impl Fn(&[u8]) -> Result<T, OpenError>,
    ) -> Result<T> {
        password::unlock(self.passwords.as_ref(), place, reason, open)
    }
}
