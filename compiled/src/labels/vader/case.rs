//! Capital and small letters, as Python knows them: its Unicode is of another year than Rust's.

/// Code points, from the first to the last of each range, in order.
pub type Ranges = Vec<(u32, u32)>;

pub struct Case {
    capital: Ranges,
    /// Small letters, and those that are two in one with only the first a capital.
    small: Ranges,
}

impl Case {
    pub fn new(capital: Ranges, small: Ranges) -> Case {
        Case { capital, small }
    }

    /// `str.isupper`: some letter is a capital, and none is small.
    pub fn is_upper(&self, text: &str) -> bool {
        let mut has_capital = false;
        for letter in text.chars() {
            if holds(&self.small, letter) {
                return false;
            }
            has_capital |= holds(&self.capital, letter);
        }
        has_capital
    }
}

fn holds(ranges: &Ranges, letter: char) -> bool {
    let code = u32::from(letter);
    let at = ranges.partition_point(|&(_, last)| last < code);
    ranges.get(at).is_some_and(|&(first, _)| first <= code)
}
