//! Client certificates: what a server asks, what a client was asked.

use crate::args;
use crate::code::*;
use crate::conn::tls_conn;
use crate::conn_state::{self, look};
use crate::ctx::{set, tls_ctx};
use crate::facts::text;
use core::ffi::{c_char, c_int, c_void};
use tls_std::{ClientAuth, Connection, Context};

/// Whether servers of this context ask their clients for a certificate (RFC 5246 §7.4.4):
///
/// TLS_CLIENT_AUTH_NONE (the default): no;
/// TLS_CLIENT_AUTH_REQUEST: yes, but a client without one is served too;
/// TLS_CLIENT_AUTH_REQUIRE: yes, and a client without one is refused. A pre-shared key does not stand
/// for it: suites whose key exchange has no certificates (PSK, DHE_PSK, ECDHE_PSK) are not chosen, and a
/// client that offers nothing else is refused with TLS_REASON_NO_SHARED_CIPHER.
///
/// A certificate that comes is verified in either case, without a name, against the CAs that were
/// added: the system's CAs vouch for servers, so a server that asks needs tls_ctx_add_ca_file() or its
/// like, and its connections are born failed without (TLS_REASON_NO_TRUST_ANCHORS). With a hello callback
/// (tls_ctx_set_hello_callback()) it is the context that the callback goes on with that needs them.
/// tls_ctx_danger_accept_any_cert() accepts whatever comes. tls_conn_verified() tells the outcome,
/// tls_conn_verified_cert() the path, tls_conn_peer_cert() what came.
///
/// Returns TLS_OK, or TLS_ERR_USAGE with a reason in tls_ctx_error().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_client_auth(ctx: *mut tls_ctx, mode: c_int) -> c_int {
    let setter = |ctx: &Context| {
        ctx.set_client_auth(client_auth(mode)?);
        Ok(())
    };
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, setter) }
}

/// tls_ctx_set_client_auth() for this server connection alone: for the first handshake until the client's
/// hello has come, and between handshakes for the next (tls_renegotiate()). Returns TLS_OK, or TLS_ERR_USAGE
/// with a reason in tls_conn_error(): TLS_REASON_WRONG_ORDER inside of a handshake, TLS_REASON_NO_TRUST_ANCHORS
/// where the context that serves the connection has no CAs for clients. Where a hello callback chooses
/// another context (tls_pending_use_ctx()) the stricter of the two settings holds.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_set_client_auth(conn: *mut tls_conn, mode: c_int) -> c_int {
    let setter = |conn: &mut Connection| conn.set_client_auth(client_auth(mode)?);
    // SAFETY: by the header, NULL or a live connection.
    unsafe { conn_state::set(conn, setter) }
}

/// The CAs whose names a server sends when it asks for a certificate, for clients to choose by: the
/// subjects of the certificates in a file, PEM or DER. This trusts none of them.
///
/// Without this call they are those of the trusted CAs, unless they take more than 48 KiB together:
/// then none is named. More than 48 KiB given here are an error.
///
/// Returns TLS_OK, or TLS_ERR_USAGE with a reason in tls_ctx_error(); nothing was changed then.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_client_ca_file(
    ctx: *mut tls_ctx,
    path: *const c_char,
) -> c_int {
    // SAFETY: by the header, a live context and readable arguments, or NULL.
    unsafe { set(ctx, |ctx| ctx.set_client_ca_file(args::path("path", path)?)) }
}

/// tls_ctx_set_client_ca_file() from memory. `len` 0: no CA is named, and clients choose by
/// themselves.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_client_ca_mem(
    ctx: *mut tls_ctx,
    ca: *const c_void,
    len: usize,
) -> c_int {
    // SAFETY: by the header, a live context and readable arguments, or NULL.
    unsafe {
        set(ctx, |ctx| {
            ctx.set_client_ca_mem(args::bytes("ca", ca, len)?)
        })
    }
}

/// Names the trusted CAs again: the default. Returns TLS_OK, or TLS_ERR_USAGE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_client_ca_trusted(ctx: *mut tls_ctx) -> c_int {
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, |ctx| ctx.set_client_ca_names(None)) }
}

/// On a client: 1 when the server asked for a certificate. It is answered with the first keypair that
/// fits the types and schemes of the request, preferring one that was issued by a CA it names; with
/// none, where none fits.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_cert_requested(conn: *const tls_conn) -> c_int {
    // SAFETY: by the header, NULL or a live connection.
    unsafe {
        look(conn, 0, |conn| {
            conn.look(|c| c_int::from(c.facts().certificate_requested.is_some()))
                .unwrap_or(0)
        })
    }
}

/// On a client: how many CAs the server named in its request; 0: any may do, or it did not ask.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_client_ca_count(conn: *const tls_conn) -> usize {
    // SAFETY: by the header, NULL or a live connection.
    unsafe {
        look(conn, 0, |conn| {
            conn.look(|c| {
                let requested = c.facts().certificate_requested.as_ref();
                requested.map_or(0, |names| names.iter().count())
            })
            .unwrap_or(0)
        })
    }
}

/// Copies one of these names, an X.501 Name in DER, to `out` when `cap` bytes are enough, else leaves
/// `out` alone. Returns its length, or TLS_ERR_USAGE beyond the last. `out` may be NULL when `cap`
/// is 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_client_ca(
    conn: *const tls_conn,
    index: usize,
    out: *mut c_void,
    cap: usize,
) -> isize {
    let name = |conn: &Connection| {
        let names = conn.facts().certificate_requested.as_ref()?;
        names.iter().nth(index).map(<[u8]>::to_vec)
    };
    // SAFETY: by the header, a live connection and room for `cap` bytes, or NULL.
    unsafe {
        look(conn, TLS_ERR_USAGE as isize, |conn| {
            let Some(name) = conn.look(name).flatten() else {
                return TLS_ERR_USAGE as isize;
            };
            args::copy_out(&name, out, cap)
        })
    }
}

/// Which keypair this side showed: its place among those of the context, 0 for the first that was
/// added. TLS_ERR_USAGE: none so far.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_keypair(conn: *const tls_conn) -> c_int {
    // SAFETY: by the header, NULL or a live connection.
    unsafe {
        look(conn, TLS_ERR_USAGE, |conn| {
            conn.look(|c| c.facts().local_keypair)
                .flatten()
                .and_then(|place| c_int::try_from(place).ok())
                .unwrap_or(TLS_ERR_USAGE)
        })
    }
}

/// The scheme of the client's signature, its CertificateVerify ("ecdsa_secp256r1_sha256"), on either
/// side, or NULL where there was none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_client_scheme(conn: *const tls_conn) -> *const c_char {
    // SAFETY: by the header, NULL or a live connection.
    unsafe { text(conn, |f| f.client_scheme.map(|s| s.to_string())) }
}

fn client_auth(mode: c_int) -> args::Result<ClientAuth> {
    match mode {
        TLS_CLIENT_AUTH_NONE => Ok(ClientAuth::None),
        TLS_CLIENT_AUTH_REQUEST => Ok(ClientAuth::Request),
        TLS_CLIENT_AUTH_REQUIRE => Ok(ClientAuth::Require),
        other => Err(args::bad(format!("{other} is no TLS_CLIENT_AUTH_*"))),
    }
}
