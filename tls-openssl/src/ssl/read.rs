//! Reading, and looking at what will be read.

use super::outcome::{CLOSE_NOTIFY, READ_ALERT};
use super::{RECEIVED, SSL, Wanted};
use crate::args::{self, Out, count, length};
use crate::bio::{Room, api::room};
use crate::err::{self, Lib, ssl as reason};
use crate::errno;
use crate::guard::guard;
use crate::sys::*;
use core::ffi::{c_int, c_void};

impl SSL {
    pub(crate) fn read(&self, room: Room<'_>) -> c_int {
        errno::set(0);
        if self.shutdown.get() & RECEIVED != 0 {
            self.wanted.set(Wanted::Nothing);
            return 0;
        }
        if let Some(n) = self.ready() {
            return n;
        }
        if room.is_empty() {
            // Nothing to read is told all the same.
            return self.peek(&mut [core::mem::MaybeUninit::uninit()]).min(0);
        }
        let shown = {
            let mut peeked = self.peeked.borrow_mut();
            let n = length(crate::bio::fill(room, &peeked));
            peeked.drain(..n);
            n
        };
        if shown == 0 {
            return self.receive(room);
        }
        // The rest of the record that was looked at.
        let more = shown < room.len() && self.look(|conn| conn.ask(tls_conn_pending)) > Some(0);
        let more = if more {
            self.receive(&mut room[shown..]).max(0)
        } else {
            0
        };
        count(shown) + more
    }

    pub(super) fn receive(&self, room: Room<'_>) -> c_int {
        let (out, len) = (
            room.as_mut_ptr().cast(),
            room.len().min(c_int::MAX as usize),
        );
        // SAFETY: a live connection, and room for that many bytes.
        let code = self.run(|conn| unsafe { tls_read(conn, out, len) });
        self.follow_handshakes();
        if code > 0 {
            self.wanted.set(Wanted::Nothing);
            return count(code.cast_unsigned());
        }
        if code == 0 {
            self.wanted.set(Wanted::Nothing);
            self.shutdown.update(|flags| flags | RECEIVED);
            self.tell(READ_ALERT, CLOSE_NOTIFY);
            return 0;
        }
        if code == TLS_WANT_WRITE as isize
            && self.unfinished.get().is_some()
            && !self.is_renegotiating()
        {
            // There was nothing to read, and what waits to be written is the program's own: it knows, and a program
            // that polled for that alone would not see what its peer sends.
            self.wanted.set(Wanted::Reading);
            return -1;
        }
        self.stopped(code)
    }

    /// Shows what the next read will give: as much of the record as there is room for.
    pub(crate) fn peek(&self, room: Room<'_>) -> c_int {
        let shown = self.peeked.borrow().len();
        let more = shown < room.len() && self.look(|conn| conn.ask(tls_conn_pending)) > Some(0);
        if shown == 0 || more {
            let n = match shown {
                0 => self.read(room),
                _ => self.receive(&mut room[shown..]),
            };
            if n > 0 {
                // SAFETY: that many bytes were written.
                let bytes = unsafe { args::bytes(room[shown..].as_ptr().cast(), length(n)) };
                self.peeked.borrow_mut().extend_from_slice(bytes);
            }
            if shown == 0 {
                return n;
            }
        }
        crate::bio::fill(room, &self.peeked.borrow())
    }

    pub(crate) fn pending(&self) -> usize {
        let inside = self.look(|conn| conn.ask(tls_conn_pending)).unwrap_or(0);
        self.peeked.borrow().len() + inside
    }
}

/// `SSL_read` and its kin: into `len` bytes at `out`, by `f`.
///
/// # Safety
/// There is room for `len` bytes.
unsafe fn receive(
    ssl: Option<&SSL>,
    out: *mut c_void,
    len: c_int,
    f: fn(&SSL, Room<'_>) -> c_int,
) -> c_int {
    guard(-1, || {
        let Some(ssl) = ssl else { return -1 };
        if len < 0 {
            err::put(Lib::Ssl, reason::BAD_LENGTH, "");
            return -1;
        }
        // SAFETY: the caller's promise.
        f(ssl, unsafe { room(out, length(len)) })
    })
}

/// The same with sizes.
///
/// # Safety
/// There is room for `len` bytes.
unsafe fn receive_ex(
    ssl: Option<&SSL>,
    out: *mut c_void,
    len: usize,
    read: Out<'_, usize>,
    f: fn(&SSL, Room<'_>) -> c_int,
) -> c_int {
    guard(0, || {
        let Some(ssl) = ssl else { return 0 };
        // SAFETY: the caller's promise.
        let n = f(ssl, unsafe { room(out, len) });
        if n > 0 {
            read.set(length(n));
        }
        c_int::from(n > 0)
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_SSL_read(
    ssl: Option<&SSL>,
    out: *mut c_void,
    len: c_int,
) -> c_int {
    // SAFETY: room for `len` bytes: the manual's promise, here and below.
    unsafe { receive(ssl, out, len, SSL::read) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_SSL_read_ex(
    ssl: Option<&SSL>,
    out: *mut c_void,
    len: usize,
    read: Out<'_, usize>,
) -> c_int {
    // SAFETY: as above.
    unsafe { receive_ex(ssl, out, len, read, SSL::read) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_SSL_peek(
    ssl: Option<&SSL>,
    out: *mut c_void,
    len: c_int,
) -> c_int {
    // SAFETY: as above.
    unsafe { receive(ssl, out, len, SSL::peek) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_SSL_peek_ex(
    ssl: Option<&SSL>,
    out: *mut c_void,
    len: usize,
    read: Out<'_, usize>,
) -> c_int {
    // SAFETY: as above.
    unsafe { receive_ex(ssl, out, len, read, SSL::peek) }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_pending(ssl: Option<&SSL>) -> c_int {
    guard(0, || ssl.map_or(0, |ssl| args::count(ssl.pending())))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_has_pending(ssl: Option<&SSL>) -> c_int {
    guard(0, || c_int::from(ssl.is_some_and(SSL::has_pending)))
}
