//! Which versions of the labels judged a message: `_versions` in `streams/labels/label.py`.

use std::sync::{Mutex, PoisonError};

use pyo3::intern;
use pyo3::prelude::*;
use rustc_hash::FxHashMap;

use super::rules::Rules;
use crate::event::Str;

/// The labels in the order of `Labels`.
const LABELS: [&str; 10] = [
    "question",
    "thanks",
    "love",
    "sentiment",
    "deflection",
    "signature",
    "asks",
    "automation",
    "sketch",
    "topics",
];
/// Place of the sentiment among them.
const SENTIMENT: usize = 3;
/// Combinations that are remembered.
const MOST: usize = 1 << 12;

/// Whether each label found something to judge, in the order of `Labels`.
pub type Judged = [bool; LABELS.len()];

/// Names the versions of the labels.
pub struct Versions {
    versions: Vec<String>,
    /// By who judged, and the bits of the share of the messages whose sentiment is told.
    known: Mutex<FxHashMap<(Judged, u64), Option<Str>>>,
}

impl Versions {
    pub fn of(rules: &Rules) -> PyResult<Versions> {
        let version = |name| rules.text(&format!("{name}.VERSION")).map(str::to_owned);
        let versions = LABELS.into_iter().map(version).collect::<PyResult<_>>()?;
        Ok(Versions { versions, known: Mutex::default() })
    }

    /// The versions of the labels that found something to judge; None: none did.
    pub fn of_those_that(&self, py: Python<'_>, judged: Judged, share: f64) -> PyResult<Option<Str>> {
        let key = (judged, share.to_bits());
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(versions) = known().get(&key) {
            return Ok(versions.clone());
        }
        let made = self.made(py, judged, share)?;
        let mut known = known();
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(key, made.clone());
        Ok(made)
    }

    fn made(&self, py: Python<'_>, judged: Judged, share: f64) -> PyResult<Option<Str>> {
        let mut versions = self.versions.clone();
        if share < 1.0 {
            let share = share.into_pyobject(py)?.call_method1(intern!(py, "__format__"), ("g",))?;
            versions[SENTIMENT] += &format!("@{}", share.extract::<&str>()?);
        }
        let judging: Vec<_> = versions
            .into_iter()
            .zip(judged)
            .filter(|&(_, judges)| judges)
            .map(|(version, _)| version)
            .collect();
        Ok((!judging.is_empty()).then(|| judging.join(" ").into()))
    }
}
