//! Handshakes behind the first one (RFC 5746).

use crate::args;
use crate::code::*;
use crate::conn::tls_conn;
use crate::conn_state::{self, look};
use crate::ctx::{set, tls_ctx};
use crate::verbs::unit;
use core::ffi::c_int;
use tls_std::{Connection, Context, Renegotiation};

/// Whether handshakes may follow the first one of a connection. RFC 5746 is signalled in any case, and
/// with a peer that does not know it there is never a renegotiation.
///
/// TLS_RENEGOTIATION_REFUSE (the default): none; the peer's requests are refused with the warning
/// no_renegotiation, and the connection goes on;
/// TLS_RENEGOTIATION_OWN: those that this side asks for with tls_renegotiate();
/// TLS_RENEGOTIATION_ALLOW: the peer's requests are followed too, up to ten in a minute: with more the
/// connection fails.
///
/// A server's request that a client refuses changes nothing: both go on under the keys they have, so a
/// certificate that was to be asked for is not there (tls_conn_verified(), tls_conn_renegotiation_refused()).
///
/// The application protocol stays what it was, and a client that asks for another host name, or for none
/// where it had one, is refused (TLS_REASON_RENEGOTIATION_SERVER_NAME).
///
/// Returns TLS_OK, or TLS_ERR_USAGE with a reason in tls_ctx_error().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_renegotiation(ctx: *mut tls_ctx, mode: c_int) -> c_int {
    let setter = |ctx: &Context| {
        ctx.set_renegotiation(renegotiation(mode)?);
        Ok(())
    };
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, setter) }
}

/// tls_ctx_set_renegotiation() for this connection alone, at any time; a handshake that goes on is not
/// touched. Returns TLS_OK, or TLS_ERR_USAGE with a reason in tls_conn_error().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_set_renegotiation(conn: *mut tls_conn, mode: c_int) -> c_int {
    let setter = |conn: &mut Connection| conn.set_renegotiation(renegotiation(mode)?);
    // SAFETY: by the header, NULL or a live connection.
    unsafe { conn_state::set(conn, setter) }
}

/// Asks for another handshake: a client sends its ClientHello, a server a HelloRequest. Where one goes
/// on already nothing happens.
///
/// Returns TLS_OK once that has left, TLS_WANT_* (tls_flush() sends the rest), or an error, which is
/// not fatal: TLS_ERR_USAGE before the first handshake is complete, behind tls_close(), and with
/// TLS_REASON_RENEGOTIATION_OFF where the configuration or the peer stand against it.
///
/// The verbs that follow carry the handshake on; tls_handshake() does until it is complete. If the peer
/// refuses, tls_handshake() is TLS_ERR_TLS with TLS_REASON_NO_RENEGOTIATION once, and the connection goes
/// on as it was (tls_conn_renegotiation_refused()). A server may have to wait for ever: clients are
/// free to ignore its request.
///
/// Meanwhile tls_read() reads as before, and tls_write() waits (TLS_WANT_*) from our hello to the end. A
/// verb that does not read keeps what comes, up to some 32 KiB; behind that it is TLS_WANT_READ while
/// tls_conn_pending() says that there is something to read first. Facts and certificates are those
/// of the last complete handshake. A client's renegotiation is a full handshake unless
/// tls_conn_set_session() gave it a session; a server that needs a client's certificate later calls
/// tls_conn_set_client_auth() first.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_renegotiate(conn: *mut tls_conn) -> c_int {
    // SAFETY: by the header, NULL or a live connection.
    unsafe { unit(conn, Connection::renegotiate) }
}

/// How many handshakes of this connection are complete: 0 before the first, more than 1 after a
/// renegotiation.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_handshakes(conn: *const tls_conn) -> c_int {
    let count = |c: &Connection| c_int::try_from(c.facts().handshakes).unwrap_or(c_int::MAX);
    // SAFETY: by the header, NULL or a live connection.
    unsafe { look(conn, 0, |conn| conn.look(count).unwrap_or(0)) }
}

/// 1 when the peer refused our last tls_renegotiate().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_renegotiation_refused(conn: *const tls_conn) -> c_int {
    let refused = |c: &Connection| c_int::from(c.facts().renegotiation_refused);
    // SAFETY: by the header, NULL or a live connection.
    unsafe { look(conn, 0, |conn| conn.look(refused).unwrap_or(0)) }
}

fn renegotiation(mode: c_int) -> args::Result<Renegotiation> {
    match mode {
        TLS_RENEGOTIATION_REFUSE => Ok(Renegotiation::Refuse),
        TLS_RENEGOTIATION_OWN => Ok(Renegotiation::Own),
        TLS_RENEGOTIATION_ALLOW => Ok(Renegotiation::Allow),
        other => Err(args::bad(format!("{other} is no TLS_RENEGOTIATION_*"))),
    }
}
