//! The initials or the first name that a text is signed with: `streams/labels/signature.py`.

use std::borrow::Cow;

use pyo3::prelude::*;
use rustc_hash::FxHashSet;

use super::patterns::{Owned, Pattern, Sure, Text, Unsure};
use super::rules::Rules;
use super::words::Words;

/// Finds names behind the marks that sign a text.
pub struct Signature {
    behind: Pattern,
    marks: Vec<char>,
    /// Characters at the end of a text in which its signature is.
    end: usize,
    /// Behind a mark that is not used for anything else.
    marked: Pattern,
    others: [Pattern; 4],
    /// What is nobody's name.
    words: FxHashSet<Box<str>>,
    before: Vec<char>,
}

impl Signature {
    pub fn of(rules: &Rules) -> PyResult<Signature> {
        Ok(Signature {
            behind: rules.pattern("signature._BEHIND")?,
            marks: rules.text("signature._MARKS")?.chars().collect(),
            end: rules.count("signature._END")?,
            marked: rules.pattern("signature._MARKED")?,
            others: [
                rules.pattern("signature._STARRED")?,
                rules.pattern("signature._SLASHED")?,
                rules.pattern("signature._TIGHT")?,
                rules.pattern("signature._WIDE")?,
            ],
            words: rules.words("signature._WORDS")?,
            before: rules.text("signature._BEFORE")?.chars().collect(),
        })
    }

    /// The name that a text is signed with; empty: it is not signed.
    ///
    /// Args:
    ///     text: As it is cut.
    pub fn signature(&self, words: &Words, text: &str) -> Sure<String> {
        let end = self.end_of(words, text);
        if !self.holds_mark(end) {
            return Ok(String::new());
        }
        let ascii = words.in_ascii(end)?;
        let end = Text::new(end, ascii.as_deref().unwrap_or(end));
        let cleared = self.behind.replace_all(end, "")?;
        let end = cleared.as_ref().map_or(end, Owned::text);
        let end = end.get(0..words.kinds.stripped_end(end.real).len())?;
        if let Some(name) = named(&self.marked, end)? {
            return Ok(name.to_owned());
        }
        for pattern in &self.others {
            let Some(name) = named(pattern, end)? else { continue };
            if name.starts_with(char::is_uppercase) {
                let is_word = self.words.contains(&*name.to_lowercase());
                return Ok(if is_word { String::new() } else { name.to_owned() });
            }
        }
        Ok(String::new())
    }

    /// A text without the name that it is signed with.
    pub fn without<'a>(&self, text: &'a str, name: &str) -> Sure<Cow<'a, str>> {
        if name.is_empty() {
            return Ok(Cow::Borrowed(text));
        }
        let place = text.rfind(name).ok_or(Unsure)?;
        let body = text[..place].trim_end_matches(&*self.before);
        Ok(Cow::Owned(format!("{body} {}", &text[place + name.len()..])))
    }

    /// A text, as it is cut, without its signature.
    pub fn unsigned<'a>(&self, words: &Words, text: &'a str) -> Sure<Cow<'a, str>> {
        self.without(text, &self.signature(words, text)?)
    }

    fn end_of<'a>(&self, words: &Words, text: &'a str) -> &'a str {
        let text = words.kinds.stripped_end(text);
        if text.len() <= self.end {
            return text;
        }
        let first = text.char_indices().rev().nth(self.end - 1).map_or(0, |(at, _)| at);
        &text[first..]
    }

    fn holds_mark(&self, end: &str) -> bool {
        end.contains(&*self.marks)
    }
}

/// The name that a pattern finds, without the dots around it; None: it finds none.
fn named<'a>(pattern: &Pattern, end: Text<'a>) -> Sure<Option<&'a str>> {
    let found = pattern.group(end, &["name", "capitals"])?.flatten();
    Ok(found.map(|name| name.trim_matches('.')).filter(|name| !name.is_empty()))
}
