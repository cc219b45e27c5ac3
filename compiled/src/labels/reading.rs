//! What several labels ask of one text, told once.

use std::cell::OnceCell;

use super::language::Language;
use super::patterns::{Owned, Sure, Text};
use super::words::Words;

/// A text that is read.
pub struct Reading<'a> {
    pub text: &'a str,
    pub lang: Option<&'a str>,
    pub words: &'a Words,
    language: &'a Language,
    is_blank: bool,
    plain: Owned,
    is_english: OnceCell<bool>,
}

impl<'a> Reading<'a> {
    /// Args as they are cut: no more of a text is read.
    pub fn of(
        text: &'a str,
        lang: Option<&'a str>,
        words: &'a Words,
        language: &'a Language,
    ) -> Sure<Reading<'a>> {
        let plain = words.plain(text)?;
        let is_blank = words.is_blank(text);
        Ok(Reading { text, lang, words, language, is_blank, plain, is_english: OnceCell::new() })
    }

    /// A text of the same message.
    pub fn of_same<'b>(&'b self, text: &'b str) -> Sure<Reading<'b>> {
        Reading::of(text, self.lang, self.words, self.language)
    }

    /// Whether there is nothing but white space in it.
    pub fn is_blank(&self) -> bool {
        self.is_blank
    }

    /// The text without links and names, in lower case.
    pub fn plain(&self) -> Text<'_> {
        self.plain.text()
    }

    pub fn is_english(&self) -> Sure<bool> {
        if let Some(&known) = self.is_english.get() {
            return Ok(known);
        }
        let told = self.language.is_english(self.words, &self.plain.real, self.lang)?;
        Ok(*self.is_english.get_or_init(|| told))
    }

    /// Whether a label that knows English may judge it.
    pub fn may_be_judged(&self) -> Sure<bool> {
        Ok(!self.is_blank && self.is_english()?)
    }
}
