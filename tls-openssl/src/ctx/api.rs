//! SSL_CTX_*: what is set and asked without `SSL_CTX_ctrl`.

use super::*;
use crate::args::Str;
use crate::evp::PasswordFn;
use crate::guard::guard;
use crate::x509::X509_VERIFY_PARAM;
use crate::x509::param::asked_depth;

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
pub extern "C" fn tlscore_SSL_CTX_set_verify(
    ctx: Option<&SSL_CTX>,
    mode: c_int,
    callback: Option<VerifyFn>,
) {
    if let Some(ctx) = ctx {
        let mut settings = ctx.settings();
        settings.verify_mode = mode;
        if callback.is_some() {
            settings.verify_callback = callback;
        }
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

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_set_cipher_list(ctx: Option<&SSL_CTX>, list: Str<'_>) -> c_int {
    guard(0, || {
        let Some((ctx, list)) = ctx.zip(list.c_str()) else {
            return 0;
        };
        c_int::from(crate::cipher::set_list(list, |list| {
            let native = ctx.native();
            // SAFETY: a live context and a text.
            native.set(|ctx| unsafe { sys::tls_ctx_set_cipher_list(ctx, list.as_ptr()) })
        }))
    })
}

/// Knows the names of TLS 1.3; there is nothing to choose.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_set_ciphersuites(ctx: Option<&SSL_CTX>, list: Str<'_>) -> c_int {
    guard(0, || {
        let known = ctx.is_some() && list.bytes().is_some_and(crate::cipher::are_tls13);
        if !known {
            err::put(Lib::Ssl, err::ssl::NO_CIPHER_MATCH, "");
        }
        c_int::from(known)
    })
}

/// The highest security level that there is; nothing passes a higher one.
const MOST_LEVEL: c_int = 5;

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

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_set_default_passwd_cb(
    ctx: Option<&SSL_CTX>,
    callback: Option<PasswordFn>,
) {
    if let Some(ctx) = ctx {
        ctx.settings().passwords.callback = callback;
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_set_default_passwd_cb_userdata(
    ctx: Option<&SSL_CTX>,
    data: *mut c_void,
) {
    if let Some(ctx) = ctx {
        ctx.settings().passwords.data = data;
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_get_default_passwd_cb(
    ctx: Option<&SSL_CTX>,
) -> Option<PasswordFn> {
    ctx.and_then(|ctx| ctx.settings().passwords.callback)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_get_default_passwd_cb_userdata(
    ctx: Option<&SSL_CTX>,
) -> *mut c_void {
    ctx.map_or(core::ptr::null_mut(), |ctx| ctx.settings().passwords.data)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_set_info_callback(
    ctx: Option<&SSL_CTX>,
    callback: Option<InfoFn>,
) {
    if let Some(ctx) = ctx {
        ctx.settings().info = callback;
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_get_info_callback(ctx: Option<&SSL_CTX>) -> Option<InfoFn> {
    ctx.and_then(|ctx| ctx.settings().info)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_set_keylog_callback(
    ctx: Option<&SSL_CTX>,
    callback: Option<KeylogFn>,
) {
    guard((), || {
        if let Some(ctx) = ctx {
            ctx.hooks().keylog = callback;
            ctx.apply_keylog();
        }
    });
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_set_client_hello_cb(
    ctx: Option<&SSL_CTX>,
    callback: Option<ClientHelloFn>,
    arg: *mut c_void,
) {
    guard((), || {
        if let Some(ctx) = ctx {
            {
                let mut hooks = ctx.hooks();
                (hooks.client_hello, hooks.client_hello_arg) = (callback, arg);
            }
            ctx.apply_hello();
        }
    });
}

/// Servers ask it in every handshake, resumed ones too; clients before their ClientHello, whether or not the server will
/// want a certificate.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_set_cert_cb(
    ctx: Option<&SSL_CTX>,
    callback: Option<CertFn>,
    arg: *mut c_void,
) {
    guard((), || {
        if let Some(ctx) = ctx {
            {
                let mut hooks = ctx.hooks();
                (hooks.cert, hooks.cert_arg) = (callback, arg);
            }
            ctx.apply_hello();
        }
    });
}

/// Asked where a client has no certificate, before its ClientHello.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_set_client_cert_cb(
    ctx: Option<&SSL_CTX>,
    callback: Option<ClientCertFn>,
) {
    if let Some(ctx) = ctx {
        ctx.hooks().client_cert = callback;
    }
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
pub extern "C" fn tlscore_SSL_CTX_set_alpn_select_cb(
    ctx: Option<&SSL_CTX>,
    callback: Option<AlpnSelectFn>,
    arg: *mut c_void,
) {
    guard((), || {
        if let Some(ctx) = ctx {
            {
                let mut hooks = ctx.hooks();
                (hooks.alpn_select, hooks.alpn_arg) = (callback, arg);
            }
            ctx.apply_alpn_select();
        }
    });
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
