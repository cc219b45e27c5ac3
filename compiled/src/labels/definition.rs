//! Labels as the definition tells them, in Python.

use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::{Labels, Seen};
use crate::event::{Event, Str};
use crate::registry::Registry;

/// What `streams.labels.label` says of an event.
pub fn told(
    definition: &Py<PyAny>,
    event: &Bound<'_, Event>,
    registry: &Registry,
    seen: &Seen<'_>,
    sentiment_share: f64,
) -> PyResult<Labels> {
    let py = event.py();
    let brands = registry.definition.bind(py).getattr("by_name")?;
    let how = PyDict::new(py);
    how.set_item("brand", brands.call_method1("get", (seen.brand,))?)?;
    how.set_item("by_brand", seen.by_brand)?;
    how.set_item("answers_customer", seen.answers_customer)?;
    how.set_item("sentiment_share", sentiment_share)?;
    let labels = definition.bind(py).call((event,), Some(&how))?;
    let part = |name: &str| labels.getattr(name);
    Ok(Labels {
        question: part("question")?.extract()?,
        thanks: part("thanks")?.extract()?,
        love: part("love")?.extract()?,
        sentiment: part("sentiment")?.extract()?,
        deflection: part("deflection")?.extract()?,
        signature: filled(part("signature")?.extract()?),
        asks: part("asks")?.extract()?,
        automation: part("automation")?.extract()?,
        sketch: part("sketch")?.extract::<Vec<u32>>()?.into(),
        topics: part("topics")?.extract::<Vec<String>>()?.into_iter().map(Str::from).collect(),
        labelled_by: filled(part("labelled_by")?.extract()?),
    })
}

fn filled(text: &str) -> Option<Str> {
    (!text.is_empty()).then(|| text.into())
}
