//! Microseconds as seconds, exactly as Python's `datetime` has them.

const SECOND: i64 = 1_000_000;
/// Integers up to this are exact as floats.
const EXACT: u64 = 1 << 53;
/// So many more bits than are kept of an inexact quotient.
const EXTRA: u32 = 24;

/// What `timedelta.total_seconds` says: the float that is nearest to the quotient, for whole centuries too.
pub fn seconds(micros: i64) -> f64 {
    let size = micros.unsigned_abs();
    if size <= EXACT {
        return micros as f64 / SECOND as f64;
    }
    let (numerator, divisor) = (u128::from(size) << EXTRA, SECOND as u128);
    // The last bit tells of the rest, so that rounding knows on which side of the middle this is.
    let quotient = (numerator / divisor) | u128::from(numerator % divisor != 0);
    let seconds = quotient as f64 / (1_u64 << EXTRA) as f64;
    if micros < 0 { -seconds } else { seconds }
}
