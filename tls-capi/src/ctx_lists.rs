//! Contexts: policy, lists, ALPN.

use crate::code::TLS_ERR_USAGE;
use crate::ctx::tls_ctx;
use core::ffi::{c_char, c_int, c_void};

/// Chooses what is allowed at all, by name, and resets the three lists to the policy's own:
///
/// "modern" (the default): ECDHE with AES-GCM or ChaCha20-Poly1305;
/// "compatible": adds ECDHE with AES-CBC;
/// "legacy": adds RSA key exchange, 3DES, SHA-1 signatures, RSA keys from 1024 bits on and servers
/// without RFC 5746: for old peers that cannot be replaced.
///
/// Returns TLS_OK, or TLS_ERR_USAGE with a reason in tls_ctx_error().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_policy(ctx: *mut tls_ctx, name: *const c_char) -> c_int {
    let _ = (ctx, name);
    crate::stub(TLS_ERR_USAGE)
}

/// Chooses and orders the cipher suites within the policy: an OpenSSL cipher string
/// ("HIGH:!aNULL", "ECDHE+AESGCM:ECDHE-RSA-AES128-SHA") or a list of IANA names. Aliases select
/// what the policy has of them. A name that the policy refuses is an error which names the policy
/// that allows it, and so is an unknown word.
///
/// Returns TLS_OK, or TLS_ERR_USAGE with a reason in tls_ctx_error(); the list is then unchanged.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_cipher_list(ctx: *mut tls_ctx, list: *const c_char) -> c_int {
    let _ = (ctx, list);
    crate::stub(TLS_ERR_USAGE)
}

/// Chooses and orders the key exchange groups: "X25519:P-256:secp384r1". Errors as in
/// tls_ctx_set_cipher_list().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_groups(ctx: *mut tls_ctx, list: *const c_char) -> c_int {
    let _ = (ctx, list);
    crate::stub(TLS_ERR_USAGE)
}

/// Chooses and orders the signature schemes: "ECDSA+SHA256:RSA-PSS+SHA256:ed25519" or
/// "ecdsa_secp256r1_sha256:rsa_pss_rsae_sha256". Errors as in tls_ctx_set_cipher_list().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_sigalgs(ctx: *mut tls_ctx, list: *const c_char) -> c_int {
    let _ = (ctx, list);
    crate::stub(TLS_ERR_USAGE)
}

/// Offers (client) or accepts (server) these application protocols, most preferred first, as
/// names between commas: "h2,http/1.1". An empty string offers none. A server that has none in
/// common with a client that offers some refuses it (RFC 7301 §3.2).
///
/// Returns TLS_OK, or TLS_ERR_USAGE with a reason in tls_ctx_error().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_alpn(ctx: *mut tls_ctx, list: *const c_char) -> c_int {
    let _ = (ctx, list);
    crate::stub(TLS_ERR_USAGE)
}

/// tls_ctx_set_alpn() in the form of the wire: each name behind one byte with its length. For names
/// that hold a comma or a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_alpn_wire(
    ctx: *mut tls_ctx,
    wire: *const c_void,
    len: usize,
) -> c_int {
    let _ = (ctx, wire, len);
    crate::stub(TLS_ERR_USAGE)
}

/// Whose order of suites decides on a server: TLS_PREFER_SERVER (the default) or
/// TLS_PREFER_CLIENT.
///
/// Returns TLS_OK, or TLS_ERR_USAGE with a reason in tls_ctx_error().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_preference(ctx: *mut tls_ctx, preference: c_int) -> c_int {
    let _ = (ctx, preference);
    crate::stub(TLS_ERR_USAGE)
}

/// The resolved list of cipher suites, OpenSSL names between colons, most preferred first: what
/// connections created now would offer or accept.
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
    let _ = (ctx, out, cap);
    crate::stub(TLS_ERR_USAGE as isize)
}

/// The resolved list of groups; like tls_ctx_ciphers().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_groups(
    ctx: *const tls_ctx,
    out: *mut c_char,
    cap: usize,
) -> isize {
    let _ = (ctx, out, cap);
    crate::stub(TLS_ERR_USAGE as isize)
}

/// The resolved list of signature schemes; like tls_ctx_ciphers().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_sigalgs(
    ctx: *const tls_ctx,
    out: *mut c_char,
    cap: usize,
) -> isize {
    let _ = (ctx, out, cap);
    crate::stub(TLS_ERR_USAGE as isize)
}
