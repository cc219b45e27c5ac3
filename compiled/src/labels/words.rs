//! The words of a text as the labels read them: `streams/labels/words.py`.

use std::borrow::Cow;

use pyo3::prelude::*;

use super::characters::Kinds;
use super::patterns::{Owned, Pattern, Sure, Text, Unsure};
use super::rules::Rules;

/// Entities that stand in texts as platforms give them out, without their `&`.
const COMMON: [(&str, char); 5] = [("amp;", '&'), ("lt;", '<'), ("gt;", '>'), ("quot;", '"'), ("#39;", '\'')];
const LONGEST_ENTITY: usize = 32;

/// How the labels come to the words of a text.
pub struct Words {
    pub kinds: Kinds,
    link: Pattern,
    linkish: Pattern,
    mention: Pattern,
    apostrophes: Vec<(char, char)>,
    /// Characters of a text that are read.
    longest: usize,
    tail: usize,
    /// Entities that count without a semicolon.
    entities: Vec<String>,
}

impl Words {
    pub fn of(rules: &Rules) -> PyResult<Words> {
        let known = rules.characters()?;
        let apostrophes = known.apostrophes.iter();
        Ok(Words {
            kinds: Kinds::of(&known),
            link: rules.pattern("words._LINK")?,
            linkish: rules.pattern("words._LINKISH")?,
            mention: rules.pattern("words._MENTION")?,
            apostrophes: apostrophes
                .filter_map(|&(code, other)| Some((char::from_u32(code)?, other)))
                .collect(),
            longest: rules.count("words.LONGEST")?,
            tail: rules.count("words._TAIL")?,
            entities: known.entities,
        })
    }

    /// What is read of a text: all of it, unless it is too long.
    pub fn cut<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let length = if text.len() <= self.longest { text.len() } else { text.chars().count() };
        if length <= self.longest {
            return Cow::Borrowed(text);
        }
        let place = |number| text.char_indices().nth(number).map_or(text.len(), |(at, _)| at);
        let (head, tail) = (place(self.longest - self.tail), place(length - self.tail));
        Cow::Owned(format!("{} {}", &text[..head], &text[tail..]))
    }

    /// How patterns of words read a text; None: as it is.
    pub fn in_ascii(&self, text: &str) -> Sure<Option<String>> {
        self.kinds.in_ascii(text)
    }

    /// A text in both forms.
    pub fn read(&self, text: String) -> Sure<Owned> {
        let ascii = self.in_ascii(&text)?;
        Ok(Owned { real: text, ascii })
    }

    /// Whether a link stands in a text, with or without a scheme.
    pub fn has_link(&self, text: Text<'_>) -> Sure<bool> {
        Ok(self.may_have_link(text)? && self.link.is_match(text)?)
    }

    /// Whether a text holds what every link holds.
    pub fn may_have_link(&self, text: Text<'_>) -> Sure<bool> {
        self.linkish.is_match(text)
    }

    /// Whether there is nothing but white space in a text.
    pub fn is_blank(&self, text: &str) -> bool {
        self.kinds.stripped(text).is_empty()
    }

    /// The text without links and names of accounts, one space between words, one kind of apostrophe.
    pub fn shown(&self, text: &str) -> Sure<String> {
        let text = self.unescaped(text)?;
        let ascii = self.in_ascii(&text)?;
        self.spoken(Text::new(&text, ascii.as_deref().unwrap_or(&text)))
    }

    /// The same in lower case.
    pub fn plain(&self, text: &str) -> Sure<Owned> {
        let mut shown = self.shown(text)?;
        if shown.is_ascii() {
            shown.make_ascii_lowercase();
            return Ok(Owned { real: shown, ascii: None });
        }
        self.read(shown.to_lowercase())
    }

    fn spoken(&self, text: Text<'_>) -> Sure<String> {
        let linked = self.may_have_link(text)?;
        let without_links = if linked { self.link.replace_all(text, " ")? } else { None };
        let text = without_links.as_ref().map_or(text, Owned::text);
        let named = text.real.contains('@') || text.real.contains("u/");
        let without_names = if named { self.mention.replace_all(text, " ")? } else { None };
        Ok(self.joined(without_names.as_ref().map_or(text, Owned::text).real))
    }

    /// `" ".join(text.translate(_APOSTROPHES).split())`.
    fn joined(&self, text: &str) -> String {
        let mut made = String::with_capacity(text.len());
        let mut is_apart = false;
        for character in text.chars() {
            if self.kinds.is_space(character) {
                is_apart = !made.is_empty();
                continue;
            }
            if is_apart {
                made.push(' ');
                is_apart = false;
            }
            made.push(self.straightened(character));
        }
        made
    }

    fn straightened(&self, character: char) -> char {
        if character.is_ascii_alphanumeric() {
            return character;
        }
        let found = self.apostrophes.iter().find(|&&(known, _)| known == character);
        found.map_or(character, |&(_, straight)| straight)
    }

    /// `html.unescape`, of the entities that are common.
    fn unescaped<'a>(&self, text: &'a str) -> Sure<Cow<'a, str>> {
        let Some(first) = text.find('&') else { return Ok(Cow::Borrowed(text)) };
        let mut made = String::with_capacity(text.len());
        made.push_str(&text[..first]);
        let mut rest = &text[first..];
        while let Some(behind) = rest.strip_prefix('&') {
            let common = COMMON.iter().find(|(name, _)| behind.starts_with(name));
            let sign = match common {
                Some((name, sign)) => {
                    rest = &behind[name.len()..];
                    *sign
                }
                None if self.is_entity(behind) => return Err(Unsure),
                None => {
                    rest = behind;
                    '&'
                }
            };
            made.push(sign);
            let next = rest.find('&').unwrap_or(rest.len());
            made.push_str(&rest[..next]);
            rest = &rest[next..];
        }
        Ok(Cow::Owned(made))
    }

    /// Whether what follows an `&` might be the name of an entity.
    fn is_entity(&self, behind: &str) -> bool {
        if behind.starts_with('#') {
            return true;
        }
        let ends = |character| matches!(character, '\t' | '\n' | '\x0c' | ' ' | '<' | '&' | '#' | ';');
        let name = &behind[..behind.find(ends).unwrap_or(behind.len())];
        let has_end = behind[name.len()..].starts_with(';') && name.chars().count() <= LONGEST_ENTITY;
        !name.is_empty() && (has_end || self.entities.iter().any(|entity| name.starts_with(entity.as_str())))
    }
}
