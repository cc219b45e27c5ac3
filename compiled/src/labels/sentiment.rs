//! Whether a message is negative, neutral or positive: `streams/labels/sentiment.py`.

use blake2::digest::consts::U8;
use blake2::{Blake2b, Digest};
use pyo3::prelude::*;

use super::patterns::{Owned, Pattern, Stems, Sure, Text, Unsure};
use super::reading::Reading;
use super::rules::Rules;
use super::vader::Vader;
use crate::event::SocialEvent;

/// One more than the largest number of 64 bits.
const ALL: f64 = 18_446_744_073_709_551_616.0;

/// Hears what a text sounds like.
pub struct Sentiment {
    /// None: another version of the library is installed.
    vader: Option<Vader>,
    wish: Pattern,
    wishing: Stems,
    positive: f64,
    negative: f64,
}

impl Sentiment {
    pub fn of(rules: &Rules) -> PyResult<Sentiment> {
        Ok(Sentiment {
            vader: rules.part("vader")?.extract::<Option<_>>()?.map(Vader::new),
            wish: rules.pattern("sentiment._WISH")?,
            wishing: rules.stems("sentiment._WISHING")?,
            positive: rules.number("sentiment._POSITIVE")?,
            negative: rules.number("sentiment._NEGATIVE")?,
        })
    }

    /// -1, 0 or 1 for what a text sounds like; None: no text, or not English.
    ///
    /// Args:
    ///     read: The text.
    ///     meant: The same without hollow thanks.
    pub fn sentiment(&self, read: &Reading<'_>, meant: Text<'_>) -> Sure<Option<i8>> {
        if !read.may_be_judged()? {
            return Ok(None);
        }
        let wishes = self.wishing.are_in(meant.real)?;
        let without_wishes = if wishes { self.wish.replace_all(meant, " ")? } else { None };
        let meant = without_wishes.as_ref().map_or(meant, Owned::text);
        let score = self.vader.as_ref().ok_or(Unsure)?.compound(meant.real);
        Ok(Some(if score >= self.positive {
            1
        } else if score <= self.negative {
            -1
        } else {
            0
        }))
    }
}

/// Whether a message is one of those whose sentiment is told.
pub fn in_sample(event: &SocialEvent, share: f64) -> bool {
    if share >= 1.0 {
        return true;
    }
    let name = Blake2b::<U8>::new()
        .chain_update(event.platform.as_bytes())
        .chain_update([0])
        .chain_update(event.id.as_bytes());
    let number = u64::from_be_bytes(name.finalize().into());
    is_less(number, share * ALL)
}

/// A whole number against a float, exactly: as a float it would be rounded.
fn is_less(number: u64, limit: f64) -> bool {
    limit >= ALL || (limit > 0.0 && number < limit.ceil() as u64)
}
