//! Certificates verified without a connection.

use crate::args;
use crate::cert::tls_cert;
use crate::code::*;
use crate::conn_state::Certificates;
use crate::ctx::tls_ctx;
use crate::error::{code, tls_error_info};
use crate::guard::guard;
use crate::handle::{self, Handle, Tagged};
use core::cell::RefCell;
use core::ffi::{c_char, c_int, c_void};
use core::time::Duration;
use tls_core::cert::{Certificate, Purpose, UnixTime, VerifiedChain};
use tls_std::{Context, Error, Reason, Verify};

/// A verification without a connection, by the trust, policy, pins and clock of a context. Used by one
/// thread at a time; it may verify any number of leaves, one after the other.
pub struct tls_verify {
    _private: (),
}

/// Makes a verification with what `ctx` trusts and asks now; later changes of it are not seen. What
/// it says about danger is passed over: the verify callback is not asked (tls_ctx_set_verify_callback()),
/// and must-staple is not demanded, as there is no staple. By default a server's certificate is verified, without a
/// name, at the time of the context's clock. NULL only for a NULL context.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_verify_new(ctx: *const tls_ctx) -> *mut tls_verify {
    guard(core::ptr::null_mut(), || {
        // SAFETY: by the header, NULL or a live context.
        let Ok(ctx): Result<&Context, Reason> = (unsafe { handle::value(ctx) }) else {
            return core::ptr::null_mut();
        };
        let state = RefCell::new(State {
            verify: ctx.verify(),
            path: Certificates::of(&[]),
            error: None,
        });
        Box::into_raw(Box::new(Tagged::new::<tls_verify>(state))).cast()
    })
}

/// Frees it, and what tls_verify_path() gave. NULL does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_verify_free(verify: *mut tls_verify) {
    guard((), || {
        // SAFETY: by the header, NULL or a live verification.
        let Ok(state) = (unsafe { handle::value(verify) }) else {
            return;
        };
        // Freed by a callback that it called (the context's clock): a leak is the lesser evil.
        if state.try_borrow_mut().is_ok() {
            // SAFETY: made by Box::into_raw in tls_verify_new(); the caller gives it up, and nothing borrows it.
            drop(unsafe { Box::from_raw(verify.cast::<Tagged<RefCell<State>>>()) });
        }
    });
}

/// The DNS name, in A-labels (tls_conn_new()), or IP address that the leaf must carry. NULL, the default: none
/// is checked. What is neither is TLS_REASON_BAD_SERVER_NAME.
/// Returns TLS_OK, or TLS_ERR_USAGE with a reason in tls_verify_error().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_verify_set_name(
    verify: *mut tls_verify,
    name: *const c_char,
) -> c_int {
    // SAFETY: by the header, NULL or a live verification.
    unsafe {
        set(verify, |v| {
            // SAFETY: by the header, NULL or a string.
            let name = args::c_str(name).map(|name| name.to_string_lossy());
            v.set_name(name.as_deref())
        })
    }
}

/// What the leaf must be good for: TLS_SERVER (the default), a server's certificate, or TLS_CLIENT,
/// which needs CAs that were added: those of the system vouch for servers (NO_TRUST_ANCHORS).
/// Returns as tls_verify_set_name().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_verify_set_purpose(verify: *mut tls_verify, purpose: c_int) -> c_int {
    // SAFETY: by the header, NULL or a live verification.
    unsafe {
        set(verify, |v| {
            v.set_purpose(match purpose {
                TLS_SERVER => Purpose::Server,
                TLS_CLIENT => Purpose::Client,
                other => {
                    let text = format!("{other} is neither TLS_SERVER nor TLS_CLIENT");
                    return Err(args::bad(text).into());
                }
            });
            Ok(())
        })
    }
}

/// The time of the check in seconds since 1970-01-01 00:00 UTC, not negative, in place of the context's
/// clock. Returns as tls_verify_set_name().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_verify_set_time(verify: *mut tls_verify, unix_time: i64) -> c_int {
    // SAFETY: by the header, NULL or a live verification.
    unsafe {
        set(verify, |v| {
            let seconds = u64::try_from(unix_time)
                .map_err(|_| args::bad(format!("{unix_time} is before 1970")))?;
            v.set_time(Some(UnixTime::since_unix_epoch(Duration::from_secs(
                seconds,
            ))));
            Ok(())
        })
    }
}

/// Most intermediate certificates between the leaf and the trusted one; see
/// tls_ctx_set_verify_depth(). Returns as tls_verify_set_name().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_verify_set_depth(verify: *mut tls_verify, depth: usize) -> c_int {
    // SAFETY: by the header, NULL or a live verification.
    unsafe { set(verify, |v| v.set_depth(depth)) }
}

/// Adds certificates that a path may lead through, in PEM (any number of them) or one in DER. They are
/// not trusted. Returns as tls_verify_set_name(); then nothing was added.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_verify_add_untrusted_mem(
    verify: *mut tls_verify,
    certs: *const c_void,
    len: usize,
) -> c_int {
    // SAFETY: by the header, a live verification and readable bytes, or NULL.
    unsafe {
        set(verify, |v| {
            v.add_untrusted_mem(args::bytes("certs", certs, len)?)
        })
    }
}

/// The same from a file, which errors name.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_verify_add_untrusted_file(
    verify: *mut tls_verify,
    path: *const c_char,
) -> c_int {
    // SAFETY: by the header, a live verification and a string, or NULL.
    unsafe { set(verify, |v| v.add_untrusted_file(args::path("path", path)?)) }
}

/// The same with a certificate that a program has already.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_verify_add_untrusted_cert(
    verify: *mut tls_verify,
    cert: *const tls_cert,
) -> c_int {
    // SAFETY: by the header, live objects, or NULL.
    unsafe { set(verify, |v| v.add_untrusted(der(cert)?)) }
}

/// Verifies the first certificate in memory, PEM or DER; those behind it may be on the path.
///
/// Returns TLS_OK when it verifies: tls_verify_path() has the path. TLS_ERR_TLS when it does not:
/// tls_verify_error() says which certificate broke which rule. TLS_ERR_USAGE for what holds no
/// certificate and other misuse.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_verify_mem(
    verify: *mut tls_verify,
    leaf: *const c_void,
    len: usize,
) -> c_int {
    // SAFETY: by the header, a live verification and readable bytes, or NULL.
    unsafe { run(verify, |v| v.verify_mem(args::bytes("leaf", leaf, len)?)) }
}

/// tls_verify_mem() on a file.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_verify_file(verify: *mut tls_verify, path: *const c_char) -> c_int {
    // SAFETY: by the header, a live verification and a string, or NULL.
    unsafe { run(verify, |v| v.verify_file(args::path("path", path)?)) }
}

/// tls_verify_mem() on a certificate that a program has already.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_verify_cert(verify: *mut tls_verify, leaf: *const tls_cert) -> c_int {
    // SAFETY: by the header, live objects, or NULL.
    unsafe { run(verify, |v| v.verify(&der(leaf)?)) }
}

/// How many certificates the verified path has: leaf, intermediates, the trusted one. A leaf that is
/// trusted as itself is alone. 0 where the last verification failed, and before the first.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_verify_path_len(verify: *const tls_verify) -> usize {
    // SAFETY: by the header, NULL or a live verification.
    unsafe { look(verify, 0, |state| state.path.as_slice().len()) }
}

/// A certificate of that path, or NULL beyond its end. Borrowed until the next verification;
/// tls_cert_ref() keeps it longer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_verify_path(
    verify: *const tls_verify,
    index: usize,
) -> *const tls_cert {
    // SAFETY: by the header, NULL or a live verification.
    unsafe {
        look(verify, core::ptr::null(), |state| {
            let cert = state.path.as_slice().get(index);
            cert.map_or(core::ptr::null(), |cert| cert.cast_const())
        })
    }
}

/// Copies the error of the last call that failed to `out` (number 0: the last one did not): the rule
/// that was broken by its number and name, a sentence, and in `certificate` the place on the path of
/// the certificate that broke it. Returns TLS_OK, or TLS_ERR_USAGE for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_verify_error(
    verify: *const tls_verify,
    out: *mut tls_error_info,
) -> c_int {
    if out.is_null() {
        return TLS_ERR_USAGE;
    }
    // SAFETY: by the header, NULL or a live verification.
    unsafe {
        look(verify, TLS_ERR_USAGE, |state| {
            // SAFETY: not NULL, so room for one structure by the header.
            out.write(tls_error_info::new(state.error.as_ref()));
            TLS_OK
        })
    }
}

/// What is behind a `tls_verify`.
pub(crate) struct State {
    verify: Verify,
    path: Certificates,
    error: Option<Error>,
}

impl Handle for tls_verify {
    type Value = RefCell<State>;
    const MAGIC: u64 = u64::from_be_bytes(*b"tlsveri\x01");
}

/// # Safety
/// `cert` is NULL or a live certificate.
unsafe fn der(cert: *const tls_cert) -> tls_std::Result<Certificate> {
    // SAFETY: the caller's promise.
    let cert = unsafe { handle::value(cert) }?;
    Ok(cert.certificate().clone())
}

/// # Safety
/// `verify` is NULL or a live verification.
unsafe fn look<T>(verify: *const tls_verify, default: T, f: impl FnOnce(&State) -> T) -> T {
    // SAFETY: the caller's promise.
    let Ok(state) = (unsafe { handle::value(verify) }) else {
        return default;
    };
    // The clock of a context may come back with the handle.
    guard(None, || Some(f(&*state.try_borrow().ok()?))).unwrap_or(default)
}

/// Runs a setter or a verification: its error is kept, and its code returned.
///
/// # Safety
/// `verify` is NULL or a live verification.
unsafe fn set(
    verify: *mut tls_verify,
    f: impl FnOnce(&mut Verify) -> tls_std::Result<()>,
) -> c_int {
    // SAFETY: the caller's promise.
    unsafe { edit(verify, |state| f(&mut state.verify)) }
}

/// # Safety
/// As for [`set`].
unsafe fn run(
    verify: *mut tls_verify,
    f: impl FnOnce(&Verify) -> tls_std::Result<VerifiedChain>,
) -> c_int {
    // SAFETY: the caller's promise.
    unsafe {
        edit(verify, |state| {
            // The leaf may be one of the old path: that goes when the verdict is there, or none comes.
            let _old = core::mem::replace(&mut state.path, Certificates::of(&[]));
            let verdict = f(&state.verify);
            let path = verdict.as_ref().map_or(&[][..], |chain| &chain.path);
            state.path = Certificates::of(path);
            verdict.map(drop)
        })
    }
}

/// # Safety
/// As for [`set`].
unsafe fn edit(
    verify: *mut tls_verify,
    f: impl FnOnce(&mut State) -> tls_std::Result<()>,
) -> c_int {
    let mut f = Some(f);
    // SAFETY: the caller's promise.
    unsafe { edit_by(verify, &mut |state| f.take().map_or(Ok(()), |f| f(state))) }
}

/// One function for all, which it calls once.
///
/// # Safety
/// As for [`set`].
unsafe fn edit_by(
    verify: *mut tls_verify,
    f: &mut dyn FnMut(&mut State) -> tls_std::Result<()>,
) -> c_int {
    // SAFETY: the caller's promise.
    let Ok(state) = (unsafe { handle::value(verify) }) else {
        return TLS_ERR_USAGE;
    };
    guard(TLS_ERR_PANIC, || {
        let Ok(mut state) = state.try_borrow_mut() else {
            return TLS_ERR_USAGE;
        };
        let result = f(&mut state);
        let returned = result.as_ref().map_or_else(code, |()| TLS_OK);
        state.error = result.err();
        returned
    })
}
