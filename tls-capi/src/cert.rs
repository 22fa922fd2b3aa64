//! Certificates, for reading. Immutable, reference-counted, shared by any number of threads.

use core::ffi::{c_char, c_int, c_void};

/// An X.509 certificate, for reading. Immutable, reference-counted, shared by any number of threads.
/// Strings belong to it. Where it does not parse, they are NULL and the numbers 0.
pub struct tls_cert {
    _private: (),
}

/// Takes one more reference and returns `cert`, to be given back with tls_cert_free(). NULL gives
/// NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_cert_ref(cert: *const tls_cert) -> *mut tls_cert {
    crate::stub(cert.cast_mut())
}

/// Gives a reference of tls_cert_ref() back. NULL does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_cert_free(cert: *mut tls_cert) {
    let _ = cert;
}

/// The certificate in DER; `len` receives its length. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_cert_der(cert: *const tls_cert, len: *mut usize) -> *const c_void {
    let _ = (cert, len);
    crate::stub(core::ptr::null())
}

/// The subject's distinguished name (RFC 4514).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_cert_subject(cert: *const tls_cert) -> *const c_char {
    let _ = cert;
    crate::stub(core::ptr::null())
}

/// The issuer's distinguished name (RFC 4514).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_cert_issuer(cert: *const tls_cert) -> *const c_char {
    let _ = cert;
    crate::stub(core::ptr::null())
}

/// The serial number in lower-case hexadecimal, two digits a byte.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_cert_serial(cert: *const tls_cert) -> *const c_char {
    let _ = cert;
    crate::stub(core::ptr::null())
}

/// SHA-256 over the DER in lower-case hexadecimal.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_cert_fingerprint(cert: *const tls_cert) -> *const c_char {
    let _ = cert;
    crate::stub(core::ptr::null())
}

/// Start of validity, in seconds since 1970-01-01 00:00 UTC.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_cert_not_before(cert: *const tls_cert) -> i64 {
    let _ = cert;
    crate::stub(0)
}

/// End of validity, in seconds since 1970-01-01 00:00 UTC.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_cert_not_after(cert: *const tls_cert) -> i64 {
    let _ = cert;
    crate::stub(0)
}

/// How many names its subjectAltName has.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_cert_name_count(cert: *const tls_cert) -> usize {
    let _ = cert;
    crate::stub(0)
}

/// A name of its subjectAltName as text, or NULL beyond the last.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_cert_name(cert: *const tls_cert, index: usize) -> *const c_char {
    let _ = (cert, index);
    crate::stub(core::ptr::null())
}

/// The kind of that name, one of TLS_NAME_*, or 0 beyond the last.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_cert_name_type(cert: *const tls_cert, index: usize) -> c_int {
    let _ = (cert, index);
    crate::stub(0)
}
