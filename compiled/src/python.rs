//! Rows, and what a thread yields, as Python sees them: the very objects of the definition.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDateTime, PyDelta, PyDict, PyFrozenSet, PyString, PyTuple, PyType, PyTzInfo};

use crate::cells::{Cells, Row};
use crate::event::Moment;
use crate::folded::Folded;
use crate::rows::{ActivityRow, ConversationRow, InteractionRow, MinuteRow, Sums, Window};
use crate::vocabulary::{Activity, ActorKind, Direction, Effect, Role, Scope};
use crate::{borrowed, definition};

/// A word that Python has as the member of an enumeration.
pub trait Member: Copy + 'static {
    fn word(self) -> &'static str;
    fn member(self, py: Python<'_>) -> PyResult<&Bound<'_, PyAny>>;
}

type Members = PyOnceLock<Vec<Py<PyAny>>>;

macro_rules! members {
    ($($name:ident in $module:literal),+ $(,)?) => {
        $(impl Member for $name {
            fn word(self) -> &'static str {
                $name::word(self)
            }

            fn member(self, py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
                static MEMBERS: Members = PyOnceLock::new();
                let members = MEMBERS.get_or_try_init(py, || {
                    let class = py.import($module)?.getattr(stringify!($name))?;
                    $name::ALL.iter().map(|one| Ok(class.call1((one.word(),))?.unbind())).collect::<PyResult<_>>()
                })?;
                Ok(members[self as usize].bind(py))
            }
        })+
    };
}

members!(
    Activity in "schemas.event",
    ActorKind in "schemas.event",
    Direction in "schemas.vocabulary",
    Effect in "schemas.vocabulary",
    Role in "schemas.vocabulary",
    Scope in "schemas.vocabulary",
);

/// The `datetime` of a moment, aware and in UTC.
pub fn datetime(py: Python<'_>, at: Moment) -> PyResult<Bound<'_, PyAny>> {
    static EPOCH: PyOnceLock<Py<PyDateTime>> = PyOnceLock::new();
    let epoch = EPOCH.get_or_try_init(py, || {
        let utc = PyTzInfo::utc(py)?;
        PyDateTime::new(py, 1970, 1, 1, 0, 0, 0, 0, Some(&utc)).map(Bound::unbind)
    })?;
    const SECOND: i64 = 1_000_000;
    const DAY: i64 = 86_400 * SECOND;
    let (day, rest) = (at.div_euclid(DAY), at.rem_euclid(DAY));
    // The days of an i64 of microseconds, and what is left of one, are within an i32.
    let delta = PyDelta::new(py, day as i32, (rest / SECOND) as i32, (rest % SECOND) as i32, false)?;
    epoch.bind(py).add(delta)
}

/// A model of `schemas.rows`.
pub struct Model {
    name: &'static str,
    class: PyOnceLock<Py<PyType>>,
    columns: PyOnceLock<Vec<Py<PyString>>>,
}

impl Model {
    const fn new(name: &'static str) -> Model {
        Model { name, class: PyOnceLock::new(), columns: PyOnceLock::new() }
    }

    fn class<'py>(&self, py: Python<'py>) -> PyResult<&Bound<'py, PyType>> {
        self.class.import(py, "schemas.rows", self.name)
    }

    fn columns<'py>(&self, py: Python<'py>) -> PyResult<&[Py<PyString>]> {
        let columns = self.columns.get_or_try_init(py, || {
            let fields = self.class(py)?.getattr("model_fields")?;
            fields
                .try_iter()?
                .map(|name| Ok(name?.cast_into::<PyString>()?.unbind()))
                .collect::<PyResult<Vec<_>>>()
        })?;
        Ok(columns)
    }

    /// The row of the model with the columns of another.
    fn row<'py>(&self, py: Python<'py>, row: &impl Row) -> PyResult<Bound<'py, PyAny>> {
        let mut columns = Columns { names: self.columns(py)?.iter(), columns: PyDict::new(py) };
        row.tell(&mut columns)?;
        self.class(py)?.call_method1(pyo3::intern!(py, "trusted"), (columns.columns,))
    }
}

/// A row that Python has a model of.
pub trait Modelled {
    fn python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>>;
}

impl Modelled for InteractionRow {
    fn python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        static MODEL: Model = Model::new("InteractionRow");
        MODEL.row(py, self)
    }
}

impl Modelled for ConversationRow {
    fn python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        static MODEL: Model = Model::new("ConversationRow");
        MODEL.row(py, self)
    }
}

impl Modelled for ActivityRow {
    fn python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        static MODEL: Model = Model::new("ActivityRow");
        MODEL.row(py, self)
    }
}

impl Modelled for MinuteRow {
    fn python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        static MODEL: Model = Model::new("MinuteRow");
        MODEL.row(py, self)
    }
}

/// The columns of a row while they are gathered, by name.
struct Columns<'py, 'names> {
    names: std::slice::Iter<'names, Py<PyString>>,
    columns: Bound<'py, PyDict>,
}

impl<'py> Columns<'py, '_> {
    fn put(&mut self, value: impl IntoPyObject<'py>) -> PyResult<()> {
        let name = self.names.next().expect("a row has as many columns as its model");
        self.columns.set_item(name, value)
    }
}

impl Cells for Columns<'_, '_> {
    fn text(&mut self, text: &str) -> PyResult<()> {
        self.put(text)
    }

    fn flag(&mut self, is: impl Into<Option<bool>>) -> PyResult<()> {
        self.put(is.into())
    }

    fn whole(&mut self, number: impl Into<Option<i64>>) -> PyResult<()> {
        self.put(number.into())
    }

    fn large(&mut self, number: u64) -> PyResult<()> {
        self.put(number)
    }

    fn real(&mut self, number: impl Into<Option<f64>>) -> PyResult<()> {
        self.put(number.into())
    }

    fn moment(&mut self, at: impl Into<Option<Moment>>) -> PyResult<()> {
        let py = self.columns.py();
        self.put(at.into().map(|at| datetime(py, at)).transpose()?)
    }

    fn word<W: Member>(&mut self, word: Option<W>) -> PyResult<()> {
        let py = self.columns.py();
        self.put(word.map(|word| word.member(py)).transpose()?)
    }

    fn numbers(&mut self, numbers: &[u32]) -> PyResult<()> {
        self.put(PyTuple::new(self.columns.py(), numbers)?)
    }

    fn texts<T: AsRef<str>>(&mut self, texts: &[T]) -> PyResult<()> {
        self.put(PyTuple::new(self.columns.py(), texts.iter().map(AsRef::as_ref))?)
    }
}

/// A window as `streams.fold` has it.
pub fn window<'py>(py: Python<'py>, window: &Window) -> PyResult<Bound<'py, PyAny>> {
    let Window { minute, brand, platform } = window;
    borrowed::WINDOW.tuple(py, (datetime(py, *minute)?, &**brand, &**platform).into_pyobject(py)?)
}

/// Sums as `streams.sums` has them.
pub fn sums<'py>(py: Python<'py>, sums: &Sums) -> PyResult<Bound<'py, PyAny>> {
    let columns = PyDict::new(py);
    for (column, number) in sums.iter() {
        columns.set_item(column.word(), number)?;
    }
    borrowed::SUMS.get(py)?.call1((columns,))
}

#[pymethods]
impl Folded {
    /// The same, made of a `streams.fold.Folded`.
    #[staticmethod]
    fn of(folded: &Bound<'_, PyAny>) -> PyResult<Folded> {
        definition::folded(folded)
    }

    /// By brand, activity and id.
    #[getter]
    fn interactions<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let rows = PyDict::new(py);
        for ((brand, activity, id), row) in &self.interactions {
            rows.set_item((&**brand, activity.member(py)?, &**id), row.python(py)?)?;
        }
        Ok(rows)
    }

    /// By brand.
    #[getter]
    fn conversations<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let rows = PyDict::new(py);
        for (brand, row) in &self.conversations {
            rows.set_item(&**brand, row.python(py)?)?;
        }
        Ok(rows)
    }

    /// What the thread adds to the sums of each window.
    #[getter]
    fn windows<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let windows = PyDict::new(py);
        for (one, added) in &self.windows {
            windows.set_item(window(py, one)?, sums(py, added)?)?;
        }
        Ok(windows)
    }

    /// Windows to which the whole conversation is booked.
    #[getter]
    fn starts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyFrozenSet>> {
        let starts = self.starts.iter().map(|start| window(py, start)).collect::<PyResult<Vec<_>>>()?;
        PyFrozenSet::new(py, starts)
    }
}
