//! Instants as SigV4 writes them.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use protocol::ErrorName;

use crate::{Error, Result};

/// `YYYYMMDD'T'HHMMSS'Z'`, UTC.
pub(crate) fn write(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// Reads [`write`]'s form and no other.
pub(crate) fn read(text: &str) -> Result<Timestamp> {
    parse(text).ok_or_else(|| {
        Error::new(
            ErrorName::IncompleteSignature,
            "Date must be in ISO-8601 'basic format'. See http://en.wikipedia.org/wiki/ISO_8601",
        )
    })
}

fn parse(text: &str) -> Option<Timestamp> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    if date.len() != 8 || time.len() != 6 {
        return None;
    }
    let number = |text: &str, from: usize, to: usize| {
        let digits = text.get(from..to)?;
        digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse::<i16>().ok())?
    };
    let small = |text, from, to| i8::try_from(number(text, from, to)?).ok();
    let civil = DateTime::new(
        number(date, 0, 4)?,
        small(date, 4, 6)?,
        small(date, 6, 8)?,
        small(time, 0, 2)?,
        small(time, 2, 4)?,
        small(time, 4, 6)?,
        0,
    );
    TimeZone::UTC.to_timestamp(civil.ok()?).ok()
}

/// An HTTP date, as a `Date` header has it (RFC 9110 §5.6.7), or [`write`]'s form.
pub(crate) fn read_http_date(text: &str) -> Result<Timestamp> {
    parse(text)
        .or_else(|| jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok())
        .map_or_else(|| read(text), Ok)
}
