//! The sums of `dialogue_minutes` that one source partition has seen: `streams/windows.py`.

use std::sync::Arc;

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::folded::Map;
use crate::rows::{MinuteRow, Sum, Sums, Window};
use crate::table::{Rows, Table};
use crate::{borrowed, definition, python};

/// What is added to some windows.
#[pyclass(frozen, module = "hubbub_compiled")]
pub struct Added(pub Map<Window, Sums>);

#[pymethods]
impl Added {
    /// The same, made of a mapping of `streams.fold.Window` to `streams.sums.Sums`.
    #[staticmethod]
    fn of(windows: &Bound<'_, PyDict>) -> PyResult<Added> {
        definition::windows(windows).map(Added)
    }

    fn __len__(&self) -> usize {
        self.0.len()
    }

    /// Each window with what is added to it, as the definition has them.
    fn items<'py>(&self, py: Python<'py>) -> PyResult<Vec<(Bound<'py, PyAny>, Bound<'py, PyAny>)>> {
        let items = self.0.iter();
        items.map(|(window, sums)| Ok((python::window(py, window)?, python::sums(py, sums)?))).collect()
    }
}

struct Known {
    row: Arc<MinuteRow>,
    /// When it was last changed or, since then, read: rises with every use.
    used: u64,
}

/// A cache of the rows of one partition, read back from the sink where it misses.
#[pyclass(module = "hubbub_compiled")]
pub struct Windows {
    sink: Py<PyAny>,
    epoch: u64,
    partition: u64,
    /// Rows to keep, at the most, between flushes.
    capacity: usize,
    rows: FxHashMap<Window, Known>,
    uses: u64,
}

#[pymethods]
impl Windows {
    #[new]
    #[pyo3(signature = (sink, epoch, partition, *, capacity = 50_000))]
    fn new(sink: Py<PyAny>, epoch: u64, partition: u64, capacity: usize) -> Windows {
        let rows = FxHashMap::with_hasher(FxBuildHasher);
        Windows { sink, epoch, partition, capacity, rows, uses: 0 }
    }

    /// Read back the rows that are about to change and are not in the cache, in one query.
    ///
    /// Args:
    ///     windows: What is about to change.
    ///     span: Source offset of the first arrival that may be news, and that after the last.
    ///
    /// Raises:
    ///     RetryLater: The sink cannot be read now; or another worker, which has lost the partition, has
    ///         stored up to the middle of the span. Assigned anew, the batch is cut there.
    fn recall(&mut self, py: Python<'_>, windows: &Bound<'_, Added>, span: (u64, u64)) -> PyResult<()> {
        let windows = &windows.get().0;
        let missing: Vec<&Window> = windows.keys().filter(|window| !self.rows.contains_key(window)).collect();
        if !missing.is_empty() {
            self.read_back(py, &missing)?;
        }
        let (first, end) = span;
        let known = windows.keys().filter_map(|window| self.rows.get(window));
        match known.map(|known| known.row.applied).find(|&applied| first < applied && applied < end) {
            Some(mark) => Err(self.stored_meanwhile(py, mark)?),
            None => Ok(()),
        }
    }

    /// Add to the sums; gives the rows that have changed.
    ///
    /// A row that has seen as much already is left as it is: this is a replay of what it holds.
    ///
    /// Args:
    ///     windows: What to add; the windows must have been recalled.
    ///     applied: Source offset up to which this is, plus one.
    fn add(&mut self, windows: &Bound<'_, Added>, applied: u64) -> Rows {
        let mut changed = Vec::new();
        for (window, more) in &windows.get().0 {
            let mut row = match self.rows.get(window) {
                Some(known) if known.row.applied >= applied => continue,
                Some(known) => MinuteRow::clone(&known.row),
                None => self.empty(window),
            };
            row.applied = applied;
            for (column, number) in more.iter() {
                row.sums[column as usize] += i64::from(number);
            }
            let row = Arc::new(row);
            changed.push(row.clone());
            self.uses += 1;
            self.rows.insert(window.clone(), Known { row, used: self.uses });
        }
        Rows(Table::Minutes(changed))
    }

    /// Drop the least recently used rows, of those that are stored.
    ///
    /// Args:
    ///     stored: Source offset up to which flushes are stored, plus one.
    fn shrink(&mut self, stored: u64) {
        let excess = self.rows.len().saturating_sub(self.capacity);
        let droppable = self.rows.values().filter(|known| known.row.applied <= stored);
        let mut uses: Vec<u64> = droppable.map(|known| known.used).collect();
        let excess = excess.min(uses.len());
        if excess == 0 {
            return;
        }
        let (_, &mut last, _) = uses.select_nth_unstable(excess - 1);
        self.rows.retain(|_, known| known.used > last || known.row.applied > stored);
    }
}

impl Windows {
    fn read_back(&mut self, py: Python<'_>, missing: &[&Window]) -> PyResult<()> {
        let keys = missing.iter().map(|window| python::window(py, window)).collect::<PyResult<Vec<_>>>()?;
        let sink = self.sink.bind(py);
        let keys = PyList::new(py, keys)?;
        let rows = sink.call_method1(intern!(py, "minutes"), (keys, self.epoch, self.partition))?;
        for row in rows.try_iter()? {
            let row = Arc::new(definition::minute(&row?)?);
            self.uses += 1;
            let window = row.window.clone();
            // What is read once more stays where it was.
            let used = self.rows.get(&window).map_or(self.uses, |known| known.used);
            self.rows.insert(window, Known { row, used });
        }
        Ok(())
    }

    fn stored_meanwhile(&self, py: Python<'_>, mark: u64) -> PyResult<PyErr> {
        let partition = self.partition;
        let message =
            format!("partition {partition}: another worker has stored up to offset {mark} meanwhile");
        let how = PyDict::new(py);
        how.set_item("retry_after", 0.0)?;
        Ok(PyErr::from_value(borrowed::RETRY_LATER.get(py)?.call((message,), Some(&how))?))
    }

    fn empty(&self, window: &Window) -> MinuteRow {
        let sums = [0; Sum::ALL.len()];
        MinuteRow { window: window.clone(), sums, epoch: self.epoch, partition: self.partition, applied: 0 }
    }
}
