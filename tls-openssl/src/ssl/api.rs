//! SSL_*: life, and what an SSL is told beside its context.

use super::{Role, SSL};
use crate::args::{self, Str};
use crate::ctx::SSL_CTX;
use crate::err::{self, Lib, ssl as reason};
use crate::guard::guard;
use crate::object::Owned;
use core::ffi::{c_int, c_void};

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_new(ctx: Option<&SSL_CTX>) -> Option<Owned<SSL>> {
    guard(None, || {
        if ctx.is_none() {
            err::put(Lib::Ssl, reason::NULL_SSL_CTX, "");
        }
        ctx.map(SSL::of)
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_free(ssl: Option<Owned<SSL>>) {
    guard((), || drop(ssl));
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_up_ref(ssl: Option<&SSL>) -> c_int {
    ssl.map_or(0, |ssl| {
        core::mem::forget(Owned::again(ssl));
        1
    })
}

/// Ready for another connection with the same settings; the session stays for a client to offer.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_clear(ssl: Option<&SSL>) -> c_int {
    guard(0, || {
        ssl.map_or(0, |ssl| {
            ssl.clear();
            1
        })
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_set_connect_state(ssl: Option<&SSL>) {
    guard((), || {
        if let Some(ssl) = ssl {
            ssl.set_role(Role::Client);
        }
    });
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_set_accept_state(ssl: Option<&SSL>) {
    guard((), || {
        if let Some(ssl) = ssl {
            ssl.set_role(Role::Server);
        }
    });
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_is_server(ssl: Option<&SSL>) -> c_int {
    c_int::from(ssl.is_some_and(|ssl| ssl.role() == Some(Role::Server)))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_get_SSL_CTX(ssl: Option<&SSL>) -> *mut SSL_CTX {
    ssl.map_or(core::ptr::null_mut(), |ssl| ssl.ctx.borrow().pointer())
}

/// Another context: its certificates, certificate callback, signature algorithms, parameters for DHE, security level and
/// store are used from here on, what was copied by `SSL_new` stays.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_set_SSL_CTX(
    ssl: Option<&SSL>,
    ctx: Option<&SSL_CTX>,
) -> *mut SSL_CTX {
    guard(core::ptr::null_mut(), || {
        let Some(ssl) = ssl else {
            return core::ptr::null_mut();
        };
        // NULL: back to the context that it was made of.
        let ctx = ctx.map_or_else(|| ssl.session_ctx().clone(), Owned::again);
        let pointer = ctx.pointer();
        if pointer == ssl.ctx().pointer() {
            return pointer;
        }
        let same = |settings: &crate::ctx::Settings| {
            settings.session_context == ssl.session_ctx().settings().session_context
        };
        let context = ctx.settings().session_context.clone();
        let follows = same(&ssl.settings());
        ssl.change(|settings| {
            if follows {
                settings.session_context = context;
            }
        });
        // What OpenSSL has in its CERT is the new context's.
        let keys = ssl.own.borrow_mut().keys.take();
        ssl.cert.set(None);
        ssl.level.set(ctx.level());
        let old = ssl.ctx.replace(ctx);
        drop((keys, old));
        pointer
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_set_cipher_list(ssl: Option<&SSL>, list: Str<'_>) -> c_int {
    guard(0, || {
        let Some((ssl, list)) = ssl.zip(list.c_str()) else {
            return 0;
        };
        c_int::from(ssl.set_ciphers(list))
    })
}

/// Knows the names of TLS 1.3; there is nothing to choose.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_set_ciphersuites(ssl: Option<&SSL>, list: Str<'_>) -> c_int {
    c_int::from(ssl.is_some() && list.bytes().is_some_and(crate::cipher_words::are_tls13))
}

/// 0 where it is set: as in OpenSSL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_SSL_set_alpn_protos(
    ssl: Option<&SSL>,
    wire: *const core::ffi::c_uchar,
    len: core::ffi::c_uint,
) -> c_int {
    guard(1, || {
        // SAFETY: `len` readable bytes: the manual's promise.
        let wire = unsafe { args::bytes(wire.cast(), len as usize) };
        let Some(ssl) = ssl.filter(|_| super::facts::are_names(wire)) else {
            return 1;
        };
        ssl.own.borrow_mut().alpn = Some(wire.to_vec());
        0
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_set_ex_data(
    ssl: Option<&SSL>,
    index: c_int,
    data: *mut c_void,
) -> c_int {
    c_int::from(ssl.is_some_and(|ssl| ssl.ex_data.set(index, data)))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_get_ex_data(ssl: Option<&SSL>, index: c_int) -> *mut c_void {
    ssl.map_or(core::ptr::null_mut(), |ssl| ssl.ex_data.get(index))
}
