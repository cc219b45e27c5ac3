//! What the words around one do to its valence.

use super::parts::Scale;
use super::phrases::{Kinds, Phrases};
use super::token::Token;
use super::words::Role;

/// The words that can reach another: three behind it.
const REACH: usize = 3;

/// A text as the rules see it.
pub struct Context<'a> {
    pub tokens: &'a [Token<'a>],
    /// Whether some words are in capitals and some are not.
    pub is_mixed: bool,
    /// Of which lists of phrases one may be there.
    pub kinds: Kinds,
    /// The numbers of the words in phrases; empty where no phrase is.
    pub ids: Vec<u32>,
    phrases: &'a Phrases,
    scale: &'a Scale,
}

impl<'a> Context<'a> {
    pub fn new(tokens: &'a [Token<'a>], phrases: &'a Phrases, scale: &'a Scale) -> Context<'a> {
        let capitals = tokens.iter().filter(|token| token.is_upper).count();
        let kinds = phrases.kinds(tokens);
        let ids =
            if kinds.is_none() { Vec::new() } else { tokens.iter().map(|token| token.word.id).collect() };
        Context { tokens, is_mixed: 0 < capitals && capitals < tokens.len(), kinds, ids, phrases, scale }
    }

    /// What a word is to the rules that stands so many places before another.
    fn role(&self, at: usize, before: usize) -> Option<Role> {
        Some(self.tokens[at.checked_sub(before)?].word.role)
    }

    /// Whether "no" before a word turns it.
    pub fn no_precedes(&self, at: usize) -> bool {
        self.role(at, 1) == Some(Role::No)
            || self.role(at, 2) == Some(Role::No)
            || (self.role(at, 3) == Some(Role::No) && matches!(self.role(at, 1), Some(Role::Or | Role::Nor)))
    }

    /// A valence after all that boosters, negations, phrases and "least" do to it.
    pub fn modified(&self, mut valence: f64, at: usize) -> f64 {
        for before in 1..=REACH.min(at) {
            let near = &self.tokens[at - before];
            if near.word.valence.is_some() {
                continue;
            }
            valence += self.boost(near, valence, before);
            valence = self.negated(valence, at, before);
        }
        if self.kinds.hold(Kinds::SPECIAL) {
            valence = self.special(valence, at);
        }
        if self.kinds.hold(Kinds::BOOSTER) {
            valence = self.boosted_by_pairs(valence, at);
        }
        self.least(valence, at)
    }

    /// What a word adds to the valence of another that stands so many places behind it.
    fn boost(&self, near: &Token<'_>, valence: f64, before: usize) -> f64 {
        let Some(booster) = near.word.booster else { return 0.0 };
        let mut scalar = if valence < 0.0 { -booster } else { booster };
        if near.is_upper && self.is_mixed {
            if valence > 0.0 {
                scalar += self.scale.c_incr;
            } else if valence < 0.0 {
                scalar -= self.scale.c_incr;
            }
        }
        match before {
            2 => scalar * self.scale.decay_two,
            3 => scalar * self.scale.decay_three,
            _ => scalar,
        }
    }

    fn negated(&self, valence: f64, at: usize, before: usize) -> f64 {
        let near = self.tokens[at - before].word;
        let between = |roles: &[Role]| {
            (1..before).any(|place| self.role(at, place).is_some_and(|role| roles.contains(&role)))
        };
        if near.role == Role::Never && between(&[Role::So, Role::This]) {
            valence * self.scale.never_boost
        } else if near.negates && !(near.role == Role::Without && between(&[Role::Doubt])) {
            valence * self.scale.n_scalar
        } else {
            valence
        }
    }

    /// The valence of a phrase around a word in place of its own.
    ///
    /// The last that reaches behind the word, or else the first of those that begin before it.
    fn special(&self, valence: f64, at: usize) -> f64 {
        const BEFORE: [(usize, usize); 5] = [(1, 2), (2, 3), (2, 2), (3, 3), (3, 2)];
        const BEHIND: [(usize, usize); 3] = [(1, 3), (0, 2), (0, 3)];
        let phrase = |&(before, length): &(usize, usize)| self.phrases.special(self.row(at, before, length)?);
        BEHIND.iter().rev().chain(&BEFORE).find_map(phrase).unwrap_or(valence)
    }

    /// Two words such as "sort of" right before a word, or one word before that.
    fn boosted_by_pairs(&self, valence: f64, at: usize) -> f64 {
        let pairs = [2, 3].into_iter().filter_map(|before| self.row(at, before, 2));
        pairs.filter_map(|pair| self.phrases.booster(pair)).fold(valence, |valence, scalar| valence + scalar)
    }

    /// So many words from so many places before a word on; None: the text has not so many.
    fn row(&self, at: usize, before: usize, length: usize) -> Option<&[u32]> {
        let first = at.checked_sub(before)?;
        self.ids.get(first..first + length)
    }

    fn least(&self, valence: f64, at: usize) -> f64 {
        let is_least = self.role(at, 1) == Some(Role::Least) && self.tokens[at - 1].word.valence.is_none();
        if !is_least || matches!(self.role(at, 2), Some(Role::At | Role::Very)) {
            return valence;
        }
        valence * self.scale.n_scalar
    }
}
