//! Certificates, for reading. Immutable, reference-counted, shared by any number of threads.

use crate::cert_state::Cert;
use crate::conn_state::pointer;
use crate::guard::guard;
use crate::handle::{self, Handle};
use core::ffi::{c_char, c_int, c_void};
use std::ffi::CString;

/// An X.509 certificate, for reading. Immutable, reference-counted, shared by any number of threads.
/// Strings belong to it. Where it does not parse, they are NULL and the numbers 0.
pub struct tls_cert {
    _private: (),
}

/// Takes one more reference and returns `cert`, to be given back with tls_cert_free(). NULL gives
/// NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_cert_ref(cert: *const tls_cert) -> *mut tls_cert {
    // SAFETY: by the header, NULL or a live certificate.
    guard(core::ptr::null_mut(), || unsafe { handle::add_ref(cert) })
}

/// Gives a reference of tls_cert_ref() back. NULL does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_cert_free(cert: *mut tls_cert) {
    // SAFETY: by the header, NULL or a live certificate of which the caller gives a reference up.
    guard((), || unsafe { handle::release(cert) });
}

/// The certificate in DER; `len` receives its length. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_cert_der(cert: *const tls_cert, len: *mut usize) -> *const c_void {
    // SAFETY: by the header, NULL or a live certificate.
    unsafe {
        look(cert, core::ptr::null(), |cert| {
            if let Some(len) = len.as_mut() {
                *len = cert.der().len();
            }
            cert.der().as_ptr().cast()
        })
    }
}

/// The subject's distinguished name (RFC 4514).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_cert_subject(cert: *const tls_cert) -> *const c_char {
    // SAFETY: by the header, NULL or a live certificate.
    unsafe {
        look(cert, core::ptr::null(), |cert| {
            pointer(cert.readable().map(|r| r.subject.as_c_str()))
        })
    }
}

/// The issuer's distinguished name (RFC 4514).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_cert_issuer(cert: *const tls_cert) -> *const c_char {
    // SAFETY: by the header, NULL or a live certificate.
    unsafe {
        look(cert, core::ptr::null(), |cert| {
            pointer(cert.readable().map(|r| r.issuer.as_c_str()))
        })
    }
}

/// The serial number in lower-case hexadecimal, two digits a byte.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_cert_serial(cert: *const tls_cert) -> *const c_char {
    // SAFETY: by the header, NULL or a live certificate.
    unsafe {
        look(cert, core::ptr::null(), |cert| {
            pointer(cert.readable().map(|r| r.serial.as_c_str()))
        })
    }
}

/// SHA-256 over the DER in lower-case hexadecimal.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_cert_fingerprint(cert: *const tls_cert) -> *const c_char {
    // SAFETY: by the header, NULL or a live certificate.
    unsafe {
        look(cert, core::ptr::null(), |cert| {
            pointer(cert.fingerprint().map(CString::as_c_str))
        })
    }
}

/// Start of validity, in seconds since 1970-01-01 00:00 UTC.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_cert_not_before(cert: *const tls_cert) -> i64 {
    // SAFETY: by the header, NULL or a live certificate.
    unsafe { look(cert, 0, |cert| cert.readable().map_or(0, |r| r.not_before)) }
}

/// End of validity, in seconds since 1970-01-01 00:00 UTC.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_cert_not_after(cert: *const tls_cert) -> i64 {
    // SAFETY: by the header, NULL or a live certificate.
    unsafe { look(cert, 0, |cert| cert.readable().map_or(0, |r| r.not_after)) }
}

/// How many names its subjectAltName has.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_cert_name_count(cert: *const tls_cert) -> usize {
    // SAFETY: by the header, NULL or a live certificate.
    unsafe { look(cert, 0, |cert| cert.readable().map_or(0, |r| r.names.len())) }
}

/// A name of its subjectAltName as text, or NULL beyond the last.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_cert_name(cert: *const tls_cert, index: usize) -> *const c_char {
    // SAFETY: by the header, NULL or a live certificate.
    unsafe {
        look(cert, core::ptr::null(), |cert| {
            pointer(name(cert, index).map(|n| n.1.as_c_str()))
        })
    }
}

/// The kind of that name, one of TLS_NAME_*, or 0 beyond the last.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_cert_name_type(cert: *const tls_cert, index: usize) -> c_int {
    // SAFETY: by the header, NULL or a live certificate.
    unsafe { look(cert, 0, |cert| name(cert, index).map_or(0, |n| n.0)) }
}

impl Handle for tls_cert {
    type Value = Cert;
    const MAGIC: u64 = u64::from_be_bytes(*b"tlscert\x01");
}

/// Reads a certificate; `default` when there is none to read.
///
/// # Safety
/// `cert` is NULL or a live certificate.
pub(crate) unsafe fn look<'a, T>(
    cert: *const tls_cert,
    default: T,
    f: impl FnOnce(&'a Cert) -> T,
) -> T {
    // SAFETY: the caller's promise; what is read lives as long as the certificate.
    match unsafe { handle::value(cert) } {
        Ok(cert) => guard(None, || Some(f(cert))).unwrap_or(default),
        Err(_) => default,
    }
}

fn name(cert: &Cert, index: usize) -> Option<&(c_int, CString)> {
    cert.readable()?.names.get(index)
}
