//! What is known of a word.

use rustc_hash::FxHashMap;

use super::phrases::Phrases;

/// What a word is to the rules that name words.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Role {
    #[default]
    Other,
    At,
    But,
    Doubt,
    Kind,
    Least,
    Never,
    No,
    Nor,
    Of,
    Or,
    So,
    This,
    Very,
    Without,
}

const ROLES: [(&str, Role); 14] = [
    ("at", Role::At),
    ("but", Role::But),
    ("doubt", Role::Doubt),
    ("kind", Role::Kind),
    ("least", Role::Least),
    ("never", Role::Never),
    ("no", Role::No),
    ("nor", Role::Nor),
    ("of", Role::Of),
    ("or", Role::Or),
    ("so", Role::So),
    ("this", Role::This),
    ("very", Role::Very),
    ("without", Role::Without),
];
const NEGATING_END: &str = "n't";

/// All that the rules ask of a word, in one place, so that each is looked up once.
#[derive(Clone, Copy, Debug, Default)]
pub struct Word {
    /// None: it is not in the lexicon.
    pub valence: Option<f64>,
    /// None: it strengthens or weakens no other.
    pub booster: Option<f64>,
    pub negates: bool,
    pub role: Role,
    /// Its number in phrases; 0: it is in none.
    pub id: u32,
}

/// The words that a rule or a list knows; of all others only their end matters.
pub struct Words {
    known: FxHashMap<Box<str>, Word>,
    unknown: Word,
    negating: Word,
}

impl Words {
    pub fn new(
        lexicon: &FxHashMap<String, f64>,
        booster: &FxHashMap<String, f64>,
        negations: &[String],
        phrases: &Phrases,
    ) -> Words {
        let mut known: FxHashMap<Box<str>, Word> = FxHashMap::default();
        for (word, &valence) in lexicon {
            known.entry(word.as_str().into()).or_default().valence = Some(valence);
        }
        for (word, &scalar) in booster {
            known.entry(word.as_str().into()).or_default().booster = Some(scalar);
        }
        for word in negations {
            known.entry(word.as_str().into()).or_default().negates = true;
        }
        for (word, role) in ROLES {
            known.entry(word.into()).or_default().role = role;
        }
        for (word, id) in phrases.words() {
            known.entry(word.into()).or_default().id = id;
        }
        for (word, told) in &mut known {
            told.negates |= word.ends_with(NEGATING_END);
        }
        Words { known, unknown: Word::default(), negating: Word { negates: true, ..Word::default() } }
    }

    /// What is known of a word in lower case.
    pub fn of(&self, lowered: &str) -> &Word {
        match self.known.get(lowered) {
            Some(word) => word,
            None if lowered.ends_with(NEGATING_END) => &self.negating,
            None => &self.unknown,
        }
    }

    /// Bytes of the longest entry of the lexicon.
    pub fn longest_entry(&self) -> usize {
        let entries = self.known.iter().filter(|(_, word)| word.valence.is_some());
        entries.map(|(entry, _)| entry.len()).max().unwrap_or(0)
    }
}
