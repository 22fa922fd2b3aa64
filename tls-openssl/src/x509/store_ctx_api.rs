//! X509_STORE_CTX_*.

use super::store_ctx::{VerifyFn, X509_STORE_CTX};
use crate::args::length;
use crate::guard::guard;
use crate::object::{Owned, lend};
use crate::stack::{OPENSSL_STACK, X509_STACK};
use crate::x509::param::{self, PURPOSE_CLIENT};
use crate::x509::{X509, X509_STORE, X509_VERIFY_PARAM, cert};
use core::ffi::{c_int, c_void};

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_CTX_new() -> Option<Owned<X509_STORE_CTX>> {
    guard(None, || Some(X509_STORE_CTX::new()))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_CTX_free(ctx: Option<Owned<X509_STORE_CTX>>) {
    guard((), || drop(ctx));
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_CTX_init(
    ctx: Option<&X509_STORE_CTX>,
    store: Option<&X509_STORE>,
    leaf: Option<&X509>,
    untrusted: Option<&X509_STACK>,
) -> c_int {
    guard(0, || {
        let Some(ctx) = ctx else { return 0 };
        let all = untrusted.map(OPENSSL_STACK::items).unwrap_or_default();
        // SAFETY: a list of certificates: what its type says.
        let certificate =
            |item: *mut c_void| unsafe { item.cast::<X509>().as_ref() }.map(Owned::again);
        ctx.init(
            store,
            leaf,
            all.into_iter().filter_map(certificate).collect(),
        );
        1
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_CTX_cleanup(ctx: Option<&X509_STORE_CTX>) {
    guard((), || {
        if let Some(ctx) = ctx {
            ctx.init(None, None, Vec::new());
        }
    });
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_verify_cert(ctx: Option<&X509_STORE_CTX>) -> c_int {
    guard(-1, || ctx.map_or(-1, X509_STORE_CTX::verify))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_CTX_get_error(ctx: Option<&X509_STORE_CTX>) -> c_int {
    ctx.map_or(0, X509_STORE_CTX::error)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_CTX_set_error(ctx: Option<&X509_STORE_CTX>, error: c_int) {
    if let Some(ctx) = ctx {
        ctx.error.set(error);
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_CTX_get_error_depth(ctx: Option<&X509_STORE_CTX>) -> c_int {
    ctx.map_or(0, |ctx| ctx.depth.get())
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_CTX_set_error_depth(
    ctx: Option<&X509_STORE_CTX>,
    depth: c_int,
) {
    if let Some(ctx) = ctx {
        ctx.depth.set(depth);
    }
}

/// The certificate that the callback is asked about.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_CTX_get_current_cert(
    ctx: Option<&X509_STORE_CTX>,
) -> *mut X509 {
    ctx.map_or(core::ptr::null_mut(), |ctx| {
        lend(ctx.chain.borrow().get(length(ctx.depth.get())))
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_CTX_get0_cert(ctx: Option<&X509_STORE_CTX>) -> *mut X509 {
    ctx.map_or(core::ptr::null_mut(), |ctx| {
        lend(ctx.leaf.borrow().as_ref())
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_CTX_get0_store(
    ctx: Option<&X509_STORE_CTX>,
) -> *mut X509_STORE {
    ctx.map_or(core::ptr::null_mut(), |ctx| {
        lend(ctx.store.borrow().as_ref())
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_CTX_get0_param(
    ctx: Option<&X509_STORE_CTX>,
) -> *mut X509_VERIFY_PARAM {
    ctx.map_or(core::ptr::null_mut(), |ctx| {
        lend(ctx.param.borrow().as_ref())
    })
}

fn list(chain: &[Owned<X509>]) -> Vec<*mut c_void> {
    chain
        .iter()
        .map(|x509| x509.clone().into_raw().cast())
        .collect()
}

/// The chain, leaf first; it belongs to the context.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_CTX_get0_chain(
    ctx: Option<&X509_STORE_CTX>,
) -> *mut X509_STACK {
    guard(core::ptr::null_mut(), || {
        let Some(ctx) = ctx else {
            return core::ptr::null_mut();
        };
        let mut shown = ctx.shown.borrow_mut();
        let made = shown
            .get_or_insert_with(|| OPENSSL_STACK::owning(list(&ctx.chain.borrow()), cert::free));
        made.pointer()
    })
}

/// The chain with references of its own.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_CTX_get1_chain(
    ctx: Option<&X509_STORE_CTX>,
) -> Option<Owned<X509_STACK>> {
    guard(None, || {
        Some(OPENSSL_STACK::new(list(&ctx?.chain.borrow())))
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_CTX_set_verify_cb(
    ctx: Option<&X509_STORE_CTX>,
    callback: Option<VerifyFn>,
) {
    if let Some(ctx) = ctx {
        ctx.callback.set(callback);
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_CTX_set_flags(
    ctx: Option<&X509_STORE_CTX>,
    flags: core::ffi::c_ulong,
) {
    if let Some(param) = ctx.and_then(|ctx| ctx.param.borrow().clone()) {
        param.set(|values| values.flags |= flags);
    }
}

/// "ssl_client" or "ssl_server": what the certificate must be good for.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_CTX_set_default(
    ctx: Option<&X509_STORE_CTX>,
    name: crate::args::Str<'_>,
) -> c_int {
    let purpose = match name.bytes() {
        Some(b"ssl_client") => PURPOSE_CLIENT,
        Some(b"ssl_server") => param::PURPOSE_SERVER,
        _ => return 0,
    };
    tlscore_X509_STORE_CTX_set_purpose(ctx, purpose)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_CTX_set_purpose(
    ctx: Option<&X509_STORE_CTX>,
    purpose: c_int,
) -> c_int {
    let Some(param) = ctx.and_then(|ctx| ctx.param.borrow().clone()) else {
        return 0;
    };
    param::tlscore_X509_VERIFY_PARAM_set_purpose(Some(&param), purpose)
}

/// Number 0 is the SSL of the connection whose peer is verified.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_CTX_get_ex_data(
    ctx: Option<&X509_STORE_CTX>,
    index: c_int,
) -> *mut c_void {
    ctx.map_or(core::ptr::null_mut(), |ctx| ctx.ex_data.get(index))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_CTX_set_ex_data(
    ctx: Option<&X509_STORE_CTX>,
    index: c_int,
    data: *mut c_void,
) -> c_int {
    c_int::from(ctx.is_some_and(|ctx| ctx.ex_data.set(index, data)))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_get_ex_data_X509_STORE_CTX_idx() -> c_int {
    0
}
