//! Columns in the nesting of a batch: lists of groups, trajectories, steps and tokens.

use istar::batch::{Layout, LevelId};
use pyo3::prelude::*;
use pyo3::types::PyList;

/// `[group][trajectory][step][token]`; of steps one level less.
pub fn nested<'py>(
    py: Python<'py>,
    layout: &Layout,
    level: LevelId,
    column: &[f64],
) -> PyResult<Bound<'py, PyList>> {
    let groups = PyList::empty(py);
    for group in 0..layout.groups() {
        let trajs = PyList::empty(py);
        for traj in layout.trajs_of(group) {
            let steps = PyList::empty(py);
            for step in layout.steps_of(traj) {
                match level {
                    LevelId::Token => steps.append(PyList::new(py, &column[layout.tokens_of(step)])?)?,
                    _ => steps.append(column[step])?,
                }
            }
            trajs.append(steps)?;
        }
        groups.append(trajs)?;
    }
    Ok(groups)
}
