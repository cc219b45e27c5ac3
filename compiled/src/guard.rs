//! What nobody has foreseen is an error like any other: a worker that it is told of goes on with the next event.

use std::any::Any;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook};

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

thread_local! {
    /// Where the last panic of the thread happened.
    static PLACE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Let panics be told by errors, and not on the standard error too.
pub fn listen() {
    set_hook(Box::new(|info: &PanicHookInfo<'_>| {
        let place = info.location().map(|place| format!("{}:{}", place.file(), place.line()));
        PLACE.set(place.unwrap_or_default());
    }));
}

/// Do some work; a panic becomes a `RuntimeError` that says where.
pub fn guarded<T>(work: impl FnOnce() -> PyResult<T>) -> PyResult<T> {
    // Whoever gets the error drops what the work was done on, as after any other error.
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| Err(told(&*panic)))
}

fn told(panic: &(dyn Any + Send)) -> PyErr {
    let what = panic.downcast_ref::<&str>().copied().map(str::to_owned);
    let what = what.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
    PyRuntimeError::new_err(format!("compiled fold, {}: {what}", PLACE.take()))
}
