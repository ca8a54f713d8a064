//! What padded arrays have beside plain fields: columns and heads by name, checklists and what a judge said of them.

use crate::array::{self, Array, entries};
use crate::error::said;
use crate::line::shown;
use crate::padded::{Entries, Held, lists, of_entries, tokens};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};
use serde_json::Value;

/// Numbers by name; which level they are of is said by their shapes.
pub fn by_name<'py>(
    py: Python<'py>,
    name: &str,
    given: &Bound<'py, PyAny>,
    sizes: (usize, usize),
) -> PyResult<Vec<(String, Held<'py>)>> {
    let Ok(dict) = given.cast::<PyDict>() else {
        return Err(PyTypeError::new_err(format!(
            "`{name}` is {}, expected a dict of arrays by name",
            shown(given)
        )));
    };
    let each = dict.iter().map(|(key, given)| {
        let key: String = key.extract().map_err(|_| {
            PyTypeError::new_err(format!("`{name}` has the key {}, expected a name", shown(&key)))
        })?;
        let held = numbers(py, &key, &given, sizes)?;
        Ok((key, held))
    });
    each.collect()
}

/// Numbers of rows, (B,), of tokens, (B, T), or of steps: B lists, or (B, S).
fn numbers<'py>(
    py: Python<'py>,
    name: &str,
    given: &Bound<'py, PyAny>,
    (rows, length): (usize, usize),
) -> PyResult<Held<'py>> {
    if let Some(steps) = lists(given)? {
        let of_rows = steps.iter().map(entries).collect::<PyResult<Vec<_>>>()?;
        if of_rows.len() != rows {
            return Err(said(
                py,
                format!("`{name}` has {} lists, expected {rows}, one a row", of_rows.len()),
            ));
        }
        let square = of_rows.iter().all(|row| row.len() == length);
        let flat: Vec<_> = of_rows.into_iter().flatten().collect();
        return match of_entries(py, name, &flat)? {
            Entries::Numbers(numbers) if square => tokens(py, name, numbers, (rows, length)),
            entries => Ok(Held::Steps(entries)),
        };
    }
    let array = array::of(py, name, given)?;
    if matches!(array, Array::Objects(_)) {
        return Err(PyTypeError::new_err(format!("`{name}` has elements that are no numbers")));
    }
    let shape = array.shape().to_vec();
    match shape[..] {
        [entries] if entries == rows => Ok(Held::Array(array)),
        [a, b] if (a, b) == (rows, length) => Ok(Held::Array(array)),
        [a, _] if a == rows => Ok(Held::Steps(Entries::Numbers(array.cells().numbers()))),
        _ => Err(said(
            py,
            format!(
                "`{name}` has the shape {shape:?}, expected [{rows}, {length}], [{rows}], or [{rows}, the steps of a row]"
            ),
        )),
    }
}

/// Numbers by name with an entry a row each.
pub fn heads_of_rows<'py>(
    py: Python<'py>,
    name: &str,
    given: &Bound<'py, PyAny>,
    sizes: (usize, usize),
) -> PyResult<Vec<(String, Vec<f64>)>> {
    let each = by_name(py, name, given, sizes)?.into_iter().map(|(head, held)| match held {
        Held::Array(array) if array.shape().len() == 1 => Ok((head, array.cells().numbers())),
        _ => Err(said(
            py,
            format!("`{name}` has no entry a row for `{head}`, expected the shape [{}]", sizes.0),
        )),
    });
    each.collect()
}

/// Whatever Python holds, as a list of JSON.
pub fn json<'py>(
    py: Python<'py>,
    name: &str,
    given: &Bound<'py, PyAny>,
    rows: usize,
) -> PyResult<Vec<Value>> {
    let options = PyDict::new(py);
    options.set_item("default", py.import("istar._json")?.getattr("plain")?)?;
    let text = py.import("json")?.call_method("dumps", (given,), Some(&options))?;
    let text = text.cast::<PyString>()?.to_string_lossy().into_owned();
    match serde_json::from_str::<Vec<Value>>(&text) {
        Ok(list) if list.len() == rows => Ok(list),
        Ok(list) => Err(said(py, format!("`{name}` has {} entries, expected {rows}, one a row", list.len()))),
        Err(_) => Err(PyTypeError::new_err(format!(
            "`{name}` is {}, expected a list with an entry a row",
            shown(given)
        ))),
    }
}

/// Lists of flags: one a row, or for each row one a step. Whether they are of rows, and the lists.
pub fn items(py: Python<'_>, rows: Vec<Value>) -> PyResult<(bool, Vec<Value>)> {
    let nested = |row: &Value| row.as_array().is_some_and(|steps| steps.iter().any(Value::is_array));
    if !rows.iter().any(nested) {
        return Ok((true, rows));
    }
    let mut steps = Vec::new();
    for (row, of_row) in rows.into_iter().enumerate() {
        match of_row {
            Value::Array(of_row) => steps.extend(of_row),
            other => {
                return Err(said(
                    py,
                    format!("row {row}: `items` is {other}, expected a list with an entry a step"),
                ));
            }
        }
    }
    Ok((false, steps))
}
