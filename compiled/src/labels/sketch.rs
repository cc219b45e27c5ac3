//! A MinHash of a reply: `streams/labels/sketch.py`.

use blake2::Blake2b512;
use blake2::digest::{CustomizedInit, FixedOutput, Update};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use super::characters::Kinds;
use super::patterns::{Owned, Pattern, Sure};
use super::reading::Reading;
use super::rules::Rules;

/// `_WORD`, which is read here without an engine for patterns.
const WORD: &str = r"[^\W_]+(?:['-][^\W_]+)*";
/// `_DIGIT`; texts with digits beyond ASCII are left to the definition.
const DIGIT: &str = r"\d";
/// What stands for each word that holds a digit.
const NUMBER: &str = "0";
const PERSONS: [&[u8]; 2] = [b"hubbub-1", b"hubbub-2"];
/// Bytes of a digest.
const DIGEST: usize = 64;
/// Bytes of a number of a sketch.
const WIDTH: usize = 4;
const PERMUTATIONS: usize = PERSONS.len() * DIGEST / WIDTH;

/// Sketches what replies say.
pub struct Sketch {
    greeting: Pattern,
    /// Words that a text must have.
    fewest: usize,
    /// Words of a shingle.
    run: usize,
    hashes: [Blake2b512; 2],
}

impl Sketch {
    pub fn of(rules: &Rules) -> PyResult<Sketch> {
        let (fewest, run) = (rules.count("sketch.FEWEST")?, rules.count("sketch.RUN")?);
        let reads_alike = rules.text("sketch._WORD")? == WORD && rules.text("sketch._DIGIT")? == DIGIT;
        let counts_alike = rules.count("sketch.PERMUTATIONS")? == PERMUTATIONS && (1..=fewest).contains(&run);
        if !(reads_alike && counts_alike) {
            return Err(PyValueError::new_err("the definition sketches texts otherwise"));
        }
        let greeting = rules.pattern("sketch._GREETING")?;
        Ok(Sketch { greeting, fewest, run, hashes: PERSONS.map(Blake2b512::new_customized) })
    }

    /// 32 numbers; none of a text of too few words.
    ///
    /// Args:
    ///     unsigned: The text without its signature.
    pub fn sketch(&self, unsigned: &Reading<'_>) -> Sure<Box<[u32]>> {
        let plain = unsigned.plain();
        let body = self.greeting.replace_all(plain, "")?;
        let body = body.as_ref().map_or(plain, Owned::text);
        let said = Said::of(&unsigned.words.kinds, body.real);
        if said.ends.len() < self.fewest {
            return Ok(Box::default());
        }
        let mut least = [u32::MAX; PERMUTATIONS];
        for run in said.runs(self.run) {
            self.take_least(&mut least, run.as_bytes());
        }
        Ok(Box::new(least))
    }

    fn take_least(&self, least: &mut [u32; PERMUTATIONS], run: &[u8]) {
        for (hash, least) in self.hashes.iter().zip(least.chunks_exact_mut(DIGEST / WIDTH)) {
            let digest = hash.clone().chain(run).finalize_fixed();
            for (bytes, least) in digest.as_chunks::<WIDTH>().0.iter().zip(least) {
                *least = (*least).min(u32::from_le_bytes(*bytes));
            }
        }
    }
}

/// The words of a text, with a space between each two.
struct Said {
    text: String,
    /// Where each word ends.
    ends: Vec<usize>,
}

impl Said {
    fn of(kinds: &Kinds, body: &str) -> Said {
        let mut said =
            Said { text: String::with_capacity(body.len()), ends: Vec::with_capacity(body.len() / 4) };
        let is_letter = |character| character != '_' && kinds.is_word(character);
        let mut rest = body;
        while let Some(start) = rest.find(is_letter) {
            let word = &rest[start..];
            let end = end_of_word(word, is_letter);
            said.add(&word[..end]);
            rest = &word[end..];
        }
        said
    }

    fn add(&mut self, word: &str) {
        if !self.ends.is_empty() {
            self.text.push(' ');
        }
        let holds_digit = word.bytes().any(|byte| byte.is_ascii_digit());
        self.text.push_str(if holds_digit { NUMBER } else { word });
        self.ends.push(self.text.len());
    }

    /// So many words in a row, from each word on that so many follow.
    fn runs(&self, length: usize) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.ends.iter().map(|end| end + 1));
        starts.zip(self.ends.iter().skip(length - 1)).map(|(start, &end)| &self.text[start..end])
    }
}

/// Bytes of the word that a text begins with: letters and digits, with single hyphens and apostrophes inside.
fn end_of_word(text: &str, is_letter: impl Fn(char) -> bool) -> usize {
    let run = |from: usize| text[from..].find(|character| !is_letter(character)).unwrap_or(text.len() - from);
    let mut end = run(0);
    while text[end..].starts_with(['\'', '-']) {
        match run(end + 1) {
            0 => break,
            more => end += 1 + more,
        }
    }
    end
}
