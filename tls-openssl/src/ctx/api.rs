//! SSL_CTX_*: what is set and asked without `SSL_CTX_ctrl`.

use super::*;
use crate::args::Str;
use crate::cipher_words::{Listed, set_list};
use crate::guard::guard;

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_new(
    method: Option<&'static SSL_METHOD>,
) -> Option<Owned<SSL_CTX>> {
    guard(None, || {
        let Some(method) = method else {
            err::put(Lib::Ssl, err::ssl::NULL_SSL_METHOD_PASSED, "");
            return None;
        };
        SSL_CTX::make(method).map_err(|info| tell(Err(info))).ok()
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_free(ctx: Option<Owned<SSL_CTX>>) {
    guard((), || drop(ctx));
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_up_ref(ctx: Option<&SSL_CTX>) -> c_int {
    ctx.map_or(0, |ctx| {
        core::mem::forget(Owned::again(ctx));
        1
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_set_options(ctx: Option<&SSL_CTX>, options: u64) -> u64 {
    change_options(ctx, |now| now | options)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_clear_options(ctx: Option<&SSL_CTX>, options: u64) -> u64 {
    change_options(ctx, |now| now & !options)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_get_options(ctx: Option<&SSL_CTX>) -> u64 {
    ctx.map_or(0, |ctx| ctx.settings().options)
}

fn change_options(ctx: Option<&SSL_CTX>, f: impl FnOnce(u64) -> u64) -> u64 {
    guard(0, || {
        let Some(ctx) = ctx else { return 0 };
        let mut settings = ctx.settings();
        settings.options = f(settings.options);
        settings.options
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_set_cipher_list(ctx: Option<&SSL_CTX>, list: Str<'_>) -> c_int {
    guard(0, || {
        let Some((ctx, list)) = ctx.zip(list.c_str()) else {
            return 0;
        };
        let listed = set_list(list, |list| {
            let native = ctx.native();
            // SAFETY: a live context and a text.
            native.set(|ctx| unsafe { sys::tls_ctx_set_cipher_list(ctx, list.as_ptr()) })
        });
        match listed {
            Listed::Taken => ctx.hooks().no_ciphers = false,
            Listed::Nothing => ctx.hooks().no_ciphers = true,
            Listed::Unread => {}
        }
        c_int::from(matches!(listed, Listed::Taken))
    })
}

/// Knows the names of TLS 1.3; there is nothing to choose.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_set_ciphersuites(ctx: Option<&SSL_CTX>, list: Str<'_>) -> c_int {
    guard(0, || {
        let known = ctx.is_some() && list.bytes().is_some_and(crate::cipher_words::are_tls13);
        if !known {
            err::put(Lib::Ssl, err::ssl::NO_CIPHER_MATCH, "");
        }
        c_int::from(known)
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_set_security_level(ctx: Option<&SSL_CTX>, level: c_int) {
    guard((), || {
        if let Some(ctx) = ctx {
            ctx.hooks().level_beyond = (level > MOST_LEVEL).then_some(level);
            let level = level.clamp(0, MOST_LEVEL);
            // SAFETY: a live context.
            ctx.set_native(|ctx| unsafe { sys::tls_ctx_set_security_level(ctx, level) });
        }
    });
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_get_security_level(ctx: Option<&SSL_CTX>) -> c_int {
    ctx.map_or(0, SSL_CTX::level)
}

/// 0 where it is set: as in OpenSSL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_SSL_CTX_set_alpn_protos(
    ctx: Option<&SSL_CTX>,
    wire: *const c_uchar,
    len: c_uint,
) -> c_int {
    guard(1, || {
        let Some(ctx) = ctx else { return 1 };
        // SAFETY: `len` readable bytes: the manual's promise.
        let set = ctx.set_native(|ctx| unsafe {
            sys::tls_ctx_set_alpn_wire(ctx, wire.cast(), len as usize)
        });
        c_int::from(!set)
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_set_quiet_shutdown(ctx: Option<&SSL_CTX>, quiet: c_int) {
    if let Some(ctx) = ctx {
        ctx.settings().quiet_shutdown = quiet != 0;
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_get_quiet_shutdown(ctx: Option<&SSL_CTX>) -> c_int {
    ctx.map_or(0, |ctx| c_int::from(ctx.settings().quiet_shutdown))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_set_ex_data(
    ctx: Option<&SSL_CTX>,
    index: c_int,
    data: *mut c_void,
) -> c_int {
    c_int::from(ctx.is_some_and(|ctx| ctx.ex_data.set(index, data)))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_get_ex_data(ctx: Option<&SSL_CTX>, index: c_int) -> *mut c_void {
    ctx.map_or(core::ptr::null_mut(), |ctx| ctx.ex_data.get(index))
}

/// TLS 1.3's: there is none.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_set_num_tickets(
    _ctx: Option<&SSL_CTX>,
    _tickets: usize,
) -> c_int {
    1
}

/// TLS 1.3's: there is none.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_get_num_tickets(_ctx: Option<&SSL_CTX>) -> usize {
    0
}

/// TLS 1.3's: there is none.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_set_post_handshake_auth(_ctx: Option<&SSL_CTX>, _on: c_int) {}
