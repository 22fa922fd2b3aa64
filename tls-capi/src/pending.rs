//! Answers that come later.

use crate::code::TLS_ERR_USAGE;
use core::ffi::{c_char, c_int, c_void};

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
    crate::stub(pending)
}

/// Gives a reference back. NULL does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_pending_free(pending: *mut tls_pending) {
    let _ = pending;
}

/// Answers a `sign` callback with the signature, which is copied.
///
/// Returns TLS_OK, or TLS_ERR_USAGE when `pending` was answered before, asks for something else, or
/// an argument is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_pending_answer_signature(
    pending: *mut tls_pending,
    signature: *const c_void,
    len: usize,
) -> c_int {
    let _ = (pending, signature, len);
    crate::stub(TLS_ERR_USAGE)
}

/// Answers a `decrypt` callback with the result of the raw RSA operation, which is copied (and the
/// copy wiped after use). Returns as tls_pending_answer_signature().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_pending_answer_decrypted(
    pending: *mut tls_pending,
    plain: *const c_void,
    len: usize,
) -> c_int {
    let _ = (pending, plain, len);
    crate::stub(TLS_ERR_USAGE)
}

/// Answers that the operation failed; the connection then fails with TLS_REASON_SIGNING_FAILED and
/// this sentence (`text` may be NULL). Returns as tls_pending_answer_signature().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_pending_answer_error(
    pending: *mut tls_pending,
    text: *const c_char,
) -> c_int {
    let _ = (pending, text);
    crate::stub(TLS_ERR_USAGE)
}

/// Sets what is called once when the answer is there, from the thread that answers (at once when it
/// is there already): something like a write to an eventfd. It must not call functions on the
/// connection. A later call takes the place of an earlier one; `wake` NULL sets none, but a wake-up
/// that another thread has begun may still be running.
///
/// Returns TLS_OK, or TLS_ERR_USAGE for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_pending_set_wake(
    pending: *mut tls_pending,
    wake: Option<unsafe extern "C" fn(arg: *mut c_void)>,
    arg: *mut c_void,
) -> c_int {
    let _ = (pending, wake, arg);
    crate::stub(TLS_ERR_USAGE)
}
