//! Whether a message asks something: `streams/labels/question.py`.

use pyo3::prelude::*;
use rustc_hash::FxHashSet;

use super::language::primary;
use super::patterns::{Pattern, Sure};
use super::reading::Reading;
use super::rules::Rules;

const GREEK: &str = "el";

/// Knows questions by their marks, and English ones by their words.
pub struct Question {
    mark: Pattern,
    greek_mark: Pattern,
    asked: Pattern,
    /// Languages in which people mark a question.
    marked: FxHashSet<Box<str>>,
}

impl Question {
    pub fn of(rules: &Rules) -> PyResult<Question> {
        Ok(Question {
            mark: rules.pattern("question._MARK")?,
            greek_mark: rules.pattern("question._GREEK_MARK")?,
            asked: rules.pattern("question._ASKED")?,
            marked: rules.words("question.MARKED")?,
        })
    }

    /// Whether a text asks something; None: the text or the language does not tell.
    pub fn question(&self, read: &Reading<'_>) -> Sure<Option<bool>> {
        if read.is_blank() {
            return Ok(None);
        }
        let language = primary(read.lang)?;
        if self.is_marked(read, language.eq_ignore_ascii_case(GREEK))? {
            return Ok(Some(true));
        }
        if read.is_english()? {
            return self.asked.is_match(read.plain()).map(Some);
        }
        let marks = self.marked.iter().any(|tag| language.eq_ignore_ascii_case(tag));
        Ok(marks.then_some(false))
    }

    fn is_marked(&self, read: &Reading<'_>, greek: bool) -> Sure<bool> {
        let plain = read.plain();
        Ok(plain.real.contains('?')
            || (!plain.is_ascii() && self.mark.is_match(plain)?)
            || (greek && self.greek_mark.is_match(plain)?))
    }
}
