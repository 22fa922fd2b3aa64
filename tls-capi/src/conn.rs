//! Connections: making, freeing, errors.

use crate::args;
use crate::code::{TLS_ERR_PANIC, TLS_ERR_USAGE, TLS_OK};
use crate::conn_state::{Conn, look};
use crate::ctx::tls_ctx;
use crate::error::tls_error_info;
use crate::guard::guard;
use crate::handle::{self, Tagged};
use core::ffi::{c_char, c_int};
use tls_std::{Connection, Context};

/// One TLS connection. Used by one thread at a time; it may move between threads.
pub struct tls_conn {
    _private: (),
}

/// Makes a client connection of a context that has TLS_CLIENT. `name` is the server's DNS name or
/// IP address: it is sent (server_name; never for an IP address, RFC 6066 §3) and verified against
/// the server's certificate. NULL: set them apart with tls_conn_set_server_name() and
/// tls_conn_set_verify_name().
///
/// Names are in A-labels (RFC 5890 2.3.2.1: "xn--bcher-kva.example"), as certificates have them. One with
/// characters beyond ASCII is TLS_REASON_BAD_SERVER_NAME, and the sentence says so: what such characters become
/// depends on tables that change with each version of Unicode (RFC 5891), and has to be what was resolved.
/// libidn2's idn2_lookup_ul() makes A-labels; getaddrinfo()'s canonical name is another one, chosen by DNS.
///
/// Always yields a connection, except for a NULL context. One that could not be set up is born
/// failed: every call on it says why. It keeps the configuration as it is now. What it lacks and can
/// still get (a name to verify, a keypair) becomes fatal with the first verb.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_new(ctx: *mut tls_ctx, name: *const c_char) -> *mut tls_conn {
    // SAFETY: by the header, NULL or a string.
    let name = unsafe { args::c_str(name) };
    // A name that is not UTF-8 becomes one that is no host name: born failed, as any other.
    let name = name.map(|name| name.to_string_lossy());
    // SAFETY: by the header, NULL or a live context.
    unsafe { new(ctx, |ctx| ctx.client(name.as_deref())) }
}

/// Makes a server connection of a context that has TLS_SERVER. Otherwise as tls_conn_new().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_new_server(ctx: *mut tls_ctx) -> *mut tls_conn {
    // SAFETY: by the header, NULL or a live context.
    unsafe { new(ctx, Context::server) }
}

/// Frees the connection and wipes its secrets, without sending anything (tls_close() does that) and
/// without closing the transport. NULL does nothing. Not to be called from its own callbacks.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_free(conn: *mut tls_conn) {
    guard((), || {
        // SAFETY: by the header, NULL or a live connection.
        let Ok(state) = (unsafe { handle::value(conn) }) else {
            return;
        };
        // Freed by its own callback: a leak is the lesser evil.
        if !state.is_busy() {
            // SAFETY: made by Box::into_raw in new(); the caller gives it up, and no verb runs.
            drop(unsafe { Box::from_raw(conn.cast::<Tagged<Conn>>()) });
        }
    });
}

/// Copies the connection's error to `out` (number 0: none). A fatal one stays for ever; any other
/// stays until the next of tls_handshake, tls_read, tls_write, tls_flush, tls_close, tls_feed and
/// tls_drain.
///
/// Returns TLS_OK, or TLS_ERR_USAGE for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_error(conn: *const tls_conn, out: *mut tls_error_info) -> c_int {
    guard(TLS_ERR_PANIC, || {
        // SAFETY: by the header, NULL or a live connection.
        let Ok(conn) = (unsafe { handle::value(conn) }) else {
            return TLS_ERR_USAGE;
        };
        if out.is_null() {
            return TLS_ERR_USAGE;
        }
        // SAFETY: not NULL, so room for one structure by the header.
        unsafe { out.write(tls_error_info::new(conn.error().as_ref())) };
        TLS_OK
    })
}

/// The connection's error as one line, "NAME: sentence", or "no error". Never NULL. Valid until the
/// next call on the connection that is no accessor.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_error_text(conn: *const tls_conn) -> *const c_char {
    let none = c"NULL_HANDLE: not a tls_conn".as_ptr();
    // SAFETY: by the header, NULL or a live connection.
    unsafe { look(conn, none, Conn::error_text) }
}

/// # Safety
/// `ctx` is NULL or a live context.
unsafe fn new(ctx: *mut tls_ctx, make: impl FnOnce(&Context) -> Connection) -> *mut tls_conn {
    // SAFETY: the caller's promise.
    let Ok(ctx) = (unsafe { handle::held(ctx) }) else {
        return core::ptr::null_mut();
    };
    guard(core::ptr::null_mut(), || {
        let conn = Tagged::new::<tls_conn>(Conn::new(make(&ctx)));
        Box::into_raw(Box::new(conn)).cast()
    })
}
