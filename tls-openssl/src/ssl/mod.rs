//! SSL: one connection. libtlscore's connection is made when the first verb says which role it has; until then an
//! SSL holds what it is to be told.

pub mod alerts;
pub mod api;
pub mod bios;
pub mod client_hello;
pub mod close;
pub mod control;
pub mod facts;
pub mod handshake;
pub mod keys;
pub mod messages;
pub mod outcome;
pub mod psk;
pub mod read;
pub mod sessions;
mod start;
pub(crate) mod status;
mod terms;
mod transport;
mod verdict;
pub mod write;

use crate::bio::BIO;
use crate::ctx::callbacks::{Hello, driving};
use crate::ctx::keys::Keys;
use crate::ctx::{CertFn, SSL_CTX, Settings};
use crate::err::{self, Lib};
use crate::ex_data::{Class, ExData};
use crate::native::{Cert, Conn, Pending};
use crate::object::{Counted, Owned};
use crate::session::{Kept, SSL_SESSION};
use crate::stack::OPENSSL_STACK;
use crate::sys;
use crate::x509::X509;
use core::cell::{Cell, Ref, RefCell};
use core::ffi::{c_int, c_long, c_void};
use std::ffi::CString;
pub(crate) use terms::Terms;
use transport::Framing;

/// Which side of the connection.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Client,
    Server,
}

/// What the last call waited for, by SSL_NOTHING and its like.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    Nothing,
    Writing,
    Reading,
    /// The program's answer, by the SSL_ERROR_* that says so.
    Program(c_int),
}

/// What libtlscore asks, and the program answers once libtlscore has returned.
pub(crate) enum Question {
    Verify {
        pending: Pending,
        chain: Vec<Cert>,
        /// The OCSP response.
        staple: Vec<u8>,
    },
    Hello {
        pending: Pending,
        hello: Hello,
    },
    Psk {
        pending: Pending,
        asked: psk::Asked,
    },
    Session {
        pending: Pending,
        id: Vec<u8>,
    },
}

/// A write that could not be finished: OpenSSL wants the same one again.
#[derive(Clone, Copy)]
struct Unfinished {
    data: *const u8,
    len: usize,
    /// Bytes that libtlscore has sealed.
    done: usize,
}

/// What the program offers beside its context.
#[derive(Default)]
struct Own {
    /// Empty: a list that selects nothing.
    ciphers: Option<CString>,
    alpn: Option<Vec<u8>>,
    host: Option<CString>,
    keys: Option<Keys>,
}

/// What is lent to the program of the peer.
#[derive(Default)]
struct Peer {
    leaf: Option<Owned<X509>>,
    chain: Option<Owned<OPENSSL_STACK>>,
    verified: Option<Owned<OPENSSL_STACK>>,
    matched: Option<CString>,
}

/// A connection, used by one thread at a time.
pub struct SSL {
    ctx: RefCell<Owned<SSL_CTX>>,
    /// The context that it was made of: sessions are its.
    session_ctx: Owned<SSL_CTX>,
    settings: RefCell<Settings>,
    own: RefCell<Own>,
    /// What keys, hashes and suites must meet: the context's when the SSL was made, or chose it, or a cipher list's since.
    level: Cell<c_int>,
    role: Cell<Option<Role>>,
    /// The terms that the connection began with.
    begun: RefCell<Option<Terms>>,
    /// The cipher list has changed since.
    relisted: Cell<bool>,
    conn: RefCell<Option<Conn>>,
    /// libtlscore is in a call on the connection.
    busy: Cell<bool>,
    rbio: RefCell<Option<Owned<BIO>>>,
    wbio: RefCell<Option<Owned<BIO>>>,
    framing: Cell<Framing>,
    /// The transport ended without close_notify, and the option says that this is an end.
    eof: Cell<bool>,
    wanted: Cell<Wanted>,
    shutdown: Cell<c_int>,
    established: Cell<bool>,
    failed: Cell<bool>,
    /// It has failed, and by its transport alone: no side has broken the protocol.
    cut_off: Cell<bool>,
    /// Another handshake was asked for, and is not complete.
    renegotiating: Cell<bool>,
    question: RefCell<Option<Question>>,
    hello: RefCell<Option<Hello>>,
    /// The OCSP response that came, or that a server gives.
    staple: RefCell<Vec<u8>>,
    unfinished: Cell<Option<Unfinished>>,
    peeked: RefCell<zeroize::Zeroizing<Vec<u8>>>,
    verify_result: Cell<c_long>,
    peer: RefCell<Peer>,
    session: RefCell<Option<Owned<SSL_SESSION>>>,
    /// On servers: what was found under the ID that the client sent, and what was kept of this handshake.
    found: RefCell<Option<Owned<SSL_SESSION>>>,
    sealed: RefCell<Option<Kept>>,
    handshakes: Cell<c_int>,
    /// Lists that were lent.
    lent: RefCell<Vec<Owned<OPENSSL_STACK>>>,
    pub(crate) has_own_authorities: Cell<bool>,
    /// In place of the context's (`SSL_set_cert_cb`).
    pub(crate) cert: Cell<Option<(CertFn, *mut c_void)>>,
    pub(crate) info: Cell<Option<crate::ctx::InfoFn>>,
    message: Cell<Option<crate::ctx::MsgFn>>,
    message_arg: Cell<*mut c_void>,
    pub(crate) ex_data: ExData,
}

// SAFETY: made in `of` alone, inside of an Owned.
unsafe impl Counted for SSL {}

/// SSL_SENT_SHUTDOWN, SSL_RECEIVED_SHUTDOWN
pub(crate) const SENT: c_int = 1;
pub(crate) const RECEIVED: c_int = 2;

impl SSL {
    pub(crate) fn of(ctx: &SSL_CTX) -> Owned<Self> {
        let method = ctx.method();
        let role = match (method.client, method.server) {
            (true, false) => Some(Role::Client),
            (false, true) => Some(Role::Server),
            _ => None,
        };
        let settings = ctx.settings().clone();
        let ssl = Owned::new(Self {
            ctx: RefCell::new(Owned::again(ctx)),
            session_ctx: Owned::again(ctx),
            info: Cell::new(settings.info),
            message: Cell::new(settings.message),
            message_arg: Cell::new(settings.message_arg),
            settings: RefCell::new(settings),
            own: RefCell::default(),
            level: Cell::new(ctx.level()),
            role: Cell::new(role),
            begun: RefCell::new(None),
            relisted: Cell::new(false),
            conn: RefCell::new(None),
            busy: Cell::new(false),
            rbio: RefCell::new(None),
            wbio: RefCell::new(None),
            framing: Cell::default(),
            eof: Cell::new(false),
            wanted: Cell::new(Wanted::Nothing),
            shutdown: Cell::new(0),
            established: Cell::new(false),
            failed: Cell::new(false),
            cut_off: Cell::new(false),
            renegotiating: Cell::new(false),
            question: RefCell::new(None),
            hello: RefCell::new(None),
            staple: RefCell::default(),
            unfinished: Cell::new(None),
            peeked: RefCell::default(),
            verify_result: Cell::new(0),
            peer: RefCell::default(),
            session: RefCell::new(None),
            found: RefCell::new(None),
            sealed: RefCell::new(None),
            handshakes: Cell::new(0),
            lent: RefCell::default(),
            cert: Cell::new(None),
            has_own_authorities: Cell::new(false),
            ex_data: ExData::default(),
        });
        ssl.ex_data.made(ssl.pointer().cast(), Class::Ssl);
        ssl
    }

    pub(crate) fn ctx(&self) -> Owned<SSL_CTX> {
        self.ctx.borrow().clone()
    }

    pub(crate) const fn session_ctx(&self) -> &Owned<SSL_CTX> {
        &self.session_ctx
    }

    pub(crate) fn settings(&self) -> Ref<'_, Settings> {
        self.settings.borrow()
    }

    pub(crate) fn change<T>(&self, f: impl FnOnce(&mut Settings) -> T) -> T {
        f(&mut self.settings.borrow_mut())
    }

    pub(crate) fn role(&self) -> Option<Role> {
        self.role.get()
    }

    /// A role that is set anew begins a new connection, as `SSL_set_connect_state` does.
    pub(crate) fn set_role(&self, role: Role) {
        self.role.set(Some(role));
        self.shutdown.set(0);
        self.forget();
    }

    /// Ready for another connection with the same settings.
    pub(crate) fn clear(&self) {
        if self.is_established() && self.shutdown.replace(0) == 0 {
            // RFC 2246 7.2.1: what was not closed is not resumed.
            self.spoil_session();
            drop(self.session.take());
        }
        self.forget();
        self.shutdown.set(0);
    }

    /// Forgets the connection; what the program has set stays.
    pub(crate) fn forget(&self) {
        // What goes may ask for what is there.
        drop(self.conn.take());
        self.framing.set(Framing::default());
        self.eof.set(false);
        self.wanted.set(Wanted::Nothing);
        self.established.set(false);
        self.failed.set(false);
        self.cut_off.set(false);
        self.renegotiating.set(false);
        drop(self.question.take());
        drop(self.hello.take());
        drop(self.found.take());
        drop(self.sealed.take());
        self.unfinished.set(None);
        self.peeked.borrow_mut().clear();
        self.verify_result.set(0);
        drop(self.peer.take());
        self.handshakes.set(0);
    }

    /// What a ClientHello says, while callbacks are asked about it.
    pub(crate) fn keep_hello(&self, hello: Hello) {
        drop(self.hello.replace(Some(hello)));
    }

    pub(crate) fn wanted(&self) -> Wanted {
        self.wanted.get()
    }

    pub(crate) const fn is_established(&self) -> bool {
        self.established.get()
    }

    pub(crate) const fn has_failed(&self) -> bool {
        self.failed.get()
    }

    /// Whether its handshake is complete, and no error has ended it since.
    pub(crate) const fn is_open(&self) -> bool {
        self.established.get() && (!self.failed.get() || self.cut_off.get())
    }

    /// Whether a handshake has begun.
    pub(crate) fn has_begun(&self) -> bool {
        self.conn.borrow().is_some()
    }

    /// Asks libtlscore's connection; `None` before there is one, and while it is in a call.
    pub(crate) fn look<T>(&self, f: impl FnOnce(&Conn) -> T) -> Option<T> {
        if self.busy.get() {
            return None;
        }
        self.conn.borrow().as_ref().map(f)
    }

    /// A question of libtlscore's, from inside of its call.
    pub(crate) fn ask(&self, question: Question) {
        drop(self.question.replace(Some(question)));
    }

    pub(crate) fn found(&self, session: Owned<SSL_SESSION>) {
        let old = self.found.replace(Some(session));
        drop(old);
    }

    pub(crate) fn keep_sealed(&self, kept: Kept) {
        *self.sealed.borrow_mut() = Some(kept);
    }

    /// A list that stays with the SSL; the same one again where it was lent before.
    pub(crate) fn keep_list(&self, list: Owned<OPENSSL_STACK>) -> *mut OPENSSL_STACK {
        crate::stack::keep(&mut self.lent.borrow_mut(), list).pointer()
    }

    pub(crate) const fn level(&self) -> c_int {
        self.level.get()
    }

    pub(crate) fn own_ciphers(&self) -> Option<CString> {
        self.own.borrow().ciphers.clone()
    }

    pub(crate) fn is_client(&self) -> bool {
        self.role() == Some(Role::Client)
    }

    /// Runs a verb until it does not wait for the program any more.
    fn run(&self, mut verb: impl FnMut(*mut sys::tls_conn) -> isize) -> isize {
        loop {
            let Some(conn) = self.conn.borrow().as_ref().map(Conn::raw) else {
                return sys::TLS_ERR_USAGE as isize;
            };
            if self.busy.replace(true) {
                // A callback comes back with a verb.
                return sys::TLS_ERR_USAGE as isize;
            }
            let code = driving(self, || verb(conn));
            self.busy.set(false);
            if code != sys::TLS_WANT_APP as isize {
                return code;
            }
            let question = self.question.take();
            let answered = match question {
                Some(Question::Verify {
                    pending,
                    chain,
                    staple,
                }) => {
                    self.keep_staple(staple);
                    self.judge(&pending, chain)
                }
                Some(Question::Hello { pending, hello }) => self.answer_hello(pending, hello),
                Some(Question::Psk { pending, asked }) => self.answer_psk(&pending, asked),
                Some(Question::Session { pending, id }) => self.answer_session(&pending, &id),
                None => false,
            };
            if !answered {
                return code;
            }
        }
    }

    /// An error of the connection, with our words for it.
    fn fail(&self, reason: c_int, text: impl Into<Vec<u8>>) -> c_int {
        self.failed.set(true);
        self.wanted.set(Wanted::Nothing);
        err::put(Lib::Ssl, reason, text);
        -1
    }

    /// The session is not offered again (RFC 5246 §7.2.2).
    pub(super) fn spoil_session(&self) {
        if let Some(session) = self.session.borrow().as_ref() {
            session.spoil();
        }
    }

    /// Tells the program what happens (`SSL_CTX_set_info_callback`).
    fn tell(&self, place: c_int, value: c_int) {
        if let Some(info) = self.info.get() {
            // SAFETY: the program's function, with an SSL that lives.
            unsafe { info(self, place, value) };
        }
    }
}

impl Drop for SSL {
    fn drop(&mut self) {
        let us = core::ptr::from_ref(self).cast_mut().cast();
        self.ex_data.free(us, Class::Ssl);
        // The connection goes before what it reads from.
        *self.conn.borrow_mut() = None;
        self.set_bios(None, None);
    }
}
