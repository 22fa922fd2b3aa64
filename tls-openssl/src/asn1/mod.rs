//! ASN1_STRING and ASN1_INTEGER; ASN1_TIME and ASN1_OBJECT have files of their own.

pub mod object;
pub mod time;

use crate::args::count;
use crate::guard::guard;
use crate::object::{Counted, Owned, Plain};
use core::ffi::{c_int, c_long, c_uchar};
pub use object::ASN1_OBJECT;
pub(crate) use time::now;

/// V_ASN1_*
pub(crate) const INTEGER: c_int = 2;
pub(crate) const NEGATIVE: c_int = 0x102;
pub(crate) const UTC_TIME: c_int = 23;
pub(crate) const GENERALIZED_TIME: c_int = 24;

/// A string with its type; times and integers are strings, too, as in OpenSSL.
#[repr(transparent)]
pub struct ASN1_STRING(Plain<Value>);

/// It begins as OpenSSL's `struct asn1_string_st`, whose fields programs read.
#[repr(C)]
struct Value {
    length: c_int,
    kind: c_int,
    shown: *mut c_uchar,
    flags: c_long,
    /// What `shown` points to, with a NUL behind it that is not counted, as OpenSSL has it.
    data: Vec<u8>,
}

impl Value {
    fn new(kind: c_int, contents: &[u8]) -> Self {
        let mut data = Vec::with_capacity(contents.len() + 1);
        data.extend_from_slice(contents);
        data.push(0);
        Self {
            length: count(contents.len()),
            kind,
            shown: data.as_mut_ptr(),
            flags: 0,
            data,
        }
    }

    fn contents(&self) -> &[u8] {
        &self.data[..self.data.len() - 1]
    }
}

// SAFETY: made in `new` alone, inside of an Owned.
unsafe impl Counted for ASN1_STRING {}

impl ASN1_STRING {
    pub(crate) fn new(kind: c_int, data: &[u8]) -> Owned<Self> {
        Owned::new(Self(Plain::new(Value::new(kind, data))))
    }

    /// An INTEGER of DER: its size is in the string, its sign in the type.
    pub(crate) fn integer(contents: &[u8]) -> Owned<Self> {
        let positive = contents
            .iter()
            .position(|byte| *byte != 0)
            .unwrap_or(contents.len().saturating_sub(1));
        if contents.first().is_none_or(|byte| byte & 0x80 == 0) {
            return Self::new(INTEGER, &contents[positive..]);
        }
        // Two's complement to size: invert, and add one.
        let mut size: Vec<u8> = contents.iter().map(|byte| !byte).collect();
        for byte in size.iter_mut().rev() {
            let (sum, carry) = byte.overflowing_add(1);
            *byte = sum;
            if !carry {
                break;
            }
        }
        let first = size.iter().position(|byte| *byte != 0).unwrap_or(0);
        Self::new(NEGATIVE, &size[first..])
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.0.read(|value| value.contents().to_vec())
    }

    pub(crate) fn kind(&self) -> c_int {
        self.0.read(|value| value.kind)
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_ASN1_STRING_length(string: Option<&ASN1_STRING>) -> c_int {
    string.map_or(0, |string| {
        string.0.read(|value| count(value.contents().len()))
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_ASN1_STRING_type(string: Option<&ASN1_STRING>) -> c_int {
    string.map_or(0, ASN1_STRING::kind)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_ASN1_STRING_get0_data(string: Option<&ASN1_STRING>) -> *const c_uchar {
    string.map_or(core::ptr::null(), |string| {
        string.0.read(|value| value.data.as_ptr())
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_ASN1_STRING_data(string: Option<&ASN1_STRING>) -> *mut c_uchar {
    string.map_or(core::ptr::null_mut(), |string| {
        string.0.change(|value| value.data.as_mut_ptr())
    })
}

/// Into memory that the program frees with `OPENSSL_free`; its length, or -1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_ASN1_STRING_to_UTF8(
    out: *mut *mut c_uchar,
    string: Option<&ASN1_STRING>,
) -> c_int {
    guard(-1, || {
        let Some((string, text)) = string.and_then(|s| Some((s, utf8(s.kind(), &s.bytes())?)))
        else {
            return -1;
        };
        let _ = string;
        // SAFETY: an allocation of the C library with room for the text and its NUL, given to the program.
        unsafe {
            let copy = libc::malloc(text.len() + 1).cast::<c_uchar>();
            crate::args::copy_text(text.as_bytes(), copy.cast(), text.len() + 1);
            out.write(copy);
        }
        count(text.len())
    })
}

/// A string type of X.509 as text.
pub(crate) fn utf8(kind: c_int, bytes: &[u8]) -> Option<String> {
    match kind {
        // UTF8String
        12 => String::from_utf8(bytes.to_vec()).ok(),
        // BMPString
        30 => {
            let units: Vec<u16> = bytes
                .chunks_exact(2)
                .map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
                .collect();
            String::from_utf16(&units).ok()
        }
        // UniversalString
        28 => bytes
            .chunks_exact(4)
            .map(|four| char::from_u32(u32::from_be_bytes([four[0], four[1], four[2], four[3]])))
            .collect(),
        // The rest is ASCII, or Latin-1 in what calls itself T61String.
        18..=20 | 22 | 26 => Some(bytes.iter().map(|byte| char::from(*byte)).collect()),
        _ => None,
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_ASN1_STRING_cmp(
    a: Option<&ASN1_STRING>,
    b: Option<&ASN1_STRING>,
) -> c_int {
    let Some((a, b)) = a.zip(b) else { return -1 };
    let (left, right) = (a.bytes(), b.bytes());
    let order = left
        .len()
        .cmp(&right.len())
        .then_with(|| left.cmp(&right))
        .then(a.kind().cmp(&b.kind()));
    order as c_int
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_ASN1_STRING_dup(
    string: Option<&ASN1_STRING>,
) -> Option<Owned<ASN1_STRING>> {
    guard(None, || {
        string.map(|string| ASN1_STRING::new(string.kind(), &string.bytes()))
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_ASN1_STRING_free(string: Option<Owned<ASN1_STRING>>) {
    guard((), || drop(string));
}

/// The number, or -1 for one that does not fit.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_ASN1_INTEGER_get(integer: Option<&ASN1_STRING>) -> c_long {
    let Some(integer) = integer else { return 0 };
    let bytes = integer.bytes();
    if bytes.len() > 8 {
        return -1;
    }
    let size = bytes
        .iter()
        .fold(0_u64, |n, byte| n << 8 | u64::from(*byte));
    match (c_long::try_from(size), integer.kind()) {
        (Ok(size), NEGATIVE) => -size,
        (Ok(size), _) => size,
        (Err(_), _) => -1,
    }
}
