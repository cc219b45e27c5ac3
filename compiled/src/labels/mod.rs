//! All labels of one message: `streams/labels/label.py`.

mod asks;
mod automation;
mod characters;
mod definition;
mod deflection;
pub mod label;
mod language;
mod love;
pub mod patterns;
mod question;
mod reading;
pub mod rules;
mod sentiment;
mod signature;
mod sketch;
mod thanks;
mod topics;
pub mod trial;
pub mod vader;
mod versions;
pub mod words;

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use label::Teller;

use crate::event::{Event, Str};
use crate::registry::Registry;

/// What is told of one message, seen from one brand. None: not known, and so in no share.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels {
    pub question: Option<bool>,
    pub thanks: Option<bool>,
    pub love: Option<bool>,
    pub sentiment: Option<i8>,
    pub deflection: Option<bool>,
    pub signature: Option<Str>,
    pub asks: Option<bool>,
    pub automation: Option<bool>,
    /// MinHash: 32 numbers, or none.
    pub sketch: Box<[u32]>,
    pub topics: Box<[Str]>,
    /// None where nothing was classified.
    pub labelled_by: Option<Str>,
}

/// How a message is seen, as far as its labels depend on it.
pub struct Seen<'a> {
    /// The brand from which it is seen.
    pub brand: &'a str,
    /// Whether the brand wrote it.
    pub by_brand: bool,
    /// Whether it is the brand's word to a customer.
    pub answers_customer: bool,
}

/// Tells the labels of messages.
#[pyclass(frozen, module = "hubbub_compiled")]
pub struct Labeller {
    /// `streams.labels.label`, for what is not read here.
    definition: Py<PyAny>,
    /// None: all is left to the definition.
    teller: Option<Teller>,
}

#[pymethods]
impl Labeller {
    /// Args:
    ///     definition: `streams.labels.label`.
    ///     rules: What `streams.labels.rules.rules` gives; without it all is left to the definition.
    #[new]
    #[pyo3(signature = (definition, rules=None))]
    fn new(definition: Py<PyAny>, rules: Option<&Bound<'_, PyDict>>) -> PyResult<Labeller> {
        Ok(Labeller { definition, teller: rules.map(Teller::of).transpose()? })
    }

    /// The labels of an event, for tests: the values of `streams.labels.Labels` in their order.
    #[pyo3(name = "label")]
    fn label_for_python<'py>(
        &self,
        event: &Bound<'py, Event>,
        registry: &Registry,
        brand: &str,
        by_brand: bool,
        answers_customer: bool,
        sentiment_share: f64,
    ) -> PyResult<Bound<'py, PyTuple>> {
        let seen = Seen { brand, by_brand, answers_customer };
        self.label(event, registry, &seen, sentiment_share)?.values(event.py())
    }

    /// The same, if it is told here; None: it is left to the definition.
    fn told<'py>(
        &self,
        event: &Bound<'py, Event>,
        registry: &Registry,
        brand: &str,
        by_brand: bool,
        answers_customer: bool,
        sentiment_share: f64,
    ) -> PyResult<Option<Bound<'py, PyTuple>>> {
        let seen = Seen { brand, by_brand, answers_customer };
        let labels = self.tell(event, registry, &seen, sentiment_share)?;
        labels.map(|labels| labels.values(event.py())).transpose()
    }
}

impl Labeller {
    /// The labels of an event; of anything but a message none.
    pub fn label(
        &self,
        event: &Bound<'_, Event>,
        registry: &Registry,
        seen: &Seen<'_>,
        sentiment_share: f64,
    ) -> PyResult<Arc<Labels>> {
        if !event.get().0.activity.is_message() {
            return Ok(Arc::default());
        }
        match self.tell(event, registry, seen, sentiment_share)? {
            Some(labels) => Ok(Arc::new(labels)),
            None => definition::told(&self.definition, event, registry, seen, sentiment_share).map(Arc::new),
        }
    }

    fn tell(
        &self,
        event: &Bound<'_, Event>,
        registry: &Registry,
        seen: &Seen<'_>,
        sentiment_share: f64,
    ) -> PyResult<Option<Labels>> {
        let Some(teller) = &self.teller else { return Ok(None) };
        teller.label(event.py(), &event.get().0, registry, seen, sentiment_share)
    }
}

impl Labels {
    fn values<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let topics: Vec<&str> = self.topics.iter().map(|topic| &**topic).collect();
        (
            self.question,
            self.thanks,
            self.love,
            self.sentiment,
            self.deflection,
            self.signature.as_deref().unwrap_or_default(),
            self.asks,
            self.automation,
            PyTuple::new(py, self.sketch.iter())?,
            PyTuple::new(py, topics)?,
            self.labelled_by.as_deref().unwrap_or_default(),
        )
            .into_pyobject(py)
    }
}
