//! What the definition's analyzer is made of, as Python hands it over.

use pyo3::prelude::*;
use rustc_hash::FxHashMap;

use super::case::Ranges;

/// See `streams/labels/vader_parts.py`.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct Parts {
    pub lexicon: FxHashMap<String, f64>,
    pub booster: FxHashMap<String, f64>,
    pub negations: Vec<String>,
    pub special_cases: FxHashMap<String, f64>,
    pub idioms: FxHashMap<String, f64>,
    pub multiword: FxHashMap<String, f64>,
    /// Emoji and their names.
    pub emoji: FxHashMap<String, String>,
    /// Characters that are left out beside emoji.
    pub emoji_residue: Vec<char>,
    pub apostrophes: FxHashMap<char, String>,
    pub punctuation: String,
    pub capital: Ranges,
    pub small: Ranges,
    pub scale: Scale,
    pub sums_compensated: bool,
}

/// The numbers of `vader/constants.py`, by their names there.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct Scale {
    pub alpha: f64,
    pub c_incr: f64,
    pub n_scalar: f64,
    pub never_boost: f64,
    pub ep_amplify: f64,
    pub ep_cap: usize,
    pub qm_amplify: f64,
    pub qm_cap: f64,
    pub but_before: f64,
    pub but_after: f64,
    pub decay_two: f64,
    pub decay_three: f64,
}
