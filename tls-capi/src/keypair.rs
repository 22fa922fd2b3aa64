//! Certificates with their private keys.

use crate::code::TLS_ERR_USAGE;
use crate::ctx::tls_ctx;
use crate::pending::tls_pending;
use core::ffi::{c_char, c_int, c_void};

/// Adds a certificate chain, leaf first, and the private key of the leaf, from files: PEM, or DER
/// (then the chain is the leaf alone). `key_path` NULL: the key is in `cert_path`. Keys are RSA,
/// ECDSA (P-256, P-384, P-521) or Ed25519, unencrypted, in PKCS #8, PKCS #1 or SEC 1 form.
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
    let _ = (ctx, cert_path, key_path);
    crate::stub(TLS_ERR_USAGE)
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
    let _ = (ctx, cert, cert_len, key, key_len);
    crate::stub(TLS_ERR_USAGE)
}

/// A private key that lives elsewhere: in a token, in another process, behind a network.
///
/// A callback gives its answer through `pending`, with tls_pending_answer_signature(),
/// tls_pending_answer_decrypted() or tls_pending_answer_error(), and returns
///
/// TLS_OK: the answer was given during this call;
/// TLS_WANT_APP: it will be given later, from any thread, through a reference of its own, taken
/// with tls_pending_ref(pending);
/// anything else: the operation failed (tls_pending_answer_error() may say why).
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
    let _ = (ctx, cert, cert_len, callbacks, arg);
    crate::stub(TLS_ERR_USAGE)
}
