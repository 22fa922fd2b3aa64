//! Passwords of encrypted keys, and PKCS #12 files.

use crate::args;
use crate::callback::CallbackArg;
use crate::code::TLS_PASSWORD_MAX;
use crate::conn_state::c_string;
use crate::ctx::{set, tls_ctx};
use core::ffi::{c_char, c_int, c_void};
use std::sync::Arc;
use tls_core::error::{Error, Reason};
use tls_std::{Context, Password, PasswordRequest, PasswordSource};
use zeroize::Zeroizing;

pub(crate) type AskFn =
    unsafe extern "C" fn(*const c_char, usize, *mut c_char, usize, *mut c_void) -> isize;

/// Asks `callback` for the passwords of the private keys and PKCS #12 files that are loaded from now on,
/// when one turns out to be encrypted. `callback` NULL: nobody is asked. `release` (may be NULL) is
/// called once with `arg` when the callback is needed no more.
///
/// The callback writes the password to `out`, where `cap` (TLS_PASSWORD_MAX) bytes have room, without a
/// NUL, and returns its length, which may be 0; anything negative: there is no password. `place` is the
/// file as the program named it, or "memory". `attempt` is 0 at first and counts the passwords that were
/// wrong: the callback is asked again, at most 16 times, until it returns something negative, so that
/// several passwords may be tried, or a person be asked again. What was written to `out` is wiped.
///
/// It is called by the thread that loads (tls_ctx_add_keypair_file() for instance, which waits for it),
/// without a lock, and must return normally (no longjmp, no exception). A wrong password is
/// TLS_REASON_WRONG_PASSWORD, none TLS_REASON_PASSWORD_NEEDED. A file may ask for about ten million
/// iterations of PBKDF2 for each password, or as much work of scrypt within 256 MiB of memory: more is
/// TLS_REASON_KEY_DERIVATION_TOO_COSTLY.
///
/// Returns TLS_OK, or TLS_ERR_USAGE for NULL; `release` is not called then.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_password_callback(
    ctx: *mut tls_ctx,
    callback: Option<
        unsafe extern "C" fn(
            place: *const c_char,
            attempt: usize,
            out: *mut c_char,
            cap: usize,
            arg: *mut c_void,
        ) -> isize,
    >,
    arg: *mut c_void,
    release: Option<unsafe extern "C" fn(arg: *mut c_void)>,
) -> c_int {
    let setter = |ctx: &Context| {
        let source = |ask| CallbackPassword {
            ask,
            arg: CallbackArg::new(arg, release),
        };
        let source = callback.map(source).map(Arc::new);
        ctx.set_password_source(source.clone().map(|s| s as _));
        source.iter().for_each(|s| s.arg.adopt());
        Ok(())
    };
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, setter) }
}

/// Adds the keypairs of a PKCS #12 file (.p12, .pfx): each private key with its own certificate and, of
/// the file's other certificates, the chain behind that. Those are sent to peers and not trusted:
/// trust is tls_ctx_add_ca_file(). `password` is UTF-8; NULL: the callback of
/// tls_ctx_set_password_callback() is asked, and without one the file must have no password, or the empty
/// one (TLS_REASON_PASSWORD_NEEDED).
///
/// Files are read as OpenSSL, GnuTLS, NSS, Java and Windows write them: the MAC is checked where there is
/// one (RFC 9579 too), keys and certificates are decrypted with PBES2 or with the old 3DES and RC2.
///
/// Returns TLS_OK, or TLS_ERR_USAGE with a reason in tls_ctx_error() that names the file; then nothing
/// was added.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_add_pkcs12_file(
    ctx: *mut tls_ctx,
    path: *const c_char,
    password: *const c_char,
) -> c_int {
    let setter = |ctx: &Context| {
        // SAFETY: by the header, texts or NULL.
        let (path, password) = unsafe { (args::path("path", path)?, args::c_str(password)) };
        ctx.add_pkcs12_file(path, password.map(core::ffi::CStr::to_bytes))
    };
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, setter) }
}

/// tls_ctx_add_pkcs12_file() from memory.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_add_pkcs12_mem(
    ctx: *mut tls_ctx,
    pfx: *const c_void,
    len: usize,
    password: *const c_char,
) -> c_int {
    let setter = |ctx: &Context| {
        // SAFETY: by the header, readable bytes and a text, or NULL.
        let (pfx, password) = unsafe { (args::bytes("pfx", pfx, len)?, args::c_str(password)) };
        ctx.add_pkcs12_mem(pfx, password.map(core::ffi::CStr::to_bytes))
    };
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, setter) }
}

/// The keypairs of a PKCS #12 file in place of all others of the context, at once; arguments and result
/// as for tls_ctx_add_pkcs12_file(). Where it fails, the old keypairs stay.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_pkcs12_file(
    ctx: *mut tls_ctx,
    path: *const c_char,
    password: *const c_char,
) -> c_int {
    let setter = |ctx: &Context| {
        // SAFETY: by the header, texts or NULL.
        let (path, password) = unsafe { (args::path("path", path)?, args::c_str(password)) };
        ctx.set_pkcs12_file(path, password.map(core::ffi::CStr::to_bytes))
    };
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, setter) }
}

/// tls_ctx_set_pkcs12_file() from memory.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_pkcs12_mem(
    ctx: *mut tls_ctx,
    pfx: *const c_void,
    len: usize,
    password: *const c_char,
) -> c_int {
    let setter = |ctx: &Context| {
        // SAFETY: by the header, readable bytes and a text, or NULL.
        let (pfx, password) = unsafe { (args::bytes("pfx", pfx, len)?, args::c_str(password)) };
        ctx.set_pkcs12_mem(pfx, password.map(core::ffi::CStr::to_bytes))
    };
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, setter) }
}

pub(crate) struct CallbackPassword {
    ask: AskFn,
    arg: CallbackArg,
}

impl CallbackPassword {
    /// For the time of one call: there is nothing to release.
    pub(crate) fn once(ask: AskFn, arg: *mut c_void) -> Self {
        let arg = CallbackArg::new(arg, None);
        Self { ask, arg }
    }
}

impl PasswordSource for CallbackPassword {
    fn password(&self, request: &PasswordRequest<'_>) -> tls_std::Result<Option<Password>> {
        let place = c_string(request.place.as_bytes());
        let mut room = Zeroizing::new(vec![0_u8; TLS_PASSWORD_MAX]);
        let (out, cap) = (room.as_mut_ptr().cast(), room.len());
        // SAFETY: the program gave this function for this argument; the text is live, `out` has room
        // for `cap` bytes.
        let said = unsafe { (self.ask)(place.as_ptr(), request.attempt, out, cap, self.arg.get()) };
        let Ok(len) = usize::try_from(said) else {
            return Ok(None);
        };
        let password = room.get(..len).ok_or_else(|| {
            let text = format!("the password callback says that it wrote {len} of {cap} bytes");
            Error::with(Reason::CallbackMisbehaved, text)
        })?;
        Ok(Some(Password::new(password)))
    }
}

impl core::fmt::Debug for CallbackPassword {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("CallbackPassword")
    }
}
