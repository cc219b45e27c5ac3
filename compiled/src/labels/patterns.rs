//! Patterns of the definition, and the texts that they read.

use std::ops::Range;

use fancy_regex::{Regex, RegexInput};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// It is not certain here what the definition says: it is to be asked.
#[derive(Debug)]
pub struct Unsure;

/// What is certain to be what the definition says.
pub type Sure<T> = Result<T, Unsure>;

/// A text, and how patterns of words read it: in ASCII, byte by byte as long as the text.
///
/// `streams/labels/portable.py` says what stands there for characters beyond ASCII.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    pub real: &'a str,
    ascii: &'a str,
}

impl<'a> Text<'a> {
    /// A text of which both forms are known.
    pub fn new(real: &'a str, ascii: &'a str) -> Text<'a> {
        debug_assert_eq!(real.len(), ascii.len());
        Text { real, ascii }
    }

    pub fn is_ascii(&self) -> bool {
        self.has_one_form() || self.real.is_ascii()
    }

    fn has_one_form(&self) -> bool {
        std::ptr::eq(self.real, self.ascii)
    }

    /// How patterns of words read it.
    pub fn ascii(&self) -> &'a str {
        self.ascii
    }

    pub fn get(&self, range: Range<usize>) -> Sure<Text<'a>> {
        let real = self.real.get(range.clone()).ok_or(Unsure)?;
        Ok(Text { real, ascii: self.ascii.get(range).ok_or(Unsure)? })
    }

    /// The parts between the places where something stands, all of ASCII.
    pub fn split(self, by: &'a str) -> impl Iterator<Item = Text<'a>> {
        let start = self.ascii.as_ptr() as usize;
        self.ascii.split(by).map(move |part| {
            let from = part.as_ptr() as usize - start;
            Text { real: &self.real[from..from + part.len()], ascii: part }
        })
    }
}

/// A text that was made here.
#[derive(Debug, Default)]
pub struct Owned {
    pub real: String,
    /// None: the text is all ASCII.
    pub ascii: Option<String>,
}

impl Owned {
    pub fn text(&self) -> Text<'_> {
        Text { real: &self.real, ascii: self.ascii.as_deref().unwrap_or(&self.real) }
    }

    fn like(text: Text<'_>) -> Owned {
        let room = || String::with_capacity(text.real.len());
        Owned { real: room(), ascii: (!text.has_one_form()).then(room) }
    }

    /// Put a text behind it; one that is not all ASCII only behind one that need not be either.
    fn push(&mut self, text: Text<'_>) {
        self.real.push_str(text.real);
        if let Some(ascii) = &mut self.ascii {
            ascii.push_str(text.ascii);
        }
    }
}

/// A pattern that finds what its Python original finds.
pub struct Pattern {
    exact: Regex,
    /// Finds wherever the pattern does, and maybe elsewhere, in a tenth of the time.
    relaxed: Option<Regex>,
    /// Reads the text itself.
    letters: bool,
}

impl Pattern {
    pub fn new(source: &str, relaxed: Option<&str>, letters: bool) -> PyResult<Pattern> {
        Ok(Pattern { exact: compiled(source)?, relaxed: relaxed.map(compiled).transpose()?, letters })
    }

    fn read<'a>(&self, text: Text<'a>) -> &'a str {
        if self.letters { text.real } else { text.ascii }
    }

    pub fn is_match(&self, text: Text<'_>) -> Sure<bool> {
        match &self.relaxed {
            None => self.exact.is_match(self.read(text)).map_err(|_| Unsure),
            Some(relaxed) => {
                let read = self.read(text);
                Ok(relaxed.is_match(read).map_err(|_| Unsure)? && self.find_from(text, 0)?.is_some())
            }
        }
    }

    /// Where the first match stands.
    pub fn find(&self, text: Text<'_>) -> Sure<Option<Range<usize>>> {
        self.find_from(text, 0)
    }

    /// Where the first match from a place on stands.
    pub fn find_from(&self, text: Text<'_>, mut from: usize) -> Sure<Option<Range<usize>>> {
        let read = self.read(text);
        let Some(relaxed) = &self.relaxed else {
            return Ok(self.exact.find_from_pos(read, from).map_err(|_| Unsure)?.map(|found| found.range()));
        };
        while let Some(candidate) = relaxed.find_from_pos(read, from).map_err(|_| Unsure)? {
            let there = RegexInput::new(read).from_pos(candidate.start()).anchored(true);
            if let Some(found) = self.exact.find_input(there).map_err(|_| Unsure)? {
                return Ok(Some(found.range()));
            }
            from = candidate.start() + read[candidate.start()..].chars().next().map_or(1, char::len_utf8);
            if from > read.len() {
                break;
            }
        }
        Ok(None)
    }

    /// Where all matches stand, none of them empty.
    pub fn find_all(&self, text: Text<'_>) -> impl Iterator<Item = Sure<Range<usize>>> {
        let mut from = Some(0);
        std::iter::from_fn(move || {
            let found = self.find_from(text, from?).and_then(not_empty).transpose();
            from = match &found {
                Some(Ok(range)) => Some(range.end),
                _ => None,
            };
            found
        })
    }

    /// The parts of a text between the matches.
    pub fn split<'a>(&self, text: Text<'a>) -> Sure<Vec<Text<'a>>> {
        let mut parts = Vec::new();
        let mut done = 0;
        for found in self.find_all(text) {
            let found = found?;
            parts.push(text.get(done..found.start)?);
            done = found.end;
        }
        parts.push(text.get(done..text.real.len())?);
        Ok(parts)
    }

    /// What a named group holds where the pattern is found; none where it is not found, or the group is not.
    pub fn group<'a>(&self, text: Text<'a>, names: &[&str]) -> Sure<Option<Option<&'a str>>> {
        let Some(found) = self.find(text)? else { return Ok(None) };
        let there = RegexInput::new(self.read(text)).from_pos(found.start).anchored(true);
        let captures = self.exact.captures_input(there).map_err(|_| Unsure)?.ok_or(Unsure)?;
        let group = names.iter().find_map(|name| captures.name(name));
        Ok(Some(group.map(|group| text.real.get(group.range()).ok_or(Unsure)).transpose()?))
    }

    /// The text with something in the place of each match; None: there is none.
    pub fn replace_all(&self, text: Text<'_>, by: &str) -> Sure<Option<Owned>> {
        let mut made: Option<Owned> = None;
        let mut done = 0;
        for found in self.find_all(text) {
            let found = found?;
            let made = made.get_or_insert_with(|| Owned::like(text));
            made.push(text.get(done..found.start)?);
            made.push(Text::new(by, by));
            done = found.end;
        }
        if let Some(made) = &mut made {
            made.push(text.get(done..text.real.len())?);
        }
        Ok(made)
    }
}

fn not_empty(found: Option<Range<usize>>) -> Sure<Option<Range<usize>>> {
    match found {
        Some(range) if range.is_empty() => Err(Unsure),
        other => Ok(other),
    }
}

fn compiled(source: &str) -> PyResult<Regex> {
    Regex::new(source).map_err(|error| PyValueError::new_err(format!("{error}: {source}")))
}

/// Pieces of words, of which one is looked for.
pub struct Stems(Option<Regex>);

impl Stems {
    pub fn new<S: AsRef<str>>(stems: &[S]) -> PyResult<Stems> {
        if stems.is_empty() {
            return Ok(Stems(None));
        }
        let pieces: Vec<_> = stems.iter().map(|stem| fancy_regex::escape(stem.as_ref())).collect();
        compiled(&pieces.join("|")).map(|regex| Stems(Some(regex)))
    }

    /// Whether one of them stands in a text.
    pub fn are_in(&self, text: &str) -> Sure<bool> {
        self.0.as_ref().map_or(Ok(false), |regex| regex.is_match(text).map_err(|_| Unsure))
    }
}
