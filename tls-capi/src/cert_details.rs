//! Certificates: the rest of what can be read, and certificates from files and memory.

use crate::args;
use crate::cert::{look, tls_cert};
use crate::cert_state::{Cert, Details};
use crate::code::*;
use crate::conn_state::pointer;
use crate::error::tls_error_info;
use crate::guard::guard;
use crate::handle;
use core::ffi::{CStr, c_char, c_int, c_void};
use tls_core::cert::{Certificate, ServerName, is_for, leaf_spki};
use tls_std::{Reason, read_certificates, read_certificates_file};

/// The certificate at place `index`, from 0, among those in PEM, or the one in DER. For reading: nothing is
/// verified.
///
/// Returns a certificate that the caller gives back with tls_cert_free(), or NULL: then `error` (may be
/// NULL) says why, and its number is 0 where there are no more certificates.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_cert_from_mem(
    pem_or_der: *const c_void,
    len: usize,
    index: usize,
    error: *mut tls_error_info,
) -> *mut tls_cert {
    let read = || {
        // SAFETY: by the header, readable bytes or NULL.
        let bytes = unsafe { args::bytes("pem_or_der", pem_or_der, len) }?;
        read_certificates(bytes)
    };
    // SAFETY: by the header, room for an error or NULL.
    unsafe { pick(read, index, error) }
}

/// tls_cert_from_mem() from a file; errors name it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_cert_from_file(
    path: *const c_char,
    index: usize,
    error: *mut tls_error_info,
) -> *mut tls_cert {
    let read = || {
        // SAFETY: by the header, a text or NULL.
        let path = unsafe { args::path("path", path) }?;
        read_certificates_file(path)
    };
    // SAFETY: by the header, room for an error or NULL.
    unsafe { pick(read, index, error) }
}

/// # Safety
/// `error` is NULL or has room.
unsafe fn pick(
    read: impl FnOnce() -> tls_std::Result<Vec<Certificate>>,
    index: usize,
    error: *mut tls_error_info,
) -> *mut tls_cert {
    let found = guard(Err(Reason::Panicked.into()), || {
        read().map(|all| all.into_iter().nth(index))
    });
    if !error.is_null() {
        // SAFETY: not NULL, so room for one structure by the caller's promise.
        unsafe { error.write(tls_error_info::new(found.as_ref().err())) };
    }
    match found {
        Ok(Some(der)) => handle::shared(Cert::new(der)),
        Ok(None) | Err(_) => core::ptr::null_mut(),
    }
}

/// The certificate as a PEM block, NUL-terminated; NULL where it does not parse.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_cert_pem(cert: *const tls_cert) -> *const c_char {
    // SAFETY: by the header, NULL or a live certificate.
    unsafe { text(cert, |d| Some(&d.pem)) }
}

/// X.509 version: 1, 2 or 3.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_cert_version(cert: *const tls_cert) -> c_int {
    // SAFETY: by the header, NULL or a live certificate.
    unsafe { number(cert, |d| d.version) }
}

/// The subject's last (most specific) common name, or NULL. Hosts are named by tls_cert_name().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_cert_common_name(cert: *const tls_cert) -> *const c_char {
    // SAFETY: by the header, NULL or a live certificate.
    unsafe { text(cert, |d| d.common_name.as_deref()) }
}

/// SHA-1 over the DER in lower-case hexadecimal, for old lists; see tls_cert_fingerprint().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_cert_fingerprint_sha1(cert: *const tls_cert) -> *const c_char {
    // SAFETY: by the header, NULL or a live certificate.
    unsafe { text(cert, |d| Some(&d.sha1)) }
}

/// The kind of its key: "RSA", "RSA-PSS", "EC", "Ed25519"..., or a dotted object identifier.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_cert_key_type(cert: *const tls_cert) -> *const c_char {
    // SAFETY: by the header, NULL or a live certificate.
    unsafe { text(cert, |d| Some(&d.key_type)) }
}

/// The named curve of an EC key ("P-256"), or NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_cert_key_curve(cert: *const tls_cert) -> *const c_char {
    // SAFETY: by the header, NULL or a live certificate.
    unsafe { text(cert, |d| d.key_curve.as_deref()) }
}

/// Bits of its RSA modulus or of its curve; 0: unknown.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_cert_key_bits(cert: *const tls_cert) -> c_int {
    // SAFETY: by the header, NULL or a live certificate.
    unsafe { number(cert, |d| d.key_bits) }
}

/// What its issuer signed it with: "sha256WithRSAEncryption", or a dotted object identifier.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_cert_signature_algorithm(cert: *const tls_cert) -> *const c_char {
    // SAFETY: by the header, NULL or a live certificate.
    unsafe { text(cert, |d| Some(&d.signature_algorithm)) }
}

/// Its key's pin as curl writes it: "sha256//" and the SHA-256 of its SubjectPublicKeyInfo in base64.
/// tls_ctx_add_pin() takes the bytes of tls_cert_spki_sha256().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_cert_pin(cert: *const tls_cert) -> *const c_char {
    // SAFETY: by the header, NULL or a live certificate.
    unsafe { text(cert, |d| Some(&d.pin)) }
}

/// Whether basicConstraints says that it is a CA (1) or not (0).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_cert_is_ca(cert: *const tls_cert) -> c_int {
    // SAFETY: by the header, NULL or a live certificate.
    unsafe { number(cert, |d| c_int::from(d.is_ca)) }
}

/// 1 where it is for this host name or IP address by its subjectAltName, as verification asks (RFC 9525 6): a
/// wildcard stands for the whole leftmost label. 0 where it is not, for NULL and for what is no name, such as one with
/// characters beyond ASCII: names are in A-labels (tls_conn_new()). Nothing else is looked at: whom to believe,
/// tls_verify_cert() says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_cert_is_for(cert: *const tls_cert, name: *const c_char) -> c_int {
    // SAFETY: by the header, a text or NULL.
    let name = unsafe { args::text("name", name) };
    let name = name.ok().and_then(|name| ServerName::parse(name).ok());
    let Some(name) = name else { return 0 };
    // SAFETY: by the header, NULL or a live certificate.
    unsafe {
        look(cert, 0, |cert| {
            c_int::from(is_for(cert.certificate(), &name) == Ok(true))
        })
    }
}

/// What its key may be used for: "digitalSignature, keyEncipherment"; NULL: everything.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_cert_key_usage(cert: *const tls_cert) -> *const c_char {
    // SAFETY: by the header, NULL or a live certificate.
    unsafe { text(cert, |d| d.key_usage.as_deref()) }
}

/// How many purposes its extendedKeyUsage names. 0 without that extension: then it may be used for all; and for
/// one that is empty, which is for nothing and which verification refuses.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_cert_purpose_count(cert: *const tls_cert) -> usize {
    // SAFETY: by the header, NULL or a live certificate.
    unsafe { number(cert, |d| d.purposes.len()) }
}

/// A purpose of its extendedKeyUsage: "serverAuth", "clientAuth"..., or a dotted object identifier; NULL
/// beyond the last.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_cert_purpose(cert: *const tls_cert, index: usize) -> *const c_char {
    // SAFETY: by the header, NULL or a live certificate.
    unsafe { text(cert, |d| d.purposes.get(index).map(|p| &**p)) }
}

/// Its SubjectPublicKeyInfo in DER; `len` (may be NULL) receives its length. It belongs to the
/// certificate; NULL where that does not parse.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_cert_spki(cert: *const tls_cert, len: *mut usize) -> *const c_void {
    // SAFETY: by the header, NULL or a live certificate, and room for a length or NULL.
    unsafe {
        look(cert, core::ptr::null(), |cert| {
            give(leaf_spki(cert.der()).ok(), len)
        })
    }
}

/// SHA-256 of its SubjectPublicKeyInfo, for tls_ctx_add_pin(): 32 bytes to `out`. Returns TLS_OK, or
/// TLS_ERR_USAGE for NULL, where `cap` is less than 32, and where the certificate does not parse.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_cert_spki_sha256(
    cert: *const tls_cert,
    out: *mut c_void,
    cap: usize,
) -> c_int {
    // SAFETY: by the header, NULL or a live certificate, and so much room.
    unsafe {
        look(cert, TLS_ERR_USAGE, |cert| {
            let (Some(details), Ok(room)) = (cert.details(), args::room("out", out, cap)) else {
                return TLS_ERR_USAGE;
            };
            match room.get_mut(..32) {
                Some(room) => {
                    room.write_copy_of_slice(&details.spki_sha256);
                    TLS_OK
                }
                None => TLS_ERR_USAGE,
            }
        })
    }
}

/// How many extensions it has.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_cert_extension_count(cert: *const tls_cert) -> usize {
    // SAFETY: by the header, NULL or a live certificate.
    unsafe { number(cert, |d| d.extensions.len()) }
}

/// The object identifier of the extension at place `index` in dotted form ("2.5.29.17"), or NULL beyond
/// the last.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_cert_extension_oid(
    cert: *const tls_cert,
    index: usize,
) -> *const c_char {
    // SAFETY: by the header, NULL or a live certificate.
    unsafe { text(cert, |d| d.extensions.get(index).map(|e| &*e.oid)) }
}

/// Whether that extension is critical (1) or not (0, also beyond the last).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_cert_extension_critical(cert: *const tls_cert, index: usize) -> c_int {
    // SAFETY: by the header, NULL or a live certificate.
    unsafe {
        number(cert, |d| {
            d.extensions
                .get(index)
                .map_or(0, |e| c_int::from(e.critical))
        })
    }
}

/// The value of that extension, the DER inside of its OCTET STRING; `len` (may be NULL) receives its
/// length. It belongs to the certificate; NULL beyond the last.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_cert_extension_value(
    cert: *const tls_cert,
    index: usize,
    len: *mut usize,
) -> *const c_void {
    // SAFETY: by the header, NULL or a live certificate, and room for a length or NULL.
    unsafe {
        look(cert, core::ptr::null(), |cert| {
            let extension = cert.details().and_then(|d| d.extensions.get(index));
            give(extension.map(|e| &*e.value), len)
        })
    }
}

/// The place of the extension with this object identifier ("2.5.29.17"); where there is none, the number
/// of extensions, at which the functions above find nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_cert_extension_find(
    cert: *const tls_cert,
    oid: *const c_char,
) -> usize {
    // SAFETY: by the header, NULL or a live certificate, and a text or NULL.
    unsafe {
        let wanted = args::c_str(oid);
        number(cert, |d| {
            let same = |e: &crate::cert_state::Extension| Some(&*e.oid) == wanted;
            d.extensions
                .iter()
                .position(same)
                .unwrap_or(d.extensions.len())
        })
    }
}

/// # Safety
/// `cert` is NULL or a live certificate.
unsafe fn text<'a>(
    cert: *const tls_cert,
    f: impl FnOnce(&'a Details) -> Option<&'a CStr>,
) -> *const c_char {
    // SAFETY: the caller's promise.
    unsafe {
        look(cert, core::ptr::null(), |cert| {
            pointer(cert.details().and_then(f))
        })
    }
}

/// # Safety
/// `cert` is NULL or a live certificate.
unsafe fn number<T: Default>(cert: *const tls_cert, f: impl FnOnce(&Details) -> T) -> T {
    // SAFETY: the caller's promise.
    unsafe {
        look(cert, T::default(), |cert| {
            cert.details().map(f).unwrap_or_default()
        })
    }
}

/// Lends bytes of a certificate to C.
///
/// # Safety
/// `len` is NULL or has room.
unsafe fn give(bytes: Option<&[u8]>, len: *mut usize) -> *const c_void {
    let Some(bytes) = bytes else {
        return core::ptr::null();
    };
    // SAFETY: the caller's promise.
    if let Some(len) = unsafe { len.as_mut() } {
        *len = bytes.len();
    }
    bytes.as_ptr().cast()
}
