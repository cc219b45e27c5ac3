//! Patterns and words one by one, for the tests that hold them to the definition.

use std::borrow::Cow;

use pyo3::prelude::*;
use pyo3::types::PyDict;
use rustc_hash::FxHashMap;

use crate::guard::guarded;

use super::deflection::Deflection;
use super::language::Language;
use super::patterns::{Pattern, Sure, Text};
use super::reading::Reading;
use super::rules::Rules;
use super::signature::Signature;
use super::sketch::Sketch;
use super::words::Words;

/// Reads texts for tests; None: that is left to the definition.
#[pyclass(frozen, module = "hubbub_compiled")]
pub struct Trial {
    words: Words,
    patterns: FxHashMap<String, Pattern>,
    language: Language,
    signature: Signature,
    sketch: Sketch,
    deflection: Deflection,
}

#[pymethods]
impl Trial {
    #[new]
    fn new(rules: &Bound<'_, PyDict>) -> PyResult<Trial> {
        let rules = Rules::of(rules)?;
        Ok(Trial {
            words: Words::of(&rules)?,
            patterns: rules.all_patterns()?,
            language: Language::of(&rules)?,
            signature: Signature::of(&rules)?,
            sketch: Sketch::of(&rules)?,
            deflection: Deflection::of(&rules)?,
        })
    }

    /// Where a pattern is found in a text, in characters.
    fn spans(&self, name: &str, text: &str) -> Option<Vec<(usize, usize)>> {
        let ascii = self.words.in_ascii(text).ok()?;
        let text = Text::new(text, ascii.as_deref().unwrap_or(text));
        let spans: Sure<Vec<_>> = self.patterns.get(name)?.find_all(text).collect();
        // A pattern of words may end within a character of several bytes: whether it matches is all that is asked.
        let place = |at| text.real.get(..at).map(|before| before.chars().count());
        spans.ok()?.into_iter().map(|span| Some((place(span.start)?, place(span.end)?))).collect()
    }

    /// Whether a pattern is found in a text.
    fn is_match(&self, name: &str, text: &str) -> Option<bool> {
        let ascii = self.words.in_ascii(text).ok()?;
        self.patterns.get(name)?.is_match(Text::new(text, ascii.as_deref().unwrap_or(text))).ok()
    }

    fn signature(&self, text: &str) -> Option<String> {
        self.signature.signature(&self.words, &self.words.cut(text)).ok()
    }

    /// A text that is not too long without its signature.
    fn unsigned(&self, text: &str) -> Option<String> {
        self.signature.unsigned(&self.words, text).ok().map(Cow::into_owned)
    }

    fn sketch(&self, text: &str) -> Option<Vec<u32>> {
        let text = self.words.cut(text);
        let unsigned = self.signature.unsigned(&self.words, &text).ok()?;
        self.sketch.sketch(&self.reading(&unsigned, None)?).ok().map(Vec::from)
    }

    /// None in a list of one: no text, or not English.
    fn deflection(&self, text: &str, lang: Option<&str>) -> Option<[Option<bool>; 1]> {
        let text = self.words.cut(text);
        let unsigned = self.signature.unsigned(&self.words, &text).ok()?;
        let (read, unsigned) = (self.reading(&text, lang)?, self.reading(&unsigned, lang)?);
        self.deflection.deflection(&self.signature, &read, &unsigned).ok().map(|told| [told])
    }

    fn plain(&self, text: &str) -> Option<String> {
        self.words.plain(text).ok().map(|plain| plain.real)
    }

    /// Fails as nobody has foreseen.
    #[staticmethod]
    fn fail(what: String) -> PyResult<()> {
        guarded(|| panic!("{what}"))
    }

    fn cut(&self, text: &str) -> String {
        self.words.cut(text).into_owned()
    }

    fn has_link(&self, text: &str) -> Option<bool> {
        let ascii = self.words.in_ascii(text).ok()?;
        self.words.has_link(Text::new(text, ascii.as_deref().unwrap_or(text))).ok()
    }

    /// How a character is seen: as one of words, of white space, and a letter; None: it is odd.
    fn kinds(&self, character: char) -> Option<(bool, bool, bool)> {
        let kinds = &self.words.kinds;
        let is = (kinds.is_word(character), kinds.is_space(character), kinds.is_letter(character));
        kinds.are_sure_of(character.encode_utf8(&mut [0; 4])).then_some(is)
    }

    /// A character in lower case, and whether it is in upper case.
    fn case(&self, character: char) -> (String, bool) {
        (character.to_lowercase().collect(), character.is_uppercase())
    }
}

impl Trial {
    fn reading<'a>(&'a self, text: &'a str, lang: Option<&'a str>) -> Option<Reading<'a>> {
        Reading::of(text, lang, &self.words, &self.language).ok()
    }
}
