//! What a server's SSL asks for beside its keys. Callbacks change it while a ClientHello waits for their answer: what
//! they leave is what the handshake goes on with.

use super::SSL;
use crate::ctx::{SSL_CTX, Settings, VERIFY_FAIL_IF_NO_PEER_CERT, VERIFY_PEER, op, tell};
use crate::native::Ctx;
use crate::object::Owned;
use crate::sys::*;
use crate::x509::X509_NAME;
use core::ffi::c_int;
use std::ffi::CString;

/// Of a context, or of an SSL where that has its own.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Terms {
    tickets: bool,
    client_order: bool,
    client_auth: c_int,
    session_context: Vec<u8>,
    /// The certificates whose subjects are named, in DER.
    client_cas: Vec<u8>,
}

impl Terms {
    fn of(settings: &Settings, client_cas: &[Owned<X509_NAME>]) -> Self {
        let named = settings.options & op::DISABLE_TLSEXT_CA_NAMES == 0;
        let names = client_cas.iter().filter(|_| named);
        Self {
            tickets: settings.options & op::NO_TICKET == 0,
            client_order: settings.options & op::CIPHER_SERVER_PREFERENCE == 0,
            client_auth: client_auth(settings.verify_mode),
            session_context: settings.session_context.clone(),
            client_cas: names
                .filter_map(|name| name.origin())
                .flatten()
                .copied()
                .collect(),
        }
    }

    /// Tells a context what differs from what it was told last (`told`); false, with an error in the queue, where that
    /// fails.
    pub(super) fn tell(&self, ctx: &Ctx, told: Option<&Self>) -> bool {
        let new = |changed: fn(&Self, &Self) -> bool| told.is_none_or(|told| changed(self, told));
        let set = |f: &dyn Fn(*mut tls_ctx) -> c_int| tell(ctx.set(f));
        // SAFETY: a live context, here and below.
        (!new(|a, b| a.tickets != b.tickets)
            || set(&|ctx| unsafe { tls_ctx_set_tickets(ctx, c_int::from(self.tickets)) }))
            && (!new(|a, b| a.client_order != b.client_order)
                // SAFETY: as above.
                || set(&|ctx| unsafe {
                    tls_ctx_set_preference(ctx, c_int::from(self.client_order))
                }))
            && (!new(|a, b| a.client_auth != b.client_auth)
                // SAFETY: as above.
                || set(&|ctx| unsafe { tls_ctx_set_client_auth(ctx, self.client_auth) }))
            && (!new(|a, b| a.session_context != b.session_context)
                || set(&|ctx| {
                    let id = &self.session_context;
                    // SAFETY: as above, and readable bytes.
                    unsafe { tls_ctx_set_session_id_context(ctx, id.as_ptr().cast(), id.len()) }
                }))
            && (!new(|a, b| a.client_cas != b.client_cas)
                || set(&|ctx| {
                    let pem = self.client_cas_pem();
                    // SAFETY: as above, and readable bytes.
                    unsafe { tls_ctx_set_client_ca_mem(ctx, pem.as_ptr().cast(), pem.len()) }
                }))
    }

    /// DER in a row is not PEM: libtlscore takes PEM for several.
    fn client_cas_pem(&self) -> Vec<u8> {
        let mut rest = &self.client_cas[..];
        let mut pem = Vec::new();
        while let Some(whole) = crate::der::whole(rest) {
            pem.extend(crate::pem::certificate_text(whole));
            rest = &rest[whole.len()..];
        }
        pem
    }
}

/// What SSL_VERIFY_* of a server is to libtlscore.
pub(super) const fn client_auth(mode: c_int) -> c_int {
    match mode & (VERIFY_PEER | VERIFY_FAIL_IF_NO_PEER_CERT) {
        mode if mode & VERIFY_PEER == 0 => 0,
        mode if mode & VERIFY_FAIL_IF_NO_PEER_CERT == 0 => 1,
        _ => 2,
    }
}

impl SSL {
    /// The names of CAs that a server sends: its own, or those of the context that it has now.
    pub(crate) fn client_cas(&self) -> Vec<Owned<X509_NAME>> {
        let names = match self.has_own_authorities.get() {
            true => self.settings().client_cas.clone(),
            false => self.ctx().settings().client_cas.clone(),
        };
        names.unwrap_or_default()
    }

    pub(super) fn terms(&self) -> Terms {
        Terms::of(&self.settings(), &self.client_cas())
    }

    /// A context for this handshake alone, where callbacks have left other terms than it began with: sessions and
    /// what else is shared are those of the context that made this SSL. The outer `None`: the terms are the same;
    /// the inner one: it cannot be made.
    pub(super) fn changed_terms(&self) -> Option<Option<Ctx>> {
        let (now, ctx) = (self.terms(), self.ctx());
        let other = ctx.pointer() != self.session_ctx().pointer();
        let same = self.begun.borrow().as_ref() == Some(&now);
        let relisted = self.relisted.replace(false);
        if same && !relisted && !other {
            return None;
        }
        Some(self.carrier(&now, &ctx, other))
    }

    fn carrier(&self, now: &Terms, ctx: &SSL_CTX, other: bool) -> Option<Ctx> {
        let (carrier, none) = (self.session_ctx().native().duplicate()?, Ctx::new()?);
        let own = self.own.borrow();
        let ciphers = match (&own.ciphers, other) {
            (Some(own), _) => Some(own.clone()),
            (None, true) => CString::new(ctx.ciphers()).ok(),
            (None, false) => None,
        };
        let level = self.level();
        // The keys that are shown come later: those of the old context need not meet the level of the new one.
        // SAFETY: live contexts.
        let bare =
            tell(carrier.set(|native| unsafe { tls_ctx_set_keypairs_of(native, none.raw()) }));
        // SAFETY: a live context and a text.
        let listed = bare && tell(carrier.set(|native| unsafe {
            match &ciphers {
                Some(list) => tls_ctx_set_cipher_list(native, list.as_ptr()),
                None => TLS_OK,
            }
        }))
            // SAFETY: a live context.
            && tell(carrier.set(|native| unsafe { tls_ctx_set_security_level(native, level) }));
        (listed
            && (!other || ctx.keys().choose(&carrier))
            && self.tell_psk(&carrier)
            && ctx.choose_alpn(&carrier)
            && now.tell(&carrier, None))
        .then_some(carrier)
    }
}
