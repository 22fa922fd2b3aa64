//! The verbs.

use crate::args;
use crate::code::{TLS_ERR_USAGE, TLS_OK, TLS_WANT_APP, TLS_WANT_READ, TLS_WANT_WRITE};
use crate::conn::tls_conn;
use crate::conn_state::change;
use crate::error::code;
use crate::key_limits;
use core::ffi::{c_int, c_void};
use tls_std::{Connection, Stop};

/// Runs the handshake. Calling it is optional: tls_read() and tls_write() run it when it is not done.
///
/// Returns TLS_OK once it is complete and its last bytes have left, TLS_WANT_* or an error. Every verb
/// may return any TLS_WANT_*: wait, then repeat the call. The code names one cause. That is enough for
/// a program that uses one direction at a time; one that reads and writes at the same time waits for
/// all that tls_conn_wants() says, since a peer that does the same may be waiting for us to read.
///
/// Without tls_conn_set_fd(), tls_conn_set_io(), tls_feed() or tls_drain() the second verb that has to
/// wait is TLS_ERR_USAGE with TLS_REASON_NO_TRANSPORT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_handshake(conn: *mut tls_conn) -> c_int {
    // SAFETY: by the header, NULL or a live connection.
    unsafe { unit(conn, Connection::handshake) }
}

/// Reads decrypted bytes into `buf`, which may be uninitialised, up to `len` of them.
///
/// Returns > 0: how many; 0: the peer closed with close_notify, all was read; TLS_WANT_* or an
/// error. A transport that ends without close_notify is TLS_ERR_IO with TLS_REASON_TRUNCATED: data
/// may be missing. `len` 0 is TLS_ERR_USAGE (its 0 would look like the end).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_read(conn: *mut tls_conn, buf: *mut c_void, len: usize) -> isize {
    let verb = |conn: &mut Connection| {
        // SAFETY: by the header, room to write to, or NULL.
        match unsafe { args::room("buf", buf, len) } {
            Ok(room) => conn.read_uninit(room),
            Err(error) => misused(conn, error),
        }
    };
    // SAFETY: by the header, NULL or a live connection.
    let result = unsafe { count(conn, verb) };
    // SAFETY: the same.
    unsafe { key_limits::tell(conn) };
    result
}

/// Seals bytes of `buf` and hands them to the transport.
///
/// Returns > 0: how many of the `len` bytes were taken: they are sealed and owned by the
/// connection, though some may still wait for the transport (tls_flush()). It can be less than
/// `len`; a blocking transport takes all. Nothing is taken while sealed bytes wait: TLS_WANT_*
/// means that none were, so the repeated call may pass another buffer. 0 only for `len` 0.
///
/// Where the transport of an established connection fails to write (the peer is gone), tls_write(),
/// tls_flush() and tls_close() are TLS_ERR_IO from then on, and tls_read() goes on: what the peer had
/// sent before arrives, then its end as it was, clean, truncated or failed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_write(conn: *mut tls_conn, buf: *const c_void, len: usize) -> isize {
    let verb = |conn: &mut Connection| {
        // SAFETY: by the header, bytes to read, or NULL.
        match unsafe { args::bytes("buf", buf, len) } {
            Ok(bytes) => conn.write(bytes),
            Err(error) => misused(conn, error),
        }
    };
    // SAFETY: by the header, NULL or a live connection.
    let result = unsafe { count(conn, verb) };
    // SAFETY: the same.
    unsafe { key_limits::tell(conn) };
    result
}

/// Hands the sealed bytes that wait to the transport. TLS_OK only when all have left.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_flush(conn: *mut tls_conn) -> c_int {
    // SAFETY: by the header, NULL or a live connection.
    unsafe { unit(conn, Connection::flush) }
}

/// Sends close_notify: nothing can be written behind it. TLS_OK once it has left (also when it had
/// before). Reading stays possible until tls_read() returns 0; whoever does not wait for that may
/// close the transport now.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_close(conn: *mut tls_conn) -> c_int {
    // SAFETY: by the header, NULL or a live connection.
    unsafe { unit(conn, Connection::close) }
}

/// Without a transport: hands received bytes in. Returns how many were consumed, which can be fewer
/// than `len`, also 0, while received data fills the buffer (run the handshake or read first); or an
/// error (TLS_ERR_USAGE behind tls_feed_eof()). Feeding makes no progress by itself: call the verb that wanted to read again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_feed(conn: *mut tls_conn, buf: *const c_void, len: usize) -> isize {
    let verb = |conn: &mut Connection| {
        // SAFETY: by the header, bytes to read, or NULL.
        match unsafe { args::bytes("buf", buf, len) } {
            Ok(bytes) => conn.feed(bytes),
            Err(error) => misused(conn, error),
        }
    };
    // SAFETY: by the header, NULL or a live connection.
    unsafe { count(conn, verb) }
}

/// Without a transport: tells that no further bytes will come. Behind the peer's close_notify that
/// is a clean end; else tls_read() fails with TLS_REASON_TRUNCATED. Returns TLS_OK or an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_feed_eof(conn: *mut tls_conn) -> c_int {
    // SAFETY: by the header, NULL or a live connection.
    unsafe { unit(conn, Connection::feed_eof) }
}

/// Without a transport: takes sealed bytes out, up to `len`, into `buf`, which may be uninitialised.
/// Returns how many, 0 when none wait, or an error; an alert that tells the peer of a fatal error
/// is handed out before that error is. `len` 0 is TLS_ERR_USAGE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_drain(conn: *mut tls_conn, buf: *mut c_void, len: usize) -> isize {
    let verb = |conn: &mut Connection| {
        // SAFETY: by the header, room to write to, or NULL.
        match unsafe { args::room("buf", buf, len) } {
            Ok(room) => conn.drain(room),
            Err(error) => misused(conn, error),
        }
    };
    // SAFETY: by the header, NULL or a live connection.
    unsafe { count(conn, verb) }
}

/// Takes back the bytes that arrived behind the peer's close_notify: they belong to whatever follows
/// TLS on this transport (FTP CCC, unwrap). Copies up to `len` of them into `buf` and returns how
/// many, 0 when there are none (or no close_notify yet), or TLS_ERR_USAGE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_unread(
    conn: *mut tls_conn,
    buf: *mut c_void,
    len: usize,
) -> isize {
    let verb = |conn: &mut Connection| {
        // SAFETY: by the header, room to write to, or NULL.
        match unsafe { args::room("buf", buf, len) } {
            // No more than the length of a buffer, which is no more than isize::MAX.
            Ok(room) => Ok(conn.unread(room).cast_signed()),
            Err(error) => {
                conn.misused(error);
                Err(TLS_ERR_USAGE)
            }
        }
    };
    // SAFETY: by the header, NULL or a live connection.
    unsafe { change(conn, verb) }.unwrap_or_else(|code| code as isize)
}

/// Runs a verb that counts bytes.
///
/// # Safety
/// `conn` is NULL or a live connection that no other thread uses.
unsafe fn count(
    conn: *mut tls_conn,
    verb: impl FnOnce(&mut Connection) -> Result<usize, Stop>,
) -> isize {
    let run = |connection: &mut Connection| match verb(connection) {
        // No more than the length of a buffer, which is no more than isize::MAX.
        Ok(n) => Ok(n.cast_signed()),
        Err(Stop::WantRead) => Ok(TLS_WANT_READ as isize),
        Err(Stop::WantWrite) => Ok(TLS_WANT_WRITE as isize),
        Err(Stop::WantApp) => Ok(TLS_WANT_APP as isize),
        Err(Stop::Failed) => Err(connection.error().map_or(TLS_ERR_USAGE, code)),
    };
    // SAFETY: the caller's promise.
    unsafe { change(conn, run) }.unwrap_or_else(|code| code as isize)
}

/// Runs a verb that is done or not.
///
/// # Safety
/// As for [`count`].
pub(crate) unsafe fn unit(
    conn: *mut tls_conn,
    verb: impl FnOnce(&mut Connection) -> Result<(), Stop>,
) -> c_int {
    // SAFETY: the caller's promise. The value is TLS_OK or a code, which fits.
    unsafe { count(conn, |c| verb(c).map(|()| TLS_OK as usize)) as c_int }
}

fn misused(conn: &mut Connection, error: tls_core::error::Error) -> Result<usize, Stop> {
    conn.misused(error);
    Err(Stop::Failed)
}
