//! What is known of words in a row.

use rustc_hash::FxHashMap;

use super::context::Context;
use super::parts::Parts;
use super::token::Token;

/// Which lists hold a phrase that begins with two words.
#[derive(Clone, Copy, Debug, Default)]
pub struct Kinds(u8);

impl Kinds {
    pub const MULTIWORD: Kinds = Kinds(1);
    pub const IDIOM: Kinds = Kinds(2);
    pub const SPECIAL: Kinds = Kinds(4);
    pub const BOOSTER: Kinds = Kinds(8);

    pub fn hold(self, kind: Kinds) -> bool {
        self.0 & kind.0 != 0
    }

    pub fn is_none(self) -> bool {
        self.0 == 0
    }

    fn add(&mut self, kinds: Kinds) {
        self.0 |= kinds.0;
    }
}

/// What a place in a text is to the phrases that have a valence of their own.
#[derive(Clone, Copy, Debug)]
pub enum Place {
    /// In none.
    Free,
    /// The first word of one with this valence.
    Begins(f64),
    /// A later word of one.
    Taken,
}

type Valences = FxHashMap<Box<[u32]>, f64>;

const IDIOM_LENGTHS: [usize; 3] = [2, 3, 4];

/// The lists of phrases, of numbers in place of words.
///
/// Hardly any text holds a phrase: all that looks for one asks first whether two words of the text begin one.
pub struct Phrases {
    ids: FxHashMap<Box<str>, u32>,
    beginnings: FxHashMap<(u32, u32), Kinds>,
    multiword: Valences,
    /// How many words those have; most first.
    multiword_lengths: Vec<usize>,
    idioms: Valences,
    special: Valences,
    booster: Valences,
}

impl Phrases {
    pub fn new(parts: &Parts) -> Phrases {
        let mut phrases = Phrases {
            ids: FxHashMap::default(),
            beginnings: FxHashMap::default(),
            multiword: Valences::default(),
            multiword_lengths: Vec::new(),
            idioms: Valences::default(),
            special: Valences::default(),
            booster: Valences::default(),
        };
        phrases.multiword = phrases.read(&parts.multiword, Kinds::MULTIWORD, 1);
        phrases.idioms = phrases.read(&parts.idioms, Kinds::IDIOM, 2);
        phrases.special = phrases.read(&parts.special_cases, Kinds::SPECIAL, 2);
        phrases.booster = phrases.read(&parts.booster, Kinds::BOOSTER, 2);
        let mut lengths: Vec<usize> = phrases.multiword.keys().map(|phrase| phrase.len()).collect();
        lengths.sort_unstable_by(|one, other| other.cmp(one));
        lengths.dedup();
        phrases.multiword_lengths = lengths;
        phrases
    }

    /// The phrases of a list that have so many words at the least.
    fn read(&mut self, list: &FxHashMap<String, f64>, kind: Kinds, fewest: usize) -> Valences {
        let mut read = Valences::default();
        for (phrase, &valence) in list.iter().filter(|(phrase, _)| phrase.split(' ').count() >= fewest) {
            let ids: Box<[u32]> = phrase.split(' ').map(|word| self.id(word)).collect();
            if let [first, second, ..] = *ids {
                self.beginnings.entry((first, second)).or_default().add(kind);
            }
            read.insert(ids, valence);
        }
        read
    }

    fn id(&mut self, word: &str) -> u32 {
        let next = self.ids.len() as u32 + 1;
        *self.ids.entry(word.into()).or_insert(next)
    }

    /// The words of all phrases and their numbers, from 1.
    pub fn words(&self) -> impl Iterator<Item = (&str, u32)> {
        self.ids.iter().map(|(word, &id)| (&**word, id))
    }

    /// Which lists can hold a phrase of a text.
    pub fn kinds(&self, tokens: &[Token<'_>]) -> Kinds {
        let mut kinds = Kinds::default();
        for pair in tokens.windows(2) {
            let (first, second) = (pair[0].word.id, pair[1].word.id);
            if first != 0
                && second != 0
                && let Some(found) = self.beginnings.get(&(first, second))
            {
                kinds.add(*found);
            }
        }
        kinds
    }

    /// Where the phrases with a valence of their own are: the longest first, none over another.
    ///
    /// Empty where there are none.
    pub fn multiword_places(&self, context: &Context<'_>) -> Vec<Place> {
        if !context.kinds.hold(Kinds::MULTIWORD) {
            return Vec::new();
        }
        let mut places = vec![Place::Free; context.ids.len()];
        for &length in &self.multiword_lengths {
            for (at, words) in context.ids.windows(length).enumerate() {
                let span = &mut places[at..at + length];
                if let Some(&valence) = self.multiword.get(words)
                    && span.iter().all(|place| matches!(place, Place::Free))
                {
                    span.fill(Place::Taken);
                    span[0] = Place::Begins(valence);
                }
            }
        }
        places
    }

    /// The valences of the idioms of a text: the shortest first.
    pub fn idioms(&self, ids: &[u32]) -> impl Iterator<Item = f64> {
        let spans = IDIOM_LENGTHS.into_iter().flat_map(|length| ids.windows(length));
        spans.filter_map(|words| self.idioms.get(words).copied())
    }

    pub fn special(&self, words: &[u32]) -> Option<f64> {
        self.special.get(words).copied()
    }

    pub fn booster(&self, words: &[u32]) -> Option<f64> {
        self.booster.get(words).copied()
    }
}
