//! The peer's certificate, a ClientHello, a session: what an SSL decides in a handshake.

use super::{Peer, Role, SSL, Wanted};
use crate::ctx::callbacks::Hello;
use crate::ctx::{CACHE_CLIENT, CACHE_SERVER, VERIFY_PEER, op, tell};
use crate::err::{self, Lib, ssl as reason};
use crate::native::{Cert, Ctx, Pending, Session};
use crate::object::Owned;
use crate::session::{Kept, SSL_SESSION};
use crate::stack::OPENSSL_STACK;
use crate::sys::*;
use crate::x509::param::{PURPOSE_CLIENT, PURPOSE_SERVER};
use crate::x509::{X509, X509_STORE_CTX, cert, errors};
use core::ffi::{c_int, c_long};
use zeroize::Zeroizing;

/// SSL_ERROR_WANT_X509_LOOKUP, SSL_ERROR_WANT_CLIENT_HELLO_CB
pub(super) const WANT_X509_LOOKUP: c_int = 4;
const WANT_CLIENT_HELLO: c_int = 11;
/// Alerts.
const HANDSHAKE_FAILURE: c_int = 40;
const ILLEGAL_PARAMETER: c_int = 47;
const PROTOCOL_VERSION: c_int = 70;
const INTERNAL_ERROR: c_int = 80;

impl SSL {
    /// Judges the peer's chain, and answers libtlscore's question about it.
    pub(super) fn judge(&self, pending: &Pending, chain: Vec<Cert>) -> bool {
        let most = self.session_ctx().hooks().max_cert_list;
        // A length of three bytes stands in front of each.
        if chain.iter().map(|cert| cert.der().len() + 3).sum::<usize>() > most {
            err::put(Lib::Ssl, reason::EXCESSIVE_MESSAGE_SIZE, "");
            // SAFETY: a live question, which is answered once; a text.
            return unsafe {
                let text = c"longer than SSL_CTX_set_max_cert_list allows".as_ptr();
                tls_pending_refuse_peer(pending.raw(), ILLEGAL_PARAMETER, text) == TLS_OK
            };
        }
        let ok = self.verify(chain, true);
        let mode = self.settings().verify_mode;
        let needed = match self.role() {
            Some(Role::Client) => mode != 0,
            _ => mode & VERIFY_PEER != 0,
        };
        if !ok && needed && self.role() == Some(Role::Server) {
            drop(self.peer.take());
        }
        if self.is_client()
            && (ok || !needed)
            && let Some(alert) = self.judge_staple()
        {
            // SAFETY: a live question, which is answered once; a text.
            return unsafe {
                let text = c"the status callback refuses the OCSP response".as_ptr();
                tls_pending_refuse_peer(pending.raw(), alert, text) == TLS_OK
            };
        }
        // SAFETY: a live question, which is answered once; a text.
        unsafe {
            if ok || !needed {
                return tls_pending_verdict_stands(pending.raw()) == TLS_OK;
            }
            let error = c_int::try_from(self.verify_result.get()).unwrap_or(errors::UNSPECIFIED);
            let text = errors::tlscore_X509_verify_cert_error_string(self.verify_result.get());
            tls_pending_refuse_peer(pending.raw(), errors::alert(error), text) == TLS_OK
        }
    }

    /// Verifies a chain and keeps what came of it; `ask`: with the program's callbacks.
    fn verify(&self, chain: Vec<Cert>, ask: bool) -> bool {
        let chain: Vec<Owned<X509>> = chain.into_iter().map(X509::of).collect();
        let verification = X509_STORE_CTX::new();
        verification.init(
            Some(&self.ctx().store()),
            chain.first().map(|leaf| &**leaf),
            chain.clone(),
        );
        verification.set_level(self.level());
        // Over what the store asks for stands what the SSL asks for.
        let mut values = self.ctx().store().param().get();
        values.purpose = match self.role() {
            Some(Role::Server) => PURPOSE_CLIENT,
            _ => PURPOSE_SERVER,
        };
        let callback = {
            let settings = self.settings();
            values.take(&settings.param.get());
            settings.verify_callback
        };
        verification.set_values(values);
        verification
            .ex_data
            .set(0, core::ptr::from_ref(self).cast_mut().cast());
        let (whole, arg) = {
            // Of the context that a callback may have chosen.
            let ctx = self.ctx();
            let hooks = ctx.hooks();
            (hooks.cert_verify.filter(|_| ask), hooks.cert_verify_arg)
        };
        if let Some(callback) = callback.filter(|_| ask) {
            verification.set_callback(Some(callback));
        } else if !ask {
            verification.set_callback(None);
        }
        let ok = match whole {
            // SAFETY: the program's function for its argument, with a context that lives.
            Some(whole) => unsafe { whole(verification.pointer(), arg) > 0 },
            None => verification.verify() > 0,
        };
        self.verify_result.set(c_long::from(verification.error()));
        self.keep_peer(&chain, &verification);
        ok
    }

    fn keep_peer(&self, chain: &[Owned<X509>], verification: &X509_STORE_CTX) {
        let list = |certs: &[Owned<X509>]| {
            let items = certs
                .iter()
                .map(|x509| x509.clone().into_raw().cast())
                .collect();
            OPENSSL_STACK::owning(items, cert::free)
        };
        // A server's list of its client's chain has no leaf in it, as in OpenSSL.
        let sent = match self.role() {
            Some(Role::Server) => chain.get(1..).unwrap_or_default(),
            _ => chain,
        };
        // What goes may ask for what is there: it goes when that is in its place.
        drop(self.peer.replace(Peer {
            leaf: chain.first().cloned(),
            chain: Some(list(sent)),
            verified: Some(list(&verification.chain())),
            matched: verification.matched(),
        }));
    }

    /// Asks the program about a ClientHello, and answers libtlscore.
    pub(super) fn answer_hello(&self, pending: Pending, hello: Hello) -> bool {
        drop(self.hello.replace(Some(hello)));
        match self.ask_hello() {
            Said::GoOn => {}
            Said::Refuse(alert) => {
                return refuse(&pending, alert);
            }
            Said::Later(why) => {
                self.wanted.set(Wanted::Program(why));
                let hello = self.hello.take();
                if let Some(hello) = hello {
                    *self.question.borrow_mut() = Some(super::Question::Hello { pending, hello });
                }
                return false;
            }
        }
        self.go_on(&pending)
    }

    /// On with what the program has left: its terms, and the keys of the context that it chose, or its own for this
    /// connection.
    fn go_on(&self, pending: &Pending) -> bool {
        if !self.settings().has_tls12() {
            err::put(Lib::Ssl, reason::UNSUPPORTED_PROTOCOL, "");
            return refuse(pending, PROTOCOL_VERSION);
        }
        let renegotiation = self.renegotiation();
        // SAFETY: a live connection, in no call.
        self.look(|conn| unsafe { tls_conn_set_renegotiation(conn.raw(), renegotiation) });
        let ctx = self.ctx();
        if let Some(why) = self.nothing_to_choose(&ctx) {
            err::put(Lib::Ssl, reason::NO_SHARED_CIPHER, why);
            return refuse(pending, HANDSHAKE_FAILURE);
        }
        let (store, level) = (self.chain_store(&ctx), self.level());
        let own = self.own.borrow().keys.clone();
        // Where there are none, those that the connection began with are not shown in their place.
        let given = match own {
            None if ctx.keys().is_usable() => ctx.give_keys().then_some(None),
            own => Ctx::new()
                .filter(|carrier| {
                    own.is_none_or(|mut own| {
                        own.changed();
                        own.give(carrier, store.as_deref(), level)
                    })
                })
                .map(Some),
        };
        let Some(carrier) = given else {
            return refuse(pending, INTERNAL_ERROR);
        };
        let keys = carrier.as_ref().unwrap_or_else(|| ctx.native());
        let stapled = match self.ask_for_staple() {
            Ok(true) => self.stapled(keys),
            Ok(false) => None,
            Err(()) => return refuse(pending, INTERNAL_ERROR),
        };
        let keys = stapled.as_ref().unwrap_or(keys);
        match self.changed_terms() {
            None => use_keys(pending, keys),
            Some(Some(terms)) => use_terms(pending, &terms, keys),
            // What was asked for cannot be kept.
            Some(None) => refuse(pending, INTERNAL_ERROR),
        }
    }

    fn ask_hello(&self) -> Said {
        // Each of these may choose another context, which is asked from there on.
        let hooks = || *self.ctx().hooks();
        let us = core::ptr::from_ref(self).cast_mut();
        let now = hooks();
        if let Some(client_hello) = now.client_hello {
            let mut alert = 80;
            // SAFETY: the program's function for its argument.
            match unsafe { client_hello(us, &raw mut alert, now.client_hello_arg) } {
                1 => {}
                // SSL_CLIENT_HELLO_RETRY
                -1 => return Said::Later(WANT_CLIENT_HELLO),
                _ => {
                    err::put(Lib::Ssl, reason::CALLBACK_FAILED, "");
                    return Said::Refuse(alert);
                }
            }
        }
        let named = [hooks(), *self.session_ctx().hooks()];
        let named = named.into_iter().find(|hooks| hooks.servername.is_some());
        if let Some((servername, arg)) =
            named.and_then(|hooks| Some((hooks.servername?, hooks.servername_arg)))
        {
            let mut alert = 112;
            // SAFETY: as above.
            if unsafe { servername(us, &raw mut alert, arg) } == 2 {
                return Said::Refuse(alert);
            }
        }
        let now = hooks();
        let cert = now.cert.map(|cert| (cert, now.cert_arg));
        if let Some((cert, arg)) = self.cert.get().or(cert) {
            // SAFETY: as above.
            match unsafe { cert(us, arg) } {
                n if n < 0 => return Said::Later(WANT_X509_LOOKUP),
                0 => {
                    err::put(Lib::Ssl, reason::CERT_CB_ERROR, "");
                    return Said::Refuse(80);
                }
                _ => {}
            }
        }
        Said::GoOn
    }

    /// What a complete handshake leaves: the verdict of a resumed session, the session, counters. False, with an
    /// error in the queue, for what OpenSSL refuses.
    pub(super) fn accept_session(&self) -> bool {
        let facts = self.look(|conn| {
            (
                conn.ask(tls_conn_resumed) == 1,
                conn.ask(tls_conn_secure_renegotiation) == 1,
            )
        });
        let Some((resumed, secure)) = facts else {
            return false;
        };
        let (options, verify_mode, context) = {
            let settings = self.settings();
            (
                settings.options,
                settings.verify_mode,
                settings.session_context.is_empty(),
            )
        };
        let client = self.role() == Some(Role::Client);
        if client && !secure && options & op::LEGACY_SERVER_CONNECT == 0 {
            self.fail(
                reason::UNSAFE_LEGACY_RENEGOTIATION_DISABLED,
                "the server does not know RFC 5746",
            );
            return false;
        }
        if resumed && !client && verify_mode & VERIFY_PEER != 0 && context {
            self.fail(reason::SESSION_ID_CONTEXT_UNINITIALIZED, "");
            return false;
        }
        if resumed && !self.recall() {
            self.fail(reason::CERTIFICATE_VERIFY_FAILED, "");
            return false;
        }
        self.count(client, resumed);
        self.keep_session(client, resumed);
        true
    }

    /// What is known of the peer of a resumed session: a client's session object remembers; a server judges again what the
    /// ticket or the store has kept, and asks the program again, whose word may be another than ours. False: it refuses.
    fn recall(&self) -> bool {
        let chain = self.look(super::Conn::chain).unwrap_or_default();
        if self.role() == Some(Role::Server) {
            let asked = self.has_verify_callback();
            let ok = chain.is_empty() || self.verify(chain, true);
            return ok || !asked || self.settings().verify_mode & VERIFY_PEER == 0;
        }
        let remembered = self
            .session
            .borrow()
            .as_ref()
            .map(|session| session.verify_result());
        if !chain.is_empty() {
            self.verify(chain, false);
        }
        if let Some(result) = remembered {
            self.verify_result.set(result);
        }
        true
    }

    fn has_verify_callback(&self) -> bool {
        self.settings().verify_callback.is_some() || self.ctx().hooks().cert_verify.is_some()
    }

    fn count(&self, client: bool, resumed: bool) {
        let mut hooks = self.session_ctx().hooks();
        let counters = &mut hooks.sessions;
        let (began, good) = match client {
            true => (&mut counters.connect, &mut counters.connect_good),
            false => (&mut counters.accept, &mut counters.accept_good),
        };
        *began += 1;
        *good += 1;
        counters.hits += c_long::from(resumed);
    }

    /// The session that a handshake leaves: kept in the context's cache on servers, and told to the program.
    fn keep_session(&self, client: bool, resumed: bool) {
        let (session, anew) = match client {
            true => self.clients_session(resumed),
            false => self.servers_session(resumed),
        };
        let old = self.session.replace(Some(session.clone()));
        drop(old);
        let mode = self.settings().cache_mode;
        let wanted = if client { CACHE_CLIENT } else { CACHE_SERVER };
        // In a ticket it is kept by the client alone.
        if !anew || mode & wanted == 0 || !client && session.kept().is_none() {
            return;
        }
        let ctx = self.session_ctx();
        if !client {
            ctx.keep_session(&session);
        }
        let told = ctx.hooks().new_session;
        if let Some(told) = told {
            let kept = session.clone().into_raw();
            // SAFETY: the program's function; it says whether it keeps the reference.
            if unsafe { told(core::ptr::from_ref(self).cast_mut(), kept) } == 0 {
                // SAFETY: the reference that was just made.
                drop(unsafe { Owned::from_raw(kept) });
            }
        }
    }

    /// The one that was offered, unless the server has given another one; and whether it is of a handshake of its own.
    fn clients_session(&self, resumed: bool) -> (Owned<SSL_SESSION>, bool) {
        // SAFETY: a live connection; the session's reference is ours.
        let native = |conn: &super::Conn| unsafe { Session::own(tls_conn_session(conn.raw())) };
        let native = self.look(native).flatten();
        let export = |session: &Session| Zeroizing::new(session.export());
        let known = self.session.borrow().clone().filter(|known| {
            let same = || known.client().map(export) == native.as_ref().map(export);
            resumed && (native.is_none() || same())
        });
        let session = known.unwrap_or_else(|| self.new_session(native, None));
        (session, !resumed)
    }

    fn servers_session(&self, resumed: bool) -> (Owned<SSL_SESSION>, bool) {
        let (kept, found) = (self.sealed.take(), self.found.take());
        let known = found.filter(|_| resumed && kept.is_none());
        let session = known.unwrap_or_else(|| self.new_session(None, kept));
        (session, !resumed)
    }

    fn new_session(&self, native: Option<Session>, kept: Option<Kept>) -> Owned<SSL_SESSION> {
        let result = self.verify_result.get();
        let cipher = self.look(|conn| conn.ask(tls_conn_cipher_id)).unwrap_or(0);
        let timeout = self.session_ctx().hooks().timeout;
        let peer = self.peer.borrow().leaf.clone();
        SSL_SESSION::new(native, kept, cipher, result, timeout, peer)
    }
}

/// Answers a question about a ClientHello: on, with the keys of this context.
fn use_keys(pending: &Pending, from: &Ctx) -> bool {
    // SAFETY: live handles; the question is answered once.
    unsafe { tls_pending_use_keypairs_of(pending.raw(), from.raw()) == TLS_OK }
}

/// The same with a context for this handshake alone.
fn use_terms(pending: &Pending, terms: &Ctx, keys: &Ctx) -> bool {
    // SAFETY: live contexts.
    if !tell(terms.set(|ctx| unsafe { tls_ctx_set_keypairs_of(ctx, keys.raw()) })) {
        return refuse(pending, INTERNAL_ERROR);
    }
    // SAFETY: live handles; the question is answered once.
    unsafe { tls_pending_use_ctx(pending.raw(), terms.raw()) == TLS_OK }
}

fn refuse(pending: &Pending, alert: c_int) -> bool {
    // SAFETY: a live question, which is answered once.
    unsafe { tls_pending_refuse_hello(pending.raw(), alert) == TLS_OK }
}

/// What a program said of a ClientHello.
enum Said {
    GoOn,
    Refuse(c_int),
    Later(c_int),
}
