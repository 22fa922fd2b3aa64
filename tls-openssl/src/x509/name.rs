//! X509_NAME: distinguished names, for reading.

use super::print::one_line;
use crate::args::{copy_text, count, length};
use crate::asn1::{ASN1_OBJECT, ASN1_STRING};
use crate::guard::guard;
use crate::object::{Counted, Owned};
use crate::{der, objects};
use core::ffi::{c_char, c_int, c_ulong};

/// One attribute of a name.
pub struct X509_NAME_ENTRY {
    pub(super) object: Owned<ASN1_OBJECT>,
    pub(super) value: Owned<ASN1_STRING>,
    /// Which RelativeDistinguishedName it is in.
    pub(super) set: c_int,
}

/// A distinguished name.
pub struct X509_NAME {
    der: Vec<u8>,
    entries: Vec<X509_NAME_ENTRY>,
    /// The certificate whose subject it is.
    origin: Option<Vec<u8>>,
}

// SAFETY: made in `new` alone, inside of an Owned.
unsafe impl Counted for X509_NAME {}

impl X509_NAME {
    /// Of the name in DER; what does not parse has no entries.
    pub(crate) fn new(name: &[u8], origin: Option<&[u8]>) -> Owned<Self> {
        let mut entries = Vec::new();
        let sets = der::element(name).map_or(&[][..], |(_, contents, _)| contents);
        for (at, (_, set)) in der::elements(sets).enumerate() {
            for (_, attribute) in der::elements(set) {
                let mut parts = der::elements(attribute);
                if let (Some((6, oid)), Some((tag, value))) = (parts.next(), parts.next()) {
                    entries.push(X509_NAME_ENTRY {
                        object: ASN1_OBJECT::new(oid),
                        value: ASN1_STRING::new(c_int::from(tag & 0x1f), value),
                        set: count(at),
                    });
                }
            }
        }
        Owned::new(Self {
            der: name.to_vec(),
            entries,
            origin: origin.map(<[u8]>::to_vec),
        })
    }

    pub(crate) fn der(&self) -> &[u8] {
        &self.der
    }

    /// The certificate whose subject it is.
    pub(crate) fn origin(&self) -> Option<&[u8]> {
        self.origin.as_deref()
    }

    /// FNV-1a over the DER.
    pub(crate) fn hash(&self) -> c_ulong {
        let hash = self.der.iter().fold(0x811c_9dc5_u32, |hash, byte| {
            (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193)
        });
        c_ulong::from(hash)
    }

    pub(super) fn entries(&self) -> &[X509_NAME_ENTRY] {
        &self.entries
    }
}

/// Into `len` bytes at `out`, cut off where there is no room, or into memory that the program frees.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_X509_NAME_oneline(
    name: Option<&X509_NAME>,
    out: *mut c_char,
    len: c_int,
) -> *mut c_char {
    guard(core::ptr::null_mut(), || {
        let line = name.map_or(b"NO X509_NAME".to_vec(), one_line);
        // SAFETY: room for `len` bytes, or an allocation of the C library for all of it.
        unsafe {
            if !out.is_null() {
                copy_text(&line, out, length(len));
                return out;
            }
            let own = libc::malloc(line.len() + 1).cast::<c_char>();
            copy_text(&line, own, line.len() + 1);
            own
        }
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_NAME_entry_count(name: Option<&X509_NAME>) -> c_int {
    name.map_or(0, |name| count(name.entries.len()))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_NAME_get_entry(
    name: Option<&X509_NAME>,
    at: c_int,
) -> *mut X509_NAME_ENTRY {
    let entry = |name: &X509_NAME| {
        let entry = name.entries.get(usize::try_from(at).ok()?)?;
        Some(core::ptr::from_ref(entry).cast_mut())
    };
    name.and_then(entry).unwrap_or(core::ptr::null_mut())
}

/// The place of the next attribute with this number behind `last` (-1: the first); -1: there is none.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_NAME_get_index_by_NID(
    name: Option<&X509_NAME>,
    nid: c_int,
    last: c_int,
) -> c_int {
    let Some(name) = name else { return -1 };
    let Some(row) = objects::by_nid(nid) else {
        return -2;
    };
    let from = usize::try_from(last).map_or(0, |last| last + 1);
    let mut rest = name.entries.iter().enumerate().skip(from);
    rest.find(|(_, entry)| entry.object.oid == row.oid)
        .map_or(-1, |(at, _)| count(at))
}

/// The first attribute with this number as bytes with a NUL; -1: there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_X509_NAME_get_text_by_NID(
    name: Option<&X509_NAME>,
    nid: c_int,
    out: *mut c_char,
    len: c_int,
) -> c_int {
    guard(-1, || {
        let at = tlscore_X509_NAME_get_index_by_NID(name, nid, -1);
        let entry = name
            .zip(usize::try_from(at).ok())
            .and_then(|(name, at)| name.entries.get(at));
        let Some(entry) = entry else { return -1 };
        let text = entry.value.bytes();
        if out.is_null() {
            return count(text.len());
        }
        if len <= 0 {
            return 0;
        }
        // SAFETY: room for `len` bytes: the manual's promise.
        unsafe { copy_text(&text, out, length(len)) };
        count(text.len()).min(len - 1)
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_NAME_ENTRY_get_data(
    entry: Option<&X509_NAME_ENTRY>,
) -> *mut ASN1_STRING {
    entry.map_or(core::ptr::null_mut(), |entry| entry.value.pointer())
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_NAME_ENTRY_get_object(
    entry: Option<&X509_NAME_ENTRY>,
) -> *mut ASN1_OBJECT {
    entry.map_or(core::ptr::null_mut(), |entry| entry.object.pointer())
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_NAME_ENTRY_set(entry: Option<&X509_NAME_ENTRY>) -> c_int {
    entry.map_or(-1, |entry| entry.set)
}

/// 0 where they are the same, byte for byte: OpenSSL folds case and blanks.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_NAME_cmp(a: Option<&X509_NAME>, b: Option<&X509_NAME>) -> c_int {
    a.zip(b).map_or(-2, |(a, b)| a.der.cmp(&b.der) as c_int)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_NAME_hash(name: Option<&X509_NAME>) -> c_ulong {
    name.map_or(0, X509_NAME::hash)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_NAME_dup(name: Option<&X509_NAME>) -> Option<Owned<X509_NAME>> {
    name.map(Owned::again)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_NAME_free(name: Option<Owned<X509_NAME>>) {
    guard((), || drop(name));
}
