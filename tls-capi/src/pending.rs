//! Answers that come later.

use crate::args;
use crate::code::*;
use crate::guard::guard;
use crate::handle::{self, Handle};
use core::ffi::{c_char, c_int, c_void};
use std::sync::Arc;
use tls_core::crypto::{Answer, AnswerKind, KeyError, MAX_PSK, MAX_PSK_IDENTITY, Pending, Psk};
use tls_core::wire::AlertDescription;

/// A question that waits for its answer. Reference-counted; it outlives the connection. It may be
/// answered once, from any thread: that stores the answer and calls the wake-up of
/// tls_pending_set_wake(), and the connection's own thread then repeats its call. Answering twice,
/// never, or after the connection is gone is safe.
pub struct tls_pending {
    _private: (),
}

/// Takes one more reference and returns `pending`. NULL gives NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_pending_ref(pending: *mut tls_pending) -> *mut tls_pending {
    // SAFETY: by the header, NULL or a live object.
    guard(core::ptr::null_mut(), || unsafe {
        handle::add_ref(pending)
    })
}

/// Gives a reference back. NULL does nothing. With the last reference of a callback's question that waits
/// and has no answer goes who could give one: a store then has nothing, anything else fails the connection
/// with TLS_REASON_CALLBACK_MISBEHAVED (a decryption and a server's PSK: as one that failed), and the wake-up is called.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_pending_free(pending: *mut tls_pending) {
    // SAFETY: by the header, NULL or a live object of which the caller gives a reference up.
    guard((), || unsafe { handle::release(pending) });
}

/// Answers a `sign` callback with the signature, which is copied.
///
/// Returns TLS_OK, or TLS_ERR_USAGE when `pending` was answered before or asks for something else, and
/// when an argument is NULL or empty.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_pending_answer_signature(
    pending: *mut tls_pending,
    signature: *const c_void,
    len: usize,
) -> c_int {
    // SAFETY: by the header, a live object and readable bytes, or NULL.
    unsafe {
        answer(pending, Some(AnswerKind::Signature), || {
            let signature = answer_bytes(signature, len)?;
            Some(Answer::Signature(Ok(signature.to_vec())))
        })
    }
}

/// Answers a `decrypt` callback with the result of the raw RSA operation, which is copied (and the
/// copy wiped after use). Returns as tls_pending_answer_signature().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_pending_answer_decrypted(
    pending: *mut tls_pending,
    plain: *const c_void,
    len: usize,
) -> c_int {
    // SAFETY: by the header, a live object and readable bytes, or NULL.
    unsafe {
        answer(pending, Some(AnswerKind::Decryption), || {
            let plain = answer_bytes(plain, len)?;
            Some(Answer::Decrypted(Ok(plain.to_vec().into())))
        })
    }
}

/// Answers a session store's `get` with the value, which is copied; NULL with `len` 0: there is none.
/// More than 65536 bytes are no value of ours: TLS_ERR_USAGE. Otherwise returns as
/// tls_pending_answer_signature().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_pending_answer_session(
    pending: *mut tls_pending,
    value: *const c_void,
    len: usize,
) -> c_int {
    // SAFETY: by the header, a live object and readable bytes, or NULL.
    unsafe {
        answer(pending, Some(AnswerKind::Session), || {
            let value = args::bytes("value", value, len).ok()?;
            let value = (!value.is_empty()).then(|| value.to_vec().into());
            (len <= MAX_SESSION_VALUE).then_some(Answer::Session(value))
        })
    }
}

/// Answers a tls_psk_callbacks with a key, 1 to 1024 bytes, and on a client with its identity, at most
/// 1024 bytes; both are copied. A server's answer has no identity (NULL, 0). No key (NULL, 0): there is
/// none. Other lengths are TLS_ERR_USAGE; otherwise returns as tls_pending_answer_signature().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_pending_answer_psk(
    pending: *mut tls_pending,
    identity: *const c_void,
    identity_len: usize,
    key: *const c_void,
    key_len: usize,
) -> c_int {
    // SAFETY: by the header, a live object and readable bytes, or NULL.
    unsafe {
        answer(pending, Some(AnswerKind::Psk), || {
            let identity = args::bytes("identity", identity, identity_len).ok()?;
            let key = args::bytes("key", key, key_len).ok()?;
            if identity.len() > MAX_PSK_IDENTITY || key.len() > MAX_PSK {
                return None;
            }
            Some(Answer::Psk((!key.is_empty()).then(|| Psk {
                identity: identity.to_vec(),
                key: key.to_vec().into(),
            })))
        })
    }
}

/// Answers that the operation failed, whatever was asked; `text` (may be NULL) says why. Of a signature the
/// connection then fails with TLS_REASON_SIGNING_FAILED, of a decryption as if the peer had sent rubbish (nobody
/// shall learn more), of a ClientHello with TLS_REASON_CONNECTION_REJECTED, of a pre-shared key with
/// TLS_REASON_PSK_IDENTITY_NOT_FOUND, of a verdict or its review with TLS_REASON_CERTIFICATE_VERIFY_FAILED; a session that
/// is not found means a full handshake. Returns as tls_pending_answer_signature().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_pending_answer_error(
    pending: *mut tls_pending,
    text: *const c_char,
) -> c_int {
    // SAFETY: by the header, a live object and a string, or NULL.
    unsafe {
        answer(pending, None, || {
            let text = args::c_str(text).unwrap_or(c"the application's key failed");
            let text = text.to_string_lossy().into_owned();
            Some(Answer::Failed(KeyError::Failed(text)))
        })
    }
}

/// Sets what is called once when the answer is there, from the thread that answers (at once when it
/// is there already): something like a write to an eventfd. It must not call functions on the
/// connection; it may give the reference back through which it was answered. A later call takes the
/// place of an earlier one; `wake` NULL sets none. Either way the earlier wake-up is over when this
/// returns: a program frees what `arg` means after a call with NULL. So it must not hold a lock here
/// that its wake-up takes.
///
/// Returns TLS_OK, or TLS_ERR_USAGE for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_pending_set_wake(
    pending: *mut tls_pending,
    wake: Option<unsafe extern "C" fn(arg: *mut c_void)>,
    arg: *mut c_void,
) -> c_int {
    guard(TLS_ERR_PANIC, || {
        // SAFETY: by the header, NULL or a live object.
        let Some(pending) = (unsafe { held(pending) }) else {
            return TLS_ERR_USAGE;
        };
        match wake {
            Some(wake) => {
                let wake = Wake { wake, arg };
                pending.set_waker(move || wake.call());
            }
            None => pending.clear_waker(),
        }
        TLS_OK
    })
}

/// Far more than a sealed session has.
const MAX_SESSION_VALUE: usize = 65_536;

impl Handle for tls_pending {
    type Value = Asked;
    const MAGIC: u64 = u64::from_be_bytes(*b"tlspend\x01");
}

/// A question, as C holds it.
pub(crate) struct Asked {
    pending: Arc<Pending>,
    /// What a callback was given, in place of what a connection lends.
    of_callback: bool,
}

impl Asked {
    /// Whoever has no reference to it any more gives no answer: the last one to go says so.
    pub(crate) fn of_callback(pending: Arc<Pending>) -> Self {
        Self {
            pending,
            of_callback: true,
        }
    }

    /// Lent by the connection that waits.
    pub(crate) fn lent(pending: Arc<Pending>) -> Self {
        Self {
            pending,
            of_callback: false,
        }
    }
}

impl core::ops::Deref for Asked {
    type Target = Pending;

    fn deref(&self) -> &Pending {
        &self.pending
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        // Where no connection waits any more, nobody is woken.
        if self.of_callback && Arc::get_mut(&mut self.pending).is_none() {
            let _answered_before = self.pending.answer(Answer::Never);
        }
    }
}

/// A C function with its argument.
struct Wake {
    wake: unsafe extern "C" fn(arg: *mut c_void),
    arg: *mut c_void,
}

// SAFETY: the header says that the function is called from whatever thread answers; `arg` is only
// handed through.
unsafe impl Send for Wake {}
// SAFETY: as above; it is called once.
unsafe impl Sync for Wake {}

impl Wake {
    fn call(&self) {
        // SAFETY: the program gave this function for this argument.
        unsafe { (self.wake)(self.arg) };
    }
}

/// Gives an answer of this kind, or to any kind of question. `None` from `make`: its arguments are
/// no answer.
///
/// # Safety
/// `pending` is NULL or a live object.
pub(crate) unsafe fn answer(
    pending: *mut tls_pending,
    kind: Option<AnswerKind>,
    make: impl FnOnce() -> Option<Answer>,
) -> c_int {
    guard(TLS_ERR_PANIC, || {
        // SAFETY: the caller's promise.
        let Some(pending) = (unsafe { held(pending) }) else {
            return TLS_ERR_USAGE;
        };
        if kind.is_some() && pending.kind().is_some_and(|asked| Some(asked) != kind) {
            return TLS_ERR_USAGE;
        }
        match make().map(|answer| pending.answer(answer)) {
            Some(Ok(())) => TLS_OK,
            Some(Err(_)) | None => TLS_ERR_USAGE,
        }
    })
}

/// The question behind a handle, held for the call: the wake-up, or a thread that it wakes, may give
/// the handle back before the call returns.
///
/// # Safety
/// `pending` is NULL or a live object.
unsafe fn held(pending: *mut tls_pending) -> Option<Arc<Pending>> {
    // SAFETY: the caller's promise.
    let asked = unsafe { handle::value(pending) }.ok()?;
    Some(asked.pending.clone())
}

/// A fatal alert that exists, by its number.
pub(crate) fn fatal_alert(number: c_int) -> Option<AlertDescription> {
    use AlertDescription as A;
    let alert = AlertDescription(u8::try_from(number).ok()?);
    let warnings = [A::CLOSE_NOTIFY, A::USER_CANCELED, A::NO_RENEGOTIATION];
    (alert.name().is_some() && !warnings.contains(&alert)).then_some(alert)
}

/// # Safety
/// As for [`args::bytes`].
unsafe fn answer_bytes<'a>(bytes: *const c_void, len: usize) -> Option<&'a [u8]> {
    // SAFETY: the caller's promise.
    let bytes = unsafe { args::bytes("the answer", bytes, len) }.ok()?;
    (!bytes.is_empty()).then_some(bytes)
}
