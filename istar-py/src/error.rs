//! What goes wrong, as exceptions of Python, each with the place of the mistake.

use crate::remark::Mistake;
use istar::batch::Layout;
use istar::logged::{LoggedError, PaddedError, Runs};
use istar::objective::{OutOfRange, Report};
use pyo3::create_exception;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

create_exception!(istar, Error, PyValueError, "What istar refuses; the base of its exceptions.");
create_exception!(
    istar,
    LineError,
    Error,
    "A text that is no line of the language.\n\n`str(error)` shows each mistake with a mark under it. `mistakes` has them one by one; `line`, `column`, `caret` and \
     `suggestion` are those of the first."
);
create_exception!(
    istar,
    NumberError,
    Error,
    "A number of a line that is missing or out of range. `problems` has all of them."
);
create_exception!(
    istar,
    BatchError,
    Error,
    "Something in a batch that is not as it must be, or that a line demands and the batch lacks.\n\n`row` and `token` say \
     where in padded arrays, `group`, `trajectory`, `step` and `token` where in a nested batch, from 0; None where it is said of \
     more than that."
);

/// What is wrong with a text.
pub fn of_line(py: Python<'_>, report: Report) -> PyErr {
    let error = LineError::new_err(report.to_string());
    let mistakes: Vec<Mistake> = report.mistakes.into_iter().map(Mistake::from).collect();
    let value = error.value(py);
    let fill = || -> PyResult<()> {
        let first = mistakes.first();
        value.setattr("line", first.map(|mistake| mistake.line))?;
        value.setattr("column", first.map(|mistake| mistake.column))?;
        value.setattr("caret", first.map(Mistake::caret))?;
        value.setattr("suggestion", first.and_then(|mistake| mistake.help.clone()))?;
        value.setattr("mistakes", mistakes.clone())
    };
    fill().err().unwrap_or(error)
}

/// What is wrong with the numbers of a line.
pub fn of_numbers(py: Python<'_>, error: OutOfRange) -> PyErr {
    let raised = NumberError::new_err(error.to_string());
    match raised.value(py).setattr("problems", error.problems) {
        Ok(()) => raised,
        Err(other) => other,
    }
}

/// Where in a batch something is wrong.
#[derive(Default)]
struct At {
    row: Option<usize>,
    group: Option<usize>,
    trajectory: Option<usize>,
    step: Option<usize>,
    token: Option<usize>,
}

fn of_batch(py: Python<'_>, said: String, at: At) -> PyErr {
    let error = BatchError::new_err(said);
    let value = error.value(py);
    let parts = [
        ("row", at.row),
        ("group", at.group),
        ("trajectory", at.trajectory),
        ("step", at.step),
        ("token", at.token),
    ];
    let filled = parts.into_iter().try_for_each(|(name, number)| value.setattr(name, number));
    filled.err().unwrap_or(error)
}

/// What is wrong with a batch as a whole.
pub fn said(py: Python<'_>, problem: impl Into<String>) -> PyErr {
    of_batch(py, problem.into(), At::default())
}

/// What is wrong with padded arrays.
pub fn of_padded(py: Python<'_>, error: PaddedError) -> PyErr {
    let at = At { row: error.row, token: error.token, ..At::default() };
    of_batch(py, error.to_string(), at)
}

/// What is wrong with a batch, or with a line on it; of padded arrays by row and token.
pub fn of_logged(py: Python<'_>, error: LoggedError, arrays: Option<(&Runs, &Layout)>) -> PyErr {
    if let LoggedError::OutOfRange(error) = error {
        return of_numbers(py, error);
    }
    if let Some((runs, layout)) = arrays {
        let (row, token) = runs.locate(layout, &error);
        let said = match error {
            LoggedError::At { problem, .. } => PaddedError { row, token, problem }.to_string(),
            LoggedError::NotFinite { what, value, .. } => {
                let problem =
                    format!("{what} is {value}: a number of the batch or of the line is too far out");
                PaddedError { row, token, problem }.to_string()
            }
            other => other.to_string(),
        };
        return of_batch(py, said, At { row, token, ..At::default() });
    }
    let at = match &error {
        LoggedError::At { place, .. } | LoggedError::NotFinite { place, .. } => At {
            row: None,
            group: place.group,
            trajectory: place.trajectory,
            step: place.step,
            token: place.token,
        },
        _ => At::default(),
    };
    of_batch(py, error.to_string(), at)
}
