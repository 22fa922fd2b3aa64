//! SSL_CTX_use_*: a context's certificates and keys.

use super::*;
use crate::args::Str;
use crate::evp::EVP_PKEY;
use crate::guard::guard;
use crate::object::lend;
use crate::x509::X509;

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_use_certificate(
    ctx: Option<&SSL_CTX>,
    x509: Option<&X509>,
) -> c_int {
    guard(0, || {
        let Some((ctx, x509)) = ctx.zip(x509) else {
            err::put(Lib::Ssl, err::PASSED_NULL, "");
            return 0;
        };
        if !keys::is_strong(x509, ctx.level(), true) {
            return 0;
        }
        let _old = ctx.keys().set_leaf(Owned::again(x509));
        1
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_use_PrivateKey(
    ctx: Option<&SSL_CTX>,
    key: Option<&EVP_PKEY>,
) -> c_int {
    guard(0, || {
        let Some((ctx, key)) = ctx.zip(key) else {
            err::put(Lib::Ssl, err::PASSED_NULL, "");
            return 0;
        };
        c_int::from(ctx.keys().set_key(Owned::again(key)))
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_use_certificate_file(
    ctx: Option<&SSL_CTX>,
    file: Str<'_>,
    kind: c_int,
) -> c_int {
    guard(0, || {
        let read = ctx.and_then(|ctx| Some((ctx, keys::read_leaf_file(file, kind, ctx.level())?)));
        let Some((ctx, leaf)) = read else { return 0 };
        let _old = ctx.keys().set_leaf(leaf);
        1
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_use_certificate_chain_file(
    ctx: Option<&SSL_CTX>,
    file: Str<'_>,
) -> c_int {
    guard(0, || {
        let read = ctx.and_then(|ctx| Some((ctx, keys::read_chain_file(file, ctx.level())?)));
        let Some((ctx, (leaf, chain))) = read else {
            return 0;
        };
        let _old = ctx.keys().set_chain(leaf, chain);
        1
    })
}

/// A key from a file, of any type or of RSA alone.
fn use_key_file(ctx: Option<&SSL_CTX>, file: Str<'_>, kind: c_int, rsa: bool) -> c_int {
    guard(0, || {
        let Some(ctx) = ctx else { return 0 };
        let asker = ctx.settings().passwords;
        // The program is asked for a password without any lock of ours.
        let Some(key) = keys::read_key_file(file, kind, asker) else {
            return 0;
        };
        if rsa && !key.is_rsa() {
            err::put(Lib::Evp, err::evp::EXPECTING_AN_RSA_KEY, "");
            return 0;
        }
        c_int::from(ctx.keys().set_key(key))
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_use_PrivateKey_file(
    ctx: Option<&SSL_CTX>,
    file: Str<'_>,
    kind: c_int,
) -> c_int {
    use_key_file(ctx, file, kind, false)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_use_RSAPrivateKey_file(
    ctx: Option<&SSL_CTX>,
    file: Str<'_>,
    kind: c_int,
) -> c_int {
    use_key_file(ctx, file, kind, true)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_check_private_key(ctx: Option<&SSL_CTX>) -> c_int {
    guard(0, || c_int::from(ctx.is_some_and(|ctx| ctx.keys().check())))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_get0_certificate(ctx: Option<&SSL_CTX>) -> *mut X509 {
    ctx.map_or(core::ptr::null_mut(), |ctx| {
        lend(ctx.keys().current().and_then(|pair| pair.leaf.as_ref()))
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_get0_privatekey(ctx: Option<&SSL_CTX>) -> *mut EVP_PKEY {
    ctx.map_or(core::ptr::null_mut(), |ctx| {
        lend(ctx.keys().current().and_then(|pair| pair.key.as_ref()))
    })
}

/// Parameters for DHE; the context takes the reference where it returns 1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_SSL_CTX_set0_tmp_dh_pkey(
    ctx: Option<&SSL_CTX>,
    key: *mut EVP_PKEY,
) -> c_int {
    guard(0, || {
        // SAFETY: NULL or a live key: the manual's promise.
        let parameters = unsafe { key.as_ref() }.and_then(EVP_PKEY::as_dh_parameters);
        let Some((ctx, pem)) = ctx.zip(parameters) else {
            err::put(Lib::Ssl, err::PASSED_NULL, "");
            return 0;
        };
        // SAFETY: a live context and readable bytes.
        let set = ctx.set_native(|ctx| unsafe {
            sys::tls_ctx_set_dh_params_mem(ctx, pem.as_ptr().cast(), pem.len())
        });
        if set {
            ctx.keys().dh = Some(pem.to_vec());
            // SAFETY: the reference is ours now, and the parameters were copied.
            drop(unsafe { Owned::from_raw(key) });
        }
        c_int::from(set)
    })
}
