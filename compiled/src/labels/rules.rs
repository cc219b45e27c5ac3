//! The rules of the labels, as `streams/labels/rules.py` hands them over.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use rustc_hash::{FxHashMap, FxHashSet};

use super::patterns::{Pattern, Stems};

/// Source, what finds more without looking around, and whether it reads the text itself.
type Portable = (String, Option<String>, bool);
/// Code points from the first to the last of each.
pub type Ranges = Vec<(u32, u32)>;

/// What Python knows of characters.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct Characters {
    pub word: Ranges,
    pub space: Ranges,
    pub digit: Ranges,
    pub like_ascii: Ranges,
    pub upper: Vec<u32>,
    pub lower: Vec<(u32, String)>,
    pub apostrophes: Vec<(u32, char)>,
    pub entities: Vec<String>,
}

/// All rules, by module and name.
pub struct Rules<'py> {
    all: Bound<'py, PyDict>,
    patterns: FxHashMap<String, Portable>,
    words: FxHashMap<String, Vec<String>>,
    texts: FxHashMap<String, String>,
    numbers: FxHashMap<String, f64>,
}

impl<'py> Rules<'py> {
    pub fn of(all: &Bound<'py, PyDict>) -> PyResult<Rules<'py>> {
        Ok(Rules {
            patterns: kind(all, "patterns")?.extract()?,
            words: kind(all, "words")?.extract()?,
            texts: kind(all, "texts")?.extract()?,
            numbers: kind(all, "numbers")?.extract()?,
            all: all.clone(),
        })
    }

    pub fn pattern(&self, name: &str) -> PyResult<Pattern> {
        let (source, relaxed, letters) = known(&self.patterns, name)?;
        Pattern::new(source, relaxed.as_deref(), *letters)
    }

    /// Every pattern by its name.
    pub fn all_patterns(&self) -> PyResult<FxHashMap<String, Pattern>> {
        self.patterns.keys().map(|name| Ok((name.clone(), self.pattern(name)?))).collect()
    }

    /// Pieces of words, of which one is looked for.
    pub fn stems(&self, name: &str) -> PyResult<Stems> {
        Stems::new(known(&self.words, name)?)
    }

    pub fn words(&self, name: &str) -> PyResult<FxHashSet<Box<str>>> {
        Ok(known(&self.words, name)?.iter().map(|word| word.as_str().into()).collect())
    }

    pub fn text(&self, name: &str) -> PyResult<&str> {
        known(&self.texts, name).map(String::as_str)
    }

    pub fn number(&self, name: &str) -> PyResult<f64> {
        known(&self.numbers, name).copied()
    }

    /// A number of things.
    pub fn count(&self, name: &str) -> PyResult<usize> {
        self.number(name).map(|number| number as usize)
    }

    pub fn characters(&self) -> PyResult<Characters> {
        kind(&self.all, "characters")?.extract()
    }

    /// Rules of a kind that only one part knows.
    pub fn part(&self, name: &str) -> PyResult<Bound<'py, PyAny>> {
        kind(&self.all, name)
    }

    /// A function of the definition.
    pub fn definition(&self, name: &str) -> PyResult<Py<PyAny>> {
        Ok(kind(&self.all, "definitions")?.get_item(name)?.unbind())
    }
}

fn kind<'py>(all: &Bound<'py, PyDict>, name: &str) -> PyResult<Bound<'py, PyAny>> {
    all.get_item(name)?.ok_or_else(|| no(name))
}

fn known<'a, T>(rules: &'a FxHashMap<String, T>, name: &str) -> PyResult<&'a T> {
    rules.get(name).ok_or_else(|| no(name))
}

fn no(name: &str) -> PyErr {
    PyValueError::new_err(format!("no rule is called {name}"))
}
