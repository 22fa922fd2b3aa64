//! Contexts: policy, lists, ALPN.

use crate::args;
use crate::code::*;
use crate::ctx::{set, tls_ctx};
use crate::guard::guard;
use crate::handle;
use core::ffi::{c_char, c_int, c_void};
use tls_core::config::Config;
use tls_std::{Context, Preference};

/// Chooses what is allowed at all, by name, and resets the three lists to the policy's own
/// and the security level to 0:
///
/// "modern" (the default): ECDHE with AES-GCM or ChaCha20-Poly1305;
/// "compatible": adds ECDHE with AES-CBC and AES-CCM;
/// "legacy": adds DHE, RSA key exchange, CCM_8, 3DES, SHA-1 signatures, RSA keys from 1024 bits on,
/// certificates of X.509 version 1 and servers without RFC 5746: for old peers that cannot be replaced.
///
/// Returns TLS_OK, or TLS_ERR_USAGE with a reason in tls_ctx_error().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_policy(ctx: *mut tls_ctx, name: *const c_char) -> c_int {
    // SAFETY: by the header, a live context and readable arguments, or NULL.
    unsafe { set(ctx, |ctx| ctx.set_policy(&args::words("name", name)?)) }
}

/// Chooses and orders the cipher suites within the policy: an OpenSSL cipher string
/// ("HIGH:!aNULL", "ECDHE+AESGCM:ECDHE-RSA-AES128-SHA") or a list of IANA names. Aliases select
/// what the policy has of them. A name that the policy refuses is an error which names the policy
/// that allows it, and so is an unknown word. Among suites in brackets ("[A|B]:C") a server lets the
/// client's order decide. "@SECLEVEL=2" is tls_ctx_set_security_level().
///
/// Returns TLS_OK, or TLS_ERR_USAGE with a reason in tls_ctx_error(); the list is then unchanged.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_cipher_list(ctx: *mut tls_ctx, list: *const c_char) -> c_int {
    // SAFETY: by the header, a live context and readable arguments, or NULL.
    unsafe { set(ctx, |ctx| ctx.set_cipher_list(&args::words("list", list)?)) }
}

/// Asks for at least the strength of one of OpenSSL's security levels, 0 to 5, beside what the policy
/// asks for: it can forbid, never allow. It holds for the keys and hashes of certificates on verified
/// paths, for peers' keys and our own (TLS_REASON_WEAK_KEYPAIR), and for the suites, groups and signature
/// schemes, of which those that are too weak leave the lists.
///
/// level   RSA and DH   elliptic curves   hashes   ciphers
/// 0       (nothing beside the policy: the default)
/// 1       1024 bits    160 bits          224      80 bits: no CCM_8
/// 2       2048         224               224      112
/// 3       3072         256               256      128, and forward secrecy: no tickets
/// 4       7680         384               384      192, and no HMAC-SHA1
/// 5       15360        512               512      256
///
/// Returns TLS_OK, or TLS_ERR_USAGE with a reason in tls_ctx_error(): for a level that leaves nothing of
/// a list, or for which a keypair of the context is too weak; then nothing was changed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_security_level(ctx: *mut tls_ctx, level: c_int) -> c_int {
    let setter = |ctx: &Context| {
        let level = u8::try_from(level)
            .map_err(|_| args::bad(format!("{level} is no security level: 0 to 5 are")))?;
        ctx.set_security_level(level)
    };
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, setter) }
}

/// The security level, 0 to 5, or TLS_ERR_USAGE for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_security_level(ctx: *const tls_ctx) -> c_int {
    guard(TLS_ERR_PANIC, || {
        // SAFETY: by the header, NULL or a live context.
        match unsafe { handle::value(ctx) } {
            Ok(ctx) => c_int::from(ctx.config().security_level),
            Err(_) => TLS_ERR_USAGE,
        }
    })
}

/// Chooses and orders the key exchange groups: "X25519:P-256:secp384r1", and "DEFAULT" for the policy's. As
/// in OpenSSL 3.5 "?name" may be unknown, "-name" is taken out again, and "*" is passed over. Errors as in
/// tls_ctx_set_cipher_list().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_groups(ctx: *mut tls_ctx, list: *const c_char) -> c_int {
    // SAFETY: by the header, a live context and readable arguments, or NULL.
    unsafe { set(ctx, |ctx| ctx.set_groups(&args::words("list", list)?)) }
}

/// Chooses and orders the signature schemes: "ECDSA+SHA256:RSA-PSS+SHA256:ed25519" or
/// "ecdsa_secp256r1_sha256:rsa_pss_rsae_sha256". Errors as in tls_ctx_set_cipher_list().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_sigalgs(ctx: *mut tls_ctx, list: *const c_char) -> c_int {
    // SAFETY: by the header, a live context and readable arguments, or NULL.
    unsafe { set(ctx, |ctx| ctx.set_schemes(&args::words("list", list)?)) }
}

/// Offers (client) or accepts (server) these application protocols, most preferred first, as
/// names between commas: "h2,http/1.1". An empty string offers none. A server that has none in
/// common with a client that offers some refuses it (RFC 7301 §3.2).
///
/// Returns TLS_OK, or TLS_ERR_USAGE with a reason in tls_ctx_error().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_alpn(ctx: *mut tls_ctx, list: *const c_char) -> c_int {
    // SAFETY: by the header, a live context and readable arguments, or NULL.
    unsafe { set(ctx, |ctx| ctx.set_alpn_list(args::text("list", list)?)) }
}

/// tls_ctx_set_alpn() in the form of the wire: each name behind one byte with its length. For names
/// that hold a comma or a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_alpn_wire(
    ctx: *mut tls_ctx,
    wire: *const c_void,
    len: usize,
) -> c_int {
    // SAFETY: by the header, a live context and readable arguments, or NULL.
    unsafe {
        set(ctx, |ctx| {
            ctx.set_alpn_wire(args::bytes("wire", wire, len)?)
        })
    }
}

/// Whose order of suites decides on a server: TLS_PREFER_SERVER (the default) or
/// TLS_PREFER_CLIENT.
///
/// Returns TLS_OK, or TLS_ERR_USAGE with a reason in tls_ctx_error().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_preference(ctx: *mut tls_ctx, preference: c_int) -> c_int {
    let setter = |ctx: &Context| {
        ctx.set_preference(match preference {
            TLS_PREFER_SERVER => Preference::Server,
            TLS_PREFER_CLIENT => Preference::Client,
            other => return Err(args::bad(format!("{other} is no TLS_PREFER_*")).into()),
        });
        Ok(())
    };
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, setter) }
}

/// The resolved list of cipher suites, OpenSSL names between colons, most preferred first: what
/// connections created now would offer or accept (PSK suites only where there are keys).
///
/// Copies the text and its NUL to `out` when `cap` bytes are enough for both, else leaves `out`
/// alone. Returns the length of the text without its NUL (so `cap` must be larger), or
/// TLS_ERR_USAGE. `out` may be NULL when `cap` is 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_ciphers(
    ctx: *const tls_ctx,
    out: *mut c_char,
    cap: usize,
) -> isize {
    // SAFETY: by the header, a live context and readable arguments, or NULL.
    unsafe {
        copy_list(ctx, out, cap, |config| {
            join(config.usable_suites().map(|suite| suite.openssl_name))
        })
    }
}

/// The resolved list of groups; like tls_ctx_ciphers().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_groups(
    ctx: *const tls_ctx,
    out: *mut c_char,
    cap: usize,
) -> isize {
    // SAFETY: by the header, a live context and readable arguments, or NULL.
    unsafe { copy_list(ctx, out, cap, |config| join(config.groups.iter())) }
}

/// The resolved list of signature schemes; like tls_ctx_ciphers().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_sigalgs(
    ctx: *const tls_ctx,
    out: *mut c_char,
    cap: usize,
) -> isize {
    // SAFETY: by the header, a live context and readable arguments, or NULL.
    unsafe { copy_list(ctx, out, cap, |config| join(config.schemes.iter())) }
}

/// Copies a list to C, if there is room for it.
///
/// # Safety
/// `ctx` is NULL or a live context, `out` NULL or room for `cap` bytes.
unsafe fn copy_list(
    ctx: *const tls_ctx,
    out: *mut c_char,
    cap: usize,
    list: impl FnOnce(&Config) -> String,
) -> isize {
    guard(TLS_ERR_PANIC as isize, || {
        // SAFETY: the caller's promise.
        let (ctx, out) = match unsafe { (handle::value(ctx), args::room("out", out.cast(), cap)) } {
            (Ok(ctx), Ok(out)) => (ctx, out),
            _ => return TLS_ERR_USAGE as isize,
        };
        let text = list(&ctx.config());
        if let Some((room, rest)) = out.split_at_mut_checked(text.len())
            && let Some(end) = rest.first_mut()
        {
            room.write_copy_of_slice(text.as_bytes());
            end.write(0);
        }
        text.len().cast_signed()
    })
}

fn join(names: impl Iterator<Item = impl core::fmt::Display>) -> String {
    names.map(|n| n.to_string()).collect::<Vec<_>>().join(":")
}
