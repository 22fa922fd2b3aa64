//! Contexts: certificate revocation lists.

use crate::args;
use crate::ctx::{set, switch, tls_ctx};
use crate::handle;
use core::ffi::{c_char, c_int, c_void};
use tls_std::Context;

/// Asks the CRLs (RFC 5280 §5) in a file about peers' certificates, a server's as well as a client's:
/// PEM (any number of them) or one in DER, at most 16 MiB. Without any CRL nothing is asked. With one,
/// every certificate of a path but the trusted one must be covered by a list of its CA:
///
/// it revokes the certificate: TLS_REASON_CERTIFICATE_REVOKED, however old the list is;
/// no list of its CA covers it: TLS_REASON_UNABLE_TO_GET_CRL;
/// the list is past its nextUpdate, or has none: TLS_REASON_CRL_HAS_EXPIRED;
/// it is from the future (more than five minutes): TLS_REASON_CRL_NOT_YET_VALID;
/// the CA's key did not sign it, or may not: TLS_REASON_CRL_SIGNATURE_FAILURE.
///
/// tls_ctx_set_crl_leaf_only(), tls_ctx_allow_unknown_revocation() and tls_ctx_allow_expired_crls() ask
/// for less. Lists may be added while connections run: those that are created later get them. Of
/// several lists of one name and scope the latest counts that the key of the CA signed, and that is not
/// from the future: what somebody else made in the CA's name, or another CA of that name, displaces
/// nothing. What a list has replaced, by the context's clock, is forgotten when the next one is loaded. A 17th of one
/// name, scope and authorityKeyIdentifier is refused (TLS_REASON_BAD_CRL) while no verification has shown which of
/// them count: programs that load lists again and again take tls_ctx_set_crls_of(). They are indexed when they are
/// loaded, and their signatures are verified once. Of a path that a trusted leaf ends alone, the leaf is
/// asked about where its issuer is trusted too, or the peer sent it. Sessions are resumed under the same lists alone.
///
/// Lists in parts (issuingDistributionPoint with the names of places) are matched with the
/// certificate's CRL distribution points. Refused with TLS_REASON_BAD_CRL: delta CRLs, indirect CRLs,
/// lists of some reasons or of attribute certificates alone, and critical extensions that are not known.
/// A list is of the CA whose name it has (RFC 5280 §7.1). Nothing is downloaded.
///
/// Returns TLS_OK, or TLS_ERR_USAGE with a reason in tls_ctx_error() that names the file and the
/// place in it; then nothing was added.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_add_crl_file(ctx: *mut tls_ctx, path: *const c_char) -> c_int {
    // SAFETY: by the header, a live context and readable arguments, or NULL.
    unsafe { set(ctx, |ctx| ctx.add_crl_file(args::path("path", path)?)) }
}

/// tls_ctx_add_crl_file() for the files of a directory that hold a CRL: in PEM, or in DER with a name
/// that ends in .crl or .r0 (.r1 ...; as `openssl rehash` makes them). Others are passed over; one that
/// cannot be read, a damaged CRL, and a directory without any are errors.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_add_crl_dir(ctx: *mut tls_ctx, path: *const c_char) -> c_int {
    // SAFETY: by the header, a live context and readable arguments, or NULL.
    unsafe { set(ctx, |ctx| ctx.add_crl_dir(args::path("path", path)?)) }
}

/// tls_ctx_add_crl_file() from memory.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_add_crl_mem(
    ctx: *mut tls_ctx,
    crl: *const c_void,
    len: usize,
) -> c_int {
    // SAFETY: by the header, a live context and readable arguments, or NULL.
    unsafe { set(ctx, |ctx| ctx.add_crl_mem(args::bytes("crl", crl, len)?)) }
}

/// Takes the CRLs of `from`, another context, in place of all of this one's, at once: connections that are created
/// at the same time have the old ones or the new ones. Returns TLS_OK, or TLS_ERR_USAGE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_crls_of(ctx: *mut tls_ctx, from: *const tls_ctx) -> c_int {
    let setter = |ctx: &Context| {
        // SAFETY: by the header, NULL or a live context.
        let from = unsafe { handle::value(from) }.map_err(|_| args::null("from"))?;
        ctx.set_crls_of(from);
        Ok(())
    };
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, setter) }
}

/// Forgets all CRLs: nothing is asked about revocation then but a server's OCSP staple. Returns TLS_OK,
/// or TLS_ERR_USAGE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_clear_crls(ctx: *mut tls_ctx) -> c_int {
    let setter = |ctx: &Context| {
        ctx.clear_crls();
        Ok(())
    };
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, setter) }
}

/// Whether CRLs are asked about the leaf alone (1), or about the CAs of its path too (0, the default).
/// Returns TLS_OK, or TLS_ERR_USAGE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_crl_leaf_only(ctx: *mut tls_ctx, leaf_only: c_int) -> c_int {
    // SAFETY: by the header, NULL or a live context.
    unsafe { switch(ctx, leaf_only, Context::set_crl_leaf_only) }
}

/// Whether a certificate is accepted that no usable CRL covers (1), or refused (0, the default). A list
/// that is out of date is tls_ctx_allow_expired_crls()'s matter. Returns TLS_OK, or TLS_ERR_USAGE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_allow_unknown_revocation(
    ctx: *mut tls_ctx,
    allow: c_int,
) -> c_int {
    // SAFETY: by the header, NULL or a live context.
    unsafe { switch(ctx, allow, Context::allow_unknown_revocation) }
}

/// Whether CRLs are believed past their nextUpdate (1), or not (0, the default): who holds back a newer
/// list holds back its revocations. Returns TLS_OK, or TLS_ERR_USAGE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_allow_expired_crls(ctx: *mut tls_ctx, allow: c_int) -> c_int {
    // SAFETY: by the header, NULL or a live context.
    unsafe { switch(ctx, allow, Context::allow_expired_crls) }
}
