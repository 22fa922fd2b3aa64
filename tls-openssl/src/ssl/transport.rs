//! What libtlscore reads and writes goes through the SSL's BIOs. Unless `SSL_set_read_ahead` allows more, no more is
//! read than one record: programs poll the descriptor, and what is read ahead does not show there.

use super::{SSL, Wanted};
use crate::args::{self, length};
use crate::bio::{BIO, READ, WRITE, ctrl};
use crate::ctx::op;
use crate::errno;
use crate::sys::*;
use core::ffi::c_void;

/// Where the transport stands in its records: in a header of five bytes, or in what a header announced.
#[derive(Clone, Copy, Default)]
pub(crate) struct Framing {
    header: [u8; 5],
    have: usize,
    /// Bytes of the record that are still to come.
    body: usize,
    /// Headers that were read.
    records: usize,
    /// What came first is no TLS: whoever speaks something else is not answered in TLS.
    foreign: bool,
}

impl Framing {
    /// How many bytes belong to the part of the record that is due.
    const fn due(&self) -> usize {
        if self.body > 0 {
            self.body
        } else {
            5 - self.have
        }
    }

    /// Follows bytes that were read.
    fn follow(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            if self.body > 0 {
                let n = self.body.min(bytes.len());
                self.body -= n;
                bytes = &bytes[n..];
                continue;
            }
            let n = (5 - self.have).min(bytes.len());
            self.header[self.have..self.have + n].copy_from_slice(&bytes[..n]);
            self.have += n;
            bytes = &bytes[n..];
            if self.have == 5 {
                self.have = 0;
                self.foreign |= self.records == 0 && self.header[1] != 3;
                self.records += 1;
                self.body = usize::from(u16::from_be_bytes([self.header[3], self.header[4]]));
            }
        }
    }
}

/// The SSL behind the argument of a callback.
///
/// # Safety
/// `arg` is the argument that `attach` gave: the SSL owns the connection, so it lives.
unsafe fn ssl<'a>(arg: *mut c_void) -> &'a SSL {
    // SAFETY: the caller's promise.
    unsafe { &*arg.cast::<SSL>() }
}

pub(super) fn attach(conn: *mut tls_conn, ssl: &SSL) {
    let arg = core::ptr::from_ref(ssl).cast_mut().cast();
    // SAFETY: a live connection, which the SSL owns and outlives.
    unsafe { tls_conn_set_io(conn, Some(read), Some(write), arg) };
}

unsafe extern "C" fn read(
    conn: *mut tls_conn,
    buf: *mut c_void,
    len: usize,
    arg: *mut c_void,
) -> isize {
    // SAFETY: as `attach` says.
    let ssl = unsafe { ssl(arg) };
    let Some(bio) = ssl.rbio() else {
        return TLS_ERR_IO as isize;
    };
    let mut framing = ssl.framing.get();
    let most = if ssl.settings().read_ahead {
        len
    } else {
        len.min(framing.due())
    };
    // SAFETY: libtlscore's room of `len` bytes.
    let room = unsafe { crate::bio::api::room(buf, most) };
    ssl.wanted.set(Wanted::Reading);
    let n = bio.read(room);
    if n > 0 {
        ssl.wanted.set(Wanted::Nothing);
        let n = length(n).min(most);
        // SAFETY: that many bytes were written.
        framing.follow(unsafe { args::bytes(buf, n) });
        ssl.framing.set(framing);
        return n.cast_signed();
    }
    if bio.should_retry() {
        return waits(&bio) as isize;
    }
    ssl.wanted.set(Wanted::Nothing);
    if n == 0 || bio.command(ctrl::EOF) == 1 {
        ssl.eof
            .set(ssl.settings().options & op::IGNORE_UNEXPECTED_EOF != 0);
        return 0;
    }
    // SAFETY: the connection that calls.
    unsafe { tls_conn_set_os_error(conn, errno::get()) };
    TLS_ERR_IO as isize
}

unsafe extern "C" fn write(
    conn: *mut tls_conn,
    buf: *const c_void,
    len: usize,
    arg: *mut c_void,
) -> isize {
    // SAFETY: as `attach` says.
    let ssl = unsafe { ssl(arg) };
    let Some(bio) = ssl.wbio() else {
        return TLS_ERR_IO as isize;
    };
    if ssl.framing.get().foreign {
        return len.cast_signed();
    }
    // SAFETY: libtlscore's `len` readable bytes.
    let bytes = unsafe { args::bytes(buf, len) };
    let n = bio.write(bytes);
    if n > 0 {
        // A filter in front of the transport may hold bytes back.
        if bio.next().is_some() {
            bio.command(ctrl::FLUSH);
        }
        return length(n).min(len).cast_signed();
    }
    if bio.should_retry() {
        return waits(&bio) as isize;
    }
    // SAFETY: the connection that calls.
    unsafe { tls_conn_set_os_error(conn, errno::get()) };
    TLS_ERR_IO as isize
}

/// Which want a BIO's flags are.
fn waits(bio: &BIO) -> core::ffi::c_int {
    match bio.flags.get() & (READ | WRITE) {
        WRITE => TLS_WANT_WRITE,
        _ => TLS_WANT_READ,
    }
}
