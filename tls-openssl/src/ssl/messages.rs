//! The message callback: what a connection sends and receives, byte by byte, as programs print it.

use super::SSL;
use crate::ctx::callbacks::current;
use crate::ctx::{MsgFn, SSL_CTX, TLS12, tell};
use crate::guard::guard;
use crate::native::Ctx;
use crate::sys;
use core::ffi::{c_int, c_void};

/// SSL3_RT_*
const CHANGE_CIPHER_SPEC: c_int = 20;
const HEADER: c_int = 256;

unsafe extern "C" fn message(
    sent: c_int,
    content_type: c_int,
    version: c_int,
    data: *const c_void,
    len: usize,
    _arg: *mut c_void,
) {
    let Some(ssl) = current() else { return };
    let Some(callback) = ssl.message.get() else {
        return;
    };
    // As OpenSSL does it: a ChangeCipherSpec that comes is known by its header alone; headers have their own version.
    if sent == 0 && content_type == CHANGE_CIPHER_SPEC {
        return;
    }
    let version = if content_type == HEADER {
        version
    } else {
        TLS12
    };
    let (us, arg) = (core::ptr::from_ref(ssl).cast_mut(), ssl.message_arg.get());
    // SAFETY: the program's function for its argument, with bytes that live for the call.
    unsafe { callback(sent, version, content_type, data, len, us, arg) };
}

/// Shows messages of the connections of this context that begin from now on.
pub(super) fn show(native: &Ctx) -> bool {
    let arg = core::ptr::null_mut();
    // SAFETY: a live context and a function that needs no argument.
    tell(native.set(|ctx| unsafe {
        sys::tls_ctx_danger_set_message_callback(ctx, Some(message), arg, None)
    }))
}

/// Connections that are made later have it.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_set_msg_callback(ctx: Option<&SSL_CTX>, callback: Option<MsgFn>) {
    guard((), || {
        if let Some(ctx) = ctx {
            ctx.settings().message = callback;
        }
    });
}

/// Called for a connection that begins behind this: not for one that has begun.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_set_msg_callback(ssl: Option<&SSL>, callback: Option<MsgFn>) {
    if let Some(ssl) = ssl {
        ssl.message.set(callback);
    }
}
