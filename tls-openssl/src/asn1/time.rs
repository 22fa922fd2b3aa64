//! ASN1_TIME: an ASN1_STRING with a date in it (RFC 5280 §4.1.2.5).

use super::{ASN1_STRING, GENERALIZED_TIME, UTC_TIME, Value};
use crate::args::Out;
use crate::guard::guard;
use crate::object::{Owned, Plain};
use core::ffi::c_int;

impl ASN1_STRING {
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
fn time_text(seconds: i64) -> String {
    let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = date(days);
    let name = usize::try_from(month - 1)
        .ok()
        .and_then(|at| MONTHS.get(at))
        .unwrap_or(&"Bad");
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    format!("{name} {day:2} {hour:02}:{minute:02}:{second:02} {year} GMT")
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
