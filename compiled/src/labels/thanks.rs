//! Whether a message gives thanks, or says that it is solved: `streams/labels/thanks.py`.

use pyo3::prelude::*;

use super::patterns::{Owned, Pattern, Stems, Sure, Text};
use super::reading::Reading;
use super::rules::Rules;

/// Knows thanks from what only sounds like them.
pub struct Thanks {
    thanking: Stems,
    solving: Stems,
    thanks: Pattern,
    no_thanks: Pattern,
    closing: Pattern,
    /// Characters at the end of a text that may close it.
    closing_length: usize,
    solved: Pattern,
    open: Pattern,
    unsolved: Pattern,
    clause: Pattern,
}

/// A part of a text, or one that was made of it.
pub enum Meant<'a> {
    Part(Text<'a>),
    Made(Owned),
}

impl Meant<'_> {
    pub fn text(&self) -> Text<'_> {
        match self {
            Meant::Part(text) => *text,
            Meant::Made(text) => text.text(),
        }
    }
}

impl Thanks {
    pub fn of(rules: &Rules) -> PyResult<Thanks> {
        Ok(Thanks {
            thanking: rules.stems("thanks._THANKING")?,
            solving: rules.stems("thanks._SOLVING")?,
            thanks: rules.pattern("thanks._THANKS")?,
            no_thanks: rules.pattern("thanks._NO_THANKS")?,
            closing: rules.pattern("thanks._CLOSING")?,
            closing_length: rules.count("thanks._CLOSING_LENGTH")?,
            solved: rules.pattern("thanks._SOLVED")?,
            open: rules.pattern("thanks._OPEN")?,
            unsolved: rules.pattern("thanks._UNSOLVED")?,
            clause: rules.pattern("thanks._CLAUSE")?,
        })
    }

    /// Whether a text gives thanks or says that something is solved; None: no text, or not English.
    ///
    /// Args:
    ///     read: The text.
    ///     meant: The same without hollow thanks.
    pub fn thanks(&self, read: &Reading<'_>, meant: Text<'_>) -> Sure<Option<bool>> {
        if !read.may_be_judged()? {
            return Ok(None);
        }
        let plain = read.plain();
        let (thanks, solves) = (self.thanking.are_in(plain.real)?, self.solving.are_in(plain.real)?);
        if !(thanks || solves) || self.unsolved.is_match(plain)? {
            return Ok(Some(false));
        }
        if thanks && self.thanks.is_match(meant)? {
            return Ok(Some(true));
        }
        Ok(Some(solves && self.is_solved(plain)?))
    }

    fn is_solved(&self, plain: Text<'_>) -> Sure<bool> {
        for part in plain.split(" but ") {
            for clause in self.clause.find_all(part) {
                let clause = part.get(clause?)?;
                let solved = self.solved.is_match(clause)? && !clause.real.ends_with('?');
                if solved && !self.open.is_match(clause)? {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// A plain text without the thanks in it that are no thanks: in advance, declined, ironic.
    pub fn without_hollow_thanks<'a>(&self, plain: Text<'a>) -> Sure<Meant<'a>> {
        if !self.thanking.are_in(plain.real)? || !self.thanks.is_match(plain)? {
            return Ok(Meant::Part(plain));
        }
        let said = self.without_closing_thanks(plain)?;
        Ok(self.no_thanks.replace_all(said, " ")?.map_or(Meant::Part(said), Meant::Made))
    }

    /// Who asks, and closes with thanks, gives them in advance.
    fn without_closing_thanks<'a>(&self, plain: Text<'a>) -> Sure<Text<'a>> {
        let mut last = plain.real.char_indices().rev();
        let from = last.nth(self.closing_length - 1).map_or(0, |(at, _)| at);
        let end = plain.get(from..plain.real.len())?;
        let Some(closing) = self.closing.find(end)? else { return Ok(plain) };
        let first = end.real[closing.start..].chars().next().map_or(0, char::len_utf8);
        let kept = closing.start + first;
        let asks = plain.real[..from + kept].contains('?');
        if asks { plain.get(0..from + kept) } else { Ok(plain) }
    }
}
