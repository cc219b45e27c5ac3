//! Bytes to events, or to a reason why not: `streams/decode.py`.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList};

use crate::borrowed;
use crate::event::{Event, SocialEvent};
use crate::guard::guarded;
use crate::moment::Moment;
use crate::reading::{Doubt, Sure, read};

/// 2004 and 2100 begin: no social event is older, and no clock is taken to be right that says more.
const EARLIEST: Moment = 1_072_915_200_000_000;
const LATEST: Moment = 4_102_444_800_000_000;
/// The header that tells controls from events.
const CONTROL: &str = "hubbub-control";
/// How far an event may lie in the future of who saw it: a day.
const TOLERANCE: Moment = 86_400_000_000;

/// Decode a batch, as `streams.decode.decode` does, to events of this module.
///
/// Args:
///     records: Raw records of one partition, in order.
///     keep_direct: Whether direct messages are kept, without their content, instead of dropped.
///     definition: `streams.decode.decode` itself, which is asked for every record that is no plain event.
#[pyfunction]
#[pyo3(signature = (records, *, keep_direct=false, definition))]
pub fn decode<'py>(
    records: &Bound<'py, PyAny>,
    keep_direct: bool,
    definition: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = records.py();
    let decoded = Decoded {
        arrivals: PyList::empty(py),
        refusals: PyList::empty(py),
        dropped: PyList::empty(py),
        keep_direct,
    };
    for record in records.try_iter()? {
        let record = record?;
        match guarded(|| Ok(certain(&record)))? {
            Ok((offset, event)) => decoded.take(offset, event)?,
            Err(Doubt) => decoded.ask(definition, &record)?,
        }
    }
    borrowed::DECODED.get(py)?.call1((decoded.arrivals, decoded.refusals, decoded.dropped))
}

/// What a batch of records amounts to.
struct Decoded<'py> {
    arrivals: Bound<'py, PyList>,
    refusals: Bound<'py, PyList>,
    dropped: Bound<'py, PyList>,
    keep_direct: bool,
}

impl<'py> Decoded<'py> {
    /// Take in an event; a direct message without its content, or not at all.
    fn take(&self, offset: Bound<'py, PyAny>, event: SocialEvent) -> PyResult<()> {
        if event.visibility.as_deref() != Some("direct") {
            return self.arrive(offset, event);
        }
        if self.keep_direct {
            return self.arrive(offset, event.without_content());
        }
        self.dropped.append(offset)
    }

    fn arrive(&self, offset: Bound<'py, PyAny>, event: SocialEvent) -> PyResult<()> {
        let py = offset.py();
        self.arrivals.append(borrowed::ARRIVAL.tuple(py, (offset, Event::from(event)))?)
    }

    /// Take in what the definition makes of one record.
    fn ask(&self, definition: &Bound<'py, PyAny>, record: &Bound<'py, PyAny>) -> PyResult<()> {
        let py = record.py();
        let how = PyDict::new(py);
        how.set_item(intern!(py, "keep_direct"), self.keep_direct)?;
        let told = definition.call((PyList::new(py, [record])?,), Some(&how))?;
        for arrival in told.getattr(intern!(py, "arrivals"))?.try_iter()? {
            let arrival = arrival?;
            let item = arrival.getattr(intern!(py, "item"))?;
            if item.is_instance(borrowed::SOCIAL_EVENT.get(py)?)? {
                let offset = arrival.getattr(intern!(py, "offset"))?;
                self.arrivals.append(borrowed::ARRIVAL.tuple(py, (offset, Event::of(&item)?))?)?;
            } else {
                self.arrivals.append(arrival)?;
            }
        }
        for (all, name) in [(&self.refusals, "refusals"), (&self.dropped, "dropped")] {
            for one in told.getattr(name)?.try_iter()? {
                all.append(one?)?;
            }
        }
        Ok(())
    }
}

/// The offset and the event of a record, where there is no doubt about it.
fn certain<'py>(record: &Bound<'py, PyAny>) -> Sure<(Bound<'py, PyAny>, SocialEvent)> {
    let py = record.py();
    let value = record.getattr(intern!(py, "value")).map_err(doubt)?;
    let body = value.cast::<PyBytes>().map_err(|_| Doubt)?;
    if may_be_control(&record.getattr(intern!(py, "headers")).map_err(doubt)?).map_err(doubt)? {
        return Err(Doubt);
    }
    let timestamp = record.getattr(intern!(py, "timestamp")).map_err(doubt)?;
    let timestamp = timestamp.extract::<i64>().map_err(doubt)?;
    let event = placed_in_time(read(body.as_bytes())?, timestamp)?;
    Ok((record.getattr(intern!(py, "offset")).map_err(doubt)?, event))
}

/// Whether one of the headers is hubbub's own.
fn may_be_control(headers: &Bound<'_, PyAny>) -> PyResult<bool> {
    if !headers.is_truthy()? {
        return Ok(false);
    }
    for header in headers.try_iter()? {
        let (name, _) = header?.extract::<(String, Bound<'_, PyAny>)>()?;
        if name == CONTROL {
            return Ok(true);
        }
    }
    Ok(false)
}

fn doubt(_: PyErr) -> Doubt {
    Doubt
}

/// Check the event time against who saw it when, and clamp it to that.
fn placed_in_time(mut event: SocialEvent, timestamp: i64) -> Sure<SocialEvent> {
    let logged = (0..LATEST / 1000).contains(&timestamp).then_some(timestamp * 1000);
    let is_possible = |moment: Moment, seen: Option<Moment>| {
        EARLIEST <= moment && moment <= seen.unwrap_or(LATEST) + TOLERANCE
    };
    if event.observed.is_some_and(|observed| !is_possible(observed, logged))
        || !is_possible(event.published, event.observed.or(logged))
    {
        return Err(Doubt);
    }
    event.published = event.observed.map_or(event.published, |observed| event.published.min(observed));
    Ok(event)
}
