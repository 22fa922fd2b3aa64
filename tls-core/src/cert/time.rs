//! Times of certificates (RFC 5280 §4.1.2.5), as seconds since 1970-01-01 00:00:00 UTC without leap
//! seconds; negative before.

use crate::wire::der::{BadDer, Element, tag};

/// Days from 1970-01-01 to the first of `month` (1..=12) of `year`, in the Gregorian calendar.
/// Years begin in March here, so that the leap day is a year's last.
const fn days_before_month(year: i64, month: i64) -> i64 {
    let (y, m) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let leap_days = y.div_euclid(4) - y.div_euclid(100) + y.div_euclid(400);
    y * 365 + leap_days + (m * 153 + 2) / 5 - 719_468
}

/// UTCTime (years 1950 to 2049) or GeneralizedTime, each in the one form that RFC 5280 allows:
/// with seconds, without fractions, ending in Z.
pub(super) fn parse(time: Element<'_>) -> Result<i64, BadDer> {
    let year_digits = match time.tag {
        tag::UTC_TIME => 2,
        tag::GENERALIZED_TIME => 4,
        _ => return Err(BadDer),
    };
    let [digits @ .., b'Z'] = time.content else {
        return Err(BadDer);
    };
    if digits.len() != year_digits + 10 || !digits.iter().all(u8::is_ascii_digit) {
        return Err(BadDer);
    }
    let number = |part: &[u8]| part.iter().fold(0, |n, d| n * 10 + i64::from(d - b'0'));
    let (year, rest) = digits.split_at(year_digits);
    let year = match (number(year), year_digits) {
        (y, 4) => y,
        (y, _) if y < 50 => 2000 + y,
        (y, _) => 1900 + y,
    };
    let part = |i: usize| number(&rest[2 * i..2 * i + 2]);
    let (month, day, hour, minute, second) = (part(0), part(1), part(2), part(3), part(4));
    if !(1..=12).contains(&month) || hour > 23 || minute > 59 || second > 59 {
        return Err(BadDer);
    }
    let first = days_before_month(year, month);
    let next = if month == 12 {
        days_before_month(year + 1, 1)
    } else {
        days_before_month(year, month + 1)
    };
    if !(1..=next - first).contains(&day) {
        return Err(BadDer);
    }
    Ok(((first + day - 1) * 24 + hour) * 3600 + minute * 60 + second)
}

/// `2026-01-02 03:04:05 UTC`
pub(super) fn readable(seconds: i64) -> String {
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    // 400 years have 146 097 days; the estimate is right or one too high.
    let mut year = 1970 + days.div_euclid(146_097) * 400 + days.rem_euclid(146_097) / 365;
    while days_before_month(year, 1) > days {
        year -= 1;
    }
    let mut month = 12;
    while days_before_month(year, month) > days {
        month -= 1;
    }
    let day = days - days_before_month(year, month) + 1;
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02} UTC")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> Result<i64, BadDer> {
        time(tag::UTC_TIME, text)
    }

    fn general(text: &str) -> Result<i64, BadDer> {
        time(tag::GENERALIZED_TIME, text)
    }

    fn time(tag: u8, text: &str) -> Result<i64, BadDer> {
        parse(Element {
            tag,
            content: text.as_bytes(),
            whole: &[],
        })
    }

    #[test]
    fn both_forms() {
        assert_eq!(utc("700101000000Z"), Ok(0));
        assert_eq!(utc("691231235959Z"), Ok(-1));
        assert_eq!(utc("491231235959Z"), Ok(2_524_607_999));
        assert_eq!(utc("500101000000Z"), Ok(-631_152_000));
        assert_eq!(general("20000229000000Z"), Ok(951_782_400));
        assert_eq!(general("99991231235959Z"), Ok(253_402_300_799));
    }

    #[test]
    fn what_is_no_time() {
        for bad in [
            "",
            "Z",
            "7001010000Z",
            "700101000000",
            "700101000000+0000",
            "70010100000aZ",
            "701301000000Z",
            "700001000000Z",
            "700100000000Z",
            "700132000000Z",
            "700431000000Z",
            "700229000000Z",
            "700101240000Z",
            "700101006000Z",
            "700101000060Z",
            "19700101000000Z",
        ] {
            assert_eq!(utc(bad), Err(BadDer), "{bad}");
        }
        for bad in ["700101000000Z", "19000229000000Z", "20260101000000.5Z"] {
            assert_eq!(general(bad), Err(BadDer), "{bad}");
        }
    }

    #[test]
    fn readable_times() {
        assert_eq!(readable(0), "1970-01-01 00:00:00 UTC");
        assert_eq!(readable(-1), "1969-12-31 23:59:59 UTC");
        assert_eq!(readable(951_868_799), "2000-02-29 23:59:59 UTC");
        assert_eq!(readable(4_107_542_400), "2100-03-01 00:00:00 UTC");
        assert_eq!(readable(253_402_300_799), "9999-12-31 23:59:59 UTC");
        assert!(readable(i64::MAX).ends_with(" UTC"));
        assert!(readable(i64::MIN).ends_with(" UTC"));
    }

    #[test]
    fn every_day_of_four_centuries_goes_there_and_back() {
        for day in 0..146_097 {
            let text = readable(day * 86_400);
            let digits: String = text.chars().filter(char::is_ascii_digit).collect();
            assert_eq!(general(&format!("{digits}Z")), Ok(day * 86_400), "{text}");
        }
    }
}
