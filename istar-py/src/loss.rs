//! What a line makes of a batch: the loss and its derivatives.

use crate::array::{self, Array};
use crate::batch::Batch;
use crate::credit::{html, json, remarks};
use crate::error;
use crate::remark::Remark;
use istar::batch::LevelId;
use istar::logged::{Assigned, Logged};
use istar::objective::AnyObjective;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::path::PathBuf;

/// The loss of a line on a batch and its derivatives, as `Line.loss` gives it; ``float(loss)`` is its value.
///
/// Attributes
/// ----------
/// value : float
///     The sum of the terms.
/// dlogp, dprm : numpy.ndarray, list or None
///     The derivative in each token's ``logp`` and ``prm``, in the shape that the batch came in, 0 where the mask is 0; None
///     where the line does not train it.
/// dvpred : numpy.ndarray, list, dict or None
///     The derivative in a critic's estimates; by head if heads have names. Of a critic per step one number a step.
/// dq : list or None
///     The derivative in an explicit PRM's ``q``, nested: group, trajectory, step.
/// terms : dict of str to float
///     What each term adds to the value.
/// advantages : numpy.ndarray, list or None
///     The advantage of each token, as `Credit` has it.
/// metrics : dict of str to float or None
///     What the terms log; None for a number that overflows.
/// remarks : list of Remark
///     What is allowed in the batch and odd.
/// left_out : list of str
///     Terms that the batch has no field for and that count nothing, with the reason.
#[pyclass(frozen, module = "istar")]
pub struct Loss {
    batch: Py<Batch>,
    found: Assigned,
    objective: Box<dyn AnyObjective>,
}

impl Loss {
    pub fn new(batch: Py<Batch>, found: Assigned, objective: Box<dyn AnyObjective>) -> Self {
        Loss { batch, found, objective }
    }

    fn tokens<'py>(&self, py: Python<'py>, column: Option<&Vec<f64>>) -> PyResult<Option<Bound<'py, PyAny>>> {
        column.map(|column| self.batch.get().shaped(py, LevelId::Token, column)).transpose()
    }
}

/// The batch with these columns of tokens in the place of its own; None if none is given.
pub fn with_leaves(
    py: Python<'_>,
    batch: &Batch,
    leaves: [(&str, Option<Bound<'_, PyAny>>); 3],
) -> PyResult<Option<Logged>> {
    let mut with = None;
    for (name, given) in leaves {
        let Some(given) = given else { continue };
        let array = array::of(py, name, &given)?;
        let column = match (&array, batch.runs()) {
            (Array::Objects(_), _) => Err(format!("`{name}` has elements that are no numbers")),
            (array, Some(runs)) if array.shape() == [runs.shape().0, runs.shape().1] => {
                Ok(runs.gather(&array.cells()))
            }
            (array, None) if array.shape() == [batch.logged().layout().tokens()] => {
                Ok(array.cells().numbers())
            }
            (array, runs) => Err(format!(
                "`{name}` has the shape {:?}, expected {}",
                array.shape(),
                match runs.map(istar::logged::Runs::shape) {
                    Some((rows, length)) => format!("[{rows}, {length}]"),
                    None => format!("[{}], one number a token", batch.logged().layout().tokens()),
                }
            )),
        };
        let column = column.map_err(|problem| error::said(py, problem))?;
        let logged = with.get_or_insert_with(|| batch.logged().clone());
        logged.set_tokens(name, column).map_err(|error| batch.error(py, error))?;
    }
    Ok(with)
}

#[pymethods]
impl Loss {
    #[getter]
    fn value(&self) -> f64 {
        self.found.loss
    }

    fn __float__(&self) -> f64 {
        self.found.loss
    }

    #[getter]
    fn dlogp<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.tokens(py, self.found.dloss_dlogp.as_ref())
    }

    #[getter]
    fn dprm<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.tokens(py, self.found.dloss_dprm.as_ref())
    }

    #[getter]
    fn dvpred<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let shaped = |level, column: &[f64]| self.batch.get().shaped(py, level, column);
        match self.found.dloss_dvpred.as_slice() {
            [] => Ok(None),
            [only] if only.head.is_empty() => shaped(only.level, &only.slope).map(Some),
            heads => {
                let by_head = PyDict::new(py);
                for head in heads {
                    by_head.set_item(&head.head, shaped(head.level, &head.slope)?)?;
                }
                Ok(Some(by_head.into_any()))
            }
        }
    }

    #[getter]
    fn dq<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let column = self.found.dloss_dq.as_ref();
        column.map(|column| self.batch.get().shaped(py, LevelId::Step, column)).transpose()
    }

    #[getter]
    fn terms<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let terms = PyDict::new(py);
        for (name, value) in &self.found.terms {
            terms.set_item(name, value)?;
        }
        Ok(terms)
    }

    #[getter]
    fn advantages<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.tokens(py, self.found.advantage.as_ref())
    }

    #[getter]
    fn metrics<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let metrics = PyDict::new(py);
        for (name, value) in &self.found.metrics {
            metrics.set_item(name, value.is_finite().then_some(*value))?;
        }
        Ok(metrics)
    }

    #[getter]
    fn remarks(&self) -> Vec<Remark> {
        remarks(self.batch.get(), &self.found)
    }

    #[getter]
    fn left_out(&self) -> Vec<&'static str> {
        self.found.left_out.clone()
    }

    #[getter]
    fn explain(&self) -> &str {
        &self.found.explain
    }

    /// to_html(path=None, title=None)
    /// --
    ///
    /// The page of `Credit.to_html`, with the loss of each term.
    #[pyo3(signature = (path=None, title=None))]
    fn to_html(&self, py: Python<'_>, path: Option<PathBuf>, title: Option<&str>) -> PyResult<String> {
        html(py, self.batch.get(), &self.found, &*self.objective, title, path)
    }

    /// to_json()
    /// --
    ///
    /// What ``istar credit`` writes of the batch.
    fn to_json(&self) -> PyResult<String> {
        json(self.batch.get(), &self.found)
    }

    fn __repr__(&self) -> String {
        format!("<Loss {} of {} on {}>", self.found.loss, self.objective.name(), self.batch.get().sizes())
    }
}
