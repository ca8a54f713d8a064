//! What a line makes of a batch: who gets the credit.

use crate::batch::Batch;
use crate::remark::Remark;
use istar::batch::LevelId;
use istar::logged::{Assigned, Drawn, page, shares, write};
use istar::objective::AnyObjective;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::path::PathBuf;

/// The advantage of every token of a batch, as `Line.credit` gives it.
///
/// Attributes
/// ----------
/// advantages : numpy.ndarray or list
///     Of shape (B, T) for padded arrays, 0 where the mask is 0; float32 if the numbers that came in were float32, else float64. For a
///     nested batch lists as it came: group, trajectory, step, token.
/// flat : numpy.ndarray
///     The same as (tokens,) float64, in batch order.
/// remarks : list of Remark
///     What is allowed in the batch and odd.
/// metrics : dict of str to float or None
///     Mean, standard deviation, least and greatest advantage of all tokens, and the share of tokens without credit; None where
///     there are no tokens.
/// explain : str
///     The line in words.
#[pyclass(frozen, module = "istar")]
pub struct Credit {
    batch: Py<Batch>,
    found: Assigned,
    objective: Box<dyn AnyObjective>,
}

impl Credit {
    pub fn new(batch: Py<Batch>, found: Assigned, objective: Box<dyn AnyObjective>) -> Self {
        Credit { batch, found, objective }
    }

    fn column(&self) -> &[f64] {
        self.found.advantage.as_deref().unwrap_or_default()
    }
}

/// Remarks as values of Python, with rows and tokens where a batch has them.
pub fn remarks(batch: &Batch, found: &Assigned) -> Vec<Remark> {
    found.remarks.iter().map(|remark| Remark::of(remark, batch.place(remark.place))).collect()
}

/// The page of a result; written to a file if one is named.
pub fn html(
    py: Python<'_>,
    batch: &Batch,
    found: &Assigned,
    objective: &dyn AnyObjective,
    title: Option<&str>,
    path: Option<PathBuf>,
) -> PyResult<String> {
    let title = title.unwrap_or(objective.name()).to_owned();
    let page = py.detach(|| {
        let shares = shares(objective, batch.logged(), found);
        page(batch.logged(), &[Drawn { title, credit: found.clone(), shares }])
    });
    if let Some(path) = path {
        std::fs::write(&path, &page)?;
    }
    Ok(page)
}

/// The result as the door writes it.
pub fn json(batch: &Batch, found: &Assigned) -> PyResult<String> {
    let mut out = Vec::new();
    write(&mut out, batch.logged(), found)?;
    Ok(String::from_utf8_lossy(&out).trim_end().to_owned())
}

#[pymethods]
impl Credit {
    #[getter]
    fn advantages<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.batch.get().shaped(py, LevelId::Token, self.column())
    }

    #[getter]
    fn flat<'py>(&self, py: Python<'py>) -> Bound<'py, numpy::PyArray1<f64>> {
        numpy::PyArray1::from_slice(py, self.column())
    }

    #[getter]
    fn remarks(&self) -> Vec<Remark> {
        remarks(self.batch.get(), &self.found)
    }

    #[getter]
    fn metrics<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let column = self.column();
        let count = column.len() as f64;
        let mean = column.iter().sum::<f64>() / count;
        let spread = (column.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / count).sqrt();
        let silent = column.iter().filter(|x| **x == 0.0).count() as f64 / count;
        let rows = [
            ("advantage/mean", mean),
            ("advantage/std", spread),
            ("advantage/min", column.iter().copied().fold(f64::INFINITY, f64::min)),
            ("advantage/max", column.iter().copied().fold(f64::NEG_INFINITY, f64::max)),
            ("advantage/zero", silent),
        ];
        let metrics = PyDict::new(py);
        for (name, value) in rows {
            metrics.set_item(name, value.is_finite().then_some(value))?;
        }
        Ok(metrics)
    }

    #[getter]
    fn explain(&self) -> &str {
        &self.found.explain
    }

    /// to_html(path=None, title=None)
    /// --
    ///
    /// The batch as a page that loads nothing: groups, trajectories, steps and tokens, coloured by advantage. Written to `path`
    /// if there is one.
    #[pyo3(signature = (path=None, title=None))]
    fn to_html(&self, py: Python<'_>, path: Option<PathBuf>, title: Option<&str>) -> PyResult<String> {
        html(py, self.batch.get(), &self.found, &*self.objective, title, path)
    }

    /// to_json()
    /// --
    ///
    /// What ``istar credit --advantage`` writes of the batch.
    fn to_json(&self) -> PyResult<String> {
        json(self.batch.get(), &self.found)
    }

    fn _repr_html_(&self, py: Python<'_>) -> PyResult<String> {
        self.to_html(py, None, None)
    }

    fn __repr__(&self) -> String {
        format!("<Credit of {} on {}>", self.objective.name(), self.batch.get().sizes())
    }
}
