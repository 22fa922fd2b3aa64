//! Connections: what the server's OCSP staple says.

use crate::code::*;
use crate::conn::tls_conn;
use crate::conn_state::look;
use core::ffi::c_int;
use tls_std::{Connection, OcspInfo, OcspStatus};

/// What an OCSP staple says of the server's certificate (RFC 6960 §4.2.1), and what it is worth. Times are
/// seconds since 1970-01-01 00:00:00 UTC, TLS_NO_TIME where there is none.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct tls_ocsp_info {
    /// TLS_OCSP_GOOD, TLS_OCSP_REVOKED, TLS_OCSP_UNKNOWN, or TLS_OCSP_NO_ANSWER: the responder gave
    /// none, or the response cannot be read or is about another certificate.
    pub status: c_int,
    /// 0: it is right now: signed by who may, about this certificate, in time, and good. Else why not: a
    /// TLS_REASON_*, never 0 where nobody verified the certificate.
    pub error: c_int,
    /// With TLS_OCSP_REVOKED: the number of a CRLReason (RFC 5280 §5.3.1); -1 where none is given.
    pub revocation_reason: c_int,
    /// 0.
    pub reserved: c_int,
    /// When the responder signed it.
    pub produced_at: i64,
    /// When the status was known to be right.
    pub this_update: i64,
    /// When there is a newer one.
    pub next_update: i64,
    /// With TLS_OCSP_REVOKED: since when.
    pub revoked_at: i64,
}

/// Reads and checks the OCSP response that the server stapled, as it was in the handshake and by the clock
/// of now: a connection of days sees it end. On a resumed connection it is that of the handshake that
/// made the session. Also after a handshake that failed because of it; then `error` is not 0.
///
/// Returns 1 and fills `out`, or 0 when there is no staple (`out` is left alone), or TLS_ERR_USAGE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_ocsp_info(
    conn: *const tls_conn,
    out: *mut tls_ocsp_info,
) -> c_int {
    // SAFETY: by the header, a live connection and room for the answer, or NULL.
    unsafe {
        look(conn, TLS_ERR_USAGE, |conn| {
            if out.is_null() {
                return TLS_ERR_USAGE;
            }
            match conn.look(info).flatten() {
                Some(info) => {
                    out.write(info);
                    1
                }
                None => 0,
            }
        })
    }
}

fn info(connection: &Connection) -> Option<tls_ocsp_info> {
    let (info, error) = match connection.ocsp_info()? {
        Ok((info, verdict)) => (Some(info), verdict.err()),
        Err(error) => (None, Some(error)),
    };
    let time =
        |pick: fn(&OcspInfo) -> Option<i64>| info.as_ref().and_then(pick).unwrap_or(TLS_NO_TIME);
    let (status, revoked_at, reason) = match info.as_ref().map(|i| i.status) {
        Some(OcspStatus::Good) => (TLS_OCSP_GOOD, TLS_NO_TIME, None),
        Some(OcspStatus::Revoked { at, reason }) => (TLS_OCSP_REVOKED, at, reason),
        Some(OcspStatus::Unknown) => (TLS_OCSP_UNKNOWN, TLS_NO_TIME, None),
        Some(OcspStatus::NoAnswer(_)) | None => (TLS_OCSP_NO_ANSWER, TLS_NO_TIME, None),
    };
    Some(tls_ocsp_info {
        status,
        error: error.map_or(0, |error| error.reason() as c_int),
        revocation_reason: reason.map_or(-1, c_int::from),
        reserved: 0,
        produced_at: time(|i| i.produced_at),
        this_update: time(|i| i.this_update),
        next_update: time(|i| i.next_update),
        revoked_at,
    })
}
