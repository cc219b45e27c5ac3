//! What Python says of characters, as far as patterns and words depend on it.

use super::patterns::{Sure, Unsure};
use super::rules::{Characters, Ranges};

/// A character beyond ASCII, as patterns of words see it.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Other,
    Word,
    Space,
    /// Python and Rust are at odds over it, or might be.
    Odd,
}

const PAGE: usize = 256;
const PAGES: usize = 0x11_0000 / PAGE;
/// Final or not: which of two letters it becomes in lower case hangs on what is around it.
const SIGMA: char = 'Σ';
/// A mark that is a letter in upper case.
const IOTA_BELOW: char = '\u{345}';

/// What each character beyond ASCII is.
pub struct Kinds {
    /// Which of the pages each 256 characters have: most of them are alike.
    places: Vec<u16>,
    pages: Vec<[Kind; PAGE]>,
}

impl Kinds {
    pub fn of(known: &Characters) -> Kinds {
        let mut all = vec![Kind::Other; PAGES * PAGE];
        mark(&mut all, &known.word, Kind::Word);
        mark(&mut all, &known.space, Kind::Space);
        mark(&mut all, &known.digit, Kind::Odd);
        mark(&mut all, &known.like_ascii, Kind::Odd);
        for character in odd_in_case(known).chain([SIGMA, IOTA_BELOW]) {
            all[character as usize] = Kind::Odd;
        }
        let mut kinds = Kinds { places: Vec::with_capacity(PAGES), pages: Vec::new() };
        for page in all.chunks_exact(PAGE) {
            let place = kinds.pages.iter().position(|known| known == page).unwrap_or_else(|| {
                kinds.pages.push(std::array::from_fn(|at| page[at]));
                kinds.pages.len() - 1
            });
            kinds.places.push(place as u16);
        }
        kinds
    }

    fn kind(&self, character: char) -> Kind {
        let code = character as usize;
        self.pages[self.places[code / PAGE] as usize][code % PAGE]
    }

    /// `\w`.
    pub fn is_word(&self, character: char) -> bool {
        if character.is_ascii() {
            character.is_ascii_alphanumeric() || character == '_'
        } else {
            self.kind(character) == Kind::Word
        }
    }

    /// `[^\W\d_]`.
    pub fn is_letter(&self, character: char) -> bool {
        if character.is_ascii() {
            character.is_ascii_alphabetic()
        } else {
            self.kind(character) == Kind::Word
        }
    }

    /// `\s`, and what `str.split` and `str.strip` take for white space.
    pub fn is_space(&self, character: char) -> bool {
        if character.is_ascii() {
            is_ascii_space(character as u8)
        } else {
            self.kind(character) == Kind::Space
        }
    }

    /// `str.strip`.
    pub fn stripped<'a>(&self, text: &'a str) -> &'a str {
        text.trim_matches(|character| self.is_space(character))
    }

    /// `str.rstrip`.
    pub fn stripped_end<'a>(&self, text: &'a str) -> &'a str {
        text.trim_end_matches(|character| self.is_space(character))
    }

    /// How patterns of words read a text; None: as it is.
    pub fn in_ascii(&self, text: &str) -> Sure<Option<String>> {
        if text.is_ascii() {
            return Ok(None);
        }
        let mut made = String::with_capacity(text.len());
        for character in text.chars() {
            let stands_for_it = match self.kind_of_any(character) {
                None => character,
                Some(Kind::Word) => '_',
                Some(Kind::Space) => ' ',
                Some(Kind::Other) => '\x01',
                Some(Kind::Odd) => return Err(Unsure),
            };
            for _ in 0..character.len_utf8() {
                made.push(stands_for_it);
            }
        }
        Ok(Some(made))
    }

    /// Whether nothing in a text is odd.
    pub fn are_sure_of(&self, text: &str) -> bool {
        text.is_ascii() || text.chars().all(|character| self.kind_of_any(character) != Some(Kind::Odd))
    }

    fn kind_of_any(&self, character: char) -> Option<Kind> {
        (!character.is_ascii()).then(|| self.kind(character))
    }
}

/// White space of ASCII in Python; Rust does not count the separators of files, groups, records and units.
fn is_ascii_space(byte: u8) -> bool {
    matches!(byte, b'\t'..=b'\r' | 0x1c..=b' ')
}

fn mark(all: &mut [Kind], ranges: &Ranges, kind: Kind) {
    for &(first, last) in ranges {
        all[first as usize..=last as usize].fill(kind);
    }
}

/// The characters of whose case Python and Rust say different things: their versions of Unicode differ.
fn odd_in_case(known: &Characters) -> impl Iterator<Item = char> {
    let mut lower = known.lower.iter().peekable();
    let mut upper = known.upper.iter().peekable();
    ('\0'..=char::MAX).filter(move |&character| {
        let code = character as u32;
        let said = lower.next_if(|(at, _)| *at == code).map(|(_, word)| word.as_str());
        let is_upper = upper.next_if(|&&at| at == code).is_some();
        let is_alike = is_upper == character.is_uppercase() && is_lowered(character, said);
        !is_alike && !character.is_ascii()
    })
}

/// Whether Rust, too, says what a character is in lower case; None: what it is anyway.
fn is_lowered(character: char, said: Option<&str>) -> bool {
    match said {
        Some(said) => character.to_lowercase().eq(said.chars()),
        None => character.to_lowercase().eq([character]),
    }
}
