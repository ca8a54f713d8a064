//! Padded arrays of Python as the arrays of the door.

use crate::array::{self, Array, entries};
use crate::beyond;
use crate::error::{of_padded, said};
use crate::label::{self, Labels};
use istar::logged::{Column, Logged, Padded, Runs, Step};
use numpy::PyUntypedArrayMethods;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString, PyTuple};

/// What is given for a field, held while it is read.
pub enum Held<'py> {
    /// Numbers: one for each row, or for each place of each row.
    Array(Array<'py>),
    /// An entry for each row.
    Rows(Entries),
    /// An entry for each step, row after row.
    Steps(Entries),
    /// A text for each place of each row.
    Words(Vec<String>),
}

/// Entries of a list.
pub enum Entries {
    Numbers(Vec<f64>),
    Labels(Vec<u32>),
    Texts(Vec<String>),
}

/// What the door is shown of it.
enum Shown<'a> {
    Numbers(Vec<f64>),
    Texts(Vec<&'a str>),
    Nothing,
}

/// Fields whose entries are labels; and those whose entries are texts as they stand.
const LABELS: [&str; 3] = ["state", "agent", "tag"];
const TEXTS: [&str; 2] = ["text", "role"];

/// What a step is.
pub fn step(given: &str) -> PyResult<Step> {
    match given {
        "row" => Ok(Step::Row),
        "run" => Ok(Step::Run),
        "token" => Ok(Step::Token),
        _ => {
            Err(PyValueError::new_err(format!("`step` is {given:?}, expected \"run\", \"row\" or \"token\"")))
        }
    }
}

/// What a batch of padded arrays is made of, and whether its numbers are in single precision alone.
pub fn read<'py>(
    py: Python<'py>,
    mask: &Bound<'py, PyAny>,
    uid: &Bound<'py, PyAny>,
    traj_uid: Option<&Bound<'py, PyAny>>,
    step: Step,
    columns: Option<&Bound<'py, PyDict>>,
) -> PyResult<(Logged, Runs, bool)> {
    let mask = array::of(py, "mask", mask)?;
    let [rows, length] = *mask.shape() else {
        return Err(said(py, format!("`mask` has the shape {:?}, expected (rows, tokens)", mask.shape())));
    };
    if matches!(mask, Array::Objects(_)) {
        return Err(PyTypeError::new_err("`mask` has elements that are no numbers, expected 0 and 1"));
    }
    let of_rows = |name: &str, given: &Bound<'py, PyAny>| -> PyResult<Vec<u32>> {
        let array = array::of(py, name, given)?;
        match array.shape() {
            [entries] if *entries == rows => label::numbers(py, name, &array),
            shape => Err(said(py, format!("`{name}` has the shape {shape:?}, expected [{rows}], one a row"))),
        }
    };
    let group = of_rows("uid", uid)?;
    let traj = traj_uid.map(|given| of_rows("traj_uid", given)).transpose()?;

    let mut held: Vec<(String, Held<'py>)> = Vec::new();
    let (mut own, mut heads) = (Vec::new(), Vec::new());
    let (mut after, mut checklists, mut items) = (Vec::new(), None, None);
    let sizes = (rows, length);
    for (name, given) in columns.into_iter().flatten() {
        if given.is_none() {
            continue;
        }
        let name: String = name.extract()?;
        let by_name = given.is_instance_of::<PyDict>();
        match name.as_str() {
            "columns" => own = beyond::by_name(py, &name, &given, sizes)?,
            "values" => heads.extend(beyond::by_name(py, &name, &given, sizes)?),
            "value" if by_name => heads.extend(beyond::by_name(py, &name, &given, sizes)?),
            "value_after" if by_name => after = beyond::heads_of_rows(py, &name, &given, sizes)?,
            "checklist" => checklists = Some(beyond::json(py, &name, &given, rows)?),
            "items" => items = Some(beyond::items(py, beyond::json(py, &name, &given, rows)?)?),
            _ => {
                let field = hold(py, &name, &given, sizes)?;
                held.push((name, field));
            }
        }
    }
    // One array in double precision is enough for results in double precision.
    let floats = held.iter().chain(&own).chain(&heads).filter_map(|(_, held)| match held {
        Held::Array(array) if array.is_float() => Some(array.is_double()),
        Held::Rows(Entries::Numbers(_)) | Held::Steps(Entries::Numbers(_)) => Some(true),
        _ => None,
    });
    let doubles: Vec<bool> = floats.collect();
    let single = !doubles.is_empty() && !doubles.contains(&true);

    let [shown, shown_own, shown_heads]: [Vec<Shown<'_>>; 3] =
        [&held, &own, &heads].map(|fields| fields.iter().map(|(_, held)| held.shown()).collect());
    let after: Vec<(&str, &[f64])> =
        after.iter().map(|(head, column)| (head.as_str(), column.as_slice())).collect();
    let mut padded = Padded::new(rows, length, mask.cells(), &group).step(step);
    if let Some(traj) = &traj {
        padded = padded.trajectories(traj);
    }
    for ((name, held), shown) in held.iter().zip(&shown) {
        padded = match (held, shown) {
            (Held::Array(array), Shown::Nothing) => padded.per_token(name, array.cells()),
            (Held::Words(_), Shown::Texts(words)) => padded.words(name, words),
            (Held::Array(_), Shown::Numbers(column)) => padded.per_row(name, column),
            (Held::Rows(entries), shown) => padded.per_row(name, column(entries, shown)),
            (Held::Steps(entries), shown) => padded.per_step(name, column(entries, shown)),
            (Held::Array(_) | Held::Words(_), _) => padded,
        };
    }
    for ((name, held), shown) in own.iter().zip(&shown_own) {
        padded = match (held, shown) {
            (Held::Array(_), Shown::Numbers(column)) => padded.own_per_row(name, column),
            (Held::Array(array), _) => padded.own_per_token(name, array.cells()),
            (Held::Steps(entries), shown) => padded.own_per_step(name, column(entries, shown)),
            (Held::Rows(_) | Held::Words(_), _) => padded,
        };
    }
    for ((name, held), shown) in heads.iter().zip(&shown_heads) {
        padded = match (held, shown) {
            (Held::Array(_), Shown::Numbers(column)) => padded.head_per_row(name, column),
            (Held::Array(array), _) => padded.head_per_token(name, array.cells()),
            (Held::Steps(entries), shown) => padded.head_per_step(name, column(entries, shown)),
            (Held::Rows(_) | Held::Words(_), _) => padded,
        };
    }
    if !after.is_empty() {
        padded = padded.per_row("value_after", Column::Heads(&after));
    }
    if let Some(rows) = &checklists {
        padded = padded.checklists(rows);
    }
    padded = match &items {
        Some((true, rows)) => padded.per_row("items", Column::Json(rows)),
        Some((false, steps)) => padded.per_step("items", Column::Json(steps)),
        None => padded,
    };
    let result = py.detach(|| padded.read());
    let (logged, runs) = result.map_err(|error| of_padded(py, error))?;
    Ok((logged, runs, single))
}

fn column<'a>(entries: &'a Entries, shown: &'a Shown<'a>) -> Column<'a> {
    match (entries, shown) {
        (_, Shown::Texts(texts)) => Column::Texts(texts),
        (Entries::Labels(labels), _) => Column::Integers(labels),
        (Entries::Numbers(numbers), _) => Column::Numbers(numbers),
        (Entries::Texts(_), _) => Column::Texts(&[]),
    }
}

impl Held<'_> {
    fn shown(&self) -> Shown<'_> {
        fn texts(texts: &[String]) -> Shown<'_> {
            Shown::Texts(texts.iter().map(String::as_str).collect())
        }
        match self {
            Held::Array(array) if array.shape().len() == 1 => Shown::Numbers(array.cells().numbers()),
            Held::Words(words) => texts(words),
            Held::Rows(Entries::Texts(entries)) | Held::Steps(Entries::Texts(entries)) => texts(entries),
            Held::Array(_) | Held::Rows(_) | Held::Steps(_) => Shown::Nothing,
        }
    }
}

/// What is given for a field, by its shape and what it is made of.
fn hold<'py>(
    py: Python<'py>,
    name: &str,
    given: &Bound<'py, PyAny>,
    (rows, length): (usize, usize),
) -> PyResult<Held<'py>> {
    if let Some(steps) = lists(given)? {
        return of_steps(py, name, &steps, (rows, length));
    }
    let array = array::of(py, name, given)?;
    let shape = array.shape().to_vec();
    match (shape.as_slice(), &array) {
        ([entries], _) if *entries != rows => Err(said(
            py,
            format!("`{name}` has the shape {shape:?}, expected [{rows}], one a row, or [{rows}, {length}]"),
        )),
        ([_], Array::Objects(objects)) if !LABELS.contains(&name) => {
            let list = entries(&objects.call_method0("tolist")?)?;
            Ok(Held::Rows(of_entries(py, name, &list)?))
        }
        ([_], _) if LABELS.contains(&name) => {
            Ok(Held::Rows(Entries::Labels(label::numbers(py, name, &array)?)))
        }
        ([_], _) => Ok(Held::Array(array)),
        ([a, b], Array::Objects(objects)) if (*a, *b) == (rows, length) => {
            let list = entries(&objects.call_method1("reshape", (-1,))?.call_method0("tolist")?)?;
            match of_entries(py, name, &list)? {
                Entries::Texts(words) => Ok(Held::Words(words)),
                _ => Err(PyTypeError::new_err(format!(
                    "`{name}` has objects for each token, expected numbers or texts"
                ))),
            }
        }
        ([a, b], _) if (*a, *b) == (rows, length) => Ok(Held::Array(array)),
        _ => Err(said(
            py,
            format!(
                "`{name}` has the shape {shape:?}, expected [{rows}, {length}] as `mask` has, or [{rows}]"
            ),
        )),
    }
}

/// The lists that a list holds, one for each row, if it holds lists of different lengths or of other things than numbers.
pub fn lists<'py>(given: &Bound<'py, PyAny>) -> PyResult<Option<Vec<Bound<'py, PyAny>>>> {
    let is_list = |it: &Bound<'py, PyAny>| it.is_instance_of::<PyList>() || it.is_instance_of::<PyTuple>();
    let of_objects = given.cast::<numpy::PyUntypedArray>().is_ok_and(|array| {
        use numpy::PyArrayDescrMethods;
        array.dtype().kind() == b'O' && array.shape().len() == 1
    });
    if !is_list(given) && !of_objects {
        return Ok(None);
    }
    let rows = entries(given)?;
    Ok(rows.iter().any(is_list).then_some(rows))
}

/// Lists of entries, one list a row: of each step, or of each place where every list is as long as the rows.
fn of_steps<'py>(
    py: Python<'py>,
    name: &str,
    lists: &[Bound<'py, PyAny>],
    (rows, length): (usize, usize),
) -> PyResult<Held<'py>> {
    if lists.len() != rows {
        return Err(said(py, format!("`{name}` has {} lists, expected {rows}, one a row", lists.len())));
    }
    let mut flat = Vec::new();
    let mut square = true;
    for (row, list) in lists.iter().enumerate() {
        let of_row = entries(list).map_err(|_| {
            PyTypeError::new_err(format!(
                "row {row}: `{name}` is {}, expected a list",
                crate::line::shown(list)
            ))
        })?;
        square &= of_row.len() == length;
        flat.extend(of_row);
    }
    let of_tokens = !STEPS.contains(&name) || (square && name == "text");
    if of_tokens && !square {
        let ragged = lists.iter().enumerate().find(|(_, list)| list.len().is_ok_and(|found| found != length));
        let (row, found) = ragged.map_or((0, 0), |(row, list)| (row, list.len().unwrap_or(0)));
        return Err(said(
            py,
            format!("`{name}` is ragged: row {row} has length {found}, expected {length} as `mask` has"),
        ));
    }
    let entries = of_entries(py, name, &flat)?;
    match entries {
        Entries::Texts(words) if of_tokens => Ok(Held::Words(words)),
        Entries::Numbers(numbers) if of_tokens => tokens(py, name, numbers, (rows, length)),
        entries => Ok(Held::Steps(entries)),
    }
}

/// A number for each place of each row.
pub fn tokens<'py>(
    py: Python<'py>,
    name: &str,
    numbers: Vec<f64>,
    sizes: (usize, usize),
) -> PyResult<Held<'py>> {
    let array = numpy::PyArray1::from_vec(py, numbers).call_method1("reshape", (sizes,))?;
    Ok(Held::Array(array::of(py, name, &array)?))
}

/// The fields of steps.
const STEPS: [&str; 13] = [
    "state",
    "reward",
    "valid",
    "nearer",
    "text",
    "agent",
    "tag",
    "segment_start",
    "turn",
    "switch",
    "p_switch",
    "q",
    "mc",
];

/// Entries as labels, texts or numbers: what the field is made of.
pub fn of_entries(py: Python<'_>, name: &str, list: &[Bound<'_, PyAny>]) -> PyResult<Entries> {
    if LABELS.contains(&name) {
        let labels = Labels::new(py);
        return list
            .iter()
            .map(|label| labels.number(name, label))
            .collect::<PyResult<_>>()
            .map(Entries::Labels);
    }
    if TEXTS.contains(&name) {
        let text = |entry: &Bound<'_, PyAny>| match entry.cast::<PyString>() {
            Ok(text) => Ok(text.to_string_lossy().into_owned()),
            Err(_) => Err(PyTypeError::new_err(format!(
                "`{name}` has {}, expected a text",
                crate::line::shown(entry)
            ))),
        };
        return list.iter().map(text).collect::<PyResult<_>>().map(Entries::Texts);
    }
    let number = |(index, entry): (usize, &Bound<'_, PyAny>)| {
        entry.extract::<f64>().map_err(|_| {
            let found = crate::line::shown(entry);
            PyTypeError::new_err(format!("`{name}` has {found} as entry {index}, expected a number"))
        })
    };
    list.iter().enumerate().map(number).collect::<PyResult<_>>().map(Entries::Numbers)
}
