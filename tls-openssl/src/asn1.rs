//! ASN1_STRING, ASN1_TIME, ASN1_INTEGER and ASN1_OBJECT, for reading.

use crate::args::{Out, count};
use crate::guard::guard;
use crate::object::{Counted, Owned, Plain};
use crate::objects;
use core::ffi::{c_char, c_int, c_long, c_uchar};

/// V_ASN1_*
pub(crate) const INTEGER: c_int = 2;
pub(crate) const NEGATIVE: c_int = 0x102;
pub(crate) const UTC_TIME: c_int = 23;
pub(crate) const GENERALIZED_TIME: c_int = 24;

/// A string with its type; times and integers are strings, too, as in OpenSSL.
pub struct ASN1_STRING(Plain<Value>);

struct Value {
    kind: c_int,
    /// With a NUL behind it that is not counted, as OpenSSL has it.
    data: Vec<u8>,
}

impl Value {
    fn new(kind: c_int, contents: &[u8]) -> Self {
        let mut data = Vec::with_capacity(contents.len() + 1);
        data.extend_from_slice(contents);
        data.push(0);
        Self { kind, data }
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

    /// Seconds since 1970 of a time; `None`: it is none.
    pub(crate) fn seconds(&self) -> Option<i64> {
        let bytes = self.bytes();
        let digits = bytes.strip_suffix(b"Z")?;
        let number = |from: usize, len: usize| -> Option<i64> {
            core::str::from_utf8(digits.get(from..from + len)?)
                .ok()?
                .parse()
                .ok()
        };
        let (year, at) = match self.kind() {
            UTC_TIME if digits.len() == 12 => {
                let year = number(0, 2)?;
                (if year < 50 { 2000 + year } else { 1900 + year }, 2)
            }
            GENERALIZED_TIME if digits.len() == 14 => (number(0, 4)?, 4),
            _ => return None,
        };
        let (month, day) = (number(at, 2)?, number(at + 2, 2)?);
        let time = number(at + 4, 2)? * 3600 + number(at + 6, 2)? * 60 + number(at + 8, 2)?;
        Some(days(year, month, day) * 86_400 + time)
    }

    /// A time of these seconds since 1970.
    pub(crate) fn time(seconds: i64) -> Owned<Self> {
        Owned::new(Self(Plain::new(Value::time(seconds))))
    }
}

impl Value {
    /// In the form that RFC 5280 §4.1.2.5 wants.
    fn time(seconds: i64) -> Self {
        let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
        let (year, month, day) = date(days);
        let clock = format!("{:02}{:02}{:02}Z", rest / 3600, rest / 60 % 60, rest % 60);
        if (1950..2050).contains(&year) {
            let text = format!("{:02}{month:02}{day:02}{clock}", year % 100);
            Self::new(UTC_TIME, text.as_bytes())
        } else {
            Self::new(
                GENERALIZED_TIME,
                format!("{year:04}{month:02}{day:02}{clock}").as_bytes(),
            )
        }
    }
}

/// Days since 1970 of a date of the Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    // Years that begin in March have their leap day at the end.
    let (year, month) = if month <= 2 {
        (year - 1, month + 9)
    } else {
        (year, month - 3)
    };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * month + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The date of a day since 1970.
fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, carry) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    (year + era * 400 + carry, month, day)
}

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// `Jan  5 09:34:43 2018 GMT`
pub(crate) fn time_text(seconds: i64) -> String {
    let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = date(days);
    let name = usize::try_from(month - 1)
        .ok()
        .and_then(|at| MONTHS.get(at))
        .unwrap_or(&"Bad");
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    format!("{name} {day:2} {hour:02}:{minute:02}:{second:02} {year} GMT")
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

/// Sets a time to these seconds since 1970; for NULL it makes one.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_ASN1_TIME_set(
    time: Option<&ASN1_STRING>,
    seconds: libc::time_t,
) -> *mut ASN1_STRING {
    guard(core::ptr::null_mut(), || {
        let Some(time) = time else {
            return ASN1_STRING::time(seconds).into_raw();
        };
        time.0.change(|value| *value = Value::time(seconds));
        core::ptr::from_ref(time).cast_mut()
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_ASN1_TIME_check(time: Option<&ASN1_STRING>) -> c_int {
    c_int::from(time.is_some_and(|time| time.seconds().is_some()))
}

/// -1: `a` is earlier, 0: the same, 1: later, -2: one of them is no time.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_ASN1_TIME_compare(
    a: Option<&ASN1_STRING>,
    b: Option<&ASN1_STRING>,
) -> c_int {
    let order =
        |(a, b): (&ASN1_STRING, &ASN1_STRING)| Some(a.seconds()?.cmp(&b.seconds()?) as c_int);
    a.zip(b).and_then(order).unwrap_or(-2)
}

/// Days and seconds from one time to another; NULL is now.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_ASN1_TIME_diff(
    out_days: Out<'_, c_int>,
    out_seconds: Out<'_, c_int>,
    from: Option<&ASN1_STRING>,
    to: Option<&ASN1_STRING>,
) -> c_int {
    let at = |time: Option<&ASN1_STRING>| time.map_or_else(|| Some(now()), ASN1_STRING::seconds);
    let Some((from, to)) = at(from).zip(at(to)) else {
        return 0;
    };
    let difference = to - from;
    out_days.set(c_int::try_from(difference / 86_400).unwrap_or(c_int::MAX));
    out_seconds.set(c_int::try_from(difference % 86_400).unwrap_or(0));
    1
}

pub(crate) fn now() -> i64 {
    use std::time::{SystemTime, UNIX_EPOCH};
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// Fills a `struct tm`; NULL is now.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_ASN1_TIME_to_tm(
    time: Option<&ASN1_STRING>,
    out: *mut libc::tm,
) -> c_int {
    let Some(seconds) = time.map_or_else(|| Some(now()), ASN1_STRING::seconds) else {
        return 0;
    };
    // SAFETY: room for a struct tm: the manual's promise.
    c_int::from(unsafe { !libc::gmtime_r(&raw const seconds, out).is_null() })
}

/// `Jan  5 09:34:43 2018 GMT`
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_ASN1_TIME_print(
    bio: Option<&crate::bio::BIO>,
    time: Option<&ASN1_STRING>,
) -> c_int {
    guard(0, || {
        let Some((bio, time)) = bio.zip(time) else {
            return 0;
        };
        let Some(seconds) = time.seconds() else {
            bio.write(b"Bad time value");
            return 0;
        };
        c_int::from(bio.write(time_text(seconds).as_bytes()) > 0)
    })
}

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
        let row = objects::by_nid(objects::nid(&object.oid)).filter(|_| dotted == 0);
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
