//! Which accounts are a brand's, and from when to when: what the fold asks of `schemas/registry.py`.

use std::sync::OnceLock;

use pyo3::prelude::*;
use rustc_hash::FxHashMap;

use crate::event::{Moment, Str};
use crate::labels::label::OfBrand;

/// One brand, as far as the fold needs it.
pub struct Brand {
    pub name: Str,
    pub reply_sla_minutes: u64,
    pub campaign_tags: Vec<String>,
    /// Words and phrases, by topic.
    pub topics: Vec<(Str, Vec<String>)>,
    /// What the labels have read of it.
    pub read: OnceLock<OfBrand>,
}

struct Period {
    start: Moment,
    end: Moment,
    /// Place among the brands.
    brand: usize,
    agent: Str,
}

/// All brands that are tracked.
#[pyclass(frozen, module = "hubbub_compiled")]
pub struct Registry {
    pub brands: Vec<Brand>,
    by_name: FxHashMap<Str, usize>,
    /// By platform and account.
    periods: FxHashMap<Str, FxHashMap<Str, Vec<Period>>>,
    /// The `schemas.registry.Registry` that this one is made of.
    pub definition: Py<PyAny>,
}

/// Name, minutes, campaign tags, topics.
type BrandArguments = (String, u64, Vec<String>, Vec<(String, Vec<String>)>);
/// Platform, account, start and end in microseconds, brand, agent.
type PeriodArguments = (String, String, Moment, Moment, String, String);

#[pymethods]
impl Registry {
    /// Args:
    ///     brands: Name, minutes to an answer, campaign tags, and words by topic, of each brand.
    ///     periods: Platform, account, start, end, brand and agent of each voice, in order; times in
    ///         microseconds since 1970.
    ///     definition: The registry that all this is from.
    #[new]
    fn new(brands: Vec<BrandArguments>, periods: Vec<PeriodArguments>, definition: Py<PyAny>) -> Registry {
        let brands: Vec<Brand> = brands
            .into_iter()
            .map(|(name, reply_sla_minutes, campaign_tags, topics)| Brand {
                name: name.into(),
                reply_sla_minutes,
                campaign_tags,
                topics: topics.into_iter().map(|(topic, words)| (topic.into(), words)).collect(),
                read: OnceLock::new(),
            })
            .collect();
        let by_name: FxHashMap<Str, usize> =
            brands.iter().enumerate().map(|(place, brand)| (brand.name.clone(), place)).collect();
        let mut found: FxHashMap<Str, FxHashMap<Str, Vec<Period>>> = FxHashMap::default();
        for (platform, account, start, end, brand, agent) in periods {
            let brand = by_name[brand.as_str()];
            let accounts = found.entry(platform.into()).or_default();
            accounts.entry(account.into()).or_default().push(Period {
                start,
                end,
                brand,
                agent: agent.into(),
            });
        }
        Registry { brands, by_name, periods: found, definition }
    }
}

impl Registry {
    pub fn brand(&self, name: &str) -> Option<&Brand> {
        self.by_name.get(name).map(|&place| &self.brands[place])
    }

    /// Whether an account speaks for a brand at any time.
    pub fn knows(&self, platform: &str, account: &str) -> bool {
        self.periods.get(platform).is_some_and(|accounts| accounts.contains_key(account))
    }

    /// The place of a brand among the brands.
    pub fn place(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    fn period(&self, platform: &str, account: &str, at: Moment) -> Option<&Period> {
        let periods = self.periods.get(platform)?.get(account)?;
        periods.iter().find(|period| period.start <= at && at < period.end)
    }

    /// The place of the brand that an account speaks for at a time.
    pub fn place_of(&self, platform: &str, account: &str, at: Moment) -> Option<usize> {
        self.period(platform, account, at).map(|period| period.brand)
    }

    /// The brand that an account speaks for at a time, and its agent's name or an empty string.
    pub fn voice(&self, platform: &str, account: &str, at: Moment) -> Option<(&Brand, &Str)> {
        let period = self.period(platform, account, at)?;
        Some((&self.brands[period.brand], &period.agent))
    }

    /// The brand that an account speaks for at a time.
    pub fn brand_of(&self, platform: &str, account: &str, at: Moment) -> Option<&Str> {
        self.voice(platform, account, at).map(|(brand, _)| &brand.name)
    }
}
