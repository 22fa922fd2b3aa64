//! The subjectAltName as OpenSSL's programs walk it: a list of GENERAL_NAME, with the layout of OpenSSL's header.

use super::{X509, X509_NAME};
use crate::args::Out;
use crate::asn1::{ASN1_OBJECT, ASN1_STRING};
use crate::der;
use crate::err::{self, Lib};
use crate::guard::guard;
use crate::object::Owned;
use crate::objects;
use crate::stack::OPENSSL_STACK;
use crate::sys;
use core::ffi::{c_int, c_void};

/// One name: its kind (GEN_*) and a pointer to its value.
#[repr(C)]
pub struct GENERAL_NAME {
    kind: c_int,
    value: *mut c_void,
}

/// A list of names, as the header types it.
pub type GENERAL_NAMES = OPENSSL_STACK;

/// GEN_*: the tags of RFC 5280 §4.2.1.6.
const EMAIL: c_int = 1;
const DNS: c_int = 2;
const DIRECTORY: c_int = 4;
const URI: c_int = 6;
const IP: c_int = 7;
const ID: c_int = 8;
/// NID_subject_alt_name
const SUBJECT_ALT_NAME: c_int = 85;
/// V_ASN1_IA5STRING, V_ASN1_OCTET_STRING
const IA5: c_int = 22;
const OCTETS: c_int = 4;

impl GENERAL_NAME {
    /// `None` for a kind that is not told.
    fn of(tag: u8, contents: &[u8]) -> Option<Self> {
        let kind = c_int::from(tag & 0x1f);
        let value = match kind {
            EMAIL | DNS | URI => ASN1_STRING::new(IA5, contents).into_raw().cast(),
            IP => ASN1_STRING::new(OCTETS, contents).into_raw().cast(),
            DIRECTORY => X509_NAME::new(contents, None).into_raw().cast(),
            ID => ASN1_OBJECT::new(contents).into_raw().cast(),
            _ => return None,
        };
        Some(Self { kind, value })
    }
}

impl Drop for GENERAL_NAME {
    fn drop(&mut self) {
        // SAFETY: the reference that `of` put there, by its kind.
        unsafe {
            match self.kind {
                DIRECTORY => drop(Owned::<X509_NAME>::from_raw(self.value.cast())),
                ID => drop(Owned::<ASN1_OBJECT>::from_raw(self.value.cast())),
                _ => drop(Owned::<ASN1_STRING>::from_raw(self.value.cast())),
            }
        }
    }
}

/// The value of an extension in DER, and whether it is critical.
pub(super) fn extension<'a>(x509: &'a X509, oid: &[u8]) -> Option<(&'a [u8], bool)> {
    let dotted = std::ffi::CString::new(der::dotted(oid)).ok()?;
    let raw = x509.native().raw();
    let mut len = 0;
    // SAFETY: a live certificate and a text; the value stays while the certificate does.
    unsafe {
        let at = sys::tls_cert_extension_find(raw, dotted.as_ptr());
        let value = sys::tls_cert_extension_value(raw, at, &raw mut len);
        let critical = sys::tls_cert_extension_critical(raw, at) == 1;
        (!value.is_null()).then(|| (crate::args::bytes(value, len), critical))
    }
}

/// The subjectAltName (NID_subject_alt_name) as GENERAL_NAMES, which the program frees. Other names of X.400, EDI and the
/// kind otherName are left out. `critical` (may be NULL) receives 0 or 1, and -1 where there is none. Of other extensions
/// nothing is told: NULL, with an error in the queue.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_X509_get_ext_d2i(
    x509: Option<&X509>,
    nid: c_int,
    critical: *mut c_int,
    _index: *mut c_int,
) -> *mut c_void {
    guard(core::ptr::null_mut(), || {
        let row = objects::by_nid(nid);
        let found = x509
            .zip(row)
            .and_then(|(x509, row)| extension(x509, row.oid));
        // SAFETY: NULL or a place for a number: the manual's promise.
        if let Some(critical) = unsafe { critical.as_mut() } {
            *critical = found.map_or(-1, |(_, critical)| c_int::from(critical));
        }
        let Some((value, _)) = found else {
            return core::ptr::null_mut();
        };
        if nid != SUBJECT_ALT_NAME {
            err::put(
                Lib::X509,
                err::UNSUPPORTED,
                "of extensions the subjectAltName alone is decoded",
            );
            return core::ptr::null_mut();
        }
        let Some((0x30, names, _)) = der::element(value) else {
            err::put(Lib::Asn1, err::ASN1_LIB, "no subjectAltName");
            return core::ptr::null_mut();
        };
        let names =
            der::elements(names).filter_map(|(tag, contents)| GENERAL_NAME::of(tag, contents));
        let items = names.map(|name| Box::into_raw(Box::new(name)).cast());
        OPENSSL_STACK::new(items.collect()).into_raw().cast()
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_GENERAL_NAME_free(name: *mut GENERAL_NAME) {
    if !name.is_null() {
        // SAFETY: made by Box::into_raw above, and given up by the program.
        guard((), || drop(unsafe { Box::from_raw(name) }));
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_GENERAL_NAMES_free(names: Option<Owned<GENERAL_NAMES>>) {
    guard((), || {
        for name in names.iter().flat_map(|names| names.items()) {
            // SAFETY: an item of a list of GENERAL_NAME: what its type says.
            unsafe { tlscore_GENERAL_NAME_free(name.cast()) };
        }
    });
}

/// The value of a name, and its kind (GEN_*) in `kind` (may be NULL); it belongs to the name.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_GENERAL_NAME_get0_value(
    name: Option<&GENERAL_NAME>,
    kind: Out<'_, c_int>,
) -> *mut c_void {
    name.map_or(core::ptr::null_mut(), |name| {
        kind.set(name.kind);
        name.value
    })
}
