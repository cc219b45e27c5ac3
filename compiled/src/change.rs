//! What has become of a thread since it was last folded, as far as its rows and sums hang on it.

use std::sync::Arc;

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyList, PySet};
use rustc_hash::FxHashSet;

use crate::definition;
use crate::event::{Moment, moment};
use crate::folded::{Folded, InteractionKey, Map};
use crate::rows::{ConversationRow, InteractionRow, Sums, Window};
use crate::stirred::{Causes, Shaken};

const MINUTE: Moment = 60_000_000;

/// A thread that has changed: what it yields now, yielded before, and would have yielded in between.
pub struct Change<'py> {
    pub thread: Bound<'py, PyAny>,
    pub before: Bound<'py, Folded>,
    pub now: Bound<'py, Folded>,
    pub past: Vec<Bound<'py, Folded>>,
    /// Threads that have moved into this one.
    pub absorbed: Bound<'py, PyList>,
    pub shaken: Shaken,
}

impl<'py> Change<'py> {
    pub fn of(thread: Bound<'py, PyAny>, before: &Bound<'py, PyAny>) -> PyResult<Change<'py>> {
        let py = thread.py();
        let past = thread.getattr(intern!(py, "past"))?;
        let shaken = thread.getattr(intern!(py, "shaken"))?.cast_into::<PySet>()?;
        Ok(Change {
            before: yielded(before)?,
            now: yielded(&thread.getattr(intern!(py, "booked"))?)?,
            past: past.try_iter()?.map(|one| yielded(&one?)).collect::<PyResult<_>>()?,
            absorbed: thread.getattr(intern!(py, "absorbed"))?.cast_into()?,
            shaken: if shaken.is_empty() { Shaken::default() } else { Shaken::of(&shaken)? },
            thread,
        })
    }

    /// Changes that the thread has been through; a thread that absorbs it can make them more.
    pub fn seen(&self) -> PyResult<u64> {
        self.thread.getattr(intern!(self.thread.py(), "seen"))?.extract()
    }

    /// What was yielded before and in between.
    pub fn earlier(&self) -> impl Iterator<Item = &Folded> {
        std::iter::once(&self.before).chain(&self.past).map(|yielded| yielded.get())
    }

    /// Whether the thread has been through more than one change since it was last folded.
    fn has_moments(&self) -> PyResult<bool> {
        let Some((_, row)) = self.before.get().interactions.first() else { return Ok(false) };
        Ok(self.seen()?.saturating_sub(row.stamp.seen) > 1)
    }

    /// The rows that say something else than before, or may have for a moment that another worker has seen.
    pub fn stirred(&self) -> PyResult<Vec<Arc<InteractionRow>>> {
        let rows = &self.now.get().interactions;
        let is_news: Vec<bool> = rows.iter().map(|(key, row)| self.is_news(key, row)).collect();
        let news = || rows.values().zip(&is_news).filter(|&(_, &is_news)| is_news).map(|(row, _)| row);
        if !self.has_moments()? {
            return Ok(news().cloned().collect());
        }
        // What a message says of others hangs on its parent, on its replies, and on what else its customer did.
        let before = &self.before.get().interactions;
        let gone = before.iter().filter(|&(key, _)| !rows.contains_key(key)).map(|(_, row)| row);
        let causes = Causes::of(news().chain(gone));
        let stirred = rows.values().zip(&is_news).filter(|&(row, &is_news)| is_news || causes.stir(row));
        Ok(stirred.map(|(row, _)| row.clone()).collect())
    }

    fn is_news(&self, key: &InteractionKey, row: &Arc<InteractionRow>) -> bool {
        let before = self.before.get().interactions.get(key);
        let mut past = self.past.iter().filter_map(|past| past.get().interactions.get(key));
        !before.is_some_and(|before| alike(before, row))
            || !past.all(|past| alike(past, row))
            || self.shaken.has(row)
    }

    /// Add what the windows get that the thread did not yield before, and take away what it yields no longer.
    pub fn count(&self, stirred: &[Arc<InteractionRow>], sums: &mut Map<Window, Sums>) -> PyResult<()> {
        let (before, now) = (self.before.get(), self.now.get());
        for window in self.touched(stirred)? {
            let total = sums.entry(window.clone()).or_default();
            if let Some(was) = before.windows.get(&window) {
                total.add_all(was, -1);
            }
            if let Some(more) = now.windows.get(&window) {
                total.add_all(more, 1);
            }
        }
        Ok(())
    }

    /// Windows to which the thread adds something else than before, or has for a moment.
    fn touched(&self, stirred: &[Arc<InteractionRow>]) -> PyResult<FxHashSet<Window>> {
        let (before, now) = (self.before.get(), self.now.get());
        let mut touched: FxHashSet<Window> = FxHashSet::default();
        let changed = now.windows.iter().filter(|&(window, sums)| before.windows.get(window) != Some(sums));
        touched.extend(changed.map(|(window, _)| window.clone()));
        touched.extend(before.windows.keys().filter(|&window| !now.windows.contains_key(window)).cloned());
        let minutes = self.shaken_minutes()?;
        if !minutes.is_empty() {
            touched.extend(now.windows.keys().filter(|window| minutes.contains(&window.minute)).cloned());
        }
        if self.has_moments()? {
            let windows = stirred.iter().map(|row| window_of(row));
            touched.extend(windows.filter(|window| now.windows.contains_key(window)));
        }
        touched.extend(now.starts.iter().cloned());
        touched.extend(self.past.iter().flat_map(|past| past.get().windows.keys().cloned()));
        Ok(touched)
    }

    /// Minutes to which something may have been booked for a moment that is not now, or the other way.
    fn shaken_minutes(&self) -> PyResult<FxHashSet<Moment>> {
        if self.absorbed.is_empty() && self.shaken.is_empty() {
            return Ok(FxHashSet::default());
        }
        let minutes = self.thread.call_method0("shaken_minutes")?;
        minutes.try_iter()?.map(|minute| moment(&minute?)).collect()
    }

    /// Drop what was noted of moments since the last fold: the rows that it calls for are written.
    pub fn forget_moments(&self) -> PyResult<()> {
        let py = self.thread.py();
        self.thread.call_method0(intern!(py, "forget_moments")).map(|_| ())
    }
}

fn window_of(row: &InteractionRow) -> Window {
    let says = &row.says;
    let minute = says.published - says.published.rem_euclid(MINUTE);
    Window { minute, brand: says.brand.clone(), platform: says.platform.clone() }
}

/// Whether two rows say the same, whatever each has seen.
pub fn says_as_much(one: &Arc<ConversationRow>, other: &Arc<ConversationRow>) -> bool {
    Arc::ptr_eq(one, other) || one.says == other.says
}

/// Whether two rows say the same, whatever each has seen.
fn alike(one: &Arc<InteractionRow>, other: &Arc<InteractionRow>) -> bool {
    Arc::ptr_eq(one, other) || one.says == other.says
}

/// What a thread yields, also where nothing was booked yet, or the definition has folded it.
pub fn yielded<'py>(folded: &Bound<'py, PyAny>) -> PyResult<Bound<'py, Folded>> {
    if let Ok(folded) = folded.cast::<Folded>() {
        return Ok(folded.clone());
    }
    static DEFINITION: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    static NOTHING: PyOnceLock<Py<Folded>> = PyOnceLock::new();
    let py = folded.py();
    if folded.is(DEFINITION.import(py, "streams.fold", "NOTHING")?) {
        return Ok(NOTHING.get_or_try_init(py, || Py::new(py, Folded::default()))?.bind(py).clone());
    }
    Bound::new(py, definition::folded(folded)?)
}
