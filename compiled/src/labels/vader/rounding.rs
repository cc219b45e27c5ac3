//! Python's `round(x, 4)`.

const PLACES: f64 = 1e4;
/// What the product of a number and 10,000 can be wrong by is less, for numbers of -1 to 1.
const UNSURE: f64 = 1e-9;

/// The float that is nearest to a number's exact decimal value rounded to four places, ties to even.
///
/// Only where the product is nearly between two integers, its own rounding can decide wrongly.
pub fn to_four_places(number: f64) -> f64 {
    let scaled = number * PLACES;
    if (scaled.fract().abs() - 0.5).abs() < UNSURE {
        return format!("{number:.4}").parse().unwrap_or(number);
    }
    scaled.round() / PLACES
}

#[cfg(test)]
mod tests {
    use super::to_four_places;

    #[test]
    fn a_tie_goes_to_the_even_neighbour() {
        assert_eq!(to_four_places(0.03125), 0.0312);
        assert_eq!(to_four_places(0.09375), 0.0938);
        assert_eq!(to_four_places(-0.03125), -0.0312);
    }

    #[test]
    fn what_only_looks_like_a_tie_goes_where_its_exact_value_says() {
        assert_eq!(to_four_places(0.12345), 0.1235);
        assert_eq!(to_four_places(0.00015), 0.0001);
    }
}
