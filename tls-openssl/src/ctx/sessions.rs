//! A context's sessions: how long they are kept, and who is told of them.

use super::*;
use crate::guard::guard;

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_SSL_CTX_set_session_id_context(
    ctx: Option<&SSL_CTX>,
    id: *const c_uchar,
    len: c_uint,
) -> c_int {
    // SAFETY: `len` readable bytes: the manual's promise.
    let id = unsafe { crate::args::bytes(id.cast(), len as usize) };
    if id.len() > 32 {
        err::put(Lib::Ssl, err::ssl::SSL_SESSION_ID_CONTEXT_TOO_LONG, "");
        return 0;
    }
    ctx.map_or(0, |ctx| {
        ctx.settings().session_context = id.to_vec();
        1
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_set_timeout(ctx: Option<&SSL_CTX>, seconds: c_long) -> c_long {
    guard(0, || {
        let Some(ctx) = ctx else { return 0 };
        let old = core::mem::replace(&mut ctx.hooks().timeout, seconds);
        ctx.apply_cache();
        old
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_get_timeout(ctx: Option<&SSL_CTX>) -> c_long {
    ctx.map_or(0, |ctx| ctx.hooks().timeout)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_sess_set_new_cb(
    ctx: Option<&SSL_CTX>,
    callback: Option<NewSessionFn>,
) {
    if let Some(ctx) = ctx {
        ctx.hooks().new_session = callback;
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_sess_get_new_cb(ctx: Option<&SSL_CTX>) -> Option<NewSessionFn> {
    ctx.and_then(|ctx| ctx.hooks().new_session)
}

/// Asked for sessions of clients that come with a session ID which is not in the cache of this process.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_sess_set_get_cb(
    ctx: Option<&SSL_CTX>,
    callback: Option<GetSessionFn>,
) {
    if let Some(ctx) = ctx {
        ctx.hooks().get_session = callback;
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_sess_get_get_cb(ctx: Option<&SSL_CTX>) -> Option<GetSessionFn> {
    ctx.and_then(|ctx| ctx.hooks().get_session)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_sess_get_remove_cb(
    ctx: Option<&SSL_CTX>,
) -> Option<RemoveSessionFn> {
    ctx.and_then(|ctx| ctx.hooks().remove_session)
}

/// Told of each session that leaves the cache: it is too old, there are too many, its connection failed, or the program
/// removes it.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_sess_set_remove_cb(
    ctx: Option<&SSL_CTX>,
    callback: Option<RemoveSessionFn>,
) {
    if let Some(ctx) = ctx {
        ctx.hooks().remove_session = callback;
    }
}

/// Forgets the sessions in the cache that are over at `time`; all where `time` is 0.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_flush_sessions(ctx: Option<&SSL_CTX>, time: c_long) {
    guard((), || {
        if let Some(ctx) = ctx {
            ctx.forget_sessions(time);
        }
    });
}
