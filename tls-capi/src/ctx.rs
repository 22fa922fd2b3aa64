//! Contexts: making, sharing, freeing.

use crate::error::tls_error_info;
use core::ffi::c_int;

/// Configuration of connections: trust, keypairs, policy and lists. Reference-counted, and shared
/// by any number of threads without further locks. Its setters work at any time and affect the
/// connections that are created later: certificates can be reloaded while connections run.
pub struct tls_ctx {
    _private: (),
}

/// Makes a context for the given roles: TLS_CLIENT, TLS_SERVER, or both combined with "|". One
/// context may serve both. NULL only when `roles` is none of these three.
///
/// The defaults are safe: policy "modern", the peer's certificate verified with the server's name
/// against the system's CA certificates (loaded at the first client connection, when no CA was
/// added), server preference, no ALPN, no keypair.
#[unsafe(no_mangle)]
pub extern "C" fn tls_ctx_new(roles: c_int) -> *mut tls_ctx {
    let _ = roles;
    crate::stub(core::ptr::null_mut())
}

/// Takes one more reference and returns `ctx`. NULL gives NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_ref(ctx: *mut tls_ctx) -> *mut tls_ctx {
    crate::stub(ctx)
}

/// Gives a reference back; the last one frees the context. Connections keep what they need of it,
/// so it may be freed before them. NULL does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_free(ctx: *mut tls_ctx) {
    let _ = ctx;
}

/// Copies the last error of a tls_ctx_* setter to `out` (number 0: none failed so far). Where
/// several threads configure one context, this is the last of all.
///
/// Returns TLS_OK, or TLS_ERR_USAGE for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_error(ctx: *const tls_ctx, out: *mut tls_error_info) -> c_int {
    let _ = (ctx, out);
    crate::stub(crate::code::TLS_ERR_USAGE)
}
