//! Accessors of a connection. They never change it nor its error. Strings and certificates belong to the
//! connection; how long they stay is said in kept.rs.

use crate::cert::tls_cert;
use crate::code::*;
use crate::conn::tls_conn;
use crate::conn_state::{Conn, c_string, look};
use crate::pending::tls_pending;
use core::ffi::{c_char, c_int};
use tls_std::{Connection, Facts, Role};

/// What the connection waits for, as TLS_WANTS_* bits for poll(): WRITE while sealed bytes wait, APP
/// while a question waits for its answer, READ while more of the peer is wanted; 0 for an ended
/// connection. Ask after a verb. Received bytes that wait inside (tls_conn_has_pending()) do not
/// show on the transport: call tls_read() until it wants something before polling.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_wants(conn: *const tls_conn) -> c_int {
    // SAFETY: by the header, NULL or a live connection.
    unsafe { look(conn, 0, |conn| conn.look(wants).unwrap_or(0)) }
}

/// How many decrypted bytes tls_read() can give without the transport.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_pending(conn: *const tls_conn) -> usize {
    // SAFETY: by the header, NULL or a live connection.
    unsafe { look(conn, 0, |conn| conn.look(Connection::pending).unwrap_or(0)) }
}

/// 1 when any received byte waits inside, decrypted or not (it may be less than a record).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_has_pending(conn: *const tls_conn) -> c_int {
    // SAFETY: by the header, NULL or a live connection.
    unsafe {
        look(conn, 0, |conn| {
            conn.look(|c| c_int::from(c.has_pending())).unwrap_or(0)
        })
    }
}

/// The question that the connection waits for after TLS_WANT_APP, or NULL. Borrowed: valid until the
/// next verb; tls_pending_ref() keeps it. For tls_pending_set_wake() with an argument that names
/// this connection.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_question(conn: *const tls_conn) -> *mut tls_pending {
    // SAFETY: by the header, NULL or a live connection.
    unsafe { look(conn, core::ptr::null_mut(), Conn::question) }
}

/// TLS_CLIENT or TLS_SERVER; 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_role(conn: *const tls_conn) -> c_int {
    // SAFETY: by the header, NULL or a live connection.
    unsafe { look(conn, 0, |conn| conn.look(role).unwrap_or(0)) }
}

/// 1 once the handshake is complete.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_established(conn: *const tls_conn) -> c_int {
    // SAFETY: by the header, NULL or a live connection.
    unsafe {
        look(conn, 0, |conn| {
            conn.look(|c| c_int::from(c.facts().established))
                .unwrap_or(0)
        })
    }
}

/// 1 when the handshake is complete and the peer's certificate was verified in it: on a client for
/// the right name, too. 0 before that, when the handshake failed, for a connection that accepts any
/// certificate or any name, and on a server whose client showed none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_verified(conn: *const tls_conn) -> c_int {
    // SAFETY: by the header, NULL or a live connection.
    unsafe {
        look(conn, 0, |conn| {
            conn.look(|c| c_int::from(c.is_verified())).unwrap_or(0)
        })
    }
}

/// 1 once close_notify was sent, or waits among the sealed bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_close_sent(conn: *const tls_conn) -> c_int {
    // SAFETY: by the header, NULL or a live connection.
    unsafe {
        look(conn, 0, |conn| {
            conn.look(|c| c_int::from(c.facts().close_sent))
                .unwrap_or(0)
        })
    }
}

/// 1 once the peer's close_notify came.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_close_received(conn: *const tls_conn) -> c_int {
    // SAFETY: by the header, NULL or a live connection.
    unsafe {
        look(conn, 0, |conn| {
            conn.look(|c| c_int::from(c.facts().close_received))
                .unwrap_or(0)
        })
    }
}

/// The negotiated version ("TLSv1.2"), or NULL before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_version(conn: *const tls_conn) -> *const c_char {
    // SAFETY: by the header, NULL or a live connection.
    unsafe { text(conn, |f| f.version.map(|v| v.to_string())) }
}

/// The negotiated suite under OpenSSL's name ("ECDHE-RSA-AES128-GCM-SHA256"), or NULL before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_cipher(conn: *const tls_conn) -> *const c_char {
    // SAFETY: by the header, NULL or a live connection.
    unsafe { text(conn, |f| f.suite.map(|s| s.openssl_name.into())) }
}

/// The negotiated suite under its IANA name ("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"), or NULL
/// before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_cipher_iana(conn: *const tls_conn) -> *const c_char {
    // SAFETY: by the header, NULL or a live connection.
    unsafe { text(conn, |f| f.suite.map(|s| s.name.into())) }
}

/// The negotiated suite's number (0xc02f), or 0 before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_cipher_id(conn: *const tls_conn) -> c_int {
    // SAFETY: by the header, NULL or a live connection.
    unsafe {
        look(conn, 0, |conn| {
            conn.look(|c| c.facts().suite.map_or(0, |s| c_int::from(s.id)))
                .unwrap_or(0)
        })
    }
}

/// The strength of the negotiated suite's cipher in bits, or 0 before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_cipher_bits(conn: *const tls_conn) -> c_int {
    // SAFETY: by the header, NULL or a live connection.
    unsafe {
        look(conn, 0, |conn| {
            conn.look(|c| c.facts().suite.map_or(0, |s| c_int::from(s.bits)))
                .unwrap_or(0)
        })
    }
}

/// The group of the key exchange ("x25519", "ffdhe2048"), or NULL before, for RSA key exchange, and
/// for a Diffie-Hellman group without a name (see tls_conn_dh_bits()).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_group(conn: *const tls_conn) -> *const c_char {
    // SAFETY: by the header, NULL or a live connection.
    unsafe { text(conn, |f| f.group.map(|g| g.to_string())) }
}

/// Length in bits of the modulus of a Diffie-Hellman key exchange in a finite field; 0 before, and
/// for every other key exchange.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_dh_bits(conn: *const tls_conn) -> c_int {
    // SAFETY: by the header, NULL or a live connection.
    unsafe {
        look(conn, 0, |conn| {
            conn.look(|c| c.facts().dh_bits.unwrap_or(0) as c_int)
                .unwrap_or(0)
        })
    }
}

/// The scheme of the server's signature ("rsa_pss_rsae_sha256"), or NULL before and for RSA key
/// exchange.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_scheme(conn: *const tls_conn) -> *const c_char {
    // SAFETY: by the header, NULL or a live connection.
    unsafe { text(conn, |f| f.scheme.map(|s| s.to_string())) }
}

/// The application protocol that was agreed on, NUL-terminated, or NULL when none was. `len` (may be
/// NULL) receives its length: a name may hold any byte.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_alpn(conn: *const tls_conn, len: *mut usize) -> *const c_char {
    // SAFETY: by the header, NULL or a live connection, and NULL or room for a length.
    unsafe { octets(conn, len, |f| f.alpn.clone()) }
}

/// What the client calls the pre-shared key (RFC 4279), NUL-terminated, on either side and in resumed
/// sessions too, or NULL where the key exchange has none. `len` (may be NULL) receives its length: it
/// may hold any byte. On a server it is the client's word until the handshake is complete, and NULL
/// where that failed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_psk_identity(
    conn: *const tls_conn,
    len: *mut usize,
) -> *const c_char {
    // SAFETY: by the header, NULL or a live connection, and NULL or room for a length.
    unsafe { octets(conn, len, |f| f.psk_identity.clone()) }
}

/// The host name that the client sent (server_name), on either side, or NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_server_name(conn: *const tls_conn) -> *const c_char {
    // SAFETY: by the header, NULL or a live connection.
    unsafe { text(conn, |f| f.server_name.as_deref().map(Into::into)) }
}

/// 1 when extended_master_secret is in use (RFC 7627).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_extended_master_secret(conn: *const tls_conn) -> c_int {
    // SAFETY: by the header, NULL or a live connection.
    unsafe {
        look(conn, 0, |conn| {
            conn.look(|c| c_int::from(c.facts().extended_master_secret))
                .unwrap_or(0)
        })
    }
}

/// 1 when encrypt_then_mac is in use (RFC 7366); it concerns CBC suites alone.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_encrypt_then_mac(conn: *const tls_conn) -> c_int {
    // SAFETY: by the header, NULL or a live connection.
    unsafe {
        look(conn, 0, |conn| {
            conn.look(|c| c_int::from(c.facts().encrypt_then_mac))
                .unwrap_or(0)
        })
    }
}

/// 1 when the peer knows RFC 5746.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_secure_renegotiation(conn: *const tls_conn) -> c_int {
    // SAFETY: by the header, NULL or a live connection.
    unsafe {
        look(conn, 0, |conn| {
            conn.look(|c| c_int::from(c.facts().secure_renegotiation))
                .unwrap_or(0)
        })
    }
}

/// How many certificates the peer sent.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_peer_cert_count(conn: *const tls_conn) -> usize {
    // SAFETY: by the header, NULL or a live connection.
    unsafe {
        look(conn, 0, |conn| {
            conn.look(|c| c.peer_chain().len()).unwrap_or(0)
        })
    }
}

/// A certificate of the peer as it came, leaf first, or NULL beyond the last. What an unverified peer sends
/// proves nothing. It belongs to the connection: like every string that a tls_conn_* function returns, it
/// stays valid until the connection is freed or, where handshakes are allowed to follow the first one, until
/// eight more are complete since it was last asked for. tls_cert_ref() keeps it longer.
///
/// In a resumed handshake no certificate is sent: the chain, and the verified path, are those of the
/// handshake that made the session. They are kept in the session: a client's in its session object, a
/// server's in the ticket or the store. A server keeps at most 8 KiB of them as DER, and a client with
/// longer chains is given no session.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_peer_cert(
    conn: *const tls_conn,
    index: usize,
) -> *const tls_cert {
    // SAFETY: by the header, NULL or a live connection.
    unsafe { look(conn, core::ptr::null(), |conn| conn.peer_certificate(index)) }
}

/// How many certificates the verified path has; 0 when nothing was verified.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_verified_cert_count(conn: *const tls_conn) -> usize {
    // SAFETY: by the header, NULL or a live connection.
    unsafe {
        look(conn, 0, |conn| {
            conn.look(|c| c.verified_chain().len()).unwrap_or(0)
        })
    }
}

/// A certificate of the verified path, leaf first, the trusted CA last where it is known as a
/// certificate; otherwise as tls_conn_peer_cert().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_verified_cert(
    conn: *const tls_conn,
    index: usize,
) -> *const tls_cert {
    // SAFETY: by the header, NULL or a live connection.
    unsafe {
        look(conn, core::ptr::null(), |conn| {
            conn.verified_certificate(index)
        })
    }
}

fn wants(connection: &Connection) -> c_int {
    let wants = connection.wants();
    let bit = |on, bit| if on { bit } else { 0 };
    bit(wants.read, TLS_WANTS_READ)
        | bit(wants.write, TLS_WANTS_WRITE)
        | bit(wants.app, TLS_WANTS_APP)
}

fn role(connection: &Connection) -> c_int {
    match connection.role() {
        Role::Client => TLS_CLIENT,
        Role::Server => TLS_SERVER,
    }
}

/// A fact as text; NULL as long as it is not known.
///
/// # Safety
/// `conn` is NULL or a live connection that no other thread uses.
pub(crate) unsafe fn text(
    conn: *const tls_conn,
    fact: impl FnOnce(&Facts) -> Option<String>,
) -> *const c_char {
    let kept = |conn: &Conn| match conn.look(|c| fact(c.facts())).flatten() {
        Some(text) => conn.text(c_string(text.as_bytes()).into_bytes_with_nul()),
        None => core::ptr::null(),
    };
    // SAFETY: the caller's promise.
    unsafe { look(conn, core::ptr::null(), kept) }
}

/// A fact that may hold any byte, with a NUL behind it; `len`, if any, receives its length.
///
/// # Safety
/// As for [`text`]; `len` is NULL or can be written to.
unsafe fn octets(
    conn: *const tls_conn,
    len: *mut usize,
    fact: impl FnOnce(&Facts) -> Option<Vec<u8>>,
) -> *const c_char {
    let kept = |conn: &Conn| {
        let Some(mut octets) = conn.look(|c| fact(c.facts())).flatten() else {
            return core::ptr::null();
        };
        // SAFETY: the caller's promise.
        if let Some(len) = unsafe { len.as_mut() } {
            *len = octets.len();
        }
        octets.push(0);
        conn.text(octets)
    };
    // SAFETY: the caller's promise.
    unsafe { look(conn, core::ptr::null(), kept) }
}
