//! A private key behind C callbacks.

use crate::args;
use crate::callback::{self, CallbackArg};
use crate::code::TLS_OK;
use crate::keypair::tls_key_callbacks;
use crate::pending::tls_pending;
use core::ffi::{c_int, c_void};
use tls_core::crypto::{KeyError, Later, Reply, Secret, SignedBytes};
use tls_core::wire::SignatureScheme;
use tls_std::KeyOperations;

type SignFn = unsafe extern "C" fn(*mut tls_pending, c_int, *const u8, usize, *mut c_void) -> c_int;
type DecryptFn = unsafe extern "C" fn(*mut tls_pending, *const u8, usize, *mut c_void) -> c_int;

pub(crate) struct CallbackKey {
    sign: SignFn,
    decrypt: Option<DecryptFn>,
    arg: CallbackArg,
}

impl CallbackKey {
    pub(crate) fn new(callbacks: tls_key_callbacks, arg: *mut c_void) -> args::Result<Self> {
        Ok(Self {
            sign: callbacks.sign.ok_or_else(|| args::null("callbacks.sign"))?,
            decrypt: callbacks.decrypt,
            arg: CallbackArg::new(arg, callbacks.release),
        })
    }

    /// From now on `release` is called when the key is dropped.
    pub(crate) fn adopt(&self) {
        self.arg.adopt();
    }

    /// Calls back with a pending handle, and reads the return code. An answer that was given during
    /// the call is taken at once.
    fn ask<T>(
        &self,
        later: &Later,
        what: &str,
        call: impl FnOnce(*mut tls_pending) -> c_int,
    ) -> Reply<Result<T, KeyError>> {
        match callback::ask(later, call) {
            None => Reply::Later,
            Some(TLS_OK) => Reply::Now(Err(KeyError::Failed(format!(
                "the {what} callback returned TLS_OK without an answer"
            )))),
            Some(other) => Reply::Now(Err(KeyError::Failed(format!(
                "the {what} callback returned {other}"
            )))),
        }
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
            unsafe {
                (self.sign)(
                    pending,
                    scheme,
                    message.as_ptr(),
                    message.len(),
                    self.arg.get(),
                )
            }
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
            unsafe {
                decrypt(
                    pending,
                    ciphertext.as_ptr(),
                    ciphertext.len(),
                    self.arg.get(),
                )
            }
        })
    }
}

impl core::fmt::Debug for CallbackKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("CallbackKey")
    }
}
