//! What is borrowed of the definition in Python: its classes.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PySet, PyTuple, PyType};

/// A class of the definition, imported when it is first asked for.
pub struct Class {
    found: PyOnceLock<Py<PyType>>,
    module: &'static str,
    name: &'static str,
}

pub static SOCIAL_EVENT: Class = Class::new("schemas.event", "SocialEvent");
pub static ACTOR: Class = Class::new("schemas.event", "Actor");
pub static REFERENCE: Class = Class::new("schemas.event", "Reference");
pub static MENTION: Class = Class::new("schemas.event", "Mention");
pub static IDENTITY: Class = Class::new("streams.place", "Identity");
pub static PLACE: Class = Class::new("streams.place", "Place");
pub static MARK: Class = Class::new("streams.thread", "Mark");
pub static STORED: Class = Class::new("streams.fold", "Stored");
pub static POSITION: Class = Class::new("streams.yields", "Position");
pub static ARRIVAL: Class = Class::new("streams.decode", "Arrival");
pub static DECODED: Class = Class::new("streams.decode", "Decoded");
pub static WINDOW: Class = Class::new("streams.fold", "Window");
pub static SUMS: Class = Class::new("streams.sums", "Sums");
pub static FLUSH: Class = Class::new("sinks.sink", "Flush");
pub static ERASED: Class = Class::new("sinks.sink", "Erased");
pub static RETRY_LATER: Class = Class::new("schemas.errors", "RetryLater");

impl Class {
    const fn new(module: &'static str, name: &'static str) -> Class {
        Class { found: PyOnceLock::new(), module, name }
    }

    pub fn get<'py>(&self, py: Python<'py>) -> PyResult<&Bound<'py, PyType>> {
        self.found.import(py, self.module, self.name)
    }

    /// One of it, for a model, of fields that are right: what was right once is not checked again.
    pub fn model<'py>(&self, py: Python<'py>, fields: &Bound<'py, PyDict>) -> PyResult<Bound<'py, PyAny>> {
        // All say the same of what was set, as what the definition reads does.
        static SET: PyOnceLock<Py<PySet>> = PyOnceLock::new();
        let set = SET.import(py, "schemas.event", "_SET")?;
        self.get(py)?.call_method("model_construct", (set,), Some(fields))
    }

    /// One of it, for a named tuple, without the detour over its `__new__` in Python.
    pub fn tuple<'py>(
        &self,
        py: Python<'py>,
        fields: impl IntoPyObject<'py, Target = PyTuple>,
    ) -> PyResult<Bound<'py, PyAny>> {
        static NEW: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let new =
            NEW.get_or_try_init(py, || PyResult::Ok(py.get_type::<PyTuple>().getattr("__new__")?.unbind()))?;
        new.bind(py).call1((self.get(py)?, fields))
    }
}
