//! A transport behind C callbacks.

use crate::code::*;
use crate::conn::tls_conn;
use crate::conn_state::Conn;
use crate::handle;
use core::ffi::{c_int, c_void};
use tls_std::transport::{Transfer, Transport, TransportError, Want};

type ReadFn = unsafe extern "C" fn(*mut tls_conn, *mut c_void, usize, *mut c_void) -> isize;
type WriteFn = unsafe extern "C" fn(*mut tls_conn, *const c_void, usize, *mut c_void) -> isize;

pub(crate) struct CallbackTransport {
    /// The connection that this transport belongs to, and that owns it.
    pub(crate) conn: *mut tls_conn,
    pub(crate) read: ReadFn,
    pub(crate) write: WriteFn,
    pub(crate) arg: *mut c_void,
}

// SAFETY: the pointers are only handed through, by the one thread that uses the connection; the
// header says that it may be another one each time.
unsafe impl Send for CallbackTransport {}

impl CallbackTransport {
    /// Calls back, with the connection's errno cleared before and read after.
    fn call(&self, what: &str, f: impl FnOnce() -> isize) -> Transfer {
        // SAFETY: the connection owns this transport, so it lives.
        let conn: Option<&Conn> = unsafe { handle::value(self.conn) }.ok();
        if let Some(conn) = conn {
            conn.os_errno.set(0);
        }
        let code = f();
        match (usize::try_from(code), c_int::try_from(code)) {
            (Ok(n), _) => Transfer::Bytes(n),
            (_, Ok(TLS_WANT_READ)) => Transfer::Blocked(Want::Read),
            (_, Ok(TLS_WANT_WRITE)) => Transfer::Blocked(Want::Write),
            (_, Ok(TLS_WANT_APP)) => Transfer::Blocked(Want::App),
            (_, Ok(TLS_ERR_IO)) => {
                let os_error = conn.map(|c| c.os_errno.replace(0)).filter(|e| *e != 0);
                Transfer::Failed(TransportError {
                    text: format!("the {what} callback returned TLS_ERR_IO"),
                    os_error,
                })
            }
            _ => Transfer::Misbehaved(format!(
                "the {what} callback returned {code}, which is no byte count, TLS_WANT_* or TLS_ERR_IO"
            )),
        }
    }
}

impl Transport for CallbackTransport {
    fn read(&mut self, buf: &mut [u8]) -> Transfer {
        let (data, len) = (buf.as_mut_ptr().cast(), buf.len());
        // SAFETY: the program gave this function for this argument; the buffer is live, exclusive and
        // initialised.
        let transfer = self.call("read", || unsafe {
            (self.read)(self.conn, data, len, self.arg)
        });
        match transfer {
            Transfer::Bytes(0) => Transfer::End,
            other => other,
        }
    }

    fn write(&mut self, buf: &[u8]) -> Transfer {
        let (data, len) = (buf.as_ptr().cast(), buf.len());
        // SAFETY: as above.
        self.call("write", || unsafe {
            (self.write)(self.conn, data, len, self.arg)
        })
    }
}
