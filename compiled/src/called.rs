//! The fold as Python calls it.

use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::conversation::Forgotten;
use crate::event::{Event, moment};
use crate::fold::{Given, Stored, fold};
use crate::folded::Folded;
use crate::guard::guarded;
use crate::heard::{Hearing, Listener};
use crate::labels::Labeller;
use crate::registry::Registry;
use crate::rows::Position;

/// Fold one thread: the same as `streams.fold.fold`.
#[pyfunction]
#[pyo3(name = "fold", signature = (
    thread, activities, registry, settled=None, *, seen=0, forgotten=None, sentiment_share=1.0, hearing=None,
    labeller
))]
#[expect(clippy::too_many_arguments, reason = "those of the definition")]
pub fn called(
    thread: &str,
    activities: &Bound<'_, PyAny>,
    registry: &Bound<'_, Registry>,
    settled: Option<Bound<'_, PyAny>>,
    seen: u64,
    forgotten: Option<Bound<'_, PyAny>>,
    sentiment_share: f64,
    hearing: Option<Bound<'_, Hearing>>,
    labeller: &Bound<'_, Labeller>,
) -> PyResult<Folded> {
    let stored = activities.try_iter()?.map(|one| stored(&one?)).collect::<PyResult<Vec<_>>>()?;
    let forgotten = match forgotten {
        Some(forgotten) if forgotten.is_truthy()? => forgotten_of(&stored, &forgotten)?,
        _ => Forgotten::default(),
    };
    let given = Given {
        listener: Listener { registry, labeller: labeller.get(), sentiment_share },
        settled: settled.map(|settled| moment(&settled)).transpose()?,
        seen,
        forgotten: &forgotten,
    };
    let mut hearing = hearing.as_ref().map(|hearing| hearing.try_borrow_mut()).transpose()?;
    guarded(|| fold(&thread.into(), &stored, &given, hearing.as_deref_mut()))
}

/// Of an `Event` and its epoch, partition and offset.
fn stored(one: &Bound<'_, PyAny>) -> PyResult<Stored> {
    let one = one.cast::<PyTuple>()?;
    let event = one.get_item(0)?.cast::<Event>()?.get().0.clone();
    let (epoch, partition, offset) = one.get_item(1)?.extract()?;
    Ok(Stored { event, position: Position { epoch, partition, offset } })
}

/// Until when those are forgotten of whom there are activities.
fn forgotten_of(stored: &[Stored], forgotten: &Bound<'_, PyAny>) -> PyResult<Forgotten> {
    let mut found = Forgotten::default();
    for Stored { event, .. } in stored {
        if !found.contains_key(&event.actor.id) {
            let until = forgotten.call_method1("get", (&*event.actor.id,))?;
            if !until.is_none() {
                found.insert(event.actor.id.clone(), moment(&until)?);
            }
        }
    }
    Ok(found)
}
