//! Connections: making, freeing, errors.

use crate::code::TLS_ERR_USAGE;
use crate::ctx::tls_ctx;
use crate::error::tls_error_info;
use core::ffi::{c_char, c_int};

/// One TLS connection. Used by one thread at a time; it may move between threads.
pub struct tls_conn {
    _private: (),
}

/// Makes a client connection of a context that has TLS_CLIENT. `name` is the server's DNS name or
/// IP address: it is sent (server_name; never for an IP address, RFC 6066 §3) and verified against
/// the server's certificate. NULL: set them apart with tls_conn_set_server_name() and
/// tls_conn_set_verify_name().
///
/// Always yields a connection, except for a NULL context. One that could not be set up is born
/// failed: every call on it says why. It keeps the configuration as it is now.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_new(ctx: *mut tls_ctx, name: *const c_char) -> *mut tls_conn {
    let _ = (ctx, name);
    crate::stub(core::ptr::null_mut())
}

/// Makes a server connection of a context that has TLS_SERVER. Otherwise as tls_conn_new().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_new_server(ctx: *mut tls_ctx) -> *mut tls_conn {
    let _ = ctx;
    crate::stub(core::ptr::null_mut())
}

/// Frees the connection and wipes its secrets, without sending anything (tls_close() does that) and
/// without closing the transport. NULL does nothing. Not to be called from its own callbacks.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_free(conn: *mut tls_conn) {
    let _ = conn;
}

/// Copies the connection's error to `out` (number 0: none). A fatal one stays for ever; any other
/// stays until the next of tls_handshake, tls_read, tls_write, tls_flush, tls_close, tls_feed and
/// tls_drain.
///
/// Returns TLS_OK, or TLS_ERR_USAGE for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_error(conn: *const tls_conn, out: *mut tls_error_info) -> c_int {
    let _ = (conn, out);
    crate::stub(TLS_ERR_USAGE)
}

/// The connection's error as one line, "NAME: sentence", or "no error". Never NULL. Valid until the
/// next call on the connection that is no accessor.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_error_text(conn: *const tls_conn) -> *const c_char {
    let _ = conn;
    crate::stub(c"".as_ptr())
}
