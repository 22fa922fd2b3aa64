//! Certificates with their private keys.

use crate::args;
use crate::callback_key::CallbackKey;
use crate::ctx::{set, tls_ctx};
use crate::handle;
use crate::pending::tls_pending;
use core::ffi::{c_char, c_int, c_void};
use std::path::PathBuf;
use std::sync::Arc;
use tls_std::Context;

/// Adds a certificate chain, leaf first, and the private key of the leaf, from files: PEM, or DER
/// (then the chain is the leaf alone). `key_path` NULL: the key is in `cert_path`. Keys are RSA
/// (1024 to 8192 bits, also RSA-PSS), ECDSA (P-256, P-384, P-521) or Ed25519, in PKCS #8, PKCS #1 or
/// SEC 1 form; encrypted PKCS #8 and the old "Proc-Type: 4,ENCRYPTED" want
/// tls_ctx_set_password_callback(). The key must belong to the certificate, a file has one,
/// and a key that is weaker than the policy or the security level wants is TLS_REASON_WEAK_KEYPAIR.
///
/// A context may have several keypairs, an RSA and an ECDSA one for instance: the server takes the
/// first that the client can verify and that fits the name it asked for.
///
/// Returns TLS_OK, or TLS_ERR_USAGE with a reason in tls_ctx_error() that names the file and the
/// place in it; then nothing was added.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_add_keypair_file(
    ctx: *mut tls_ctx,
    cert_path: *const c_char,
    key_path: *const c_char,
) -> c_int {
    let setter = |ctx: &Context| {
        // SAFETY: by the header, paths or NULL.
        let (cert, key) = unsafe { paths(cert_path, key_path)? };
        ctx.add_keypair_file(cert, key.as_deref())
    };
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, setter) }
}

/// tls_ctx_add_keypair_file() from memory. `key` NULL: the key is in `cert`. The caller may wipe
/// its buffers afterwards; the library wipes its own copies when they are freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_add_keypair_mem(
    ctx: *mut tls_ctx,
    cert: *const c_void,
    cert_len: usize,
    key: *const c_void,
    key_len: usize,
) -> c_int {
    let setter = |ctx: &Context| {
        // SAFETY: by the header, readable bytes or NULL.
        let (cert, key) = unsafe { pair(cert, cert_len, key, key_len)? };
        ctx.add_keypair_mem(cert, key)
    };
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, setter) }
}

/// This keypair in place of all others of the context, at once: a server whose certificate is renewed
/// has a keypair at every moment. Arguments and result as for tls_ctx_add_keypair_file(); where it
/// fails, the old keypairs stay.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_keypair_file(
    ctx: *mut tls_ctx,
    cert_path: *const c_char,
    key_path: *const c_char,
) -> c_int {
    let setter = |ctx: &Context| {
        // SAFETY: by the header, paths or NULL.
        let (cert, key) = unsafe { paths(cert_path, key_path)? };
        ctx.set_keypair_file(cert, key.as_deref())
    };
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, setter) }
}

/// tls_ctx_set_keypair_file() from memory; `key` NULL: the key is in `cert`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_keypair_mem(
    ctx: *mut tls_ctx,
    cert: *const c_void,
    cert_len: usize,
    key: *const c_void,
    key_len: usize,
) -> c_int {
    let setter = |ctx: &Context| {
        // SAFETY: by the header, readable bytes or NULL.
        let (cert, key) = unsafe { pair(cert, cert_len, key, key_len)? };
        ctx.set_keypair_mem(cert, key)
    };
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, setter) }
}

/// Takes the keypairs of `from`, another context, in place of all of this one's, at once: for servers
/// that renew several. Returns TLS_OK, or TLS_ERR_USAGE with a reason in tls_ctx_error().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_keypairs_of(ctx: *mut tls_ctx, from: *const tls_ctx) -> c_int {
    let setter = |ctx: &Context| {
        // SAFETY: by the header, NULL or a live context.
        let from = unsafe { handle::value(from) }.map_err(|_| args::null("from"))?;
        ctx.set_keypairs_of(from)
    };
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, setter) }
}

/// A private key that lives elsewhere: in a token, in another process, behind a network.
///
/// A callback gives its answer through `pending`, with tls_pending_answer_signature(),
/// tls_pending_answer_decrypted() or tls_pending_answer_error(), and returns
///
/// TLS_OK: the answer was given during this call;
/// TLS_WANT_APP: it will be given later, from any thread, through a reference of its own, taken
/// with tls_pending_ref(pending);
/// anything else, without an answer: the operation failed.
///
/// `pending` and the bytes are borrowed for the call. Callbacks are called by whatever thread drives
/// a connection of the context, also by several at once. They must not call functions on that
/// connection, and must return normally (no longjmp, no exception).
#[repr(C)]
#[derive(Clone, Copy)]
pub struct tls_key_callbacks {
    /// Signs `message` (`len` bytes, not a digest) with exactly `scheme`, the SignatureScheme number
    /// of RFC 8446 §4.2.3 (0x0804: rsa_pss_rsae_sha256). ECDSA signatures are DER. Required.
    pub sign: Option<
        unsafe extern "C" fn(
            pending: *mut tls_pending,
            scheme: c_int,
            message: *const u8,
            len: usize,
            arg: *mut c_void,
        ) -> c_int,
    >,
    /// The raw RSA private operation on `len` bytes, the modulus's length; the answer has that length
    /// too. No padding is removed, and nothing may depend on the result's value: the library
    /// unpads in constant time. NULL: the key does not decrypt, and RSA key exchange (policy
    /// "legacy") is not negotiated with it.
    pub decrypt: Option<
        unsafe extern "C" fn(
            pending: *mut tls_pending,
            ciphertext: *const u8,
            len: usize,
            arg: *mut c_void,
        ) -> c_int,
    >,
    /// Called once with `arg` when neither the context nor any connection needs the key any more,
    /// from whatever thread gave the last reference back. May be NULL.
    pub release: Option<unsafe extern "C" fn(arg: *mut c_void)>,
}

/// Adds a certificate chain (PEM, or the leaf in DER) whose private key is behind callbacks.
/// `callbacks` is copied; `arg` is handed to each of them.
///
/// Returns TLS_OK, or TLS_ERR_USAGE with a reason in tls_ctx_error(); then nothing was added and
/// `release` is not called.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_add_keypair_callback(
    ctx: *mut tls_ctx,
    cert: *const c_void,
    cert_len: usize,
    callbacks: *const tls_key_callbacks,
    arg: *mut c_void,
) -> c_int {
    let setter = |ctx: &Context| {
        // SAFETY: by the header, readable bytes and a readable structure, or NULL.
        let (cert, callbacks) = unsafe {
            (
                args::bytes("cert", cert, cert_len)?,
                callbacks.as_ref().ok_or_else(|| args::null("callbacks"))?,
            )
        };
        let key = Arc::new(CallbackKey::new(*callbacks, arg)?);
        ctx.add_keypair_external(cert, key.clone())?;
        key.adopt();
        Ok(())
    };
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, setter) }
}

/// The paths of a keypair.
///
/// # Safety
/// Each is NULL or a NUL-terminated string.
pub(crate) unsafe fn paths(
    cert: *const c_char,
    key: *const c_char,
) -> args::Result<(PathBuf, Option<PathBuf>)> {
    // SAFETY: the caller's promise.
    unsafe {
        let cert = args::path("cert_path", cert)?;
        let key = match key.is_null() {
            true => None,
            false => Some(args::path("key_path", key)?),
        };
        Ok((cert, key))
    }
}

/// The bytes of a keypair.
///
/// # Safety
/// Each is NULL or points to so many initialised bytes that stay unchanged within `'a`.
pub(crate) unsafe fn pair<'a>(
    cert: *const c_void,
    cert_len: usize,
    key: *const c_void,
    key_len: usize,
) -> args::Result<(&'a [u8], Option<&'a [u8]>)> {
    // SAFETY: the caller's promise.
    unsafe {
        let cert = args::bytes("cert", cert, cert_len)?;
        let key = match (key.is_null(), key_len) {
            (true, 0) => None,
            _ => Some(args::bytes("key", key, key_len)?),
        };
        Ok((cert, key))
    }
}
