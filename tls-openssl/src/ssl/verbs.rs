//! Handshake, read, write, shutdown: libtlscore's verbs with OpenSSL's answers.

use super::{RECEIVED, Role, SENT, SSL, Unfinished, Wanted};
use crate::args::{self, count, length};
use crate::bio::Room;
use crate::ctx::{mode, op};
use crate::err::{self, Lib, ssl as reason};
use crate::errno;
use crate::sys::*;
use core::ffi::c_int;

/// TLS_REASON_NO_RENEGOTIATION: the peer refuses another handshake.
const NO_RENEGOTIATION: c_int = 541;
/// SSL_CB_*
const HANDSHAKE_DONE: c_int = 0x20;
const CONNECT_EXIT: c_int = 0x1002;
const ACCEPT_EXIT: c_int = 0x2002;
const READ_ALERT: c_int = 0x4004;
const WRITE_ALERT: c_int = 0x4008;
/// Alerts with their level, as callbacks get them: warning close_notify.
const CLOSE_NOTIFY: c_int = 0x100;

impl SSL {
    /// 1: complete; 0 and less: not, and `SSL_get_error` says why.
    pub(crate) fn handshake(&self) -> c_int {
        if self.role().is_none() {
            err::put(Lib::Ssl, reason::CONNECTION_TYPE_NOT_SET, "");
            return -1;
        }
        if self.failed.get() {
            return -1;
        }
        let asked = self.renegotiating.get() && self.role() == Some(Role::Client);
        if self.established.get() && !asked && !self.is_renegotiating() {
            return 1;
        }
        err::clear();
        errno::set(0);
        let result = self.shake();
        let place = if self.role() == Some(Role::Client) {
            CONNECT_EXIT
        } else {
            ACCEPT_EXIT
        };
        self.tell(place, result);
        result
    }

    fn is_renegotiating(&self) -> bool {
        self.look(|conn| conn.ask(tls_conn_handshakes))
            .is_some_and(|n| n > self.handshakes.get())
    }

    fn shake(&self) -> c_int {
        if !self.start() {
            return -1;
        }
        // SAFETY: a live connection.
        let code = self.run(|conn| unsafe { tls_handshake(conn) as isize });
        if code != 0 {
            return self.stopped(code);
        }
        self.complete()
    }

    /// What OpenSSL does at the end of a handshake.
    fn complete(&self) -> c_int {
        self.wanted.set(Wanted::Nothing);
        let Some(handshakes) = self.look(|conn| conn.ask(tls_conn_handshakes)) else {
            return -1;
        };
        if handshakes == self.handshakes.get() {
            return 1;
        }
        self.handshakes.set(handshakes);
        self.renegotiating.set(false);
        if !self.accept_session() {
            return -1;
        }
        self.established.set(true);
        self.tell(HANDSHAKE_DONE, 1);
        1
    }

    /// Where a verb ended: what it waits for, or why it failed, as the queue and the next `SSL_get_error` tell it.
    fn stopped(&self, code: isize) -> c_int {
        match c_int::try_from(code).unwrap_or(TLS_ERR_USAGE) {
            TLS_WANT_READ => {
                self.wanted.set(Wanted::Reading);
                -1
            }
            TLS_WANT_WRITE => {
                self.wanted.set(Wanted::Writing);
                -1
            }
            // `run` has said what for.
            TLS_WANT_APP => -1,
            code => self.broken(code),
        }
    }

    fn broken(&self, code: c_int) -> c_int {
        self.wanted.set(Wanted::Nothing);
        let Some(info) = self.look(super::Conn::error) else {
            return -1;
        };
        if info.number == NO_RENEGOTIATION {
            self.renegotiating.set(false);
        }
        let eof = matches!(info.number, 202 | 203);
        if eof && self.eof.get() {
            // SSL_OP_IGNORE_UNEXPECTED_EOF: an end like another.
            self.shutdown.update(|flags| flags | RECEIVED);
            return if self.established.get() { 0 } else { -1 };
        }
        let fatal = !matches!(info.number, 102..=105 | 122 | 151 | 152 | 541);
        self.failed.set(self.failed.get() || fatal);
        if fatal && self.established.get() && !eof && code != TLS_ERR_IO {
            self.spoil_session();
        }
        if code == TLS_ERR_IO && !eof {
            // SSL_ERROR_SYSCALL: errno says why.
            errno::set(info.os_errno);
            return -1;
        }
        match info.alert_direction {
            1 => self.tell(WRITE_ALERT, 0x200 | info.alert.max(0)),
            2 => {
                self.shutdown.update(|flags| flags | RECEIVED);
                self.tell(READ_ALERT, 0x200 | info.alert.max(0));
            }
            _ => {}
        }
        err::put(Lib::Ssl, err::native(info.number, info.alert), info.text());
        if eof && self.established.get() { 0 } else { -1 }
    }

    /// Runs the handshake before data where it is not complete.
    fn ready(&self) -> Option<c_int> {
        if self.role().is_none() {
            err::put(Lib::Ssl, reason::UNINITIALIZED, "");
            return Some(-1);
        }
        if self.failed.get() {
            self.wanted.set(Wanted::Nothing);
            return Some(-1);
        }
        if self.established.get() {
            return None;
        }
        let n = self.handshake();
        (n <= 0).then_some(n)
    }

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

    fn receive(&self, room: Room<'_>) -> c_int {
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

    /// A handshake that the peer asked for was carried on by a read.
    fn follow_handshakes(&self) {
        if self.is_renegotiating() {
            self.tell(0x10, 1);
            self.complete();
        }
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
            if partial && at.done > 0 {
                break;
            }
            let rest = &bytes[at.done..];
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
        }
        Ok(at.done)
    }

    fn flush(&self) -> Result<(), isize> {
        // SAFETY: a live connection.
        match self.run(|conn| unsafe { tls_flush(conn) as isize }) {
            0 => Ok(()),
            code => Err(code),
        }
    }

    /// 1: both sides have closed; 0: we have; less: not yet, or an error.
    pub(crate) fn shutdown(&self) -> c_int {
        if self.role().is_none() {
            err::put(Lib::Ssl, reason::UNINITIALIZED, "");
            return -1;
        }
        if self.settings().quiet_shutdown {
            self.shutdown.set(SENT | RECEIVED);
            return 1;
        }
        if !self.established.get() {
            err::put(Lib::Ssl, reason::SHUTDOWN_WHILE_IN_INIT, "");
            return -1;
        }
        errno::set(0);
        if self.shutdown.get() & SENT == 0 {
            self.shutdown.update(|flags| flags | SENT);
            return self.close();
        }
        if self.look(|conn| conn.ask(tls_conn_close_sent)) == Some(1) && !self.failed.get() {
            let code = self.flush().err();
            if let Some(code) = code {
                return self.stopped(code);
            }
        }
        if self.shutdown.get() & RECEIVED == 0 {
            return self.wait_for_close();
        }
        1
    }

    fn close(&self) -> c_int {
        if self.failed.get() {
            return -1;
        }
        // SAFETY: a live connection.
        let code = self.run(|conn| unsafe { tls_close(conn) as isize });
        self.tell(WRITE_ALERT, CLOSE_NOTIFY);
        if code != 0 {
            return self.stopped(code);
        }
        self.wanted.set(Wanted::Nothing);
        c_int::from(self.shutdown.get() & RECEIVED != 0)
    }

    /// The second call: reads to the peer's close_notify. Data before it is an error, as in OpenSSL.
    fn wait_for_close(&self) -> c_int {
        let mut byte = [core::mem::MaybeUninit::uninit(); 1];
        let n = if self.pending() > 0 {
            1
        } else {
            self.receive(&mut byte)
        };
        if n > 0 {
            return self.fail(reason::APPLICATION_DATA_AFTER_CLOSE_NOTIFY, "");
        }
        if self.shutdown.get() & RECEIVED != 0 {
            1
        } else {
            -1
        }
    }

    /// What `SSL_get_error` says of a result.
    pub(crate) fn error(&self, result: c_int) -> c_int {
        if result > 0 {
            return 0;
        }
        let code = err::first();
        if code != 0 {
            // SSL_ERROR_SYSCALL for the system's errors, SSL_ERROR_SSL for the rest.
            return if err::read::lib_of(code) == 2 { 5 } else { 1 };
        }
        match self.wanted.get() {
            Wanted::Reading => 2,
            Wanted::Writing => 3,
            Wanted::Program(why) => why,
            Wanted::Nothing if self.shutdown.get() & RECEIVED != 0 => 6,
            Wanted::Nothing => 5,
        }
    }

    /// Asks for another handshake; it goes on with the next verbs.
    pub(crate) fn renegotiate(&self) -> c_int {
        if !self.established.get() {
            err::put(Lib::Ssl, reason::NO_RENEGOTIATION, "");
            return 0;
        }
        if self.settings().options & op::NO_RENEGOTIATION != 0 {
            err::put(Lib::Ssl, reason::NO_RENEGOTIATION, "");
            return 0;
        }
        if self.role() == Some(Role::Server) {
            let asked = super::terms::client_auth(self.settings().verify_mode);
            let set = self.look(|conn| {
                // SAFETY: a live connection, in no call.
                super::start::set(conn, |conn| unsafe {
                    tls_conn_set_client_auth(conn, asked)
                })
            });
            if set != Some(true) {
                return 0;
            }
        }
        // SAFETY: a live connection.
        let code = self.run(|conn| unsafe { tls_renegotiate(conn) as isize });
        self.renegotiating.set(true);
        let waits = [TLS_WANT_READ, TLS_WANT_WRITE].map(|code| code as isize);
        if code == 0 || waits.contains(&code) {
            return 1;
        }
        self.stopped(code);
        0
    }
}
