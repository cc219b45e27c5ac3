//! The compound score of `streams/labels/sentiment.py`'s `Analyzer`.
//!
//! The rules are those of nltk-vader-sentiment 1.0 (Apache-2.0), after VADER by C.J. Hutto and E.E. Gilbert
//! (2014, MIT). Words and numbers are not kept here: `streams/labels/vader_parts.py` hands them over.

mod case;
mod context;
mod emoji;
mod parts;
mod phrases;
mod rounding;
mod sum;
mod token;
mod words;

use std::borrow::Cow;

use pyo3::prelude::*;
use rustc_hash::FxHashMap;

use case::Case;
use context::Context;
use emoji::Emoji;
use parts::{Parts, Scale};
use phrases::{Kinds, Phrases, Place};
use rounding::to_four_places;
use sum::Sum;
use token::Tokens;
use words::Role;

/// Gives texts VADER's compound score.
#[pyclass(frozen, module = "hubbub_compiled")]
pub struct Vader {
    apostrophes: FxHashMap<char, Box<str>>,
    emoji: Emoji,
    tokens: Tokens,
    phrases: Phrases,
    scale: Scale,
    /// Whether Python's `sum` makes up for what floats lose, as it does since 3.12.
    sums_compensated: bool,
}

#[pymethods]
impl Vader {
    /// Of what `streams.labels.vader_parts.parts` gives.
    #[new]
    pub fn new(parts: Parts) -> Vader {
        let phrases = Phrases::new(&parts);
        Vader {
            apostrophes: parts.apostrophes.into_iter().map(|(from, to)| (from, to.into())).collect(),
            emoji: Emoji::new(parts.emoji, parts.emoji_residue),
            tokens: Tokens::new(
                words::Words::new(&parts.lexicon, &parts.booster, &parts.negations, &phrases),
                Case::new(parts.capital, parts.small),
                &parts.punctuation,
            ),
            phrases,
            scale: parts.scale,
            sums_compensated: parts.sums_compensated,
        }
    }

    /// The compound score of a text, -1 to 1: the very float that the definition gives.
    pub fn compound(&self, text: &str) -> f64 {
        let text = self.translated(text);
        let tokens = self.tokens.of(&text);
        let score = self.score(&Context::new(&tokens, &self.phrases, &self.scale));
        if score == 0.0 {
            return 0.0;
        }
        let emphasis = self.emphasis(&text);
        let emphasised = if score > 0.0 { score + emphasis } else { score - emphasis };
        let norm = emphasised / (emphasised * emphasised + self.scale.alpha).sqrt();
        to_four_places(norm.clamp(-1.0, 1.0))
    }
}

impl Vader {
    /// The text with one kind of apostrophe and the names of its emoji.
    ///
    /// The definition does not look for emoji in ASCII either.
    fn translated<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if text.is_ascii() {
            return Cow::Borrowed(text);
        }
        if !text.chars().any(|char| self.apostrophes.contains_key(&char)) {
            return self.emoji.translated(text);
        }
        let mut straight = String::with_capacity(text.len());
        for char in text.chars() {
            match self.apostrophes.get(&char) {
                Some(apostrophe) => straight.push_str(apostrophe),
                None => straight.push(char),
            }
        }
        if straight.is_ascii() {
            return Cow::Owned(straight);
        }
        Cow::Owned(self.emoji.translated(&straight).into_owned())
    }

    /// The sum of the valences of a text, added in the order of the definition.
    fn score(&self, context: &Context<'_>) -> f64 {
        let places = self.phrases.multiword_places(context);
        let but = context.tokens.iter().position(|token| token.word.role == Role::But);
        let mut sum = Sum::new(self.sums_compensated);
        for at in 0..context.tokens.len() {
            let place = places.get(at).copied().unwrap_or(Place::Free);
            let valence = match place {
                Place::Free => self.word(context, at),
                Place::Begins(valence) => Some(context.modified(valence, at)),
                Place::Taken => None,
            };
            let Some(valence) = valence else { continue };
            sum.add(match but {
                Some(but) if at < but => valence * self.scale.but_before,
                Some(but) if at > but => valence * self.scale.but_after,
                _ => valence,
            });
        }
        if context.kinds.hold(Kinds::IDIOM) {
            self.phrases.idioms(&context.ids).for_each(|valence| sum.add(valence));
        }
        sum.total()
    }

    /// The valence of the word at a place that is in no phrase; None: it has none.
    fn word(&self, context: &Context<'_>, at: usize) -> Option<f64> {
        let tokens = context.tokens;
        let word = tokens[at].word;
        let own = word.valence?;
        let next = tokens.get(at + 1).map(|token| token.word);
        // What strengthens or weakens its neighbours does not count itself.
        if word.booster.is_some()
            || (word.role == Role::Kind && next.is_some_and(|next| next.role == Role::Of))
        {
            return None;
        }
        let mut valence = own;
        if word.role == Role::No && next.is_some_and(|next| next.valence.is_some()) {
            valence = 0.0;
        }
        if context.no_precedes(at) {
            valence = own * self.scale.n_scalar;
        }
        if tokens[at].is_upper && context.is_mixed {
            if valence > 0.0 {
                valence += self.scale.c_incr;
            } else if valence < 0.0 {
                valence -= self.scale.c_incr;
            }
        }
        Some(context.modified(valence, at))
    }

    /// What exclamation and question marks add.
    fn emphasis(&self, text: &str) -> f64 {
        let (mut exclamations, mut questions) = (0_usize, 0_usize);
        for byte in text.bytes() {
            exclamations += usize::from(byte == b'!');
            questions += usize::from(byte == b'?');
        }
        let exclaimed = exclamations.min(self.scale.ep_cap) as f64 * self.scale.ep_amplify;
        let asked = match questions {
            0 | 1 => 0.0,
            2 | 3 => questions as f64 * self.scale.qm_amplify,
            _ => self.scale.qm_cap,
        };
        exclaimed + asked
    }
}
