//! Contexts: what small extensions carry.

use crate::args;
use crate::code::*;
use crate::conn::tls_conn;
use crate::conn_state::look;
use crate::ctx::{set, switch, tls_ctx};
use core::ffi::{c_char, c_int, c_void};
use tls_std::{Context, Ocsp};

/// What clients of this context do about OCSP staples (RFC 6066 §8):
///
/// TLS_OCSP_OFF: they ask for none;
/// TLS_OCSP_REQUEST (the default): they ask for one, and go on without;
/// TLS_OCSP_REQUIRE: they refuse a server without a response that vouches for its certificate
/// (TLS_REASON_OCSP_RESPONSE_MISSING, or one of those below).
///
/// A response that comes is verified (RFC 6960): it must be about the certificate
/// (TLS_REASON_BAD_OCSP_RESPONSE), and signed by the CA that issued it or by whom that CA certified for
/// OCSP (TLS_REASON_OCSP_SIGNATURE_FAILURE). One that says "revoked" ends the handshake, however old it
/// is (TLS_REASON_CERTIFICATE_REVOKED). With TLS_OCSP_REQUEST what an outage of a responder leaves is
/// passed over: a response that is out of date (TLS_REASON_OCSP_HAS_EXPIRED; five minutes are tolerated,
/// and one without nextUpdate is believed for ten days), from the future
/// (TLS_REASON_OCSP_NOT_YET_VALID), or says nothing (TLS_REASON_OCSP_CERT_UNKNOWN).
///
/// A certificate that demands a staple (RFC 7633, "must-staple") is refused without one that vouches
/// for it in every mode, TLS_OCSP_OFF included. After tls_ctx_danger_accept_any_cert() nobody asks
/// what a staple says (TLS_OCSP_REQUIRE still wants one), and with a verifier of the application's own it
/// is the verifier's matter.
///
/// Returns TLS_OK, or TLS_ERR_USAGE with a reason in tls_ctx_error().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_ocsp(ctx: *mut tls_ctx, mode: c_int) -> c_int {
    let setter = |ctx: &Context| {
        ctx.set_ocsp(match mode {
            TLS_OCSP_OFF => Ocsp::Off,
            TLS_OCSP_REQUEST => Ocsp::Request,
            TLS_OCSP_REQUIRE => Ocsp::Require,
            other => return Err(args::bad(format!("{other} is no TLS_OCSP_*")).into()),
        });
        Ok(())
    };
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, setter) }
}

/// The OCSP response (DER, `len` bytes, at most 16380) that servers staple to the keypair at this
/// place, 0 for the first that was added, when a client asks. `len` 0: none. It can be replaced while
/// connections run: those that are created later get the new one.
///
/// One that clients would refuse is TLS_REASON_BAD_STAPLE, with a sentence that says why: about another
/// certificate, out of date, from the future, or, where the keypair's chain has the issuer, signed by who
/// may not.
///
/// Returns TLS_OK, or TLS_ERR_USAGE with a reason in tls_ctx_error(); nothing was changed then.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_ocsp_response_mem(
    ctx: *mut tls_ctx,
    keypair: usize,
    response: *const c_void,
    len: usize,
) -> c_int {
    // SAFETY: by the header, a live context and readable arguments, or NULL.
    unsafe {
        set(ctx, |ctx| {
            let response = args::bytes("response", response, len)?;
            ctx.set_ocsp_response(keypair, (!response.is_empty()).then_some(response))
        })
    }
}

/// tls_ctx_set_ocsp_response_mem() from a file.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_ocsp_response_file(
    ctx: *mut tls_ctx,
    keypair: usize,
    path: *const c_char,
) -> c_int {
    // SAFETY: by the header, a live context and readable arguments, or NULL.
    unsafe {
        set(ctx, |ctx| {
            ctx.set_ocsp_response_file(keypair, args::path("path", path)?)
        })
    }
}

/// The SignedCertificateTimestampList (RFC 6962 §3.3, with its own length in front) that servers send
/// with the keypair at this place when a client asks; `len` 0: none. Returns as
/// tls_ctx_set_ocsp_response_mem().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_scts_mem(
    ctx: *mut tls_ctx,
    keypair: usize,
    list: *const c_void,
    len: usize,
) -> c_int {
    // SAFETY: by the header, a live context and readable arguments, or NULL.
    unsafe {
        set(ctx, |ctx| {
            let list = args::bytes("list", list, len)?;
            ctx.set_scts(keypair, (!list.is_empty()).then_some(list))
        })
    }
}

/// Whether clients ask for signed certificate timestamps (1) or not (0, the default).
/// tls_conn_scts() shows what came; it is not checked. Returns TLS_OK, or TLS_ERR_USAGE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_request_scts(ctx: *mut tls_ctx, on: c_int) -> c_int {
    // SAFETY: by the header, NULL or a live context.
    unsafe { switch(ctx, on, Context::request_scts) }
}

/// Clients ask that no record holds more plaintext than `length` bytes, in either direction
/// (RFC 6066 §4): 512, 1024, 2048 or 4096; 0: they do not ask. A longer record then is
/// TLS_REASON_RECORD_OVERFLOW. Servers do as they are asked; resumed sessions keep to it.
///
/// Returns TLS_OK, or TLS_ERR_USAGE with a reason in tls_ctx_error().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_max_fragment_length(
    ctx: *mut tls_ctx,
    length: usize,
) -> c_int {
    // SAFETY: by the header, NULL or a live context.
    unsafe {
        set(ctx, |ctx| {
            ctx.set_max_fragment_length(self::length(length)?)
        })
    }
}

/// The most plaintext of a record in bytes that this side takes (RFC 8449), 64 to 16384; 0: clients do
/// not say, servers say 16384 to those that do. Each side has a limit of its own. Where both sides
/// have it, it comes before tls_ctx_set_max_fragment_length(). A longer record then is
/// TLS_REASON_RECORD_OVERFLOW.
///
/// Returns TLS_OK, or TLS_ERR_USAGE with a reason in tls_ctx_error().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_record_size_limit(ctx: *mut tls_ctx, limit: usize) -> c_int {
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, |ctx| ctx.set_record_size_limit(length(limit)?)) }
}

/// The most plaintext of a record in bytes that this side sends, 64 to 16384 (the default): less where
/// the reader should have data to work on before a whole record has arrived. What is agreed on with the
/// peer may be less still.
///
/// Returns TLS_OK, or TLS_ERR_USAGE with a reason in tls_ctx_error().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_max_send_fragment(ctx: *mut tls_ctx, bytes: usize) -> c_int {
    let setter = |ctx: &Context| ctx.set_max_send_fragment(length(bytes)?.unwrap_or_default());
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, setter) }
}

/// Clients pad their hello to `bytes` (RFC 7685), at most 4096; 0, the default: they do not. Some old
/// servers hang on a hello of 256 to 511 bytes: 512 helps them. Returns TLS_OK, or TLS_ERR_USAGE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_hello_padding(ctx: *mut tls_ctx, bytes: usize) -> c_int {
    let setter = |ctx: &Context| {
        if bytes > 4096 {
            return Err(args::bad(format!("{bytes} bytes of padding: at most 4096")).into());
        }
        ctx.set_hello_padding(bytes);
        Ok(())
    };
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, setter) }
}

/// Clients say (1) that an attempt with a higher version failed before (TLS_FALLBACK_SCSV,
/// RFC 7507), or not (0, the default): a server that has a higher version refuses them with
/// inappropriate_fallback. For programs that fall back from another library's TLS 1.3 to this one.
/// Returns TLS_OK, or TLS_ERR_USAGE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_fallback_scsv(ctx: *mut tls_ctx, on: c_int) -> c_int {
    // SAFETY: by the header, NULL or a live context.
    unsafe { switch(ctx, on, Context::set_fallback_scsv) }
}

/// Copies the OCSP response that the server stapled, DER, to `out` when `cap` bytes are enough, else
/// leaves `out` alone. Returns its length; 0: none came. On a resumed connection it is that of the
/// handshake that made the session. `out` may be NULL when `cap` is 0; TLS_ERR_USAGE for NULL else.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_ocsp_response(
    conn: *const tls_conn,
    out: *mut c_void,
    cap: usize,
) -> isize {
    // SAFETY: by the header, a live connection and room for `cap` bytes, or NULL.
    unsafe {
        look(conn, TLS_ERR_USAGE as isize, |conn| {
            let response = conn.look(|c| c.facts().ocsp_response.clone()).flatten();
            args::copy_out(response.as_deref().unwrap_or_default(), out, cap)
        })
    }
}

/// Copies the server's SignedCertificateTimestampList (RFC 6962 §3.3), as tls_conn_ocsp_response()
/// does.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_scts(
    conn: *const tls_conn,
    out: *mut c_void,
    cap: usize,
) -> isize {
    // SAFETY: by the header, a live connection and room for `cap` bytes, or NULL.
    unsafe {
        look(conn, TLS_ERR_USAGE as isize, |conn| {
            let list = conn.look(|c| c.facts().scts.clone()).flatten();
            args::copy_out(list.as_deref().unwrap_or_default(), out, cap)
        })
    }
}

/// The most plaintext in bytes that a record of ours may hold, as negotiated: 16384 without such an
/// extension. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_send_limit(conn: *const tls_conn) -> usize {
    // SAFETY: by the header, NULL or a live connection.
    unsafe {
        look(conn, 0, |conn| {
            conn.look(|c| c.facts().record_limits.send.into())
                .unwrap_or(0)
        })
    }
}

/// The most plaintext in bytes that a record of the peer may hold; otherwise as tls_conn_send_limit().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_receive_limit(conn: *const tls_conn) -> usize {
    // SAFETY: by the header, NULL or a live connection.
    unsafe {
        look(conn, 0, |conn| {
            conn.look(|c| c.facts().record_limits.receive.into())
                .unwrap_or(0)
        })
    }
}

/// 0 stands for none; what no length can be is left to whoever knows the bounds.
fn length(bytes: usize) -> args::Result<Option<u16>> {
    match u16::try_from(bytes) {
        Ok(0) => Ok(None),
        Ok(bytes) => Ok(Some(bytes)),
        Err(_) => Err(args::bad(format!("no record has {bytes} bytes"))),
    }
}
