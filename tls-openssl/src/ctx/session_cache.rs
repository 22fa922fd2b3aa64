//! The sessions that a server keeps under session IDs: those of this context, and those that the program keeps
//! elsewhere (`SSL_CTX_sess_set_get_cb`). libtlscore asks this store; what it keeps here is sealed by libtlscore.

use super::SSL_CTX;
use super::callbacks::current;
use crate::args;
use crate::guard::guard;
use crate::native::Pending;
use crate::object::Owned;
use crate::session::{Kept, SSL_SESSION};
use crate::ssl::{Question, SSL};
use crate::sys::*;
use core::ffi::{c_int, c_long, c_void};
use std::collections::{HashMap, VecDeque};

/// SSL_SESS_CACHE_NO_INTERNAL_LOOKUP, SSL_SESS_CACHE_NO_INTERNAL_STORE
const NO_LOOKUP: c_long = 0x100;
const NO_STORE: c_long = 0x200;

/// Most sessions where a program wants no limit (size 0).
const MOST: usize = 1 << 20;

/// Sessions by their IDs, the oldest first.
#[derive(Default)]
pub(crate) struct Cache {
    sessions: HashMap<Vec<u8>, Owned<SSL_SESSION>>,
    /// IDs in the order in which they came; also of some that are gone.
    order: VecDeque<Vec<u8>>,
}

impl Cache {
    pub(crate) fn len(&self) -> usize {
        self.sessions.len()
    }

    pub(crate) fn find(&self, id: &[u8]) -> Option<Owned<SSL_SESSION>> {
        self.sessions.get(id).cloned()
    }

    /// Keeps a session; what had to go for it is returned.
    fn keep(&mut self, id: &[u8], session: Owned<SSL_SESSION>, size: usize) -> Gone {
        let mut gone = Gone::default();
        let most = if size == 0 { MOST } else { size.min(MOST) };
        if let Some(old) = self.sessions.insert(id.to_vec(), session) {
            gone.replaced = Some(old);
            return gone;
        }
        self.order.push_back(id.to_vec());
        while self.sessions.len() > most || self.order.len() > 2 * most {
            let Some(oldest) = self.order.pop_front() else {
                break;
            };
            gone.forgotten.extend(self.sessions.remove(&oldest));
        }
        gone
    }

    fn take(&mut self, id: &[u8]) -> Option<Owned<SSL_SESSION>> {
        self.sessions.remove(id)
    }

    /// Those that are over at `time`; all where that is 0.
    fn take_over(&mut self, time: c_long) -> Vec<Owned<SSL_SESSION>> {
        let over: Vec<Vec<u8>> = self
            .sessions
            .iter()
            .filter(|(_, session)| time == 0 || session.is_over(time))
            .map(|(id, _)| id.clone())
            .collect();
        self.order.retain(|id| !over.contains(id));
        over.iter().filter_map(|id| self.take(id)).collect()
    }
}

/// Sessions that left a cache: they are let go, and told of, when nothing is locked.
#[derive(Default)]
struct Gone {
    replaced: Option<Owned<SSL_SESSION>>,
    forgotten: Vec<Owned<SSL_SESSION>>,
}

impl SSL_CTX {
    /// Whether sessions are kept here, and looked for here.
    fn keeps(&self) -> (bool, bool) {
        let mode = self.settings().cache_mode;
        (mode & NO_STORE == 0, mode & NO_LOOKUP == 0)
    }

    /// Lets libtlscore ask here, or keep nothing, as the cache's mode says.
    pub(crate) fn ask_for_sessions(&self, on: bool) -> bool {
        let store = tls_session_store {
            get: Some(get),
            put: Some(put),
            remove: Some(remove),
            release: None,
        };
        // SAFETY: a live context; a table that is copied, of functions that need no argument.
        self.set_native(|ctx| unsafe {
            match on {
                true => tls_ctx_set_session_store(ctx, &raw const store, core::ptr::null_mut()),
                false => tls_ctx_set_session_cache(ctx, 0),
            }
        })
    }

    /// Keeps a session of a handshake, unless the cache's mode says that it is kept elsewhere.
    pub(crate) fn keep_session(&self, session: &Owned<SSL_SESSION>) {
        if self.keeps().0 {
            self.add_session(session);
        }
    }

    /// Keeps a session; false: it has no ID, or is there already.
    fn add_session(&self, session: &Owned<SSL_SESSION>) -> bool {
        let Some(kept) = session.kept() else {
            return false;
        };
        let size = self.hooks().cache_size;
        let gone = self.cache().keep(&kept.id, session.clone(), size);
        let new = gone.replaced.as_ref().map(Owned::pointer) != Some(session.pointer());
        gone.forgotten
            .iter()
            .for_each(|session| self.told_gone(session));
        new
    }

    /// Forgets a session of this ID; whether it was there.
    fn forget_session(&self, id: &[u8]) -> bool {
        let gone = self.cache().take(id);
        if let Some(session) = &gone {
            session.spoil();
            self.told_gone(session);
        }
        gone.is_some()
    }

    pub(super) fn forget_sessions(&self, time: c_long) {
        let gone = self.cache().take_over(time);
        for session in &gone {
            session.spoil();
            self.told_gone(session);
        }
    }

    /// Tells the program that a session is kept no longer. Nothing is locked.
    fn told_gone(&self, session: &Owned<SSL_SESSION>) {
        let told = self.hooks().remove_session;
        if let Some(told) = told {
            let us = core::ptr::from_ref(self).cast_mut();
            // SAFETY: the program's function, with objects that live.
            unsafe { told(us, session.pointer()) };
        }
    }
}

impl SSL {
    /// Asks the program for a session that is not kept here, and answers libtlscore.
    pub(crate) fn answer_session(&self, pending: &Pending, id: &[u8]) -> bool {
        let found = self.elsewhere(id);
        let value = found.as_ref().and_then(|session| session.kept());
        let sealed = value.map_or(&[][..], |kept| &kept.sealed);
        let (data, len) = match sealed.is_empty() {
            true => (core::ptr::null(), 0),
            false => (sealed.as_ptr().cast(), sealed.len()),
        };
        // SAFETY: a live question, which is answered once; readable bytes.
        let answered = unsafe { tls_pending_answer_session(pending.raw(), data, len) == TLS_OK };
        if let Some(session) = found {
            self.session_ctx().keep_session(&session);
            self.found(session);
        }
        answered
    }

    fn elsewhere(&self, id: &[u8]) -> Option<Owned<SSL_SESSION>> {
        let ask = self.session_ctx().hooks().get_session?;
        let (us, mut copy) = (core::ptr::from_ref(self).cast_mut(), 1);
        let len = args::count(id.len());
        // SAFETY: the program's function, with an ID that lives for the call; what it gives is a session, whose
        // reference is the program's where `copy` stays 1, ours where it is 0.
        let session = unsafe {
            let session = ask(us, id.as_ptr(), len, &raw mut copy);
            match copy {
                0 => Owned::from_raw(session),
                _ => session.as_ref().map(Owned::again),
            }
        };
        session.filter(|session| !session.is_spoiled() && !session.is_over(crate::asn1::now()))
    }
}

unsafe extern "C" fn get(
    pending: *mut tls_pending,
    id: *const u8,
    len: usize,
    _arg: *mut c_void,
) -> c_int {
    guard(TLS_ERR_USAGE, || {
        let Some(ssl) = current() else {
            return TLS_ERR_USAGE;
        };
        // SAFETY: lent for this call.
        let id = unsafe { args::bytes(id.cast(), len) };
        let ctx = ssl.session_ctx();
        let here = ctx.keeps().1.then(|| ctx.cache().find(id)).flatten();
        if let Some(session) = here {
            if session.is_over(crate::asn1::now()) {
                ctx.forget_session(id);
            } else if let Some(kept) = session.kept().filter(|_| !session.is_spoiled()) {
                let (data, len) = (kept.sealed.as_ptr().cast(), kept.sealed.len());
                ssl.found(session.clone());
                // SAFETY: a live question, which is answered once; readable bytes.
                return unsafe { tls_pending_answer_session(pending, data, len) };
            }
        }
        if ctx.hooks().get_session.is_none() {
            return TLS_OK;
        }
        // SAFETY: lent by libtlscore; what is kept gets a reference of its own.
        let Some(pending) = (unsafe { Pending::own(tls_pending_ref(pending)) }) else {
            return TLS_ERR_USAGE;
        };
        ssl.ask(Question::Session {
            pending,
            id: id.to_vec(),
        });
        TLS_WANT_APP
    })
}

unsafe extern "C" fn put(
    id: *const u8,
    id_len: usize,
    value: *const u8,
    value_len: usize,
    _lifetime: u32,
    _arg: *mut c_void,
) {
    guard((), || {
        let Some(ssl) = current() else { return };
        // SAFETY: lent for this call, and copied.
        let (id, sealed) = unsafe {
            (
                args::bytes(id.cast(), id_len).to_vec(),
                args::bytes(value.cast(), value_len).to_vec(),
            )
        };
        ssl.keep_sealed(Kept { id, sealed });
    });
}

unsafe extern "C" fn remove(id: *const u8, len: usize, _arg: *mut c_void) {
    guard((), || {
        let Some(ssl) = current() else { return };
        // SAFETY: lent for this call.
        let id = unsafe { args::bytes(id.cast(), len) };
        ssl.session_ctx().forget_session(id);
    });
}

/// 1 where it was not there yet. Sessions without an ID (tickets, a client's) cannot be looked for: 0.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_add_session(
    ctx: Option<&SSL_CTX>,
    session: Option<&SSL_SESSION>,
) -> c_int {
    guard(0, || {
        let added = ctx
            .zip(session)
            .is_some_and(|(ctx, session)| ctx.add_session(&Owned::again(session)));
        c_int::from(added)
    })
}

/// No connection resumes it any more; 1 where it was kept. The program's remove callback is told of it.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_remove_session(
    ctx: Option<&SSL_CTX>,
    session: Option<&SSL_SESSION>,
) -> c_int {
    guard(0, || {
        let Some((ctx, session)) = ctx.zip(session) else {
            return 0;
        };
        session.spoil();
        let Some(kept) = session.kept() else { return 0 };
        let gone = ctx.cache().take(&kept.id);
        ctx.told_gone(&Owned::again(session));
        c_int::from(gone.is_some())
    })
}
