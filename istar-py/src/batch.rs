//! Batches.

use crate::error;
use crate::line::text;
use crate::nested::nested;
use crate::padded;
use istar::batch::LevelId;
use istar::logged::{Logged, LoggedError, Place, Runs};
use numpy::PyArrayMethods;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString};
use std::fmt::Write;

/// Batch(groups, /)
/// --
///
/// A batch of rollouts: groups, trajectories, steps, tokens.
///
/// Parameters
/// ----------
/// groups : dict, list, str or bytes
///     ``{"groups": [{"trajectories": [{"outcome": 1.0, "steps": [{"tokens": [{"old": -0.5}]}]}]}]}``, the list of groups alone,
///     or either as JSON. The fields are those of ``istar credit``, see the book.
///
/// Raises
/// ------
/// BatchError
///     What is no batch: with ``group``, ``trajectory``, ``step`` and ``token``.
#[pyclass(frozen, module = "istar")]
pub struct Batch {
    logged: Logged,
    /// Where its tokens stand, if it came as padded arrays.
    runs: Option<Runs>,
    /// Whether results are in single precision.
    single: bool,
}

impl Batch {
    pub fn logged(&self) -> &Logged {
        &self.logged
    }

    pub fn runs(&self) -> Option<&Runs> {
        self.runs.as_ref()
    }

    /// What is wrong with it, by row and token if it has rows.
    pub fn error(&self, py: Python<'_>, error: LoggedError) -> PyErr {
        error::of_logged(py, error, self.runs.as_ref().map(|runs| (runs, self.logged.layout())))
    }

    /// A place of it in words.
    pub fn place(&self, place: Place) -> String {
        let Some(runs) = &self.runs else { return place.to_string() };
        if place.group.is_some() && place.trajectory.is_none() {
            return place.to_string();
        }
        match runs.place(self.logged.layout(), place) {
            (None, _) => "the batch".to_owned(),
            (Some(row), None) => format!("row {row}"),
            (Some(row), Some(token)) => format!("row {row}, token {token}"),
        }
    }

    /// How many of what it has.
    pub fn sizes(&self) -> String {
        let layout = self.logged.layout();
        let mut text = String::new();
        let parts = [
            ("groups", layout.groups()),
            ("trajectories", layout.trajs()),
            ("steps", layout.steps()),
            ("tokens", layout.tokens()),
        ];
        for (i, (name, count)) in parts.into_iter().enumerate() {
            let comma = if i == 0 { "" } else { ", " };
            _ = write!(text, "{comma}{count} {name}");
        }
        text
    }

    /// A column in the shape that the batch came in: tokens in rows, or lists.
    pub fn shaped<'py>(
        &self,
        py: Python<'py>,
        level: LevelId,
        column: &[f64],
    ) -> PyResult<Bound<'py, PyAny>> {
        let Some(runs) = self.runs.as_ref().filter(|_| level == LevelId::Token) else {
            return Ok(nested(py, self.logged.layout(), level, column)?.into_any());
        };
        fn rows<'py, T: numpy::Element>(
            py: Python<'py>,
            runs: &Runs,
            column: &[f64],
            of: impl Fn(f64) -> T + Send + Sync,
        ) -> PyResult<Bound<'py, PyAny>> {
            let (rows, length) = runs.shape();
            let array = numpy::PyArray2::<T>::zeros(py, [rows, length], false);
            {
                let mut writable = array.try_readwrite()?;
                let cells = writable.as_slice_mut()?;
                py.detach(|| runs.spread(column, cells, of));
            }
            Ok(array.into_any())
        }
        match self.single {
            true => rows(py, runs, column, |x| x as f32),
            false => rows(py, runs, column, |x| x),
        }
    }
}

#[pymethods]
impl Batch {
    #[new]
    #[pyo3(signature = (groups, /))]
    fn new(py: Python<'_>, groups: &Bound<'_, PyAny>) -> PyResult<Self> {
        let json = if groups.is_instance_of::<PyDict>() || groups.is_instance_of::<PyList>() {
            let whole = match groups.cast::<PyList>() {
                Ok(list) => {
                    let whole = PyDict::new(py);
                    whole.set_item("groups", list)?;
                    whole.into_any()
                }
                Err(_) => groups.clone(),
            };
            let options = PyDict::new(py);
            options.set_item("default", py.import("istar._json")?.getattr("plain")?)?;
            let text = py.import("json")?.call_method("dumps", (whole,), Some(&options))?;
            text.cast::<PyString>()?.to_string_lossy().as_bytes().to_vec()
        } else {
            text(groups)?
        };
        let logged = py.detach(|| Logged::read(&json)).map_err(|error| error::of_logged(py, error, None))?;
        Ok(Batch { logged, runs: None, single: false })
    }

    /// from_padded(mask, uid, traj_uid=None, *, step="run", **fields)
    /// --
    ///
    /// A batch from padded arrays: B rows of T tokens, as trainers of language models have them. numpy arrays, torch tensors on
    /// the CPU, and lists.
    ///
    /// Parameters
    /// ----------
    /// mask : (B, T) of bool or 0 and 1
    ///     Which tokens the policy wrote; prompt, padding, tool and observation tokens are 0.
    /// uid : (B,)
    ///     What the rows of a group have in common: the prompt.
    /// traj_uid : (B,), optional
    ///     What the rows of a trajectory have in common; without it each row is one.
    /// step : {"run", "row", "token"}
    ///     What a step is: each run of the mask, the row, or each token.
    /// outcome : (B,), or (B, T) to be summed over the row
    ///     The return of the trajectory; of several rows the first one's.
    /// success : (B,) of bool, optional
    ///     The label; an outcome above 0 where it is not given.
    /// done, judge_ok, value_after : (B,), optional
    ///     More of a trajectory.
    /// old, logp, ref, prm, sampler, snapshot, ema : (B, T), optional
    ///     Log-probabilities in nats.
    /// value, vpred, entropy, adv, ret, id, role, text : (B, T), optional
    ///     More of a token.
    /// values : dict of arrays by head, optional
    ///     A critic with named heads, per step: shapes as of other fields of steps, but (B, T) is read at the first token of each
    ///     step. ``value={"low": .., "high": ..}`` says the same. ``value_after`` may then be a dict too, (B,) by head.
    /// columns : dict of arrays by name, optional
    ///     Columns of your own, of which ``column(name, level, kind)`` reads: (B, T) is one of tokens, (B,) of trajectories, a list of B
    ///     lists or (B, S) of steps.
    /// checklist : list of B dicts, optional
    ///     ``{"turns": [{"items": [{"weight": 1.0, "deps": []}]}]}``, that of the row's group; of several rows the first one's.
    /// items : list of B lists, optional
    ///     Beside a checklist and ``turn``: for each step a list of flags, one an item of its turn. With ``step="row"`` a list a row.
    /// state, reward, valid, agent, tag, turn, segment_start, switch, p_switch, q, mc, nearer : optional
    ///     Of steps. With ``step="row"`` (B,); else a list of B lists with an entry a step, or (B, T), read at the last token of each
    ///     step, ``reward`` summed over it.
    ///
    /// Raises
    /// ------
    /// BatchError
    ///     Another shape, a value that is no finite number, a mask that is neither 0 nor 1: with ``row`` and ``token``.
    /// TypeError
    ///     A field that there is none, elements that are no numbers.
    #[staticmethod]
    #[pyo3(signature = (mask, uid, traj_uid=None, *, step="run", **fields))]
    fn from_padded(
        py: Python<'_>,
        mask: &Bound<'_, PyAny>,
        uid: &Bound<'_, PyAny>,
        traj_uid: Option<&Bound<'_, PyAny>>,
        step: &str,
        fields: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Self> {
        let (logged, runs, single) = padded::read(py, mask, uid, traj_uid, padded::step(step)?, fields)?;
        Ok(Batch { logged, runs: Some(runs), single })
    }

    /// (B, T) of padded arrays; None of a nested batch.
    #[getter]
    fn shape(&self) -> Option<(usize, usize)> {
        self.runs.as_ref().map(Runs::shape)
    }

    /// How many groups it has.
    #[getter]
    fn groups(&self) -> usize {
        self.logged.layout().groups()
    }

    /// How many trajectories it has.
    #[getter]
    fn trajectories(&self) -> usize {
        self.logged.layout().trajs()
    }

    /// How many steps it has.
    #[getter]
    fn steps(&self) -> usize {
        self.logged.layout().steps()
    }

    /// How many tokens it has: those of the mask.
    #[getter]
    fn tokens(&self) -> usize {
        self.logged.layout().tokens()
    }

    fn __repr__(&self) -> String {
        format!("<Batch of {}>", self.sizes())
    }
}
