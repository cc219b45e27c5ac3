//! All labels of one message, told here: `label` in `streams/labels/label.py`.

use pyo3::prelude::*;
use pyo3::types::PyDict;
use rustc_hash::FxHashSet;

use super::asks::{Asks, BareTags};
use super::automation::Automation;
use super::deflection::Deflection;
use super::language::Language;
use super::love::Love;
use super::patterns::Sure;
use super::question::Question;
use super::reading::Reading;
use super::rules::Rules;
use super::sentiment::{Sentiment, in_sample};
use super::signature::Signature;
use super::sketch::Sketch;
use super::thanks::Thanks;
use super::topics::{Pieces, Topics, topics};
use super::versions::{Judged, Versions};
use super::words::Words;
use super::{Labels, Seen};
use crate::event::SocialEvent;
use crate::registry::{Brand, Registry};

/// What the labels read of a brand.
pub struct OfBrand {
    /// None: it has none.
    topics: Option<Topics>,
    campaigns: FxHashSet<String>,
}

/// Tells labels as the definition does, where that is certain.
pub struct Teller {
    words: Words,
    language: Language,
    question: Question,
    thanks: Thanks,
    love: Love,
    sentiment: Sentiment,
    deflection: Deflection,
    signature: Signature,
    asks: Asks,
    sketch: Sketch,
    automation: Automation,
    versions: Versions,
    of_brand: Py<PyAny>,
}

impl Teller {
    pub fn of(rules: &Bound<'_, PyDict>) -> PyResult<Teller> {
        let rules = Rules::of(rules)?;
        Ok(Teller {
            words: Words::of(&rules)?,
            language: Language::of(&rules)?,
            question: Question::of(&rules)?,
            thanks: Thanks::of(&rules)?,
            love: Love::of(&rules)?,
            sentiment: Sentiment::of(&rules)?,
            deflection: Deflection::of(&rules)?,
            signature: Signature::of(&rules)?,
            asks: Asks::of(&rules)?,
            sketch: Sketch::of(&rules)?,
            automation: Automation::of(&rules)?,
            versions: Versions::of(&rules)?,
            of_brand: rules.definition("of_brand")?,
        })
    }

    /// The labels of a message; None: only the definition knows them for certain.
    pub fn label(
        &self,
        py: Python<'_>,
        event: &SocialEvent,
        registry: &Registry,
        seen: &Seen<'_>,
        share: f64,
    ) -> PyResult<Option<Labels>> {
        let brand = registry.brand(seen.brand);
        let brand = brand.map(|brand| self.read_brand(py, brand, registry)).transpose()?;
        let automated =
            if seen.by_brand { self.automation.automation(py, &self.words.kinds, event)? } else { None };
        let Ok((mut labels, has_text)) = self.told(event, brand, seen, share) else { return Ok(None) };
        labels.automation = automated;
        let judged = judged(&labels, seen, has_text);
        labels.labelled_by = self.versions.of_those_that(py, judged, share)?;
        Ok(Some(labels))
    }

    /// What is told but of automation and versions, and whether the message has a text.
    fn told(
        &self,
        event: &SocialEvent,
        brand: Option<&OfBrand>,
        seen: &Seen<'_>,
        share: f64,
    ) -> Sure<(Labels, bool)> {
        let text = self.words.cut(event.text.as_deref().unwrap_or_default());
        let read = Reading::of(&text, event.lang.as_deref(), &self.words, &self.language)?;
        let tags = self.asks.bare_tags(&self.words, &event.hashtags)?;
        let named = brand.and_then(|brand| brand.topics.as_ref()).filter(|_| !text.is_empty());
        let mut labels = self.of_anybody(&read, in_sample(event, share))?;
        labels.topics = topics(&self.words.kinds, read.plain().real, named, &tags)?;
        if seen.by_brand {
            self.add_own(&mut labels, &read, event, seen, &tags, brand)?;
        }
        Ok((labels, !read.is_blank()))
    }

    fn of_anybody(&self, read: &Reading<'_>, sampled: bool) -> Sure<Labels> {
        let meant = self.thanks.without_hollow_thanks(read.plain())?;
        Ok(Labels {
            question: self.question.question(read)?,
            thanks: self.thanks.thanks(read, meant.text())?,
            love: self.love.love(read)?,
            sentiment: if sampled { self.sentiment.sentiment(read, meant.text())? } else { None },
            ..Labels::default()
        })
    }

    /// What is told of the brand's own messages.
    fn add_own(
        &self,
        labels: &mut Labels,
        read: &Reading<'_>,
        event: &SocialEvent,
        seen: &Seen<'_>,
        tags: &BareTags,
        brand: Option<&OfBrand>,
    ) -> Sure<()> {
        let campaigns = brand.map(|brand| &brand.campaigns);
        labels.asks = self.asks.asks(&self.words, event, tags, campaigns)?;
        let name = self.signature.signature(&self.words, read.text)?;
        let body = self.signature.without(read.text, &name)?;
        let other = if name.is_empty() { None } else { Some(read.of_same(&body)?) };
        let unsigned = other.as_ref().unwrap_or(read);
        labels.deflection = self.deflection.deflection(&self.signature, read, unsigned)?;
        if seen.answers_customer {
            labels.sketch = self.sketch.sketch(unsigned)?;
        }
        labels.signature = (!name.is_empty()).then(|| name.into());
        Ok(())
    }

    fn read_brand<'a>(&self, py: Python<'_>, brand: &'a Brand, registry: &Registry) -> PyResult<&'a OfBrand> {
        if let Some(read) = brand.read.get() {
            return Ok(read);
        }
        let known = registry.definition.bind(py).getattr("by_name")?.get_item(&*brand.name)?;
        let (pieces, campaigns): (Pieces, Vec<String>) = self.of_brand.bind(py).call1((known,))?.extract()?;
        let topics = if brand.topics.is_empty() { None } else { Some(Topics::of(pieces)?) };
        Ok(brand.read.get_or_init(|| OfBrand { topics, campaigns: campaigns.into_iter().collect() }))
    }
}

/// Whether each label found something to judge, in their order.
fn judged(labels: &Labels, seen: &Seen<'_>, has_text: bool) -> Judged {
    [
        labels.question.is_some(),
        labels.thanks.is_some(),
        labels.love.is_some(),
        labels.sentiment.is_some(),
        labels.deflection.is_some(),
        seen.by_brand && has_text,
        labels.asks.is_some(),
        labels.automation.is_some(),
        !labels.sketch.is_empty(),
        has_text || !labels.topics.is_empty(),
    ]
}
