//! From an SSL's settings to libtlscore's connection.

use super::{Role, SSL, Terms, transport};
use crate::ctx::{SSL_CTX, Settings, op, tell};
use crate::err::{self, Lib, ssl as reason};
use crate::native::{Conn, Ctx};
use crate::sys::*;
use core::ffi::c_int;
use core::ptr;

impl SSL {
    /// Makes the connection where there is none; false, with an error in the queue, where it cannot be.
    pub(super) fn start(&self) -> bool {
        if self.has_begun() {
            return true;
        }
        let Some(role) = self.role() else {
            self.fail(reason::CONNECTION_TYPE_NOT_SET, "");
            return false;
        };
        if self.rbio().is_none() || self.wbio().is_none() {
            self.fail(reason::BIO_NOT_SET, "");
            return false;
        }
        if !self.settings().has_tls12() {
            self.fail(
                reason::NO_PROTOCOLS_AVAILABLE,
                "TLS 1.2 is what there is, and the settings leave it out",
            );
            return false;
        }
        self.begin(role)
    }

    fn begin(&self, role: Role) -> bool {
        let ctx = self.ctx();
        // A certificate without its key, or the other way around, is none; and the context's are not shown instead.
        let bare = (self.own.borrow().keys.as_ref()).is_some_and(|keys| !keys.is_usable());
        let Some(conn) = ctx.connection(role, &self.settings(), bare) else {
            self.failed.set(true);
            return false;
        };
        let told = match role {
            Role::Client => self.tell_client(&conn),
            Role::Server => self.tell_server(&conn),
        };
        if !(told && self.tell_both(&conn, &ctx)) {
            self.failed.set(true);
            return false;
        }
        *self.begun.borrow_mut() = Some(Terms::of(&self.settings()));
        self.relisted.set(false);
        transport::attach(conn.raw(), self);
        *self.conn.borrow_mut() = Some(conn);
        // SSL_CB_HANDSHAKE_START
        self.tell(0x10, 1);
        true
    }

    fn tell_client(&self, conn: &Conn) -> bool {
        let own = self.own.borrow();
        let host = own.host.as_deref().is_none_or(|host| {
            // SAFETY: a live connection and a text.
            set(conn, |conn| unsafe {
                tls_conn_set_server_name(conn, host.as_ptr())
            })
        });
        let session = self.session.borrow();
        let offered = session.as_ref().and_then(|session| session.client());
        let offered = offered.is_none_or(|session| {
            // SAFETY: live handles.
            set(conn, |conn| unsafe {
                tls_conn_set_session(conn, session.raw())
            })
        });
        // SAFETY: a live connection.
        host && offered
            && set(conn, |conn| unsafe {
                tls_conn_set_renegotiation(conn, self.renegotiation())
            })
    }

    fn tell_server(&self, conn: &Conn) -> bool {
        // SAFETY: a live connection.
        set(conn, |conn| unsafe {
            tls_conn_set_renegotiation(conn, self.renegotiation())
        })
    }

    /// Which handshakes may follow the first one, as libtlscore says it.
    pub(super) fn renegotiation(&self) -> c_int {
        let options = self.settings().options;
        match self.role() {
            _ if options & op::NO_RENEGOTIATION != 0 => 0,
            // A server may ask for another handshake; OpenSSL's clients follow.
            Some(Role::Client) => 2,
            _ if options & op::ALLOW_CLIENT_RENEGOTIATION != 0 => 2,
            _ => 1,
        }
    }

    fn tell_both(&self, conn: &Conn, ctx: &SSL_CTX) -> bool {
        let own = self.own.borrow();
        let ciphers = own.ciphers.as_deref().is_none_or(|list| {
            // SAFETY: a live connection and a text.
            set(conn, |conn| unsafe {
                tls_conn_set_cipher_list(conn, list.as_ptr())
            })
        });
        let alpn = own.alpn.as_deref().is_none_or(|wire| {
            // SAFETY: a live connection and readable bytes.
            set(conn, |conn| unsafe {
                tls_conn_set_alpn_wire(conn, wire.as_ptr().cast(), wire.len())
            })
        });
        let keys = own
            .keys
            .as_ref()
            .is_none_or(|keys| keys.give_to(conn, &ctx.store()));
        ciphers && alpn && keys
    }
}

impl SSL_CTX {
    /// A connection of libtlscore's with these settings; `None`, with an error in the queue, where it cannot be.
    fn connection(&self, role: Role, settings: &Settings, bare: bool) -> Option<Conn> {
        let (store, level) = (self.store(), self.level());
        if self.hooks().level_beyond.is_some() {
            let text = "no security level is as high as the one that was set";
            err::put(Lib::Ssl, reason::NO_CIPHERS_AVAILABLE, text);
            return None;
        }
        if !self.keys().give(self.native(), &store, level) {
            return None;
        }
        // Held until the connection is made: it keeps what the context has then.
        let mut told = self.told();
        let terms = Terms::of(settings);
        if !terms.tell(self.native(), told.as_ref()) {
            return None;
        }
        *told = Some(terms);
        let without = match bare {
            true => Some(self.without_keys()?),
            false => None,
        };
        let native = without.as_ref().unwrap_or_else(|| self.native()).raw();
        // SAFETY: a live context; the connection is ours.
        unsafe {
            Conn::own(match role {
                Role::Client => tls_conn_new(native, ptr::null()),
                Role::Server => tls_conn_new_server(native),
            })
        }
    }
}

impl SSL_CTX {
    /// A context with everything but keys.
    fn without_keys(&self) -> Option<Ctx> {
        let (without, none) = (self.native().duplicate()?, Ctx::new()?);
        // SAFETY: live contexts.
        let set = without.set(|ctx| unsafe { tls_ctx_set_keypairs_of(ctx, none.raw()) });
        tell(set).then_some(without)
    }
}

/// A setter of libtlscore's on a connection; where it fails, its error is in the queue.
pub(super) fn set(conn: &Conn, f: impl FnOnce(*mut tls_conn) -> c_int) -> bool {
    tell(match f(conn.raw()) {
        TLS_OK => Ok(()),
        _ => Err(conn.error()),
    })
}
