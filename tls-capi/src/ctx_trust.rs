//! Contexts: whom to trust.

use crate::args;
use crate::callback::CallbackArg;
use crate::code::TLS_VERIFY_REQUIRED;
use crate::conn::tls_conn;
use crate::conn_state;
use crate::ctx::{set, tls_ctx};
use core::ffi::{c_char, c_int, c_void};
use core::time::Duration;
use std::sync::Arc;
use tls_core::cert::UnixTime;
use tls_core::config::Clock;
use tls_std::{Context, SystemClock};

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

/// Trusts the CA certificates in the files of a directory (not of the directories in it), in PEM or in
/// DER. Files that begin as something else (keys, CRLs, text) are passed over; one that cannot be read, a
/// damaged certificate, and a directory without any certificate are errors. Returns as tls_ctx_add_ca_file().
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

/// Pins a key: `len`, which is 32, bytes of SHA-256 over the DER SubjectPublicKeyInfo (RFC 7469 2.4;
/// `openssl x509 -pubkey -noout | openssl pkey -pubin -outform der | sha256sum`). Where there are pins,
/// one of the keys on a verified path, the leaf's or a CA's, must be a pinned one: one requirement more.
/// To pin a certificate, trust it itself (tls_ctx_add_ca_file()) and nothing else.
/// Returns TLS_OK, or TLS_ERR_USAGE with a reason in tls_ctx_error().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_add_pin(
    ctx: *mut tls_ctx,
    spki_sha256: *const c_void,
    len: usize,
) -> c_int {
    // SAFETY: by the header, a live context and readable bytes, or NULL.
    unsafe {
        set(ctx, |ctx| {
            ctx.add_pin(pin(spki_sha256, len)?);
            Ok(())
        })
    }
}

/// tls_ctx_add_pin() for this connection alone, beside the context's pins; possible until the first
/// verb. Returns TLS_OK, or TLS_ERR_USAGE with a reason in tls_conn_error().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_add_pin(
    conn: *mut tls_conn,
    spki_sha256: *const c_void,
    len: usize,
) -> c_int {
    // SAFETY: by the header, a live connection and readable bytes, or NULL.
    unsafe { conn_state::set(conn, |conn| conn.add_pin(pin(spki_sha256, len)?)) }
}

/// Whether (1) or not (0, the default) a leaf with a pinned key is trusted without any CA. Its name,
/// dates, purpose and strength are checked as ever. Who has the key wrote all else in it: nothing that it
/// signs itself, and no OCSP response, tells whether it was revoked, so where CRLs or a response are
/// required its status is unknown. tls_verify passes this over, as nobody proves there to have the key.
/// Returns TLS_OK, or TLS_ERR_USAGE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_trust_pins_alone(ctx: *mut tls_ctx, alone: c_int) -> c_int {
    // SAFETY: by the header, NULL or a live context.
    unsafe {
        set(ctx, |ctx| {
            ctx.trust_pins_alone(args::flag(alone)?);
            Ok(())
        })
    }
}

/// Whether (1) or not (0, the default) a path may end in a trusted intermediate CA, in place of a trusted
/// root. Trusted intermediates serve path building in either case.
/// Returns TLS_OK, or TLS_ERR_USAGE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_partial_chain(ctx: *mut tls_ctx, allow: c_int) -> c_int {
    // SAFETY: by the header, NULL or a live context.
    unsafe {
        set(ctx, |ctx| {
            ctx.set_partial_chain(args::flag(allow)?);
            Ok(())
        })
    }
}

/// Whether (1) or not (0, the default) each certificate of a path must keep the profile of RFC 5280 4, also in
/// what a sound path does not need (OpenSSL's X509_V_FLAG_X509_STRICT): CAs have critical basicConstraints, a
/// keyUsage and a subjectKeyIdentifier; others have neither a path length nor keyCertSign; all but the last name the
/// key of their issuer; issuers are not empty, nor are subjects, but beside a critical subjectAltName.
/// A certificate that is trusted as itself need not. What breaks a rule is refused with TLS_REASON_PROFILE_VIOLATION.
/// Returns TLS_OK, or TLS_ERR_USAGE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_strict_certificates(
    ctx: *mut tls_ctx,
    strict: c_int,
) -> c_int {
    // SAFETY: by the header, NULL or a live context.
    unsafe {
        set(ctx, |ctx| {
            ctx.set_strict_certificates(args::flag(strict)?);
            Ok(())
        })
    }
}

/// Most intermediate certificates between the leaf and the trusted one (OpenSSL's verify depth), 0 to 6;
/// 6 is the default. Returns TLS_OK, or TLS_ERR_USAGE with a reason in tls_ctx_error().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_verify_depth(ctx: *mut tls_ctx, depth: usize) -> c_int {
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, |ctx| ctx.set_verify_depth(depth)) }
}

/// Sets the clock that everything goes by: validities of certificates, tickets and sessions. `now`
/// returns seconds since 1970-01-01 00:00 UTC (what is negative counts as 0); it is called by any
/// thread, also by several at once, and must return normally. NULL: the system's clock, the default.
/// `release` (may be NULL) is called once with `arg` when neither the context nor any connection needs
/// the clock any more.
///
/// Returns TLS_OK, or TLS_ERR_USAGE with a reason in tls_ctx_error(); `release` is not called then.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_clock(
    ctx: *mut tls_ctx,
    now: Option<unsafe extern "C" fn(arg: *mut c_void) -> i64>,
    arg: *mut c_void,
    release: Option<unsafe extern "C" fn(arg: *mut c_void)>,
) -> c_int {
    let setter = |ctx: &Context| {
        let Some(now) = now else {
            ctx.set_clock(Arc::new(SystemClock));
            return Ok(());
        };
        let clock = Arc::new(CallbackClock {
            now,
            arg: CallbackArg::new(arg, release),
        });
        ctx.set_clock(clock.clone());
        clock.arg.adopt();
        Ok(())
    };
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, setter) }
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
/// change everything. Where keys are pinned (tls_ctx_add_pin()), the leaf's must still be one of them.
/// Returns TLS_OK, or TLS_ERR_USAGE.
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
        ctx.set_legacy_common_name(args::flag(accept)?);
        Ok(())
    };
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, setter) }
}

/// The program's clock.
struct CallbackClock {
    now: unsafe extern "C" fn(*mut c_void) -> i64,
    arg: CallbackArg,
}

impl Clock for CallbackClock {
    fn now(&self) -> UnixTime {
        // SAFETY: the program gave this function for this argument.
        let now = unsafe { (self.now)(self.arg.get()) };
        UnixTime::since_unix_epoch(Duration::from_secs(u64::try_from(now).unwrap_or(0)))
    }
}

impl core::fmt::Debug for CallbackClock {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("CallbackClock")
    }
}

/// # Safety
/// `digest` is NULL or points to `len` readable bytes.
unsafe fn pin(digest: *const c_void, len: usize) -> args::Result<[u8; 32]> {
    // SAFETY: the caller's promise.
    let digest = unsafe { args::bytes("spki_sha256", digest, len) }?;
    digest
        .try_into()
        .map_err(|_| args::bad(format!("a pin has 32 bytes, not {len}")))
}

/// The dangerous modes have functions whose names say so.
pub(crate) fn check_mode(mode: c_int) -> args::Result<()> {
    match mode {
        TLS_VERIFY_REQUIRED => Ok(()),
        other => Err(args::bad(format!("{other} is not TLS_VERIFY_REQUIRED"))),
    }
}
