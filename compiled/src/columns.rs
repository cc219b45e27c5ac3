//! Columns in the memory layout of Apache Arrow: validity, offsets and data of each, as bytes.

use std::num::TryFromIntError;

use pyo3::exceptions::PyOverflowError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::cells::{Cells, Row};
use crate::event::Moment;
use crate::python::Member;

/// One bit for each value, the first lowest.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    length: usize,
}

impl Bits {
    fn push(&mut self, bit: bool) {
        if self.length.is_multiple_of(8) {
            self.bytes.push(0);
        }
        if let Some(last) = self.bytes.last_mut() {
            *last |= u8::from(bit) << (self.length % 8);
        }
        self.length += 1;
    }
}

/// Where each value of varying length begins in the data, and where the last one ends.
struct Offsets(Vec<u8>);

impl Offsets {
    fn with_capacity(rows: usize) -> Offsets {
        let mut offsets = Vec::with_capacity(4 * (rows + 1));
        offsets.extend_from_slice(&0_i32.to_ne_bytes());
        Offsets(offsets)
    }

    fn push(&mut self, end: usize) -> PyResult<()> {
        let end = i32::try_from(end).map_err(too_large)?;
        self.0.extend_from_slice(&end.to_ne_bytes());
        Ok(())
    }
}

/// What says that a value does not fit its column.
fn too_large(error: TryFromIntError) -> PyErr {
    PyOverflowError::new_err(error.to_string())
}

enum Values {
    Flags(Bits),
    /// Eight bytes each, as a processor of this machine has them.
    Eights(Vec<u8>),
    Texts(Offsets, Vec<u8>),
    Numbers(Offsets, Vec<u8>),
    Lists(Offsets, Box<Column>),
}

struct Column {
    values: Values,
    valid: Bits,
    nulls: usize,
}

impl Column {
    fn of(values: Values) -> Column {
        Column { values, valid: Bits::default(), nulls: 0 }
    }

    fn texts(rows: usize) -> Column {
        Column::of(Values::Texts(Offsets::with_capacity(rows), Vec::with_capacity(8 * rows)))
    }

    fn note(&mut self, valid: bool) {
        self.valid.push(valid);
        self.nulls += usize::from(!valid);
    }

    fn push_flag(&mut self, is: Option<bool>) {
        self.note(is.is_some());
        if let Values::Flags(flags) = &mut self.values {
            flags.push(is.unwrap_or_default());
        }
    }

    fn push_eight(&mut self, number: Option<[u8; 8]>) {
        self.note(number.is_some());
        if let Values::Eights(data) = &mut self.values {
            data.extend_from_slice(&number.unwrap_or_default());
        }
    }

    fn push_text(&mut self, text: Option<&str>) -> PyResult<()> {
        self.note(text.is_some());
        if let Values::Texts(offsets, data) = &mut self.values {
            data.extend_from_slice(text.unwrap_or_default().as_bytes());
            offsets.push(data.len())?;
        }
        Ok(())
    }

    fn push_numbers(&mut self, numbers: &[u32]) -> PyResult<()> {
        self.note(true);
        if let Values::Numbers(offsets, data) = &mut self.values {
            for &number in numbers {
                data.extend_from_slice(&i64::from(number).to_ne_bytes());
            }
            offsets.push(data.len() / 8)?;
        }
        Ok(())
    }

    fn push_texts<T: AsRef<str>>(&mut self, texts: &[T]) -> PyResult<()> {
        self.note(true);
        if let Values::Lists(offsets, items) = &mut self.values {
            for text in texts {
                items.push_text(Some(text.as_ref()))?;
            }
            offsets.push(items.valid.length)?;
        }
        Ok(())
    }
}

/// The columns of some rows while they are gathered, row by row.
struct Gathered {
    columns: Vec<Column>,
    /// The column that comes next.
    next: usize,
    rows: usize,
}

impl Gathered {
    /// The column that comes next, made anew in the first row.
    fn column(&mut self, make: fn(usize) -> Column) -> &mut Column {
        if self.next == self.columns.len() {
            self.columns.push(make(self.rows));
        }
        self.next += 1;
        &mut self.columns[self.next - 1]
    }

    fn eight(&mut self, number: Option<[u8; 8]>) -> PyResult<()> {
        self.column(|rows| Column::of(Values::Eights(Vec::with_capacity(8 * rows)))).push_eight(number);
        Ok(())
    }
}

impl Cells for Gathered {
    fn text(&mut self, text: &str) -> PyResult<()> {
        self.column(Column::texts).push_text(Some(text))
    }

    fn flag(&mut self, is: impl Into<Option<bool>>) -> PyResult<()> {
        self.column(|_| Column::of(Values::Flags(Bits::default()))).push_flag(is.into());
        Ok(())
    }

    fn whole(&mut self, number: impl Into<Option<i64>>) -> PyResult<()> {
        self.eight(number.into().map(i64::to_ne_bytes))
    }

    fn large(&mut self, number: u64) -> PyResult<()> {
        self.whole(i64::try_from(number).map_err(too_large)?)
    }

    fn real(&mut self, number: impl Into<Option<f64>>) -> PyResult<()> {
        self.eight(number.into().map(f64::to_ne_bytes))
    }

    fn moment(&mut self, at: impl Into<Option<Moment>>) -> PyResult<()> {
        self.whole(at)
    }

    fn word<W: Member>(&mut self, word: Option<W>) -> PyResult<()> {
        self.column(Column::texts).push_text(word.map(Member::word))
    }

    fn numbers(&mut self, numbers: &[u32]) -> PyResult<()> {
        self.column(|rows| Column::of(Values::Numbers(Offsets::with_capacity(rows), Vec::new())))
            .push_numbers(numbers)
    }

    fn texts<T: AsRef<str>>(&mut self, texts: &[T]) -> PyResult<()> {
        self.column(|rows| {
            let items = Box::new(Column::texts(rows));
            Column::of(Values::Lists(Offsets::with_capacity(rows), items))
        })
        .push_texts(texts)
    }
}

/// A column as `pyarrow.Array.from_buffers` takes it: length, nulls, buffers, and the column of its items, if
/// it has any.
#[derive(IntoPyObject)]
pub struct Buffers<'py>(usize, usize, Vec<Option<Bound<'py, PyBytes>>>, Vec<Buffers<'py>>);

impl Column {
    fn buffers<'py>(&self, py: Python<'py>) -> Buffers<'py> {
        let bytes = |bytes: &[u8]| Some(PyBytes::new(py, bytes));
        let valid = if self.nulls > 0 { bytes(&self.valid.bytes) } else { None };
        let (buffers, items) = match &self.values {
            Values::Flags(flags) => (vec![valid, bytes(&flags.bytes)], vec![]),
            Values::Eights(data) => (vec![valid, bytes(data)], vec![]),
            Values::Texts(offsets, data) => (vec![valid, bytes(&offsets.0), bytes(data)], vec![]),
            Values::Numbers(offsets, data) => {
                let items = Buffers(data.len() / 8, 0, vec![None, bytes(data)], vec![]);
                (vec![valid, bytes(&offsets.0)], vec![items])
            }
            Values::Lists(offsets, items) => (vec![valid, bytes(&offsets.0)], vec![items.buffers(py)]),
        };
        Buffers(self.valid.length, self.nulls, buffers, items)
    }
}

/// The columns of some rows, in the order of their model.
///
/// Fails where a number, or the length of what is said in a column, is too large for its type.
pub fn columns<'py, R: Row + Sync>(
    py: Python<'py>,
    rows: &[impl AsRef<R> + Sync],
) -> PyResult<Vec<Buffers<'py>>> {
    let gathered = py.detach(|| {
        let mut gathered = Gathered { columns: Vec::new(), next: 0, rows: rows.len() };
        for row in rows {
            gathered.next = 0;
            row.as_ref().tell(&mut gathered)?;
        }
        Ok::<_, PyErr>(gathered.columns)
    })?;
    Ok(gathered.iter().map(|column| column.buffers(py)).collect())
}
