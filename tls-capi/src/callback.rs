//! What callbacks that may answer later have in common.

use crate::code::{TLS_OK, TLS_WANT_APP};
use crate::handle;
use crate::pending::{Asked, tls_pending};
use core::ffi::{c_int, c_void};
use core::sync::atomic::{AtomicBool, Ordering};
use tls_core::crypto::Later;

/// The argument of a program's callbacks, and how it is given back.
pub(crate) struct CallbackArg {
    arg: *mut c_void,
    release: Option<unsafe extern "C" fn(*mut c_void)>,
    /// Whether an object of ours took the callbacks: only then `arg` is ours to release.
    adopted: AtomicBool,
}

// SAFETY: the header says that the callbacks are called by any thread, also by several at once; `arg`
// is only handed through.
unsafe impl Send for CallbackArg {}
// SAFETY: as above.
unsafe impl Sync for CallbackArg {}

impl CallbackArg {
    pub(crate) fn new(
        arg: *mut c_void,
        release: Option<unsafe extern "C" fn(*mut c_void)>,
    ) -> Self {
        Self {
            arg,
            release,
            adopted: AtomicBool::new(false),
        }
    }

    /// From now on `release` is called when this is dropped.
    pub(crate) fn adopt(&self) {
        self.adopted.store(true, Ordering::Release);
    }

    pub(crate) fn get(&self) -> *mut c_void {
        self.arg
    }
}

impl Drop for CallbackArg {
    fn drop(&mut self) {
        if let Some(release) = self.release
            && self.adopted.load(Ordering::Acquire)
        {
            // SAFETY: the program gave this function for this argument, to be called once.
            unsafe { release(self.arg) };
        }
    }
}

/// Calls back with a pending handle that is lent for the call. `None`: the answer was given, or comes
/// later, through it; else what the callback returned. A code that is an error wins over an answer that
/// was given before it: what fails half-way must not have accepted anybody.
pub(crate) fn ask(later: &Later, call: impl FnOnce(*mut tls_pending) -> c_int) -> Option<c_int> {
    let pending = later.pending();
    let lent = handle::shared::<tls_pending>(Asked::of_callback(pending.clone()));
    // A net: a callback that gives back what it was only lent frees nothing that is still in use.
    // SAFETY: made above.
    let held = unsafe { handle::held(lent) };
    let code = call(lent);
    let (answered, failed) = (pending.is_answered(), pending.has_failed());
    if held.as_ref().is_ok_and(handle::Held::is_shared) {
        // SAFETY: made above; the callback took references of its own if it wants to keep it. Without one
        // nobody can answer any more: that is the answer then.
        unsafe { handle::release(lent) };
    }
    drop(held);
    match code {
        TLS_WANT_APP => None,
        TLS_OK if answered => None,
        // It says more than the code.
        _ if failed => None,
        code => Some(code),
    }
}
