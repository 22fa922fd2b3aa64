//! Contexts: Diffie-Hellman in finite fields.

use crate::args;
use crate::ctx::{set, tls_ctx};
use core::ffi::{c_char, c_int, c_void};
use tls_std::Context;

/// A server's own group for DHE (policy "legacy"), from a file as `openssl dhparam` makes it: a PEM
/// block DH PARAMETERS or a DHParameter in DER. It is for clients that name none of RFC 7919's
/// groups; without it those get the first finite field of the group list, ffdhe2048. From 2048 to
/// 8192 bits; see tls_ctx_danger_accept_1024_bit_dh().
///
/// Like every setter here: returns TLS_OK, or TLS_ERR_USAGE with a reason in tls_ctx_error(), which
/// names the file and the line.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_dh_params_file(
    ctx: *mut tls_ctx,
    path: *const c_char,
) -> c_int {
    // SAFETY: by the header, a live context and readable arguments, or NULL.
    unsafe { set(ctx, |ctx| ctx.set_dh_params_file(args::path("path", path)?)) }
}

/// tls_ctx_set_dh_params_file() from memory.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_dh_params_mem(
    ctx: *mut tls_ctx,
    params: *const c_void,
    len: usize,
) -> c_int {
    // SAFETY: by the header, a live context and readable arguments, or NULL.
    unsafe {
        set(ctx, |ctx| {
            ctx.set_dh_params_mem(args::bytes("params", params, len)?)
        })
    }
}

/// DANGER: a client accepts, and a server may be given, Diffie-Hellman groups of 1024 to 2047 bits,
/// which can be broken. Smaller ones are always refused with insufficient_security.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_danger_accept_1024_bit_dh(ctx: *mut tls_ctx) -> c_int {
    let setter = |ctx: &Context| {
        ctx.danger_accept_1024_bit_dh();
        Ok(())
    };
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, setter) }
}
