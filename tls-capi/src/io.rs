//! Connections: transports.

use crate::args;
use crate::conn::tls_conn;
use crate::conn_state::{look, set};
use crate::io_transport::CallbackTransport;
use core::ffi::{c_int, c_void};
use tls_std::Connection;
use tls_std::transport::Transport;

/// Reads up to `len` bytes from the transport into `buf`. Returns > 0: how many; 0: end of file;
/// TLS_WANT_READ, TLS_WANT_WRITE or TLS_WANT_APP: nothing now; TLS_ERR_IO: it failed
/// (tls_conn_set_os_error() may say with which errno). Anything else is a misbehaviour that ends the
/// connection. Of the functions on `conn`, only tls_conn_set_os_error() may be called from here.
pub type tls_conn_read_fn = Option<
    unsafe extern "C" fn(
        conn: *mut tls_conn,
        buf: *mut c_void,
        len: usize,
        arg: *mut c_void,
    ) -> isize,
>;

/// Writes up to `len` bytes of `buf` to the transport. Returns > 0: how many it took;
/// TLS_WANT_READ, TLS_WANT_WRITE or TLS_WANT_APP: none now; TLS_ERR_IO: it failed. Otherwise as
/// tls_conn_read_fn. It must not raise SIGPIPE (send with MSG_NOSIGNAL).
pub type tls_conn_write_fn = Option<
    unsafe extern "C" fn(
        conn: *mut tls_conn,
        buf: *const c_void,
        len: usize,
        arg: *mut c_void,
    ) -> isize,
>;

/// Sets the transport: two callbacks, each handed `arg`. Possible at any time between calls; takes
/// the place of an earlier transport. Both NULL: none, the connection is driven with tls_feed() and
/// tls_drain() again.
///
/// Returns TLS_OK, or TLS_ERR_USAGE with a reason in tls_conn_error() (one of the two is NULL; the
/// connection could not be set up).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_set_io(
    conn: *mut tls_conn,
    read: tls_conn_read_fn,
    write: tls_conn_write_fn,
    arg: *mut c_void,
) -> c_int {
    let setter = |connection: &mut Connection| {
        let transport: Option<Box<dyn Transport>> = match (read, write) {
            (Some(read), Some(write)) => Some(Box::new(CallbackTransport {
                conn,
                read,
                write,
                arg,
            })),
            (None, None) => None,
            (None, Some(_)) => return Err(args::null("read").into()),
            (Some(_), None) => return Err(args::null("write").into()),
        };
        attach(connection, transport)
    };
    // SAFETY: by the header, NULL or a live connection.
    unsafe { set(conn, setter) }
}

/// Sets the transport: a file descriptor, blocking or not, a socket, pipe or terminal. It stays the
/// caller's: tls_conn_free() does not close it. EINTR is retried and SIGPIPE never raised.
///
/// Returns TLS_OK, or TLS_ERR_USAGE with a reason in tls_conn_error() (`fd` is negative; the
/// connection could not be set up).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_set_fd(conn: *mut tls_conn, fd: c_int) -> c_int {
    // SAFETY: by the header, NULL or a live connection.
    unsafe { set(conn, |conn| set_fds(conn, fd, fd)) }
}

/// tls_conn_set_fd() with one descriptor to read from and another to write to (two pipes).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_set_fds(
    conn: *mut tls_conn,
    read_fd: c_int,
    write_fd: c_int,
) -> c_int {
    // SAFETY: by the header, NULL or a live connection.
    unsafe { set(conn, |conn| set_fds(conn, read_fd, write_fd)) }
}

/// For I/O callbacks: the operating system's errno behind the TLS_ERR_IO that the callback is about
/// to return. It appears in tls_error_info.os_errno.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_set_os_error(conn: *mut tls_conn, os_errno: c_int) {
    // SAFETY: by the header, NULL or a live connection.
    unsafe { look(conn, (), |conn| conn.os_errno.set(os_errno)) }
}

#[cfg(unix)]
fn set_fds(conn: &mut Connection, read_fd: c_int, write_fd: c_int) -> tls_std::Result<()> {
    if let Some(fd) = [read_fd, write_fd].into_iter().find(|fd| *fd < 0) {
        return Err(args::bad(format!("{fd} is no file descriptor")).into());
    }
    let transport = tls_std::transport::FdTransport::new(read_fd, write_fd);
    attach(conn, Some(Box::new(transport)))
}

/// A connection that could not be set up says so here too, before a program waits on its transport.
fn attach(conn: &mut Connection, transport: Option<Box<dyn Transport>>) -> tls_std::Result<()> {
    if let (Some(error), true) = (conn.setup_error(), transport.is_some()) {
        return Err(error.clone());
    }
    conn.set_transport(transport);
    Ok(())
}

#[cfg(not(unix))]
fn set_fds(_conn: &mut Connection, _read_fd: c_int, _write_fd: c_int) -> tls_std::Result<()> {
    Err(args::bad("this system has no file descriptors: use tls_conn_set_io()").into())
}
