//! Arrays of Python as slices: numpy, tensors on the CPU, lists of numbers; without a copy where they are contiguous.

use crate::error::said;
use crate::line::shown;
use istar::logged::Cells;
use numpy::{
    PyArrayDescrMethods, PyArrayDyn, PyArrayMethods, PyReadonlyArrayDyn, PyUntypedArray,
    PyUntypedArrayMethods,
};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

/// An array that is read.
pub enum Array<'py> {
    F32(PyReadonlyArrayDyn<'py, f32>),
    F64(PyReadonlyArrayDyn<'py, f64>),
    I64(PyReadonlyArrayDyn<'py, i64>),
    I32(PyReadonlyArrayDyn<'py, i32>),
    U8(PyReadonlyArrayDyn<'py, u8>),
    Flags(PyReadonlyArrayDyn<'py, bool>),
    /// Texts and whatever else Python holds.
    Objects(Bound<'py, PyUntypedArray>),
}

macro_rules! each {
    ($array:expr, $typed:ident => $do:expr, $objects:ident => $other:expr) => {
        match $array {
            Array::F32($typed) => $do,
            Array::F64($typed) => $do,
            Array::I64($typed) => $do,
            Array::I32($typed) => $do,
            Array::U8($typed) => $do,
            Array::Flags($typed) => $do,
            Array::Objects($objects) => $other,
        }
    };
}

impl Array<'_> {
    pub fn shape(&self) -> &[usize] {
        each!(self, typed => typed.shape(), objects => objects.shape())
    }

    /// The numbers as cells; of objects there are none.
    pub fn cells(&self) -> Cells<'_> {
        // They are contiguous: `of` has seen to it.
        let none = Cells::F64(&[]);
        match self {
            Array::F32(typed) => typed.as_slice().map_or(none, Cells::F32),
            Array::F64(typed) => typed.as_slice().map_or(none, Cells::F64),
            Array::I64(typed) => typed.as_slice().map_or(none, Cells::I64),
            Array::I32(typed) => typed.as_slice().map_or(none, Cells::I32),
            Array::U8(typed) => typed.as_slice().map_or(none, Cells::U8),
            Array::Flags(typed) => typed.as_slice().map_or(none, Cells::Flags),
            Array::Objects(_) => none,
        }
    }

    /// Whether it has numbers in double precision.
    pub fn is_double(&self) -> bool {
        matches!(self, Array::F64(_))
    }

    /// Whether it has floating-point numbers.
    pub fn is_float(&self) -> bool {
        matches!(self, Array::F64(_) | Array::F32(_))
    }
}

/// What stands for an array, under the name that it has in errors.
pub fn of<'py>(py: Python<'py>, name: &str, given: &Bound<'py, PyAny>) -> PyResult<Array<'py>> {
    let numpy = py.import("numpy")?;
    let given = on_the_cpu(py, name, given)?;
    let array = match given.cast::<PyUntypedArray>() {
        Ok(array) => array.clone(),
        Err(_) => {
            let made = match given.hasattr("__array__")? || !given.hasattr("__dlpack__")? {
                true => numpy.call_method1("asarray", (&given,)),
                false => numpy.call_method1("from_dlpack", (&given,)),
            };
            let made = made.map_err(|error| match ragged(&given) {
                Some(ragged) => said(py, format!("`{name}` is ragged: {ragged}")),
                None => said(py, format!("`{name}` is no array: {}", error.value(py))),
            })?;
            made.cast_into::<PyUntypedArray>()?
        }
    };
    let dtype = array.dtype();
    let (kind, size) = (dtype.kind(), dtype.itemsize());
    let wanted = match (kind, size) {
        (b'b', _) => "bool",
        (b'u', 1) => "uint8",
        (b'i', 4) => "int32",
        (b'i', _) | (b'u', 1..=4) => "int64",
        (b'f', 8) => "float64",
        (b'f', 2 | 4) => "float32",
        (b'O' | b'U' | b'T', _) => return Ok(Array::Objects(array)),
        _ => {
            let what = dtype.str()?;
            return Err(PyTypeError::new_err(format!(
                "`{name}` has elements of type {what}, expected bool, integers to 64 bits, float16, float32 or float64"
            )));
        }
    };
    if array.shape().is_empty() {
        return Err(said(py, format!("`{name}` is a single number, expected an array")));
    }
    // A copy only where the layout or the type asks for one.
    let array = numpy.call_method1("ascontiguousarray", (&array, wanted))?;
    fn typed<'py, T: numpy::Element>(array: &Bound<'py, PyAny>) -> PyResult<PyReadonlyArrayDyn<'py, T>> {
        Ok(array.cast::<PyArrayDyn<T>>()?.try_readonly()?)
    }
    Ok(match wanted {
        "bool" => Array::Flags(typed(&array)?),
        "uint8" => Array::U8(typed(&array)?),
        "int32" => Array::I32(typed(&array)?),
        "int64" => Array::I64(typed(&array)?),
        "float64" => Array::F64(typed(&array)?),
        _ => Array::F32(typed(&array)?),
    })
}

/// A tensor of torch without its graph, in a type that numpy has; what is on another device is refused.
fn on_the_cpu<'py>(py: Python<'py>, name: &str, given: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    if given.cast::<PyUntypedArray>().is_ok() || !given.hasattr("detach")? || !given.hasattr("device")? {
        return Ok(given.clone());
    }
    let device = given.getattr("device")?.str()?.to_string();
    if !device.starts_with("cpu") {
        return Err(said(py, format!("`{name}` is on {device}, expected the CPU: give `{name}.cpu()`")));
    }
    let tensor = given.call_method0("detach")?;
    if tensor.getattr("dtype")?.str()?.to_string().contains("bfloat16") {
        return tensor.call_method0("float");
    }
    Ok(tensor)
}

/// How lists differ in length, if they do.
fn ragged(given: &Bound<'_, PyAny>) -> Option<String> {
    let mut first = None;
    for (row, entry) in given.try_iter().ok()?.enumerate().take(1_000_000) {
        let length = entry.ok()?.len().ok();
        match first {
            None => first = Some(length),
            Some(first) if first != length => {
                let words = |length: Option<usize>| length.map_or("none".to_owned(), |n| n.to_string());
                return Some(format!("row {row} has length {}, and row 0 {}", words(length), words(first)));
            }
            _ => {}
        }
    }
    None
}

/// The entries of a list, or of an array of objects along its first axis, if it is one.
pub fn entries<'py>(given: &Bound<'py, PyAny>) -> PyResult<Vec<Bound<'py, PyAny>>> {
    match given.try_iter() {
        Ok(entries) => entries.collect(),
        Err(_) => Err(PyTypeError::new_err(format!("{} is no list", shown(given)))),
    }
}
