//! What a context asks of peers' certificates, and whom it trusts.

use super::*;
use crate::args::Str;
use crate::guard::guard;
use crate::x509::X509_VERIFY_PARAM;
use crate::x509::param::asked_depth;

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_set_verify(
    ctx: Option<&SSL_CTX>,
    mode: c_int,
    callback: Option<VerifyFn>,
) {
    if let Some(ctx) = ctx {
        let mut settings = ctx.settings();
        // NULL takes the callback away; `SSL_set_verify` keeps it.
        (settings.verify_mode, settings.verify_callback) = (mode, callback);
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_get_verify_mode(ctx: Option<&SSL_CTX>) -> c_int {
    ctx.map_or(0, |ctx| ctx.settings().verify_mode)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_get_verify_callback(ctx: Option<&SSL_CTX>) -> Option<VerifyFn> {
    ctx.and_then(|ctx| ctx.settings().verify_callback)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_set_verify_depth(ctx: Option<&SSL_CTX>, depth: c_int) {
    if let Some(ctx) = ctx {
        ctx.settings()
            .param
            .set(|values| values.depth = asked_depth(depth));
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_get_verify_depth(ctx: Option<&SSL_CTX>) -> c_int {
    ctx.and_then(|ctx| ctx.settings().param.get().depth)
        .unwrap_or(-1)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_set_cert_verify_callback(
    ctx: Option<&SSL_CTX>,
    callback: Option<CertVerifyFn>,
    arg: *mut c_void,
) {
    if let Some(ctx) = ctx {
        let mut hooks = ctx.hooks();
        (hooks.cert_verify, hooks.cert_verify_arg) = (callback, arg);
    }
}

/// What is asked of peers' certificates; connections that are made later get a copy. It belongs to the context.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_get0_param(ctx: Option<&SSL_CTX>) -> *mut X509_VERIFY_PARAM {
    ctx.map_or(core::ptr::null_mut(), |ctx| ctx.settings().param.pointer())
}

/// What `param` has set; the rest stays.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_set1_param(
    ctx: Option<&SSL_CTX>,
    param: Option<&X509_VERIFY_PARAM>,
) -> c_int {
    ctx.zip(param).map_or(0, |(ctx, param)| {
        let from = param.get();
        ctx.settings().param.set(|values| values.take(&from));
        1
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_load_verify_locations(
    ctx: Option<&SSL_CTX>,
    file: Str<'_>,
    dir: Str<'_>,
) -> c_int {
    guard(0, || {
        let store = ctx.map(SSL_CTX::store);
        crate::x509::store_api::tlscore_X509_STORE_load_locations(store.as_deref(), file, dir)
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_load_verify_file(ctx: Option<&SSL_CTX>, file: Str<'_>) -> c_int {
    guard(0, || {
        c_int::from(
            ctx.zip(file.c_str())
                .is_some_and(|(ctx, file)| ctx.store().load_file(file)),
        )
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_load_verify_dir(ctx: Option<&SSL_CTX>, dir: Str<'_>) -> c_int {
    guard(0, || {
        c_int::from(
            ctx.zip(dir.c_str())
                .is_some_and(|(ctx, dir)| ctx.store().load_dir(dir)),
        )
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_set_default_verify_paths(ctx: Option<&SSL_CTX>) -> c_int {
    guard(0, || {
        c_int::from(ctx.is_some_and(|ctx| ctx.store().load_system()))
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_get_cert_store(ctx: Option<&SSL_CTX>) -> *mut X509_STORE {
    ctx.map_or(core::ptr::null_mut(), |ctx| ctx.store().pointer())
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_set_cert_store(
    ctx: Option<&SSL_CTX>,
    store: Option<Owned<X509_STORE>>,
) {
    if let Some((ctx, store)) = ctx.zip(store) {
        ctx.set_store(store);
    }
}

/// The store keeps its reference with the caller.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_set1_cert_store(
    ctx: Option<&SSL_CTX>,
    store: Option<&X509_STORE>,
) {
    if let Some((ctx, store)) = ctx.zip(store) {
        ctx.set_store(Owned::again(store));
    }
}
