//! Handshakes: the first one, and those that follow.

use super::{Role, SSL, Wanted};
use crate::ctx::op;
use crate::err::{self, Lib, ssl as reason};
use crate::errno;
use crate::guard::guard;
use crate::sys::*;
use core::ffi::c_int;

/// SSL_CB_*
const HANDSHAKE_DONE: c_int = 0x20;
const CONNECT_EXIT: c_int = 0x1002;
const ACCEPT_EXIT: c_int = 0x2002;

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

    pub(super) fn is_renegotiating(&self) -> bool {
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

    /// Runs the handshake before data where it is not complete.
    pub(super) fn ready(&self) -> Option<c_int> {
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

    /// A handshake that the peer asked for was carried on by a read.
    pub(super) fn follow_handshakes(&self) {
        if self.is_renegotiating() {
            self.tell(0x10, 1);
            self.complete();
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

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_connect(ssl: Option<&SSL>) -> c_int {
    shake(ssl, Some(Role::Client))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_accept(ssl: Option<&SSL>) -> c_int {
    shake(ssl, Some(Role::Server))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_do_handshake(ssl: Option<&SSL>) -> c_int {
    shake(ssl, None)
}

fn shake(ssl: Option<&SSL>, role: Option<Role>) -> c_int {
    guard(-1, || {
        let Some(ssl) = ssl else { return -1 };
        if let Some(role) = role.filter(|_| !ssl.has_begun() && !ssl.has_failed()) {
            ssl.role.set(Some(role));
        }
        ssl.handshake()
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_renegotiate(ssl: Option<&SSL>) -> c_int {
    guard(0, || ssl.map_or(0, SSL::renegotiate))
}

/// As `SSL_renegotiate`: libtlscore decides whether a session is resumed.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_renegotiate_abbreviated(ssl: Option<&SSL>) -> c_int {
    tlscore_SSL_renegotiate(ssl)
}
