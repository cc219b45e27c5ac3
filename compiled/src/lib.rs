//! hubbub's fold, compiled. `streams/` is the definition; `tests/compiled/` holds this to it.

mod address;
mod borrowed;
mod called;
mod cells;
mod change;
mod columns;
mod conversation;
mod decode;
mod definition;
mod direct;
mod event;
mod exchanges;
mod fold;
mod folded;
mod guard;
mod heard;
mod interactions;
mod json;
mod labels;
mod latest;
mod ledger;
mod loops;
mod moment;
mod parts;
mod place;
mod python;
mod questions;
mod reading;
mod registry;
mod restoring;
mod rows;
mod saving;
mod seconds;
mod shape;
mod spaces;
mod stirred;
mod strings;
mod summary;
mod sums;
mod table;
mod vocabulary;
mod windows;

use pyo3::prelude::*;

#[pymodule]
fn hubbub_compiled(module: &Bound<'_, PyModule>) -> PyResult<()> {
    guard::listen();
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_function(wrap_pyfunction!(decode::decode, module)?)?;
    module.add_class::<event::Event>()?;
    module.add_class::<folded::Folded>()?;
    module.add_class::<heard::Hearing>()?;
    module.add_class::<labels::Labeller>()?;
    module.add_class::<labels::vader::Vader>()?;
    module.add_function(wrap_pyfunction!(called::called, module)?)?;
    module.add_class::<labels::trial::Trial>()?;
    module.add_class::<ledger::Ledger>()?;
    module.add_class::<registry::Registry>()?;
    module.add_function(wrap_pyfunction!(place::place, module)?)?;
    module.add_function(wrap_pyfunction!(restoring::restore, module)?)?;
    module.add_class::<table::Rows>()?;
    module.add_class::<windows::Added>()?;
    module.add_class::<windows::Windows>()
}
