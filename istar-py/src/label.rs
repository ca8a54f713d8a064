//! Labels: what is equal gets the same number.

use crate::array::{Array, entries};
use crate::line::shown;
use numpy::{PyUntypedArray, PyUntypedArrayMethods};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use rustc_hash::FxHashMap;

/// Numbers of labels, in the order of their first appearance.
pub struct Labels<'py> {
    known: Bound<'py, PyDict>,
}

impl<'py> Labels<'py> {
    pub fn new(py: Python<'py>) -> Self {
        Labels { known: PyDict::new(py) }
    }

    /// The number of a label: anything that Python can hash, an array, or a list or dict of such.
    pub fn number(&self, name: &str, label: &Bound<'py, PyAny>) -> PyResult<u32> {
        let key = hashable(name, label, 0)?;
        if let Some(number) = self.known.get_item(&key)? {
            return number.extract();
        }
        let next = self.known.len() as u32;
        self.known.set_item(key, next)?;
        Ok(next)
    }
}

/// The number of each entry's label.
pub fn numbers<'py>(py: Python<'py>, name: &str, array: &Array<'py>) -> PyResult<Vec<u32>> {
    match array {
        Array::I64(integers) if integers.shape().len() == 1 => {
            let mut known = FxHashMap::default();
            let mut number = |label: &i64| {
                let next = known.len() as u32;
                *known.entry(*label).or_insert(next)
            };
            Ok(integers.as_slice()?.iter().map(&mut number).collect())
        }
        Array::Objects(objects) => {
            let labels = Labels::new(py);
            // A list is walked faster than an array.
            let list = objects.call_method0("tolist")?;
            entries(&list)?.iter().map(|label| labels.number(name, label)).collect()
        }
        other => {
            let mut known = FxHashMap::default();
            let mut number = |label: f64| {
                let next = known.len() as u32;
                *known.entry(label.to_bits()).or_insert(next)
            };
            Ok(other.cells().numbers().into_iter().map(&mut number).collect())
        }
    }
}

fn hashable<'py>(name: &str, label: &Bound<'py, PyAny>, depth: usize) -> PyResult<Bound<'py, PyAny>> {
    let py = label.py();
    if label.is_none() {
        return Err(PyTypeError::new_err(format!(
            "`{name}` has None as a label, expected a text or an integer"
        )));
    }
    if label.hash().is_ok() {
        return Ok(label.clone());
    }
    if depth > 32 {
        return Err(PyTypeError::new_err(format!("`{name}` has a label of more than 32 levels")));
    }
    if let Ok(array) = label.cast::<PyUntypedArray>() {
        if array.dtype().str()? == "object" {
            return hashable(name, &array.call_method0("tolist")?, depth + 1);
        }
        let parts = (array.getattr("shape")?, array.dtype().str()?, array.call_method0("tobytes")?);
        return Ok(parts.into_pyobject(py)?.into_any());
    }
    if let Ok(dict) = label.cast::<PyDict>() {
        let mut pairs = Vec::new();
        for (key, value) in dict {
            pairs.push((key, hashable(name, &value, depth + 1)?));
        }
        return py.import("builtins")?.call_method1("frozenset", (pairs,));
    }
    match label.try_iter() {
        Ok(parts) => {
            let parts: Vec<_> =
                parts.map(|part| hashable(name, &part?, depth + 1)).collect::<PyResult<_>>()?;
            Ok(PyTuple::new(py, parts)?.into_any())
        }
        Err(_) => {
            Err(PyTypeError::new_err(format!("`{name}` has {} as a label, which has no hash", shown(label))))
        }
    }
}
