//! Whether a label that knows English may judge a text: `streams/labels/language.py`.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::patterns::{Sure, Unsure};
use super::rules::Rules;
use super::words::Words;

/// `_WORD`, which is read here without an engine for patterns.
const WORD: &str = r"[^\W\d_]+(?:'[^\W\d_]+)*";
const ENGLISH: &str = "en";

/// Knows English by its frequent words.
pub struct Language {
    /// Subtags that name no language.
    unsaid: FxHashSet<Box<str>>,
    /// Frequent words, and whether they are English ones.
    frequent: FxHashMap<Box<str>, bool>,
    /// Words of a short text.
    short: usize,
    share: f64,
}

impl Language {
    pub fn of(rules: &Rules) -> PyResult<Language> {
        if rules.text("language._WORD")? != WORD {
            return Err(PyValueError::new_err("the definition reads words of a text otherwise"));
        }
        let other = rules.words("language._OTHER")?.into_iter().map(|word| (word, false));
        let english = rules.words("language._ENGLISH")?.into_iter().map(|word| (word, true));
        Ok(Language {
            unsaid: rules.words("language._UNSAID")?,
            frequent: other.chain(english).collect(),
            short: rules.count("language._SHORT")?,
            share: rules.number("language._SHARE")?,
        })
    }

    /// Whether a text is English, or needs no language because it has no letters at all.
    pub fn is_english(&self, words: &Words, plain: &str, lang: Option<&str>) -> Sure<bool> {
        let said = primary(lang)?;
        if self.unsaid.iter().any(|tag| said.eq_ignore_ascii_case(tag)) {
            return Ok(self.looks_english(words, plain));
        }
        Ok(said.eq_ignore_ascii_case(ENGLISH))
    }

    fn looks_english(&self, words: &Words, plain: &str) -> bool {
        let (mut all, mut foreign_letters, mut english, mut other) = (0, 0, 0, 0);
        for word in words_of(words, plain) {
            all += 1;
            foreign_letters += usize::from(!word.is_ascii());
            match self.frequent.get(word) {
                Some(true) => english += 1,
                Some(false) => other += 1,
                None => {}
            }
        }
        if all <= self.short {
            return all == 0 || (foreign_letters == 0 && english >= other);
        }
        english > other && foreign_letters <= english && english as f64 >= self.share * all as f64
    }
}

/// The primary subtag of a language as it is written.
pub fn primary(lang: Option<&str>) -> Sure<&str> {
    let lang = lang.unwrap_or_default();
    if !lang.is_ascii() {
        return Err(Unsure);
    }
    Ok(lang.split(['-', '_']).next().unwrap_or_default())
}

/// The words of a text: runs of letters, with apostrophes between them.
fn words_of<'a>(words: &Words, plain: &'a str) -> impl Iterator<Item = &'a str> {
    let is_letter = |character| words.kinds.is_letter(character);
    let mut rest = plain;
    std::iter::from_fn(move || {
        rest = &rest[rest.find(is_letter)?..];
        let mut end = run(rest, is_letter);
        while let Some(behind) = rest[end..].strip_prefix('\'') {
            match run(behind, is_letter) {
                0 => break,
                more => end += 1 + more,
            }
        }
        let (word, behind) = rest.split_at(end);
        rest = behind;
        Some(word)
    })
}

/// Bytes of the letters that a text begins with.
fn run(text: &str, is_letter: impl Fn(char) -> bool) -> usize {
    text.find(|character| !is_letter(character)).unwrap_or(text.len())
}
