//! Emoji and their names.

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};

/// Puts the names of emoji in their places, as the definition's `EmojiTranslator` does.
pub struct Emoji {
    names: FxHashMap<String, String>,
    /// By first character, how many bytes those emoji have that begin so; longest first.
    lengths: FxHashMap<char, Vec<usize>>,
    residue: FxHashSet<char>,
}

impl Emoji {
    pub fn new(names: FxHashMap<String, String>, residue: Vec<char>) -> Emoji {
        let mut lengths: FxHashMap<char, Vec<usize>> = FxHashMap::default();
        for emoji in names.keys() {
            if let Some(first) = emoji.chars().next() {
                lengths.entry(first).or_default().push(emoji.len());
            }
        }
        for each in lengths.values_mut() {
            each.sort_unstable_by(|one, other| other.cmp(one));
            each.dedup();
        }
        Emoji { names, lengths, residue: residue.into_iter().collect() }
    }

    /// The text with the name of each emoji between spaces.
    ///
    /// The definition also strips the result, which makes no difference to its words.
    pub fn translated<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if !text.chars().any(|char| self.lengths.contains_key(&char)) {
            return Cow::Borrowed(text);
        }
        let mut named = String::with_capacity(text.len() * 2);
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let mut read = first.len_utf8();
            match self.lengths.get(&first) {
                Some(lengths) => match self.longest(rest, lengths) {
                    Some((length, name)) => {
                        named.push(' ');
                        named.push_str(name);
                        named.push(' ');
                        read = length;
                    }
                    None => named.push(first),
                },
                None if self.residue.contains(&first) => {}
                None => named.push(first),
            }
            rest = &rest[read..];
        }
        Cow::Owned(named)
    }

    fn longest(&self, rest: &str, lengths: &[usize]) -> Option<(usize, &str)> {
        lengths.iter().find_map(|&length| {
            rest.get(..length).and_then(|emoji| Some((length, &**self.names.get(emoji)?)))
        })
    }
}
