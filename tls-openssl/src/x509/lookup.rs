//! X509_LOOKUP: another way to fill a store, by file or by directory. What is named is read at once.

use super::X509_STORE;
use crate::args::{Str, count};
use crate::guard::guard;
use crate::native::Cert;
use core::ffi::{CStr, c_char, c_int, c_long};
use std::ffi::CString;

/// Files, or directories. Constants.
pub struct X509_LOOKUP_METHOD {
    directory: bool,
}

static FILE: X509_LOOKUP_METHOD = X509_LOOKUP_METHOD { directory: false };
static DIRECTORY: X509_LOOKUP_METHOD = X509_LOOKUP_METHOD { directory: true };

/// What fills a store. It is the store's, and goes with it.
pub struct X509_LOOKUP {
    store: *const X509_STORE,
    directory: bool,
}

/// X509_L_FILE_LOAD, X509_L_ADD_DIR; X509_FILETYPE_PEM, X509_FILETYPE_ASN1, X509_FILETYPE_DEFAULT
const FILE_LOAD: c_int = 1;
const ADD_DIR: c_int = 2;
const PEM: c_int = 1;
const DER: c_int = 2;
const DEFAULT: c_int = 3;

impl X509_LOOKUP {
    pub(super) fn of(store: &X509_STORE, directory: bool) -> Box<Self> {
        Box::new(Self { store, directory })
    }

    fn store(&self) -> &X509_STORE {
        // SAFETY: the store has this in it, so it is there.
        unsafe { &*self.store }
    }

    /// The directories of a list, between colons.
    fn add_directories(&self, list: &CStr) -> bool {
        let one = |path: &[u8]| match CString::new(path) {
            Ok(path) if !path.is_empty() => self.store().load_dir(&path),
            _ => true,
        };
        list.to_bytes().split(|byte| *byte == b':').all(one)
    }
}

/// The blocks of a file whose labels are these, or 1 for one in DER; it was read well before.
fn blocks(path: &CStr, labels: &[&str]) -> c_int {
    use std::os::unix::ffi::OsStrExt;
    let text = std::fs::read(std::ffi::OsStr::from_bytes(path.to_bytes())).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let of = |label: &&str| text.matches(&format!("-----BEGIN {label}-----")).count();
    count(labels.iter().map(of).sum::<usize>().max(1))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_LOOKUP_file() -> *const X509_LOOKUP_METHOD {
    &raw const FILE
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_LOOKUP_hash_dir() -> *const X509_LOOKUP_METHOD {
    &raw const DIRECTORY
}

/// The one of this kind that the store has; it belongs to the store.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_add_lookup(
    store: Option<&X509_STORE>,
    method: Option<&X509_LOOKUP_METHOD>,
) -> *mut X509_LOOKUP {
    guard(core::ptr::null_mut(), || {
        store
            .zip(method)
            .map_or(core::ptr::null_mut(), |(store, method)| {
                store.lookup(method.directory)
            })
    })
}

/// Loads a file into the lookup's store: how many there were in it, or 0 with errors in the queue.
fn load(
    lookup: Option<&X509_LOOKUP>,
    file: &Str<'_>,
    kind: c_int,
    into: fn(&X509_STORE, &CStr) -> bool,
    how_many: fn(&CStr) -> c_int,
) -> c_int {
    guard(0, || match lookup.zip(file.c_str()) {
        Some((lookup, file)) if [PEM, DER].contains(&kind) && into(lookup.store(), file) => {
            how_many(file)
        }
        _ => 0,
    })
}

/// How many CRLs there were in the file; 0 with errors in the queue.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_load_crl_file(
    lookup: Option<&X509_LOOKUP>,
    file: Str<'_>,
    kind: c_int,
) -> c_int {
    load(lookup, &file, kind, X509_STORE::load_crls, |file| {
        blocks(file, &["X509 CRL"])
    })
}

/// How many certificates there were in the file; 0 with errors in the queue.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_load_cert_file(
    lookup: Option<&X509_LOOKUP>,
    file: Str<'_>,
    kind: c_int,
) -> c_int {
    load(lookup, &file, kind, X509_STORE::load_file, |file| {
        count(Cert::all_of_file(file).len())
    })
}

/// How many certificates and CRLs there were in the file; 0 with errors in the queue.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_load_cert_crl_file(
    lookup: Option<&X509_LOOKUP>,
    file: Str<'_>,
    kind: c_int,
) -> c_int {
    load(lookup, &file, kind, X509_STORE::load_file, |file| {
        let labels = [
            "CERTIFICATE",
            "X509 CERTIFICATE",
            "TRUSTED CERTIFICATE",
            "X509 CRL",
        ];
        blocks(file, &labels)
    })
}

/// X509_L_FILE_LOAD and X509_L_ADD_DIR, with the system's CAs for X509_FILETYPE_DEFAULT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_X509_LOOKUP_ctrl(
    lookup: Option<&X509_LOOKUP>,
    command: c_int,
    path: Str<'_>,
    kind: c_long,
    _result: *mut *mut c_char,
) -> c_int {
    guard(0, || {
        let Some(lookup) = lookup else { return -1 };
        if kind == c_long::from(DEFAULT) {
            return c_int::from(lookup.store().load_system());
        }
        match (command, path.c_str()) {
            (FILE_LOAD, Some(path)) if !lookup.directory => {
                c_int::from(lookup.store().load_file(path))
            }
            (ADD_DIR, Some(path)) if lookup.directory => c_int::from(lookup.add_directories(path)),
            _ => 0,
        }
    })
}
