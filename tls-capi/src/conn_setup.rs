//! Connections: what is set before the first verb.

use crate::args;
use crate::conn::tls_conn;
use crate::conn_state::set;
use crate::ctx_trust::check_mode;
use crate::keypair::{pair, paths};
use core::ffi::{c_char, c_int, c_void};
use tls_std::Connection;

/// Sets the name that a client sends (server_name), in A-labels (tls_conn_new()). NULL sends none; an IP
/// address is never sent; a trailing dot is dropped. What is no name is TLS_REASON_BAD_SERVER_NAME.
///
/// Like every tls_conn_set_* and tls_conn_danger_* below, it is possible until the first verb, and
/// returns TLS_OK, or TLS_ERR_USAGE with a reason in tls_conn_error().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_set_server_name(
    conn: *mut tls_conn,
    name: *const c_char,
) -> c_int {
    // SAFETY: by the header, a live connection and readable arguments, or NULL.
    unsafe { set(conn, |conn| conn.set_server_name(optional("name", name)?)) }
}

/// Sets the name that the server's certificate must be for: a DNS name in A-labels (tls_conn_new()) or an IP
/// address. What is neither is TLS_REASON_BAD_SERVER_NAME.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_set_verify_name(
    conn: *mut tls_conn,
    name: *const c_char,
) -> c_int {
    // SAFETY: by the header, a live connection and readable arguments, or NULL.
    unsafe { set(conn, |conn| conn.set_verify_name(optional("name", name)?)) }
}

/// tls_ctx_set_cipher_list() for this connection alone.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_set_cipher_list(
    conn: *mut tls_conn,
    list: *const c_char,
) -> c_int {
    // SAFETY: by the header, a live connection and readable arguments, or NULL.
    unsafe {
        set(conn, |conn| {
            conn.set_cipher_list(&args::words("list", list)?)
        })
    }
}

/// tls_ctx_set_alpn() for this connection alone.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_set_alpn(conn: *mut tls_conn, list: *const c_char) -> c_int {
    // SAFETY: by the header, a live connection and readable arguments, or NULL.
    unsafe { set(conn, |conn| conn.set_alpn_list(args::text("list", list)?)) }
}

/// tls_ctx_set_alpn_wire() for this connection alone.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_set_alpn_wire(
    conn: *mut tls_conn,
    wire: *const c_void,
    len: usize,
) -> c_int {
    // SAFETY: by the header, a live connection and readable arguments, or NULL.
    unsafe {
        set(conn, |conn| {
            conn.set_alpn_wire(args::bytes("wire", wire, len)?)
        })
    }
}

/// tls_ctx_set_verify() for this connection alone.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_set_verify(conn: *mut tls_conn, mode: c_int) -> c_int {
    let setter = |conn: &mut Connection| {
        check_mode(mode)?;
        conn.require_verification()
    };
    // SAFETY: by the header, NULL or a live connection.
    unsafe { set(conn, setter) }
}

/// DANGER: tls_ctx_danger_accept_any_name() for this connection alone.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_danger_accept_any_name(conn: *mut tls_conn) -> c_int {
    // SAFETY: by the header, NULL or a live connection.
    unsafe { set(conn, Connection::danger_accept_any_name) }
}

/// DANGER: tls_ctx_danger_accept_any_cert() for this connection alone. It holds whatever context the hello callback
/// chooses, also one that requires a good certificate: what was said of one connection comes before what
/// contexts say.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_danger_accept_any_cert(conn: *mut tls_conn) -> c_int {
    // SAFETY: by the header, NULL or a live connection.
    unsafe { set(conn, Connection::danger_accept_any_cert) }
}

/// This keypair in place of the context's, for this connection alone; as
/// tls_ctx_add_keypair_file().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_set_keypair_file(
    conn: *mut tls_conn,
    cert_path: *const c_char,
    key_path: *const c_char,
) -> c_int {
    let setter = |conn: &mut Connection| {
        // SAFETY: by the header, paths or NULL.
        let (cert, key) = unsafe { paths(cert_path, key_path)? };
        conn.set_keypair_file(cert, key.as_deref())
    };
    // SAFETY: by the header, NULL or a live connection.
    unsafe { set(conn, setter) }
}

/// This keypair in place of the context's, for this connection alone; as
/// tls_ctx_add_keypair_mem().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_set_keypair_mem(
    conn: *mut tls_conn,
    cert: *const c_void,
    cert_len: usize,
    key: *const c_void,
    key_len: usize,
) -> c_int {
    let setter = |conn: &mut Connection| {
        // SAFETY: by the header, readable bytes or NULL.
        let (cert, key) = unsafe { pair(cert, cert_len, key, key_len)? };
        conn.set_keypair_mem(cert, key)
    };
    // SAFETY: by the header, NULL or a live connection.
    unsafe { set(conn, setter) }
}

/// # Safety
/// As for [`args::text`].
unsafe fn optional<'a>(what: &str, text: *const c_char) -> args::Result<Option<&'a str>> {
    if text.is_null() {
        return Ok(None);
    }
    // SAFETY: the caller's promise.
    unsafe { args::text(what, text) }.map(Some)
}
