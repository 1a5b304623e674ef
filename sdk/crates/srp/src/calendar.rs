//! The TIMESTAMP of the signed message: `EEE MMM d HH:mm:ss 'UTC' yyyy`, English names,
//! the day without a leading zero (the service refuses one).

use alloc::string::String;

use crate::SrpError;

const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAY: u64 = 86_400;
/// Seconds of the last instant of the year 9999, the last that four digits name.
const LAST: u64 = 253_402_300_799;

/// (year, month 0..=11, day 1..=31) of a day counted from 1970-01-01, in years that begin
/// with March so that the leap day comes last.
fn date(days: u64) -> (u64, usize, u64) {
    // 719 468 days lie between 0000-03-01 and 1970-01-01; 146 097 days make 400 years.
    let days = days + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * march_month + 2) / 5 + 1;
    let month = (march_month + 2) % 12;
    let year = era * 400 + year_of_era + u64::from(month < 2);
    (year, usize::try_from(month).unwrap_or_default(), day)
}

/// Days from 1970-01-01 to the given date (month 0..=11) of 1970 or later.
fn days(year: u64, month: u64, day: u64) -> u64 {
    let year = if month < 2 { year - 1 } else { year };
    let (era, year_of_era) = (year / 400, year % 400);
    let of_year = (153 * ((month + 10) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year - 719_468
}

fn push_number(out: &mut String, number: u64, width: u32) {
    for place in (0..width).rev() {
        let digit = number / 10u64.pow(place) % 10;
        out.push(char::from(b'0' + u8::try_from(digit).unwrap_or_default()));
    }
}

/// The instant, in seconds since 1970 UTC, as TIMESTAMP says it: `Tue Nov 3 04:05:06 UTC 2026`.
/// Instants past the year 9999 are said as its last second.
#[must_use]
pub fn derive_timestamp(unix_seconds: u64) -> String {
    let unix_seconds = unix_seconds.min(LAST);
    let (whole, second) = (unix_seconds / DAY, unix_seconds % DAY);
    let (year, month, day) = date(whole);
    let weekday = usize::try_from(whole % 7).unwrap_or_default();
    let mut out = String::with_capacity(28);
    out.push_str(DAYS.get(weekday).copied().unwrap_or_default());
    out.push(' ');
    out.push_str(MONTHS.get(month).copied().unwrap_or_default());
    out.push(' ');
    push_number(&mut out, day, if day < 10 { 1 } else { 2 });
    for (lead, number) in [(' ', second / 3600), (':', second / 60 % 60), (':', second % 60)] {
        out.push(lead);
        push_number(&mut out, number, 2);
    }
    out.push_str(" UTC ");
    push_number(&mut out, year, 4);
    out
}

/// Seconds since 1970 UTC of a TIMESTAMP. Exactly the strings [`derive_timestamp`] makes are
/// taken, save that the weekday may be any: two spaces, a padded day or a day that is not in
/// the calendar are refused.
///
/// # Errors
/// [`SrpError::Timestamp`] for anything else, and for years before 1970.
pub fn parse_timestamp(timestamp: &str) -> Result<u64, SrpError> {
    let (weekday, rest) = timestamp.split_at_checked(3).ok_or(SrpError::Timestamp)?;
    read(timestamp)
        .filter(|_| DAYS.contains(&weekday))
        .filter(|seconds| derive_timestamp(*seconds).get(3..) == Some(rest))
        .ok_or(SrpError::Timestamp)
}

/// A lenient reading; the caller compares with the one right spelling.
fn read(timestamp: &str) -> Option<u64> {
    let mut words = timestamp.split(' ').skip(1);
    let name = words.next()?;
    let month = MONTHS.iter().position(|month| *month == name)?;
    let day = number(words.next()?, 31)?;
    let mut clock = words.next()?.split(':');
    let (hour, minute, second) = (number(clock.next()?, 23)?, number(clock.next()?, 59)?, number(clock.next()?, 59)?);
    let year = number(words.nth(1)?, 9999)?;
    if year < 1970 || day == 0 {
        return None;
    }
    let whole = days(year, u64::try_from(month).ok()?, day);
    Some(whole * DAY + hour * 3600 + minute * 60 + second)
}

/// A decimal number of at most four digits, at most `most`.
fn number(digits: &str, most: u64) -> Option<u64> {
    if digits.is_empty() || digits.len() > 4 {
        return None;
    }
    let value = digits
        .bytes()
        .try_fold(0u64, |value, digit| digit.is_ascii_digit().then(|| value * 10 + u64::from(digit - b'0')))?;
    (value <= most).then_some(value)
}
