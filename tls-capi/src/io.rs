//! Connections: transports.

use crate::code::TLS_ERR_USAGE;
use crate::conn::tls_conn;
use core::ffi::{c_int, c_void};

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
/// Returns TLS_OK, or TLS_ERR_USAGE with a reason in tls_conn_error() (one of the two is NULL).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_set_io(
    conn: *mut tls_conn,
    read: tls_conn_read_fn,
    write: tls_conn_write_fn,
    arg: *mut c_void,
) -> c_int {
    let _ = (conn, read, write, arg);
    crate::stub(TLS_ERR_USAGE)
}

/// Sets the transport: a file descriptor, blocking or not, a socket, pipe or terminal. It stays the
/// caller's: tls_conn_free() does not close it. EINTR is retried and SIGPIPE never raised.
///
/// Returns TLS_OK, or TLS_ERR_USAGE with a reason in tls_conn_error() (`fd` is negative).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_set_fd(conn: *mut tls_conn, fd: c_int) -> c_int {
    let _ = (conn, fd);
    crate::stub(TLS_ERR_USAGE)
}

/// tls_conn_set_fd() with one descriptor to read from and another to write to (two pipes).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_set_fds(
    conn: *mut tls_conn,
    read_fd: c_int,
    write_fd: c_int,
) -> c_int {
    let _ = (conn, read_fd, write_fd);
    crate::stub(TLS_ERR_USAGE)
}

/// For I/O callbacks: the operating system's errno behind the TLS_ERR_IO that the callback is about
/// to return. It appears in tls_error_info.os_errno.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_set_os_error(conn: *mut tls_conn, os_errno: c_int) {
    let _ = (conn, os_errno);
}
