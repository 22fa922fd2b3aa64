//! X509_check_*: whether a certificate is for a name. Nothing else of it is judged.

use super::judge::name_for;
use super::param::{CHECK_NEVER_SUBJECT, CHECK_NO_WILDCARDS};
use super::{X509, param};
use crate::args::Str;
use crate::guard::guard;
use crate::sys;
use core::ffi::{CStr, c_char, c_int, c_uchar, c_uint};
use std::ffi::CString;

/// TLS_NAME_EMAIL
const EMAIL: c_int = 3;

/// The name of the certificate that stands for a host.
pub(super) fn host_name(x509: &X509, host: &CStr, flags: c_uint) -> Option<CString> {
    let called = || flags & CHECK_NEVER_SUBJECT == 0 && x509.is_called(host);
    let name = (x509.is_for(host) || called()).then(|| name_for(x509, host))?;
    let wild = name.to_bytes().starts_with(b"*.");
    (!wild || flags & CHECK_NO_WILDCARDS == 0).then_some(name)
}

/// A text of `len` bytes, or up to its NUL where that is 0; `None` for one with a NUL inside.
///
/// # Safety
/// `text` is NULL, has `len` bytes, or ends with a NUL.
unsafe fn given(text: *const c_char, len: usize) -> Option<CString> {
    if text.is_null() {
        return None;
    }
    // SAFETY: the caller's promise.
    let bytes = unsafe {
        match len {
            0 => CStr::from_ptr(text).to_bytes(),
            len => crate::args::bytes(text.cast(), len),
        }
    };
    CString::new(bytes.strip_suffix(b"\0").unwrap_or(bytes)).ok()
}

/// 1: it is for this host, and `peername` (may be NULL) receives the name that says so, to be freed by the program; 0: it is
/// not; -2: that is no name. As verification asks: wildcards stand for a whole leftmost label.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_X509_check_host(
    x509: Option<&X509>,
    name: *const c_char,
    len: usize,
    flags: c_uint,
    peername: *mut *mut c_char,
) -> c_int {
    guard(-1, || {
        // SAFETY: the manual's promise.
        let Some((x509, name)) = x509.zip(unsafe { given(name, len) }) else {
            return -2;
        };
        if name
            .to_str()
            .is_ok_and(|name| name.parse::<std::net::IpAddr>().is_ok())
        {
            return 0;
        }
        let Some(found) = host_name(x509, &name, flags) else {
            return 0;
        };
        // SAFETY: NULL or a place for a text: the manual's promise; a text.
        unsafe {
            if let Some(place) = peername.as_mut() {
                *place = libc::strdup(found.as_ptr());
            }
        }
        1
    })
}

/// 1 where its subjectAltName has this address: the part behind the @ without regard to case.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_X509_check_email(
    x509: Option<&X509>,
    address: *const c_char,
    len: usize,
    _flags: c_uint,
) -> c_int {
    guard(-1, || {
        // SAFETY: the manual's promise.
        let Some((x509, address)) = x509.zip(unsafe { given(address, len) }) else {
            return -2;
        };
        let address = address.to_bytes();
        let same = |name: &CStr| match (at_sign(name.to_bytes()), at_sign(address)) {
            (Some((user, host)), Some((other, asked))) => {
                user == other && host.eq_ignore_ascii_case(asked)
            }
            _ => false,
        };
        c_int::from(x509.names_of(EMAIL).into_iter().any(same))
    })
}

fn at_sign(address: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = address.iter().rposition(|byte| *byte == b'@')?;
    Some((&address[..at], &address[at + 1..]))
}

/// 1 where its subjectAltName has this address, 4 or 16 bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_X509_check_ip(
    x509: Option<&X509>,
    address: *const c_uchar,
    len: usize,
    _flags: c_uint,
) -> c_int {
    guard(-1, || {
        // SAFETY: `len` readable bytes: the manual's promise.
        let bytes = unsafe { crate::args::bytes(address.cast(), len) };
        match x509.zip(param::ip_text(bytes)) {
            Some((x509, text)) => c_int::from(x509.is_for(&text)),
            None => -2,
        }
    })
}

/// As X509_check_ip, with the address as text; -2 for what is none.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_check_ip_asc(
    x509: Option<&X509>,
    address: Str<'_>,
    _flags: c_uint,
) -> c_int {
    guard(-1, || {
        let text = address.c_str().filter(|text| param::is_ip(text));
        match x509.zip(text) {
            Some((x509, text)) => c_int::from(x509.is_for(text)),
            None => -2,
        }
    })
}

impl X509 {
    /// The names of its subjectAltName that are of this kind (TLS_NAME_*).
    fn names_of(&self, kind: c_int) -> Vec<&CStr> {
        let raw = self.native().raw();
        // SAFETY: a live certificate, whose texts stay while it does.
        unsafe {
            (0..sys::tls_cert_name_count(raw))
                .filter(|at| sys::tls_cert_name_type(raw, *at) == kind)
                .filter_map(|at| crate::native::text(sys::tls_cert_name(raw, at)))
                .collect()
        }
    }
}
