//! Threads as their stored rows tell them: `restore` of `streams/thread.py`.

use std::collections::hash_map::Entry;

use pyo3::exceptions::PyKeyError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;
use pyo3::types::{PyDict, PyList};
use rustc_hash::FxHashMap;

use crate::borrowed;
use crate::definition::{FENCE_MARK, FORGET_MARK, SETTLE_MARK};
use crate::event::Event;
use crate::guard::guarded;
use crate::vocabulary::Activity;

/// The threads that some rows tell of, by platform and key.
///
/// Args:
///     columns: The rows' columns, by name.
///     new: Makes a thread that has nothing yet, of its platform and key.
#[pyfunction]
pub fn restore<'py>(columns: &Bound<'py, PyDict>, new: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyDict>> {
    guarded(|| {
        let rows = Rows::of(columns)?;
        let mut places = FxHashMap::default();
        let mut threads = Vec::new();
        for row in 0..rows.thread.len() {
            let place = match places.entry(rows.key(row)?) {
                Entry::Occupied(known) => *known.get(),
                Entry::Vacant(unknown) => {
                    threads.push(Restored::of(new.call1(rows.named(row)?)?)?);
                    *unknown.insert(threads.len() - 1)
                }
            };
            threads[place].take(&rows, row)?;
        }
        let restored = PyDict::new(columns.py());
        for thread in threads {
            restored.set_item(thread.key()?, thread.done()?)?;
        }
        Ok(restored)
    })
}

/// The columns of `schemas.rows.ActivityRow`.
struct Rows<'py> {
    thread: Bound<'py, PyList>,
    platform: Bound<'py, PyList>,
    id: Bound<'py, PyList>,
    activity: Bound<'py, PyList>,
    version: Bound<'py, PyList>,
    published: Bound<'py, PyList>,
    body: Bound<'py, PyList>,
    waiting: Bound<'py, PyList>,
    registry: Bound<'py, PyList>,
    seen: Bound<'py, PyList>,
    position: [Bound<'py, PyList>; 3],
    removed: Bound<'py, PyList>,
}

impl<'py> Rows<'py> {
    fn of(columns: &Bound<'py, PyDict>) -> PyResult<Rows<'py>> {
        let column = |name: &'static str| {
            let column = columns.get_item(name)?.ok_or_else(|| PyKeyError::new_err(name))?;
            PyResult::Ok(column.cast_into::<PyList>()?)
        };
        Ok(Rows {
            thread: column("thread")?,
            platform: column("platform")?,
            id: column("id")?,
            activity: column("activity")?,
            version: column("version")?,
            published: column("published")?,
            body: column("body")?,
            waiting: column("waiting")?,
            registry: column("registry")?,
            seen: column("seen")?,
            position: [column("source_epoch")?, column("source_partition")?, column("source_offset")?],
            removed: column("removed")?,
        })
    }

    fn key(&self, row: usize) -> PyResult<(PyBackedStr, PyBackedStr)> {
        Ok((self.platform.get_item(row)?.extract()?, self.thread.get_item(row)?.extract()?))
    }

    fn named(&self, row: usize) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
        Ok((self.platform.get_item(row)?, self.thread.get_item(row)?))
    }

    fn position(&self, row: usize) -> PyResult<Bound<'py, PyAny>> {
        let [epoch, partition, offset] = &self.position;
        let position = (epoch.get_item(row)?, partition.get_item(row)?, offset.get_item(row)?);
        borrowed::POSITION.tuple(self.thread.py(), position)
    }
}

/// A thread while its rows are read.
struct Restored<'py> {
    thread: Bound<'py, PyAny>,
    activities: Bound<'py, PyDict>,
    seen: u64,
    /// Changes that the newest row has seen that is not removed.
    newest: u64,
    holds_deletes: bool,
}

impl<'py> Restored<'py> {
    fn of(thread: Bound<'py, PyAny>) -> PyResult<Restored<'py>> {
        let activities = thread.getattr(intern!(thread.py(), "activities"))?.cast_into()?;
        Ok(Restored { thread, activities, seen: 0, newest: 0, holds_deletes: false })
    }

    fn take(&mut self, rows: &Rows<'py>, row: usize) -> PyResult<()> {
        let py = self.thread.py();
        let seen = rows.seen.get_item(row)?.extract()?;
        self.seen = self.seen.max(seen);
        if rows.removed.get_item(row)?.is_truthy()? {
            return Ok(());
        }
        if seen >= self.newest {
            self.newest = seen;
            self.thread.setattr(intern!(py, "registry"), rows.registry.get_item(row)?)?;
            self.thread.setattr(intern!(py, "waiting"), rows.waiting.get_item(row)?)?;
        }
        let (id, activity) = (rows.id.get_item(row)?, rows.activity.get_item(row)?);
        match activity.extract::<&str>()? {
            SETTLE_MARK => {
                self.thread.setattr(intern!(py, "settled"), rows.published.get_item(row)?)?;
                self.thread.setattr(intern!(py, "settled_at"), rows.position(row)?)
            }
            FORGET_MARK => {
                let account = id.extract::<&str>()?;
                let mark = (rows.published.get_item(row)?, rows.position(row)?);
                let marks = self.thread.getattr(intern!(py, "marks"))?;
                marks.set_item(account.strip_prefix('>').unwrap_or(account), borrowed::MARK.tuple(py, mark)?)
            }
            FENCE_MARK => Ok(()),
            _ => {
                let event = Event::from_json(&rows.body.get_item(row)?)?;
                self.holds_deletes |= event.0.activity == Activity::Delete;
                let identity = borrowed::IDENTITY.tuple(py, (id, activity, rows.version.get_item(row)?))?;
                let stored = borrowed::STORED.tuple(py, (event, rows.position(row)?))?;
                self.activities.set_item(identity, stored)
            }
        }
    }

    fn key(&self) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
        let py = self.thread.py();
        Ok((self.thread.getattr(intern!(py, "platform"))?, self.thread.getattr(intern!(py, "key"))?))
    }

    fn done(self) -> PyResult<Bound<'py, PyAny>> {
        let py = self.thread.py();
        self.thread.setattr(intern!(py, "seen"), self.seen)?;
        self.thread.setattr(intern!(py, "holds_deletes"), self.holds_deletes)?;
        Ok(self.thread)
    }
}
