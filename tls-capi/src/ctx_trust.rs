//! Contexts: whom to trust.

use crate::code::TLS_ERR_USAGE;
use crate::ctx::tls_ctx;
use core::ffi::{c_char, c_int, c_void};

/// Trusts the CA certificates in a file: PEM (any number of them) or one in DER. The first CA that
/// is added takes the place of the system's.
///
/// Returns TLS_OK, or TLS_ERR_USAGE with a reason in tls_ctx_error() that names the file and the
/// place in it; then nothing was added.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_add_ca_file(ctx: *mut tls_ctx, path: *const c_char) -> c_int {
    let _ = (ctx, path);
    crate::stub(TLS_ERR_USAGE)
}

/// Trusts the CA certificates in the files of a directory (not of the directories in it). Files
/// without a certificate are passed over; a directory without any certificate is an error. Returns
/// as tls_ctx_add_ca_file().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_add_ca_dir(ctx: *mut tls_ctx, path: *const c_char) -> c_int {
    let _ = (ctx, path);
    crate::stub(TLS_ERR_USAGE)
}

/// Trusts the CA certificates in memory: PEM (any number of them) or one in DER. Returns as
/// tls_ctx_add_ca_file().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_add_ca_mem(
    ctx: *mut tls_ctx,
    ca: *const c_void,
    len: usize,
) -> c_int {
    let _ = (ctx, ca, len);
    crate::stub(TLS_ERR_USAGE)
}

/// Trusts the system's CA certificates now, beside those that were added. Clients of a context
/// without any CA trust them without this call. SSL_CERT_FILE and SSL_CERT_DIR are honoured.
/// Returns as tls_ctx_add_ca_file().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_add_ca_system(ctx: *mut tls_ctx) -> c_int {
    let _ = ctx;
    crate::stub(TLS_ERR_USAGE)
}

/// What is asked of the peer's certificate: TLS_VERIFY_REQUIRED, the default, which also takes back
/// tls_ctx_danger_accept_any_name() and tls_ctx_danger_accept_any_cert(). A client then needs a
/// name to verify and fails without one.
///
/// Returns TLS_OK, or TLS_ERR_USAGE with a reason in tls_ctx_error().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_verify(ctx: *mut tls_ctx, mode: c_int) -> c_int {
    let _ = (ctx, mode);
    crate::stub(TLS_ERR_USAGE)
}

/// DANGER: accepts a certificate of a trusted CA for any name. Whoever has a certificate for any
/// name at all can then read and change everything. Returns TLS_OK, or TLS_ERR_USAGE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_danger_accept_any_name(ctx: *mut tls_ctx) -> c_int {
    let _ = ctx;
    crate::stub(TLS_ERR_USAGE)
}

/// DANGER: accepts any certificate at all. Whoever sits between the two sides can then read and
/// change everything. Returns TLS_OK, or TLS_ERR_USAGE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_danger_accept_any_cert(ctx: *mut tls_ctx) -> c_int {
    let _ = ctx;
    crate::stub(TLS_ERR_USAGE)
}

/// Accepts (1) or refuses (0, the default) a server's common name where its certificate has no
/// subjectAltName. Public CAs have not issued such certificates since 2012.
/// Returns TLS_OK, or TLS_ERR_USAGE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_legacy_common_name(ctx: *mut tls_ctx, accept: c_int) -> c_int {
    let _ = (ctx, accept);
    crate::stub(TLS_ERR_USAGE)
}
