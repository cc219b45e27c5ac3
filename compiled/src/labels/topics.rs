//! What a message is about: `streams/labels/topics.py`.

use std::collections::BTreeSet;

use pyo3::prelude::*;

use super::asks::BareTags;
use super::characters::Kinds;
use super::patterns::{Stems, Sure};
use crate::event::Str;

/// A word or phrase of a topic, as it is read.
struct Piece {
    read: String,
    /// Whether it must begin a word, and end one.
    begins: bool,
    ends: bool,
}

/// Words and phrases by topic, and whether they must begin a word, and end one.
pub type Pieces = Vec<(String, Vec<(String, bool, bool)>)>;

/// What tells of each topic of a brand.
pub struct Topics {
    /// Of which one is in whatever tells of a topic.
    any: Stems,
    named: Vec<(Str, Vec<Piece>)>,
}

impl Topics {
    /// Of what `streams.labels.rules.pieces` says of a brand's topics.
    pub fn of(pieces: Pieces) -> PyResult<Topics> {
        let all: Vec<&String> = pieces.iter().flat_map(|(_, some)| some).map(|(read, _, _)| read).collect();
        let any = Stems::new(&all)?;
        let named = pieces.into_iter().map(|(name, some)| {
            let pieces = some.into_iter().map(|(read, begins, ends)| Piece { read, begins, ends });
            (name.into(), pieces.collect())
        });
        Ok(Topics { any, named: named.collect() })
    }

    /// The topics that a text names.
    fn named_in<'a>(&'a self, kinds: &Kinds, plain: &str) -> Sure<impl Iterator<Item = &'a Str>> {
        let any = if self.any.are_in(plain)? { self.named.as_slice() } else { &[] };
        let stands = |piece: &Piece| piece.stands_in(kinds, plain);
        let named = any.iter().filter(|(_, pieces)| pieces.iter().any(stands));
        Ok(named.map(|(name, _)| name).collect::<Vec<_>>().into_iter())
    }
}

impl Piece {
    fn stands_in(&self, kinds: &Kinds, plain: &str) -> bool {
        let mut from = 0;
        while let Some(at) = plain.get(from..).and_then(|rest| rest.find(&self.read)) {
            let (start, end) = (from + at, from + at + self.read.len());
            let is_word = |character: Option<char>| character.is_some_and(|one| kinds.is_word(one));
            let within = (self.begins && is_word(plain[..start].chars().next_back()))
                || (self.ends && is_word(plain[end..].chars().next()));
            if !within {
                return true;
            }
            from = start + plain[start..].chars().next().map_or(1, char::len_utf8);
        }
        false
    }
}

/// The topics of a message, sorted, each once.
pub fn topics(kinds: &Kinds, plain: &str, topics: Option<&Topics>, tags: &BareTags) -> Sure<Box<[Str]>> {
    let mut found: BTreeSet<Str> = tags.iter().filter(|tag| !tag.is_empty()).cloned().collect();
    if let Some(topics) = topics {
        found.extend(topics.named_in(kinds, plain)?.cloned());
    }
    Ok(found.into_iter().collect())
}
