//! Functions of the program's that a context calls: the setters. What calls them is in callbacks.rs and in ssl/.

use super::*;
use crate::evp::PasswordFn;
use crate::guard::guard;

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
