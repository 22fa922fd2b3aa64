//! Connections: what is set before the first verb.

use crate::code::TLS_ERR_USAGE;
use crate::conn::tls_conn;
use core::ffi::{c_char, c_int, c_void};

/// Sets the name that a client sends (server_name). NULL sends none; an IP address is never sent; a
/// trailing dot is dropped.
///
/// Like every tls_conn_set_* and tls_conn_danger_* below, it is possible until the first verb, and
/// returns TLS_OK, or TLS_ERR_USAGE with a reason in tls_conn_error().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_set_server_name(
    conn: *mut tls_conn,
    name: *const c_char,
) -> c_int {
    let _ = (conn, name);
    crate::stub(TLS_ERR_USAGE)
}

/// Sets the name that the server's certificate must be for: a DNS name or an IP address.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_set_verify_name(
    conn: *mut tls_conn,
    name: *const c_char,
) -> c_int {
    let _ = (conn, name);
    crate::stub(TLS_ERR_USAGE)
}

/// tls_ctx_set_cipher_list() for this connection alone.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_set_cipher_list(
    conn: *mut tls_conn,
    list: *const c_char,
) -> c_int {
    let _ = (conn, list);
    crate::stub(TLS_ERR_USAGE)
}

/// tls_ctx_set_alpn() for this connection alone.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_set_alpn(conn: *mut tls_conn, list: *const c_char) -> c_int {
    let _ = (conn, list);
    crate::stub(TLS_ERR_USAGE)
}

/// tls_ctx_set_alpn_wire() for this connection alone.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_set_alpn_wire(
    conn: *mut tls_conn,
    wire: *const c_void,
    len: usize,
) -> c_int {
    let _ = (conn, wire, len);
    crate::stub(TLS_ERR_USAGE)
}

/// tls_ctx_set_verify() for this connection alone.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_set_verify(conn: *mut tls_conn, mode: c_int) -> c_int {
    let _ = (conn, mode);
    crate::stub(TLS_ERR_USAGE)
}

/// DANGER: tls_ctx_danger_accept_any_name() for this connection alone.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_danger_accept_any_name(conn: *mut tls_conn) -> c_int {
    let _ = conn;
    crate::stub(TLS_ERR_USAGE)
}

/// DANGER: tls_ctx_danger_accept_any_cert() for this connection alone.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_danger_accept_any_cert(conn: *mut tls_conn) -> c_int {
    let _ = conn;
    crate::stub(TLS_ERR_USAGE)
}

/// This keypair in place of the context's, for this connection alone; as
/// tls_ctx_add_keypair_file().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_set_keypair_file(
    conn: *mut tls_conn,
    cert_path: *const c_char,
    key_path: *const c_char,
) -> c_int {
    let _ = (conn, cert_path, key_path);
    crate::stub(TLS_ERR_USAGE)
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
    let _ = (conn, cert, cert_len, key, key_len);
    crate::stub(TLS_ERR_USAGE)
}
