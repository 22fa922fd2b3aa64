//! A private key behind C callbacks.

use crate::args;
use crate::code::{TLS_OK, TLS_WANT_APP};
use crate::handle;
use crate::keypair::tls_key_callbacks;
use crate::pending::tls_pending;
use core::ffi::{c_int, c_void};
use core::sync::atomic::{AtomicBool, Ordering};
use std::sync::Arc;
use tls_core::crypto::{KeyError, Later, Pending, Reply, Secret, SignedBytes};
use tls_core::wire::SignatureScheme;
use tls_std::KeyOperations;

type SignFn = unsafe extern "C" fn(*mut tls_pending, c_int, *const u8, usize, *mut c_void) -> c_int;
type DecryptFn = unsafe extern "C" fn(*mut tls_pending, *const u8, usize, *mut c_void) -> c_int;

pub(crate) struct CallbackKey {
    sign: SignFn,
    decrypt: Option<DecryptFn>,
    release: Option<unsafe extern "C" fn(*mut c_void)>,
    arg: *mut c_void,
    /// Whether a context took the key: only then `arg` is ours to release.
    adopted: AtomicBool,
}

// SAFETY: the header says that the callbacks are called by any thread, also by several at once; `arg`
// is only handed through.
unsafe impl Send for CallbackKey {}
// SAFETY: as above.
unsafe impl Sync for CallbackKey {}

impl CallbackKey {
    pub(crate) fn new(callbacks: tls_key_callbacks, arg: *mut c_void) -> args::Result<Self> {
        Ok(Self {
            sign: callbacks.sign.ok_or_else(|| args::null("callbacks.sign"))?,
            decrypt: callbacks.decrypt,
            release: callbacks.release,
            arg,
            adopted: AtomicBool::new(false),
        })
    }

    /// From now on `release` is called when the key is dropped.
    pub(crate) fn adopt(&self) {
        self.adopted.store(true, Ordering::Release);
    }

    /// Calls back with a pending handle, and reads the return code.
    fn ask<T>(
        &self,
        later: &Later,
        what: &str,
        call: impl FnOnce(*mut tls_pending) -> c_int,
    ) -> Reply<Result<T, KeyError>> {
        let pending: Arc<Pending> = later.pending();
        let lent = handle::shared::<tls_pending>(pending.clone());
        let code = call(lent);
        // SAFETY: made above; the callback took references of its own if it wants to keep it.
        unsafe { handle::release(lent) };
        // An answer that was given during the call is taken at once.
        if code == TLS_WANT_APP || pending.is_answered() {
            return Reply::Later;
        }
        Reply::Now(Err(KeyError::Failed(match code {
            TLS_OK => format!("the {what} callback returned TLS_OK without an answer"),
            other => format!("the {what} callback returned {other}"),
        })))
    }
}

impl KeyOperations for CallbackKey {
    fn sign(
        &self,
        scheme: SignatureScheme,
        message: &[u8],
        later: &Later,
    ) -> Reply<Result<SignedBytes, KeyError>> {
        self.ask(later, "sign", |pending| {
            let scheme = c_int::from(scheme.0);
            // SAFETY: the program gave this function for this argument; the bytes are live, the
            // handle too.
            unsafe { (self.sign)(pending, scheme, message.as_ptr(), message.len(), self.arg) }
        })
    }

    fn can_decrypt(&self) -> bool {
        self.decrypt.is_some()
    }

    fn decrypt_raw(&self, ciphertext: &[u8], later: &Later) -> Reply<Result<Secret, KeyError>> {
        let Some(decrypt) = self.decrypt else {
            return Reply::Now(Err(KeyError::Failed("the key does not decrypt".into())));
        };
        self.ask(later, "decrypt", |pending| {
            // SAFETY: as above.
            unsafe { decrypt(pending, ciphertext.as_ptr(), ciphertext.len(), self.arg) }
        })
    }
}

impl Drop for CallbackKey {
    fn drop(&mut self) {
        if let Some(release) = self.release
            && self.adopted.load(Ordering::Acquire)
        {
            // SAFETY: the program gave this function for this argument, to be called once.
            unsafe { release(self.arg) };
        }
    }
}

impl core::fmt::Debug for CallbackKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("CallbackKey")
    }
}
