//! Accessors of a connection. They never change it nor its error. Strings belong to the connection
//! and stay valid until it is freed.

use crate::cert::tls_cert;
use crate::conn::tls_conn;
use crate::pending::tls_pending;
use core::ffi::{c_char, c_int};

/// What the connection waits for, as TLS_WANTS_* bits for poll(): WRITE while sealed bytes wait, APP
/// while a question waits for its answer, READ while more of the peer is wanted; 0 for an ended
/// connection. Ask after a verb. Received bytes that wait inside (tls_conn_has_pending()) do not
/// show on the transport: call tls_read() until it wants something before polling.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_wants(conn: *const tls_conn) -> c_int {
    let _ = conn;
    crate::stub(0)
}

/// How many decrypted bytes tls_read() can give without the transport.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_pending(conn: *const tls_conn) -> usize {
    let _ = conn;
    crate::stub(0)
}

/// 1 when any received byte waits inside, decrypted or not (it may be less than a record).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_has_pending(conn: *const tls_conn) -> c_int {
    let _ = conn;
    crate::stub(0)
}

/// The question that the connection waits for after TLS_WANT_APP, or NULL. Borrowed: valid until the
/// next verb; tls_pending_ref() keeps it. For tls_pending_set_wake() with an argument that names
/// this connection.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_question(conn: *const tls_conn) -> *mut tls_pending {
    let _ = conn;
    crate::stub(core::ptr::null_mut())
}

/// TLS_CLIENT or TLS_SERVER; 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_role(conn: *const tls_conn) -> c_int {
    let _ = conn;
    crate::stub(0)
}

/// 1 once the handshake is complete.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_established(conn: *const tls_conn) -> c_int {
    let _ = conn;
    crate::stub(0)
}

/// 1 when the peer's certificate was verified as tls_ctx_set_verify() asks. 0 for a connection that
/// accepted any certificate, and on a server that asked for none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_verified(conn: *const tls_conn) -> c_int {
    let _ = conn;
    crate::stub(0)
}

/// 1 once close_notify was sent, or waits among the sealed bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_close_sent(conn: *const tls_conn) -> c_int {
    let _ = conn;
    crate::stub(0)
}

/// 1 once the peer's close_notify came.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_close_received(conn: *const tls_conn) -> c_int {
    let _ = conn;
    crate::stub(0)
}

/// The negotiated version ("TLSv1.2"), or NULL before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_version(conn: *const tls_conn) -> *const c_char {
    let _ = conn;
    crate::stub(core::ptr::null())
}

/// The negotiated suite under OpenSSL's name ("ECDHE-RSA-AES128-GCM-SHA256"), or NULL before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_cipher(conn: *const tls_conn) -> *const c_char {
    let _ = conn;
    crate::stub(core::ptr::null())
}

/// The negotiated suite under its IANA name ("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"), or NULL
/// before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_cipher_iana(conn: *const tls_conn) -> *const c_char {
    let _ = conn;
    crate::stub(core::ptr::null())
}

/// The negotiated suite's number (0xc02f), or 0 before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_cipher_id(conn: *const tls_conn) -> c_int {
    let _ = conn;
    crate::stub(0)
}

/// The strength of the negotiated suite's cipher in bits, or 0 before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_cipher_bits(conn: *const tls_conn) -> c_int {
    let _ = conn;
    crate::stub(0)
}

/// The group of the key exchange ("x25519"), or NULL before and for RSA key exchange.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_group(conn: *const tls_conn) -> *const c_char {
    let _ = conn;
    crate::stub(core::ptr::null())
}

/// The scheme of the server's signature ("rsa_pss_rsae_sha256"), or NULL before and for RSA key
/// exchange.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_scheme(conn: *const tls_conn) -> *const c_char {
    let _ = conn;
    crate::stub(core::ptr::null())
}

/// The application protocol that was agreed on, NUL-terminated, or NULL when none was. `len` (may be
/// NULL) receives its length: a name may hold any byte.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_alpn(conn: *const tls_conn, len: *mut usize) -> *const c_char {
    let _ = (conn, len);
    crate::stub(core::ptr::null())
}

/// The host name that the client sent (server_name), on either side, or NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_server_name(conn: *const tls_conn) -> *const c_char {
    let _ = conn;
    crate::stub(core::ptr::null())
}

/// 1 when extended_master_secret is in use (RFC 7627).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_extended_master_secret(conn: *const tls_conn) -> c_int {
    let _ = conn;
    crate::stub(0)
}

/// 1 when encrypt_then_mac is in use (RFC 7366); it concerns CBC suites alone.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_encrypt_then_mac(conn: *const tls_conn) -> c_int {
    let _ = conn;
    crate::stub(0)
}

/// 1 when the peer knows RFC 5746.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_secure_renegotiation(conn: *const tls_conn) -> c_int {
    let _ = conn;
    crate::stub(0)
}

/// How many certificates the peer sent.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_peer_cert_count(conn: *const tls_conn) -> usize {
    let _ = conn;
    crate::stub(0)
}

/// A certificate of the peer as it came, leaf first, or NULL beyond the last. It belongs to the
/// connection; tls_cert_ref() keeps it longer. What an unverified peer sends proves nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_peer_cert(
    conn: *const tls_conn,
    index: usize,
) -> *const tls_cert {
    let _ = (conn, index);
    crate::stub(core::ptr::null())
}

/// How many certificates the verified path has; 0 when nothing was verified.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_verified_cert_count(conn: *const tls_conn) -> usize {
    let _ = conn;
    crate::stub(0)
}

/// A certificate of the verified path, leaf first, the trusted CA last where it is known as a
/// certificate; otherwise as tls_conn_peer_cert().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_verified_cert(
    conn: *const tls_conn,
    index: usize,
) -> *const tls_cert {
    let _ = (conn, index);
    crate::stub(core::ptr::null())
}
