//! Contexts: sessions and where they are kept.

use crate::args;
use crate::callback_store::CallbackStore;
use crate::ctx::{set, tls_ctx};
use crate::pending::tls_pending;
use core::ffi::{c_int, c_void};
use std::sync::Arc;
use tls_std::Context;

/// Whether a client asks for session tickets and a server gives them out (RFC 5077); `on` is 0 or 1,
/// 1 by default. Server tickets are sealed under the context's ticket keys.
///
/// Like every setter here: returns TLS_OK, or TLS_ERR_USAGE with a reason in tls_ctx_error().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_tickets(ctx: *mut tls_ctx, on: c_int) -> c_int {
    let setter = |ctx: &Context| {
        ctx.set_tickets(on != 0);
        Ok(())
    };
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, setter) }
}

/// How many sessions a server keeps in memory under their session IDs, for clients that take no
/// tickets; 0 keeps none, 20480 by default. A full cache drops its oldest. What was kept before is
/// forgotten.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_session_cache(ctx: *mut tls_ctx, sessions: usize) -> c_int {
    let setter = |ctx: &Context| {
        ctx.set_session_cache(sessions);
        Ok(())
    };
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, setter) }
}

/// How many sessions a client keeps in memory, one for each host; 0 keeps none, 1024 by default.
/// What was kept before is forgotten.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_client_session_cache(
    ctx: *mut tls_ctx,
    sessions: usize,
) -> c_int {
    let setter = |ctx: &Context| {
        ctx.set_client_session_cache(sessions);
        Ok(())
    };
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, setter) }
}

/// For how many seconds a session is used, 1 to 86400 (a day); 7200 by default. A session that is
/// renewed does not live beyond a day from its full handshake.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_session_lifetime(ctx: *mut tls_ctx, seconds: u32) -> c_int {
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, |ctx| ctx.set_session_lifetime(seconds)) }
}

/// A server's session context ID, at most 32 bytes: sessions of another context are not resumed. For
/// servers that share ticket keys or a store and differ in what they are for.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_session_id_context(
    ctx: *mut tls_ctx,
    id: *const c_void,
    len: usize,
) -> c_int {
    let setter = |ctx: &Context| {
        // SAFETY: by the header, so many readable bytes, or NULL.
        ctx.set_session_id_context(unsafe { args::bytes("id", id, len)? })
    };
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, setter) }
}

/// A place outside where a server's sessions are kept under their session IDs: another process, a
/// database, other hosts.
///
/// What it is given is sealed under the context's ticket keys and means nothing to anyone else; what
/// it gives back is believed only if it opens, and for its own ID alone. Hosts that share a store
/// share their ticket keys too (tls_ctx_set_ticket_keys_file(), tls_ctx_set_ticket_master()). A store
/// that fails, has nothing, or gives back garbage means a full handshake, never an error.
///
/// Callbacks are called by whatever thread drives a connection of the context, also by several at
/// once, in the middle of handshakes. They must not call functions on that connection, and must return
/// normally (no longjmp, no exception). Pointers are borrowed for the call.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct tls_session_store {
    /// Looks for the value under `id` (32 bytes). The answer is given through `pending`, with
    /// tls_pending_answer_session(). Returns
    ///
    /// TLS_OK: the answer was given during this call, or there is nothing under `id`;
    /// TLS_WANT_APP: it will be given later, from any thread, through a reference of its own, taken
    /// with tls_pending_ref(pending); the connection says TLS_WANT_APP meanwhile;
    /// anything else, without an answer: as if there was nothing.
    ///
    /// Required.
    pub get: Option<
        unsafe extern "C" fn(
            pending: *mut tls_pending,
            id: *const u8,
            id_len: usize,
            arg: *mut c_void,
        ) -> c_int,
    >,
    /// Keeps `value` (some hundred bytes; with a client's certificates some thousand) under `id` for
    /// `lifetime` seconds. It must not wait: hand the bytes on and return. Required.
    pub put: Option<
        unsafe extern "C" fn(
            id: *const u8,
            id_len: usize,
            value: *const u8,
            value_len: usize,
            lifetime: u32,
            arg: *mut c_void,
        ),
    >,
    /// Forgets `id`: its connection failed (RFC 5246 §7.2.2). It must not wait either. May be NULL.
    pub remove: Option<unsafe extern "C" fn(id: *const u8, id_len: usize, arg: *mut c_void)>,
    /// Called once with `arg` when neither the context nor any connection needs the store any more,
    /// from whatever thread gave the last reference back. May be NULL.
    pub release: Option<unsafe extern "C" fn(arg: *mut c_void)>,
}

/// Keeps a server's sessions in a store of the program's, in place of the cache in memory. `store` is
/// copied; `arg` is handed to each callback. Clients that take tickets get tickets, and need no store:
/// tls_ctx_set_tickets(ctx, 0) makes all of them use it.
///
/// Returns TLS_OK, or TLS_ERR_USAGE with a reason in tls_ctx_error(); then nothing was changed and
/// `release` is not called.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_session_store(
    ctx: *mut tls_ctx,
    store: *const tls_session_store,
    arg: *mut c_void,
) -> c_int {
    let setter = |ctx: &Context| {
        // SAFETY: by the header, a readable structure or NULL.
        let callbacks = unsafe { store.as_ref() }.ok_or_else(|| args::null("store"))?;
        ctx.set_session_store(Arc::new(CallbackStore::new(*callbacks, arg)?));
        Ok(())
    };
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, setter) }
}
