//! The rows of a flush while they are gathered: `streams/ledger.py`.

use std::sync::Arc;

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PySet};

use crate::borrowed;
use crate::change::{Change, says_as_much, yielded};
use crate::definition;
use crate::event::text;
use crate::folded::{Folded, Map};
use crate::guard::guarded;
use crate::latest::Latest;
use crate::rows::{ActivityRow, ConversationRow, InteractionRow, MinuteRow, Sums, Window};
use crate::saving::{identity_of, save};
use crate::table::{Rows, Table};
use crate::windows::Added;

/// The rows of one flush; of one key the last is kept.
#[pyclass(module = "hubbub_compiled")]
pub struct Ledger {
    #[pyo3(get)]
    forgotten: Py<PyList>,
    #[pyo3(get)]
    dead_letters: Py<PyList>,
    #[pyo3(get)]
    registry_changes: Py<PyList>,
    erased: Py<PyDict>,
    conversations: Latest<ConversationRow>,
    interactions: Latest<InteractionRow>,
    activities: Latest<ActivityRow>,
    minutes: Latest<MinuteRow>,
}

#[pymethods]
impl Ledger {
    #[new]
    fn new(py: Python<'_>) -> Ledger {
        Ledger {
            forgotten: PyList::empty(py).unbind(),
            dead_letters: PyList::empty(py).unbind(),
            registry_changes: PyList::empty(py).unbind(),
            erased: PyDict::new(py).unbind(),
            conversations: Latest::default(),
            interactions: Latest::default(),
            activities: Latest::default(),
            minutes: Latest::default(),
        }
    }

    /// How many rows there are of what has to be remembered.
    #[getter]
    fn activities(&self) -> usize {
        self.activities.len()
    }

    /// Replace what some threads yielded before by what they yield now.
    ///
    /// Args:
    ///     refolded: Each thread that has changed, and what was booked for it before.
    ///
    /// Returns:
    ///     What that adds to the windows.
    fn book(&mut self, refolded: &Bound<'_, PyAny>) -> PyResult<Added> {
        guarded(|| self.replace(refolded))
    }

    /// Write the sums of some minutes, as one partition saw them.
    fn count(&mut self, minutes: &Rows) {
        if let Table::Minutes(rows) = &minutes.0 {
            for row in rows {
                self.minutes.put(row.clone());
            }
        }
    }

    /// Write a row of what has to be remembered.
    fn note(&mut self, activity: &Bound<'_, PyAny>) -> PyResult<()> {
        self.activities.put(Arc::new(definition::activity(activity)?));
        Ok(())
    }

    /// Everything, ready to be written.
    fn flush<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let rows = PyDict::new(py);
        rows.set_item("forgotten", self.forgotten.bind(py).to_tuple())?;
        rows.set_item("dead_letters", self.dead_letters.bind(py).to_tuple())?;
        rows.set_item("registry_changes", self.registry_changes.bind(py).to_tuple())?;
        rows.set_item("minutes", Rows(Table::Minutes(self.minutes.rows())))?;
        rows.set_item("conversations", Rows(Table::Conversations(self.conversations.rows())))?;
        rows.set_item("interactions", Rows(Table::Interactions(self.interactions.rows())))?;
        rows.set_item("erased", self.erased.bind(py).keys().to_tuple())?;
        rows.set_item("activities", Rows(Table::Activities(self.activities.rows())))?;
        borrowed::FLUSH.get(py)?.call((), Some(&rows))
    }
}

impl Ledger {
    fn replace<'py>(&mut self, refolded: &Bound<'py, PyAny>) -> PyResult<Added> {
        let changes = refolded
            .try_iter()?
            .map(|one| {
                let (thread, before) = one?.extract::<(Bound<'py, PyAny>, Bound<'py, PyAny>)>()?;
                Change::of(thread, &before)
            })
            .collect::<PyResult<Vec<_>>>()?;
        let stirred = changes.iter().map(Change::stirred).collect::<PyResult<Vec<_>>>()?;
        let mut sums: Map<Window, Sums> = Map::default();
        for (change, stirred) in changes.iter().zip(&stirred) {
            change.count(stirred, &mut sums)?;
            self.take_back(change)?;
        }
        // Only when all is taken back: what one thread has lost may be what another has won.
        for (change, stirred) in changes.iter().zip(stirred) {
            self.give(change, stirred)?;
        }
        Ok(Added(sums))
    }

    /// Remove the rows that a thread yields no longer, and those that it would have yielded in between.
    ///
    /// Another worker, cut off since, may have seen just that moment and may still write its rows.
    fn take_back(&mut self, change: &Change<'_>) -> PyResult<()> {
        let (seen, now) = (change.seen()?, change.now.get());
        for yielded in change.earlier() {
            for (key, row) in &yielded.interactions {
                let known = now.interactions.get(key);
                // The event time is part of the table's key; a delivery that was seen earlier can change it.
                if known.is_none_or(|known| known.says.published != row.says.published) {
                    self.interactions.put(Arc::new(gone(row, seen)));
                }
            }
            for (brand, row) in &yielded.conversations {
                if !now.conversations.contains_key(brand) {
                    self.conversations.put(Arc::new(gone_conversation(row, seen)));
                }
            }
        }
        for other in &change.absorbed {
            self.take_back_absorbed(&other, seen, now)?;
        }
        Ok(())
    }

    /// The other's rows of what has moved are overwritten by ours; its conversations are not.
    fn take_back_absorbed(&mut self, other: &Bound<'_, PyAny>, seen: u64, now: &Folded) -> PyResult<()> {
        let py = other.py();
        let seen = seen.max(other.getattr(intern!(py, "seen"))?.extract()?);
        other.setattr(intern!(py, "seen"), seen)?;
        let key = text(&other.getattr(intern!(py, "key"))?)?;
        let booked = yielded(&other.getattr(intern!(py, "booked"))?)?;
        for (brand, row) in &now.conversations {
            if !booked.get().conversations.contains_key(brand) {
                let mut row = gone_conversation(row, seen);
                row.says.conversation = key.clone();
                self.conversations.put(Arc::new(row));
            }
        }
        Ok(())
    }

    /// Write the rows that say something new, or said something else for a moment, and the memory.
    fn give(&mut self, change: &Change<'_>, stirred: Vec<Arc<InteractionRow>>) -> PyResult<()> {
        for row in stirred {
            self.interactions.put(row);
        }
        let (before, now) = (change.before.get(), change.now.get());
        for (brand, row) in &now.conversations {
            let was = before.conversations.get(brand);
            let mut summaries = change.past.iter().filter_map(|past| past.get().conversations.get(brand));
            if !change.shaken.is_empty()
                || !was.is_some_and(|was| says_as_much(was, row))
                || !summaries.all(|one| says_as_much(one, row))
            {
                self.conversations.put(row.clone());
            }
        }
        self.erase(&change.thread)?;
        save(&change.thread, &mut self.activities)?;
        change.forget_moments()
    }

    /// Note what was retracted, in order.
    fn erase(&self, thread: &Bound<'_, PyAny>) -> PyResult<()> {
        let py = thread.py();
        let erased = thread.getattr(intern!(py, "erased"))?.cast_into::<PySet>()?;
        if erased.is_empty() {
            return Ok(());
        }
        let identities = PyList::new(py, erased.iter())?;
        identities.sort()?;
        let platform = thread.getattr(intern!(py, "platform"))?;
        for identity in identities {
            let (id, activity, version) = identity_of(&identity)?;
            self.erased
                .bind(py)
                .set_item(borrowed::ERASED.tuple(py, (&platform, id, activity, version))?, py.None())?;
        }
        Ok(())
    }
}

fn gone(row: &InteractionRow, seen: u64) -> InteractionRow {
    let mut row = row.clone();
    row.stamp.seen = seen;
    row.says.removed = true;
    row
}

fn gone_conversation(row: &ConversationRow, seen: u64) -> ConversationRow {
    let mut row = row.clone();
    row.stamp.seen = seen;
    row.says.removed = true;
    row
}
