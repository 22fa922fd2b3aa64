//! Where a verb ended: what it waits for, or why it failed, as the error queue and `SSL_get_error` tell it.

use super::{RECEIVED, SSL, Wanted};
use crate::err::{self, Lib};
use crate::errno;
use crate::guard::guard;
use crate::sys::*;
use core::ffi::c_int;

/// TLS_REASON_NO_RENEGOTIATION: the peer refuses another handshake.
const NO_RENEGOTIATION: c_int = 541;
/// SSL_CB_*
pub(super) const READ_ALERT: c_int = 0x4004;
pub(super) const WRITE_ALERT: c_int = 0x4008;
/// Alerts with their level, as callbacks get them: warning close_notify.
pub(super) const CLOSE_NOTIFY: c_int = 0x100;

impl SSL {
    /// Where a verb ended: what it waits for, or why it failed, as the queue and the next `SSL_get_error` tell it.
    pub(super) fn stopped(&self, code: isize) -> c_int {
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
            self.cut_off.set(true);
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
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_get_error(ssl: Option<&SSL>, result: c_int) -> c_int {
    guard(1, || ssl.map_or(1, |ssl| ssl.error(result)))
}

/// SSL_NOTHING 1, SSL_WRITING 2, SSL_READING 3, SSL_X509_LOOKUP 4, SSL_CLIENT_HELLO_CB 7
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_want(ssl: Option<&SSL>) -> c_int {
    ssl.map_or(1, |ssl| match ssl.wanted() {
        Wanted::Nothing => 1,
        Wanted::Writing => 2,
        Wanted::Reading => 3,
        Wanted::Program(4) => 4,
        Wanted::Program(_) => 7,
    })
}
