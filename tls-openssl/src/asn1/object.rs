//! ASN1_OBJECT: object identifiers, by number and by name.

use crate::args::count;
use crate::guard::guard;
use crate::object::{Counted, Owned};
use crate::objects;
use core::ffi::{c_char, c_int};

/// An object identifier. Those that are known are constants.
pub struct ASN1_OBJECT {
    pub(crate) oid: Vec<u8>,
}

// SAFETY: made in `new` alone, inside of an Owned.
unsafe impl Counted for ASN1_OBJECT {}

impl ASN1_OBJECT {
    pub(crate) fn new(oid: &[u8]) -> Owned<Self> {
        Owned::new(Self { oid: oid.to_vec() })
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_OBJ_obj2nid(object: Option<&ASN1_OBJECT>) -> c_int {
    object.map_or(0, |object| objects::nid(&object.oid))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_OBJ_nid2sn(nid: c_int) -> *const c_char {
    objects::by_nid(nid).map_or(core::ptr::null(), |row| row.short.as_ptr())
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_OBJ_nid2ln(nid: c_int) -> *const c_char {
    objects::by_nid(nid).map_or(core::ptr::null(), |row| row.long.as_ptr())
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_OBJ_txt2nid(text: crate::args::Str<'_>) -> c_int {
    guard(0, || text.utf8().map_or(0, objects::by_text))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_OBJ_sn2nid(text: crate::args::Str<'_>) -> c_int {
    guard(0, || text.c_str().map_or(0, objects::by_short))
}

/// The name of an object, or its dotted form where it has none or `dotted` asks for it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_OBJ_obj2txt(
    out: *mut c_char,
    len: c_int,
    object: Option<&ASN1_OBJECT>,
    dotted: c_int,
) -> c_int {
    guard(-1, || {
        let Some(object) = object else { return 0 };
        let row = objects::by_oid(&object.oid).filter(|_| dotted == 0);
        let text = match row {
            Some(row) => row.long.to_string_lossy().into_owned(),
            None => crate::der::dotted(&object.oid),
        };
        // SAFETY: room for `len` bytes, or NULL: the manual's promise.
        unsafe { crate::args::copy_text(text.as_bytes(), out, crate::args::length(len)) };
        count(text.len())
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_ASN1_OBJECT_free(object: Option<Owned<ASN1_OBJECT>>) {
    guard((), || drop(object));
}
