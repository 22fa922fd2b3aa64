//! Contexts: whom to trust.

use crate::args;
use crate::code::TLS_VERIFY_REQUIRED;
use crate::ctx::{set, tls_ctx};
use core::ffi::{c_char, c_int, c_void};
use tls_std::Context;

/// Trusts the CA certificates in a file: PEM (any number of them) or one in DER. The first CA that
/// is added takes the place of the system's.
///
/// Returns TLS_OK, or TLS_ERR_USAGE with a reason in tls_ctx_error() that names the file and the
/// place in it; then nothing was added.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_add_ca_file(ctx: *mut tls_ctx, path: *const c_char) -> c_int {
    // SAFETY: by the header, a live context and readable arguments, or NULL.
    unsafe { set(ctx, |ctx| ctx.add_ca_file(args::path("path", path)?)) }
}

/// Trusts the CA certificates in the files of a directory (not of the directories in it). Files that
/// hold something else are passed over; one that cannot be read, a damaged certificate, and a
/// directory without any certificate are errors. Returns as tls_ctx_add_ca_file().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_add_ca_dir(ctx: *mut tls_ctx, path: *const c_char) -> c_int {
    // SAFETY: by the header, a live context and readable arguments, or NULL.
    unsafe { set(ctx, |ctx| ctx.add_ca_dir(args::path("path", path)?)) }
}

/// Trusts the CA certificates in memory: PEM (any number of them) or one in DER. Returns as
/// tls_ctx_add_ca_file().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_add_ca_mem(
    ctx: *mut tls_ctx,
    ca: *const c_void,
    len: usize,
) -> c_int {
    // SAFETY: by the header, a live context and readable arguments, or NULL.
    unsafe { set(ctx, |ctx| ctx.add_ca_mem(args::bytes("ca", ca, len)?)) }
}

/// Trusts the system's CA certificates now, beside those that were added. Clients of a context
/// without any CA trust them without this call. SSL_CERT_FILE and SSL_CERT_DIR are honoured.
/// Returns as tls_ctx_add_ca_file().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_add_ca_system(ctx: *mut tls_ctx) -> c_int {
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, Context::add_ca_system) }
}

/// What is asked of the peer's certificate: TLS_VERIFY_REQUIRED, the default, which also takes back
/// tls_ctx_danger_accept_any_name() and tls_ctx_danger_accept_any_cert(). A client then needs a
/// name to verify and fails without one.
///
/// Returns TLS_OK, or TLS_ERR_USAGE with a reason in tls_ctx_error().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_verify(ctx: *mut tls_ctx, mode: c_int) -> c_int {
    let setter = |ctx: &Context| {
        check_mode(mode)?;
        ctx.require_verification();
        Ok(())
    };
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, setter) }
}

/// DANGER: accepts a certificate of a trusted CA for any name. Whoever has a certificate for any
/// name at all can then read and change everything. Returns TLS_OK, or TLS_ERR_USAGE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_danger_accept_any_name(ctx: *mut tls_ctx) -> c_int {
    let setter = |ctx: &Context| {
        ctx.danger_accept_any_name();
        Ok(())
    };
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, setter) }
}

/// DANGER: accepts any certificate at all. Whoever sits between the two sides can then read and
/// change everything. Returns TLS_OK, or TLS_ERR_USAGE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_danger_accept_any_cert(ctx: *mut tls_ctx) -> c_int {
    let setter = |ctx: &Context| {
        ctx.danger_accept_any_cert();
        Ok(())
    };
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, setter) }
}

/// Accepts (1) or refuses (0, the default) a server's common name where its certificate has no
/// subjectAltName. Public CAs have not issued such certificates since 2012.
/// Returns TLS_OK, or TLS_ERR_USAGE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_legacy_common_name(ctx: *mut tls_ctx, accept: c_int) -> c_int {
    let setter = |ctx: &Context| {
        ctx.set_legacy_common_name(match accept {
            0 => false,
            1 => true,
            other => return Err(args::bad(format!("{other} is neither 0 nor 1")).into()),
        });
        Ok(())
    };
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, setter) }
}

/// The dangerous modes have functions whose names say so.
pub(crate) fn check_mode(mode: c_int) -> args::Result<()> {
    match mode {
        TLS_VERIFY_REQUIRED => Ok(()),
        other => Err(args::bad(format!("{other} is not TLS_VERIFY_REQUIRED"))),
    }
}
