//! What happens on connections, for those who look on.

use crate::callback::CallbackArg;
use crate::conn_state::c_string;
use crate::ctx::{set, tls_ctx};
use core::ffi::{c_char, c_int, c_void};
use std::sync::Arc;
use tls_std::{Context, TraceSink};

type LineFn = unsafe extern "C" fn(*const c_char, *mut c_void);

/// Tells `callback` what happens on the connections that are created from now on: each event is one line
/// of JSON, without its line feed, valid for the call. It is called with `arg` by any thread that drives
/// a connection, also by several at once; briefly, without a call on a connection, and it must return
/// normally (no longjmp, no exception). `callback` NULL ends it; nobody listening costs nothing. `release`
/// (may be NULL) is called once with `arg` when neither the context nor any connection needs the callback
/// any more.
///
/// No line holds a secret: nothing of what is protected. Each is an object with "v" (1: members may be
/// added, none changes its meaning), "conn" (a number for the connection, from 1), "t" (microseconds since
/// the connection began), "event" and the event's own members:
///
/// begin: role;
/// record: dir ("sent", "received"), type, version, wire (bytes behind the header), len (of its contents),
/// protected;
/// message: dir, type, len (of its body);
/// keys: dir, cipher (from here on this direction is protected anew);
/// decision: what, chosen, candidates, reason;
/// question: kind, waits (the application has not answered yet); answer: kind;
/// alert: dir, level, alert, number;
/// flight: dir, messages, micros (since the flight before it: for received ones the peer's time and the
/// way's, for sent ones our own);
/// established: resumed, renegotiated;
/// failed: error, name, text, blame ("peer", "application", "transport", "library", or "nobody" where both
/// sides are right and have nothing in common), alert, dir.
///
/// Returns TLS_OK, or TLS_ERR_USAGE for NULL; `release` is not called then.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_trace(
    ctx: *mut tls_ctx,
    callback: Option<unsafe extern "C" fn(line: *const c_char, arg: *mut c_void)>,
    arg: *mut c_void,
    release: Option<unsafe extern "C" fn(arg: *mut c_void)>,
) -> c_int {
    let setter = |ctx: &Context| {
        let sink = |callback| CallbackTrace {
            callback,
            arg: CallbackArg::new(arg, release),
        };
        let sink = callback.map(sink).map(Arc::new);
        ctx.set_trace(sink.clone().map(|s| s as _));
        sink.iter().for_each(|s| s.arg.adopt());
        Ok(())
    };
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, setter) }
}

struct CallbackTrace {
    callback: LineFn,
    arg: CallbackArg,
}

impl TraceSink for CallbackTrace {
    fn line(&self, line: &str) {
        let line = c_string(line.as_bytes());
        // SAFETY: the program gave this function for this argument; the line is live.
        unsafe { (self.callback)(line.as_ptr(), self.arg.get()) };
    }
}
