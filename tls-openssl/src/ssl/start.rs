//! From an SSL's settings to libtlscore's connection.

use super::{Role, SSL, Wanted, transport};
use crate::ctx::keys::Keys;
use crate::ctx::{ClientCertFn, MOST_LEVEL, SSL_CTX, op, tell};
use crate::err::{self, Lib, ssl as reason};
use crate::native::{Conn, Ctx};
use crate::object::Owned;
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
        if role == Role::Client && !self.ask_for_keys() {
            return false;
        }
        let Some(conn) = self.connection(&ctx, role) else {
            self.failed.set(true);
            return false;
        };
        let told = match role {
            Role::Client => self.tell_client(&conn),
            Role::Server => self.tell_server(&conn),
        };
        if !(told && self.tell_both(&conn)) {
            self.failed.set(true);
            return false;
        }
        *self.begun.borrow_mut() = Some(self.terms());
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

    fn tell_both(&self, conn: &Conn) -> bool {
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
        ciphers && alpn
    }
}

impl SSL {
    /// The program gives a client its keys, or says that it has none, before the ClientHello; false: it fails, or wants to
    /// be asked again.
    fn ask_for_keys(&self) -> bool {
        let (cert, legacy) = {
            let ctx = self.ctx();
            let hooks = ctx.hooks();
            let cert = hooks.cert.map(|f| (f, hooks.cert_arg));
            (self.cert.get().or(cert), hooks.client_cert)
        };
        let us = ptr::from_ref(self).cast_mut();
        // SAFETY: the program's function for its argument.
        match cert.map_or(1, |(f, arg)| unsafe { f(us, arg) }) {
            n if n < 0 => {
                self.wanted
                    .set(Wanted::Program(super::verdict::WANT_X509_LOOKUP));
                return false;
            }
            0 => {
                self.fail(reason::CERT_CB_ERROR, "");
                return false;
            }
            _ => {}
        }
        match legacy.filter(|_| !self.with_keys(Keys::is_usable)) {
            Some(f) => self.take_keys(f),
            None => true,
        }
    }

    /// As `SSL_CTX_set_client_cert_cb` has it: a certificate and a key, each with a reference for us.
    fn take_keys(&self, f: ClientCertFn) -> bool {
        let (mut leaf, mut key) = (ptr::null_mut(), ptr::null_mut());
        // SAFETY: the program's function, with places for what it gives.
        let said = unsafe { f(ptr::from_ref(self).cast_mut(), &raw mut leaf, &raw mut key) };
        if said < 0 {
            self.wanted
                .set(Wanted::Program(super::verdict::WANT_X509_LOOKUP));
            return false;
        }
        // SAFETY: what the program has put there goes to us.
        let pair = unsafe { Owned::from_raw(leaf).zip(Owned::from_raw(key)) };
        let Some((leaf, key)) = pair.filter(|_| said > 0) else {
            return true;
        };
        let (_old, set) = self.change_keys(|keys| (keys.set_leaf(leaf), keys.set_key(key)));
        set
    }

    /// A connection of libtlscore's; `None`, with an error in the queue, where it cannot be.
    fn connection(&self, ctx: &SSL_CTX, role: Role) -> Option<Conn> {
        if let Some(why) = self.nothing_to_choose(ctx) {
            err::put(Lib::Ssl, reason::NO_CIPHERS_AVAILABLE, why);
            return None;
        }
        if !ctx.give_keys() {
            return None;
        }
        // Held until the connection is made: it keeps what the context has then.
        let mut told = ctx.told();
        let terms = self.terms();
        // What it was told is not known any more where that fails half-way.
        let old = told.take();
        if !terms.tell(ctx.native(), old.as_ref()) {
            return None;
        }
        *told = Some(terms);
        let asks = role == Role::Server && self.asks_hello(ctx);
        let levelled = self.level() != ctx.level();
        let keys = self.own.borrow().keys.clone();
        let special = self.has_psk() || self.wants_staple() || self.message.get().is_some();
        let own = match keys.is_some() || special || asks || levelled {
            true => Some(self.own_context(ctx, keys, asks)?),
            false => None,
        };
        let native = own.as_ref().unwrap_or_else(|| ctx.native()).raw();
        // SAFETY: a live context; the connection is ours.
        unsafe {
            Conn::own(match role {
                Role::Client => tls_conn_new(native, ptr::null()),
                Role::Server => tls_conn_new_server(native),
            })
        }
    }

    /// Why no suite can be chosen.
    pub(super) fn nothing_to_choose(&self, ctx: &SSL_CTX) -> Option<&'static str> {
        if self.level() > MOST_LEVEL {
            return Some("no security level is as high as the one that was set");
        }
        let nothing = match &self.own.borrow().ciphers {
            Some(own) => own.is_empty(),
            None => ctx.hooks().no_ciphers,
        };
        nothing.then_some("the cipher list selects nothing")
    }

    /// Whether this SSL has something to say to ClientHellos, about which its context does not ask.
    fn asks_hello(&self, ctx: &SSL_CTX) -> bool {
        let other = !core::ptr::eq(ctx, &raw const **self.session_ctx());
        self.cert.get().is_some() || other && self.session_ctx().hooks().servername.is_some()
    }

    /// A context for this connection alone; `keys`: in place of the context's; `asks`: about ClientHellos, too.
    fn own_context(&self, ctx: &SSL_CTX, keys: Option<Keys>, asks: bool) -> Option<Ctx> {
        let (own, none, level) = (ctx.native().duplicate()?, Ctx::new()?, self.level());
        // A certificate without its key, or the other way around, is none; and the context's are not shown instead.
        // SAFETY: live contexts.
        let bare = keys.is_none()
            || tell(own.set(|ctx| unsafe { tls_ctx_set_keypairs_of(ctx, none.raw()) }));
        // SAFETY: a live context.
        let levelled = level == ctx.level()
            || tell(own.set(|ctx| unsafe { tls_ctx_set_security_level(ctx, level) }));
        let store = self.chain_store(ctx);
        let given = bare
            && levelled
            && keys.is_none_or(|mut keys| {
                keys.changed();
                keys.give(&own, store.as_deref(), level)
            });
        let told = given && (!self.wants_staple() || super::status::ask(&own));
        let shown = self.message.get().is_none() || super::messages::show(&own);
        (told && shown && self.tell_psk(&own) && (!asks || crate::ctx::callbacks::ask_hellos(&own)))
            .then_some(own)
    }
}

/// A setter of libtlscore's on a connection; where it fails, its error is in the queue.
pub(super) fn set(conn: &Conn, f: impl FnOnce(*mut tls_conn) -> c_int) -> bool {
    tell(match f(conn.raw()) {
        TLS_OK => Ok(()),
        _ => Err(conn.error()),
    })
}
