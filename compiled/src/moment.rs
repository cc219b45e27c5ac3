//! Event time: microseconds since 1970, UTC; as JSON has it, and of Python's `datetime`.

use std::fmt::Write;

use pyo3::exceptions::PyValueError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyTzInfo;

/// Microseconds since 1970, UTC.
pub type Moment = i64;

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const DAY: i64 = 24 * 60 * MINUTE;
/// The ordinal that Python gives to the first day of 1970.
const ORDINAL_1970: i64 = 719_163;

/// A time of the shape `2024-05-01T10:00:00.123456+02:00`, with a fraction or none, and with an offset, `Z` or
/// nothing, which is UTC. None: any other shape, of which the definition knows what it means.
pub fn read(text: &str) -> Option<Moment> {
    let (head, rest) = text.as_bytes().split_at_checked(19)?;
    let marks = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    if marks.iter().any(|&(place, mark)| head[place] != mark) {
        return None;
    }
    let year = number(&head[..4], 1900, 2199)?;
    let month = number(&head[5..7], 1, 12)?;
    let day = number(&head[8..10], 1, days_in(year, month))?;
    let hour = number(&head[11..13], 0, 23)?;
    let minute = number(&head[14..16], 0, 59)?;
    let second = number(&head[17..], 0, 59)?;
    let (fraction, zone) = fraction(rest)?;
    let clock = (hour * 3600 + minute * 60 + second) * SECOND + fraction;
    Some(days_of(year, month, day) * DAY + clock - offset(zone)?)
}

/// Microseconds, and what follows.
fn fraction(text: &[u8]) -> Option<(i64, &[u8])> {
    let Some(text) = text.strip_prefix(b".") else { return Some((0, text)) };
    let end = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    if digits.is_empty() || digits.len() > 6 {
        return None;
    }
    let scale = 10_i64.pow(6 - digits.len() as u32);
    Some((number(digits, 0, 999_999)? * scale, rest))
}

/// Microseconds east of UTC.
fn offset(zone: &[u8]) -> Option<i64> {
    match zone {
        b"" | b"Z" => Some(0),
        [sign @ (b'+' | b'-'), hours @ .., b':', _, _] if hours.len() == 2 => {
            let minutes = number(hours, 0, 23)? * 60 + number(&zone[4..], 0, 59)?;
            Some(if *sign == b'-' { -minutes * MINUTE } else { minutes * MINUTE })
        }
        _ => None,
    }
}

fn number(digits: &[u8], least: i64, most: i64) -> Option<i64> {
    let mut number = 0;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        number = number * 10 + i64::from(digit - b'0');
    }
    (least <= number && number <= most).then_some(number)
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970. Years begin in March here, so that the odd day is their last.
fn days_of(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Year, month and day: `days_of` the other way round.
fn date_of(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * march + 2) / 5 + 1;
    let month = if march < 10 { march + 3 } else { march - 9 };
    (era * 400 + year + i64::from(month <= 2), month, day)
}

struct Parts {
    date: (i64, i64, i64),
    hour: i64,
    minute: i64,
    second: i64,
    microsecond: i64,
}

fn parts(moment: Moment) -> Parts {
    let (days, clock) = (moment.div_euclid(DAY), moment.rem_euclid(DAY));
    let seconds = clock / SECOND;
    Parts {
        date: date_of(days),
        hour: seconds / 3600,
        minute: seconds / 60 % 60,
        second: seconds % 60,
        microsecond: clock % SECOND,
    }
}

/// Append a time as pydantic writes it: `2024-05-01T10:00:00Z`, with six digits more where there is a fraction.
pub fn write(out: &mut String, moment: Moment) {
    let Parts { date: (year, month, day), hour, minute, second, microsecond } = parts(moment);
    // Writing to a string does not fail.
    let _ = write!(out, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
    if microsecond != 0 {
        let _ = write!(out, ".{microsecond:06}");
    }
    out.push('Z');
}

/// Microseconds since 1970 of an aware `datetime`.
pub fn of_python(value: &Bound<'_, PyAny>) -> PyResult<Moment> {
    let py = value.py();
    let utc = PyTzInfo::utc(py)?;
    let zone = value.getattr(intern!(py, "tzinfo"))?;
    if zone.is(&*utc) {
        return of_utc(value);
    }
    if zone.is_none() {
        return Err(PyValueError::new_err("a time without an offset is no moment"));
    }
    of_utc(&value.call_method1(intern!(py, "astimezone"), (utc,))?)
}

fn of_utc(value: &Bound<'_, PyAny>) -> PyResult<Moment> {
    // Not through float timestamps, which do not hold all microseconds.
    let py = value.py();
    let days: i64 = value.call_method0(intern!(py, "toordinal"))?.extract()?;
    let hour: i64 = value.getattr(intern!(py, "hour"))?.extract()?;
    let minute: i64 = value.getattr(intern!(py, "minute"))?.extract()?;
    let second: i64 = value.getattr(intern!(py, "second"))?.extract()?;
    let microsecond: i64 = value.getattr(intern!(py, "microsecond"))?.extract()?;
    let seconds = hour * 3600 + minute * 60 + second;
    Ok((days - ORDINAL_1970) * DAY + seconds * SECOND + microsecond)
}
