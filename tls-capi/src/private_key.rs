//! Private keys apart from certificates, for programs that load the two on their own.

use crate::args;
use crate::cert::tls_cert;
use crate::conn::tls_conn;
use crate::conn_state::c_string;
use crate::ctx::{set, tls_ctx};
use crate::error::tls_error_info;
use crate::guard::guard;
use crate::handle::{self, Handle};
use crate::password::{AskFn, CallbackPassword};
use core::ffi::{c_char, c_int, c_void};
use std::ffi::CString;
use std::sync::Arc;
use tls_core::cert::{Certificate, Keypair};
use tls_core::crypto::{KeyKind, PrivateKey};
use tls_core::wire::NamedGroup;
use tls_std::{
    Connection, Context, DefaultProvider, PasswordSource, Reason, read_certificates,
    read_private_key,
};

/// A private key without its certificate. Immutable, reference-counted, shared by any number of threads; wiped
/// when the last reference goes and no context has it.
pub struct tls_key {
    _private: (),
}

pub(crate) struct Key {
    key: Arc<dyn PrivateKey>,
    kind: CString,
}

impl Handle for tls_key {
    type Value = Key;
    const MAGIC: u64 = u64::from_be_bytes(*b"tlskey\x01\x01");
}

/// The one private key in PEM, or the one in DER; in the forms that tls_ctx_add_keypair_mem() takes. `password`
/// (NULL: nobody is asked) is asked as tls_ctx_set_password_callback()'s is, during this call, where the key is
/// encrypted. The caller may wipe its buffer afterwards.
///
/// Returns a key that the caller gives back with tls_key_free(), or NULL: then `error` (may be NULL) says why.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_key_from_mem(
    pem_or_der: *const c_void,
    len: usize,
    password: Option<
        unsafe extern "C" fn(
            place: *const c_char,
            attempt: usize,
            out: *mut c_char,
            cap: usize,
            arg: *mut c_void,
        ) -> isize,
    >,
    arg: *mut c_void,
    error: *mut tls_error_info,
) -> *mut tls_key {
    let once =
        |ask: AskFn| -> Arc<dyn PasswordSource> { Arc::new(CallbackPassword::once(ask, arg)) };
    let read = || {
        // SAFETY: by the header, readable bytes or NULL.
        let bytes = unsafe { args::bytes("pem_or_der", pem_or_der, len) }?;
        read_private_key(bytes, password.map(once))
    };
    let key = guard(Err(Reason::Panicked.into()), read);
    if !error.is_null() {
        // SAFETY: not NULL, so room for one structure by the header.
        unsafe { error.write(tls_error_info::new(key.as_ref().err())) };
    }
    let Ok(key) = key else {
        return core::ptr::null_mut();
    };
    let kind = c_string(name(key.kind()).0.as_bytes());
    handle::shared(Key { key, kind })
}

/// Takes one more reference and returns `key`. NULL gives NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_key_ref(key: *const tls_key) -> *mut tls_key {
    // SAFETY: by the header, NULL or a live key.
    guard(core::ptr::null_mut(), || unsafe { handle::add_ref(key) })
}

/// Gives a reference back. NULL does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_key_free(key: *mut tls_key) {
    // SAFETY: by the header, NULL or a live key of which the caller gives a reference up.
    guard((), || unsafe { handle::release(key) });
}

/// The kind of the key in tls_cert_key_type()'s words: "RSA", "RSA-PSS", "EC", "Ed25519". It belongs to the key.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_key_type(key: *const tls_key) -> *const c_char {
    // SAFETY: by the header, NULL or a live key.
    unsafe { handle::value(key) }.map_or(core::ptr::null(), |key| key.kind.as_ptr())
}

/// Bits of its RSA modulus or of its curve; 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_key_bits(key: *const tls_key) -> c_int {
    // SAFETY: by the header, NULL or a live key.
    let bits = unsafe { handle::value(key) }.map_or(0, |key| name(key.key.kind()).1);
    c_int::try_from(bits).unwrap_or(c_int::MAX)
}

/// 1 when the key belongs to the certificate, 0 when it does not (or one of them is NULL).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_key_fits(key: *const tls_key, cert: *const tls_cert) -> c_int {
    // SAFETY: by the header, NULL or live handles.
    let (Ok(key), Ok(cert)) = (unsafe { (handle::value(key), handle::value(cert)) }) else {
        return 0;
    };
    let fits = guard(false, || {
        let leaf = Certificate::from(cert.der());
        Keypair::new(&DefaultProvider, vec![leaf], key.key.clone()).is_ok()
    });
    c_int::from(fits)
}

/// tls_ctx_add_keypair_mem() with a key that is loaded already.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_add_keypair_key(
    ctx: *mut tls_ctx,
    cert: *const c_void,
    cert_len: usize,
    key: *const tls_key,
) -> c_int {
    let setter = |ctx: &Context| {
        // SAFETY: by the header, readable bytes and a live key, or NULL.
        let (chain, key) = unsafe { parts(cert, cert_len, key)? };
        ctx.add_keypair(chain, key)
    };
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, setter) }
}

/// tls_conn_set_keypair_mem() with a key that is loaded already.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_set_keypair_key(
    conn: *mut tls_conn,
    cert: *const c_void,
    cert_len: usize,
    key: *const tls_key,
) -> c_int {
    let setter = |conn: &mut Connection| {
        // SAFETY: by the header, readable bytes and a live key, or NULL.
        let (chain, key) = unsafe { parts(cert, cert_len, key)? };
        conn.set_keypair_parts(chain, key)
    };
    // SAFETY: by the header, NULL or a live connection.
    unsafe { crate::conn_state::set(conn, setter) }
}

/// # Safety
/// As for [`args::bytes`] and [`handle::value`].
unsafe fn parts(
    cert: *const c_void,
    cert_len: usize,
    key: *const tls_key,
) -> tls_std::Result<(Vec<Certificate>, Arc<dyn PrivateKey>)> {
    // SAFETY: the caller's promise.
    let (cert, key) = unsafe { (args::bytes("cert", cert, cert_len)?, handle::value(key)) };
    let key = key.map_err(|_| args::null("key"))?;
    Ok((read_certificates(cert)?, key.key.clone()))
}

/// What x509-parser calls a key of this kind, and its bits.
fn name(kind: KeyKind) -> (&'static str, usize) {
    match kind {
        KeyKind::Rsa { bits } => ("RSA", bits),
        KeyKind::RsaPss { bits } => ("RSA-PSS", bits),
        KeyKind::Ec(NamedGroup::SECP384R1) => ("EC", 384),
        KeyKind::Ec(NamedGroup::SECP521R1) => ("EC", 521),
        KeyKind::Ec(_) => ("EC", 256),
        KeyKind::Ed25519 => ("Ed25519", 256),
    }
}
