//! How much keys may protect.

use crate::code::*;
use crate::conn::tls_conn;
use crate::conn_state::{change, look};
use crate::ctx::{set, tls_ctx};
use core::ffi::{c_int, c_void};
use tls_std::{Connection, Context, KeyLimits};

/// TLS 1.2 has no key update: the keys of one direction protect 2^24.5 records with AES-GCM, 2^23 with
/// AES-CCM, 2^48 blocks with AES-CBC, 2^32 blocks with 3DES, and what the sequence number allows with
/// ChaCha20-Poly1305. This lowers each of these limits to at most `limit` records or blocks; 0 brings the
/// defaults back.
///
/// Near the limit (with the last eighth) a connection calls tls_conn_set_key_limit_callback()'s function.
/// At the limit tls_write() is TLS_ERR_USAGE with TLS_REASON_KEY_LIMIT_REACHED, which is not fatal:
/// tls_read(), tls_close() and tls_renegotiate() go on. Data of the peer behind its own limit is not read:
/// the connection is closed with a close_notify, its session stays good, and tls_read() is TLS_ERR_TLS with
/// TLS_REASON_KEY_LIMIT_EXCEEDED once all data before that was read.
///
/// Returns TLS_OK, or TLS_ERR_USAGE with a reason in tls_ctx_error().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_key_limit(ctx: *mut tls_ctx, limit: u64) -> c_int {
    let setter = |ctx: &Context| {
        ctx.set_key_limits(match limit {
            0 => KeyLimits::DEFAULT,
            most => KeyLimits::DEFAULT.at_most(most),
        });
        Ok(())
    };
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, setter) }
}

/// Who is told, once for the keys of each direction of a handshake, that they have nearly protected as
/// much as they may (tls_ctx_set_key_limit()): time to close the connection, or to renegotiate.
///
/// `callback` (NULL: nobody) is called at the end of the tls_read() or tls_write() that noticed; it may
/// call functions on the connection, tls_renegotiate() and tls_close() above all, but must not free it,
/// and must return normally (no longjmp, no exception). The verb's result and the connection's error are
/// those of the verb, unless the callback's own calls change the error. `arg` must live as long as the
/// connection, or until another callback is set.
///
/// Returns TLS_OK, or TLS_ERR_USAGE for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_set_key_limit_callback(
    conn: *mut tls_conn,
    callback: Option<unsafe extern "C" fn(conn: *mut tls_conn, arg: *mut c_void)>,
    arg: *mut c_void,
) -> c_int {
    // SAFETY: by the header, NULL or a live connection.
    unsafe {
        look(conn, TLS_ERR_USAGE, |state| {
            state
                .key_notice
                .set(callback.map(|callback| (callback, arg)));
            TLS_OK
        })
    }
}

/// Tells the program, where there is something to tell; nothing of the connection is borrowed then.
///
/// # Safety
/// `conn` is NULL or a live connection that no other thread uses.
pub(crate) unsafe fn tell(conn: *mut tls_conn) {
    // SAFETY: the caller's promise.
    let Some((callback, arg)) = (unsafe { look(conn, None, |state| state.key_notice.get()) })
    else {
        return;
    };
    let take = |connection: &mut Connection| Ok(connection.take_key_notice());
    // SAFETY: the caller's promise.
    if unsafe { change(conn, take) } == Ok(true) {
        // SAFETY: the program gave both for this.
        unsafe { callback(conn, arg) };
    }
}
