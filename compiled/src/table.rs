//! The rows of one table in a flush: for Python a sequence of its own rows, for Arrow whole columns.

use std::sync::Arc;

use pyo3::exceptions::{PyIndexError, PyOverflowError};
use pyo3::prelude::*;
use pyo3::types::{PyNotImplemented, PySlice, PyTuple};

use crate::columns::{Buffers, columns};
use crate::definition;
use crate::event::Moment;
use crate::python::{Modelled, datetime};
use crate::rows::{ActivityRow, ConversationRow, InteractionRow, MinuteRow};

/// The rows of one table.
pub enum Table {
    Interactions(Vec<Arc<InteractionRow>>),
    Conversations(Vec<Arc<ConversationRow>>),
    Activities(Vec<Arc<ActivityRow>>),
    Minutes(Vec<Arc<MinuteRow>>),
}

/// The rows of one table; a sequence of rows of `schemas.rows`, each made when it is asked for.
#[pyclass(frozen, sequence, module = "hubbub_compiled")]
pub struct Rows(pub Table);

impl Rows {
    fn row<'py>(&self, py: Python<'py>, place: usize) -> PyResult<Option<Bound<'py, PyAny>>> {
        match &self.0 {
            Table::Interactions(rows) => rows.get(place).map(|row| row.python(py)),
            Table::Conversations(rows) => rows.get(place).map(|row| row.python(py)),
            Table::Activities(rows) => rows.get(place).map(|row| row.python(py)),
            Table::Minutes(rows) => rows.get(place).map(|row| row.python(py)),
        }
        .transpose()
    }

    fn all<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let rows = (0..self.__len__()).filter_map(|place| self.row(py, place).transpose());
        PyTuple::new(py, rows.collect::<PyResult<Vec<_>>>()?)
    }
}

#[pymethods]
impl Rows {
    /// Of some `schemas.rows.InteractionRow`.
    #[staticmethod]
    fn interactions(rows: &Bound<'_, PyAny>) -> PyResult<Rows> {
        taken(rows, definition::interaction).map(Table::Interactions).map(Rows)
    }

    /// Of some `schemas.rows.ConversationRow`.
    #[staticmethod]
    fn conversations(rows: &Bound<'_, PyAny>) -> PyResult<Rows> {
        taken(rows, definition::conversation).map(Table::Conversations).map(Rows)
    }

    /// Of some `schemas.rows.ActivityRow`.
    #[staticmethod]
    fn activities(rows: &Bound<'_, PyAny>) -> PyResult<Rows> {
        taken(rows, definition::activity).map(Table::Activities).map(Rows)
    }

    /// Of some `schemas.rows.MinuteRow`.
    #[staticmethod]
    fn minutes(rows: &Bound<'_, PyAny>) -> PyResult<Rows> {
        taken(rows, definition::minute).map(Table::Minutes).map(Rows)
    }

    fn __len__(&self) -> usize {
        match &self.0 {
            Table::Interactions(rows) => rows.len(),
            Table::Conversations(rows) => rows.len(),
            Table::Activities(rows) => rows.len(),
            Table::Minutes(rows) => rows.len(),
        }
    }

    fn __getitem__<'py>(&self, py: Python<'py>, what: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        if what.is_instance_of::<PySlice>() {
            return self.all(py)?.as_any().get_item(what);
        }
        let place = what.extract::<isize>()?;
        let place = if place < 0 { place.checked_add_unsigned(self.__len__()) } else { Some(place) };
        let row = place.and_then(|place| usize::try_from(place).ok()).map(|place| self.row(py, place));
        row.transpose()?.flatten().ok_or_else(|| PyIndexError::new_err("there are not as many rows"))
    }

    fn __iter__(rows: Bound<'_, Self>) -> RowsInTurn {
        RowsInTurn { rows: rows.unbind(), next: 0 }
    }

    fn __eq__<'py>(&self, py: Python<'py>, other: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        if !other.is_instance_of::<Rows>() && !other.is_instance_of::<PyTuple>() {
            return Ok(PyNotImplemented::get(py).to_owned().into_any());
        }
        let others = PyTuple::new(py, other.try_iter()?.collect::<PyResult<Vec<_>>>()?)?;
        self.all(py)?.rich_compare(others, pyo3::pyclass::CompareOp::Eq)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(self.all(py)?.repr()?.to_string())
    }

    /// The columns as `sinks.arrow` takes them; none where a value is too large for its type in Arrow.
    fn columns<'py>(&self, py: Python<'py>) -> PyResult<Option<Vec<Buffers<'py>>>> {
        let told = match &self.0 {
            Table::Interactions(rows) => columns::<InteractionRow>(py, rows),
            Table::Conversations(rows) => columns::<ConversationRow>(py, rows),
            Table::Activities(rows) => columns::<ActivityRow>(py, rows),
            Table::Minutes(rows) => columns::<MinuteRow>(py, rows),
        };
        match told {
            Err(error) if error.is_instance_of::<PyOverflowError>(py) => Ok(None),
            told => told.map(Some),
        }
    }

    /// Event time of the newest message among these, if any is one.
    fn newest<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let Table::Interactions(rows) = &self.0 else { return Ok(None) };
        let messages = rows.iter().filter(|row| row.says.direction.is_some() && !row.says.removed);
        let newest: Option<Moment> = messages.map(|row| row.says.published).max();
        newest.map(|at| datetime(py, at)).transpose()
    }
}

fn taken<R>(rows: &Bound<'_, PyAny>, take: fn(&Bound<'_, PyAny>) -> PyResult<R>) -> PyResult<Vec<Arc<R>>> {
    rows.try_iter()?.map(|row| take(&row?).map(Arc::new)).collect()
}

/// Goes through rows.
#[pyclass(module = "hubbub_compiled")]
struct RowsInTurn {
    rows: Py<Rows>,
    next: usize,
}

#[pymethods]
impl RowsInTurn {
    fn __iter__(turn: Bound<'_, Self>) -> Bound<'_, Self> {
        turn
    }

    fn __next__<'py>(&mut self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let row = self.rows.get().row(py, self.next)?;
        self.next += 1;
        Ok(row)
    }
}
