//! All certificates of a file or of memory at once.

use crate::args;
use crate::cert::tls_cert;
use crate::cert_state::Cert;
use crate::error::tls_error_info;
use crate::guard::guard;
use crate::handle;
use core::ffi::{c_char, c_void};
use tls_core::cert::Certificate;
use tls_std::{Reason, read_certificates, read_certificates_file};

/// All certificates in PEM, in their order, or the one in DER. For reading: nothing is verified. What
/// tls_cert_from_mem() gives one by one, and decodes anew each time.
///
/// Returns an array that ends with NULL, to be given back with tls_certs_free(), and their number in
/// `count` (may be NULL); or NULL: then `error` (may be NULL) says why.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_certs_from_mem(
    pem_or_der: *const c_void,
    len: usize,
    count: *mut usize,
    error: *mut tls_error_info,
) -> *mut *mut tls_cert {
    let read = || {
        // SAFETY: by the header, readable bytes or NULL.
        let bytes = unsafe { args::bytes("pem_or_der", pem_or_der, len) }?;
        read_certificates(bytes)
    };
    // SAFETY: by the header, room for a number and an error, or NULL.
    unsafe { give(read, count, error) }
}

/// tls_certs_from_mem() from a file; errors name it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_certs_from_file(
    path: *const c_char,
    count: *mut usize,
    error: *mut tls_error_info,
) -> *mut *mut tls_cert {
    let read = || {
        // SAFETY: by the header, a text or NULL.
        let path = unsafe { args::path("path", path) }?;
        read_certificates_file(path)
    };
    // SAFETY: by the header, room for a number and an error, or NULL.
    unsafe { give(read, count, error) }
}

/// Gives back what tls_certs_from_mem() or tls_certs_from_file() returned, unchanged: the array, and its
/// reference to each certificate. Keep one beyond that with tls_cert_ref(). NULL does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_certs_free(certs: *mut *mut tls_cert) {
    guard((), || {
        if certs.is_null() {
            return;
        }
        let mut count = 0;
        // SAFETY: by the header, an array of give(), which ends with NULL.
        while !unsafe { *certs.add(count) }.is_null() {
            count += 1;
        }
        let array = core::ptr::slice_from_raw_parts_mut(certs, count + 1);
        // SAFETY: made by Box::into_raw in give(), with this length; the caller gives it up.
        let array = unsafe { Box::from_raw(array) };
        for cert in &array[..count] {
            // SAFETY: made by handle::shared; the array's reference is given back.
            unsafe { handle::release(*cert) };
        }
    });
}

/// # Safety
/// `count` and `error` are NULL or have room.
unsafe fn give(
    read: impl FnOnce() -> tls_std::Result<Vec<Certificate>>,
    count: *mut usize,
    error: *mut tls_error_info,
) -> *mut *mut tls_cert {
    let found = guard(Err(Reason::Panicked.into()), || {
        let all = read()?;
        let handles = all.into_iter().map(|der| handle::shared(Cert::new(der)));
        let array: Box<[*mut tls_cert]> = handles.chain([core::ptr::null_mut()]).collect();
        Ok(array)
    });
    if !error.is_null() {
        // SAFETY: not NULL, so room for one structure by the caller's promise.
        unsafe { error.write(tls_error_info::new(found.as_ref().err())) };
    }
    let Ok(array) = found else {
        return core::ptr::null_mut();
    };
    if !count.is_null() {
        // SAFETY: not NULL, so room for a number by the caller's promise.
        unsafe { count.write(array.len() - 1) };
    }
    Box::into_raw(array).cast()
}
