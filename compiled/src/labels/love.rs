//! Whether a message shows love or joy: `streams/labels/love.py`.

use pyo3::prelude::*;

use super::patterns::{Owned, Pattern, Stems, Sure};
use super::reading::Reading;
use super::rules::Rules;

/// Knows love by its words and signs.
pub struct Love {
    loving: Stems,
    signs: Pattern,
    words: Pattern,
    not_love: Pattern,
    sarcasm: Pattern,
}

impl Love {
    pub fn of(rules: &Rules) -> PyResult<Love> {
        Ok(Love {
            loving: rules.stems("love._LOVING")?,
            signs: rules.pattern("love._SIGNS")?,
            words: rules.pattern("love._WORDS")?,
            not_love: rules.pattern("love._NOT_LOVE")?,
            sarcasm: rules.pattern("love._SARCASM")?,
        })
    }

    /// Whether a text shows love or joy; None: no text, or words that are not English.
    pub fn love(&self, read: &Reading<'_>) -> Sure<Option<bool>> {
        if !read.may_be_judged()? {
            return Ok(None);
        }
        let plain = read.plain();
        if plain.is_ascii() && !self.loving.are_in(plain.real)? {
            return Ok(Some(false));
        }
        if self.sarcasm.is_match(plain)? {
            return Ok(Some(false));
        }
        if !plain.is_ascii() && self.signs.is_match(plain)? {
            return Ok(Some(true));
        }
        if !self.words.is_match(plain)? {
            return Ok(Some(false));
        }
        let left = self.not_love.replace_all(plain, " ")?;
        self.words.is_match(left.as_ref().map_or(plain, Owned::text)).map(Some)
    }
}
