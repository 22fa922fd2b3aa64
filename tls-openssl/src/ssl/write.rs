//! Writing.

use super::{SENT, SSL, Unfinished, Wanted};
use crate::args::{self, Out, count, length};
use crate::ctx::mode;
use crate::err::{self, Lib, ssl as reason};
use crate::errno;
use crate::guard::guard;
use crate::sys::*;
use core::ffi::{c_int, c_void};

/// The longest record's data (RFC 5246 §6.2.1): what leaves before a partial write is told of it.
const RECORD: usize = 1 << 14;

/// So much is sealed before the transport is asked to take it: several records by one call, and no more than that waits in
/// memory for a peer that does not read.
const SEALED_AT_ONCE: usize = 4 * RECORD;

impl SSL {
    pub(crate) fn write(&self, bytes: &[u8]) -> c_int {
        errno::set(0);
        if self.shutdown.get() & SENT != 0 {
            self.wanted.set(Wanted::Nothing);
            err::put(Lib::Ssl, reason::PROTOCOL_IS_SHUTDOWN, "");
            return -1;
        }
        if let Some(n) = self.ready() {
            return n;
        }
        let write_mode = self.settings().mode;
        let mut at = match self.unfinished.get() {
            None => Unfinished {
                data: bytes.as_ptr(),
                len: bytes.len(),
                done: 0,
            },
            Some(old) => {
                let moved = old.data != bytes.as_ptr()
                    && write_mode & mode::ACCEPT_MOVING_WRITE_BUFFER == 0;
                if bytes.len() < old.len {
                    return self.fail(reason::BAD_LENGTH, "");
                }
                if moved {
                    err::put(Lib::Ssl, reason::BAD_WRITE_RETRY, "");
                    return -1;
                }
                old
            }
        };
        if bytes.is_empty() {
            self.wanted.set(Wanted::Nothing);
            return 0;
        }
        let result = self.send(bytes, &mut at, write_mode & mode::ENABLE_PARTIAL_WRITE != 0);
        match result {
            Ok(n) => {
                self.unfinished.set(None);
                self.wanted.set(Wanted::Nothing);
                count(n)
            }
            Err(code) => {
                self.unfinished.set(Some(at));
                self.stopped(code)
            }
        }
    }

    /// Seals and sends; the count of bytes that have left, or a code of libtlscore's.
    fn send(&self, bytes: &[u8], at: &mut Unfinished, partial: bool) -> Result<usize, isize> {
        if at.done > 0 {
            self.flush()?;
        }
        while at.done < bytes.len() {
            let most = if partial { RECORD } else { SEALED_AT_ONCE };
            let rest = &bytes[at.done..];
            let rest = &rest[..rest.len().min(most)];
            // SAFETY: a live connection and readable bytes.
            let code =
                self.run(|conn| unsafe { tls_write(conn, rest.as_ptr().cast(), rest.len()) });
            self.follow_handshakes();
            if code < 0 {
                return Err(code);
            }
            at.done += code.cast_unsigned();
            at.len = bytes.len();
            self.flush()?;
            // Told of what left at once: behind a wait it goes on, as OpenSSL.
            if partial {
                break;
            }
        }
        Ok(at.done)
    }

    pub(super) fn flush(&self) -> Result<(), isize> {
        // SAFETY: a live connection.
        match self.run(|conn| unsafe { tls_flush(conn) as isize }) {
            0 => Ok(()),
            code => Err(code),
        }
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_SSL_write(
    ssl: Option<&SSL>,
    data: *const c_void,
    len: c_int,
) -> c_int {
    guard(-1, || {
        let Some(ssl) = ssl else { return -1 };
        if len < 0 {
            err::put(Lib::Ssl, reason::BAD_LENGTH, "");
            return -1;
        }
        // SAFETY: `len` readable bytes: the manual's promise.
        ssl.write(unsafe { args::bytes(data, length(len)) })
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_SSL_write_ex(
    ssl: Option<&SSL>,
    data: *const c_void,
    len: usize,
    written: Out<'_, usize>,
) -> c_int {
    guard(0, || {
        let Some(ssl) = ssl else { return 0 };
        // SAFETY: `len` readable bytes: the manual's promise.
        let n = ssl.write(unsafe { args::bytes(data, len) });
        if n > 0 {
            written.set(length(n));
        }
        c_int::from(n > 0 || n == 0 && len == 0)
    })
}
