//! The words of a text, without the punctuation around them.

use super::case::Case;
use super::words::{Word, Words};

pub struct Token<'a> {
    pub word: &'a Word,
    /// As Python's `str.isupper` says of it.
    pub is_upper: bool,
}

/// Takes texts apart.
pub struct Tokens {
    words: Words,
    case: Case,
    /// By code: whether an ASCII character is punctuation.
    punctuation: [bool; 128],
    longest_entry: usize,
}

impl Tokens {
    pub fn new(words: Words, case: Case, punctuation: &str) -> Tokens {
        let mut marks = [false; 128];
        for mark in punctuation.bytes() {
            if let Some(mark) = marks.get_mut(usize::from(mark)) {
                *mark = true;
            }
        }
        let longest_entry = words.longest_entry();
        Tokens { words, case, punctuation: marks, longest_entry }
    }

    pub fn of<'a>(&'a self, text: &str) -> Vec<Token<'a>> {
        let mut tokens = Vec::with_capacity(text.len() / 4);
        let parts = text.split(is_space).filter(|part| !part.is_empty());
        tokens.extend(parts.map(|part| self.token(part)));
        tokens
    }

    /// A word without punctuation around it, unless it is an entry of the lexicon: an emoticon.
    fn token(&self, written: &str) -> Token<'_> {
        let bare = written.trim_matches(|char| self.is_punctuation(char));
        if bare.len() == written.len() {
            return self.read(written);
        }
        let whole = self.read(written);
        if whole.word.valence.is_some() {
            return whole;
        }
        if !bare.is_empty() {
            return self.read(bare);
        }
        self.emoticon(written).unwrap_or(whole)
    }

    /// The emoticon that nothing but punctuation begins with.
    fn emoticon(&self, marks: &str) -> Option<Token<'_>> {
        let longest = self.longest_entry.min(marks.len() - 1);
        let beginnings = (1..=longest).rev().filter_map(|end| marks.get(..end));
        beginnings.map(|beginning| self.read(beginning)).find(|token| token.word.valence.is_some())
    }

    fn read(&self, written: &str) -> Token<'_> {
        if written.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
            return Token { word: self.words.of(written), is_upper: false };
        }
        Token { word: self.words.of(&lower(written)), is_upper: self.case.is_upper(written) }
    }

    fn is_punctuation(&self, char: char) -> bool {
        self.punctuation.get(char as usize).copied().unwrap_or(false)
    }
}

/// Whether Python's `str.split` splits at a character.
fn is_space(char: char) -> bool {
    char.is_whitespace() || ('\x1c'..='\x1f').contains(&char)
}

fn lower(written: &str) -> String {
    if written.is_ascii() { written.to_ascii_lowercase() } else { written.to_lowercase() }
}
