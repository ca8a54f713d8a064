//! Rows nested into groups, trajectories, steps and tokens, and the way back.

use crate::batch::Layout;
use crate::logged::schema::Field;
use crate::logged::{Arrays, Column, Logged, LoggedError, Place, Remark};
use rustc_hash::FxHashMap;
use serde_json::Value;
use std::fmt::{Display, Formatter};

/// What a row says of one trajectory: some of its steps.
#[derive(Debug)]
pub(super) struct Sample {
    /// The number of the row, from 0.
    pub(super) row: usize,
    pub(super) group: String,
    /// What rows of one trajectory have in common; a row without it is one.
    pub(super) traj: Option<String>,
    /// Fields of the trajectory.
    pub(super) fields: Vec<(Field, Value)>,
    pub(super) steps: Vec<Piece>,
    /// Where results go.
    pub(super) slots: Vec<Slot>,
}

/// A step.
#[derive(Debug, Default)]
pub(super) struct Piece {
    pub(super) fields: Vec<(Field, Value)>,
    /// Per token, the slot of the sample and the place in it.
    pub(super) places: Vec<(usize, usize)>,
    /// Per field of tokens, a number per token.
    pub(super) numbers: Vec<(Field, Vec<f64>)>,
    /// The word of each token.
    pub(super) words: Option<Vec<String>>,
}

/// An object of a row that results are written into.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    /// The way to it.
    pub(super) path: Vec<Part>,
    /// The length of its lists; `None` where it has a number.
    pub(super) length: Option<usize>,
}

/// A part of a way through JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Key(&'static str),
    Index(usize),
}

/// Where the tokens of a batch came from: per row its slots, and per token the slot, the place there and the number in the batch.
#[derive(Debug, Default)]
pub(super) struct Places(Vec<(Vec<Slot>, Vec<(usize, usize, usize)>)>);

/// What is written into one object.
#[derive(Debug)]
pub(super) struct Filled<'a> {
    pub(super) path: &'a [Part],
    pub(super) values: Vec<(&'static str, Cell)>,
}

/// A number, or a list of them, as JSON has it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    One(f64),
    List(Vec<f64>),
}

impl Display for Cell {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        let text = match self {
            Cell::One(x) => serde_json::to_string(x),
            Cell::List(list) => serde_json::to_string(list),
        };
        f.write_str(&text.map_err(|_| std::fmt::Error)?)
    }
}

impl Places {
    /// These columns of tokens as they stand in a row.
    pub(super) fn of<'s>(&'s self, row: usize, columns: &[(&'static str, &[f64])]) -> Vec<Filled<'s>> {
        let Some((slots, tokens)) = self.0.get(row) else { return Vec::new() };
        let of_slot = |(number, slot): (usize, &Slot)| {
            let mine = || tokens.iter().filter(move |(at, ..)| *at == number);
            let cell = |column: &[f64]| match slot.length {
                None => Cell::One(mine().map(|(_, _, token)| column[*token]).next().unwrap_or(0.0)),
                Some(length) => {
                    let mut list = vec![0.0; length];
                    mine().for_each(|(_, place, token)| list[*place] = column[*token]);
                    Cell::List(list)
                }
            };
            columns.iter().map(|(name, column)| (*name, cell(column))).collect()
        };
        let filled =
            |(number, slot): (usize, &'s Slot)| Filled { path: &slot.path, values: of_slot((number, slot)) };
        slots.iter().enumerate().map(filled).collect()
    }
}

/// Makes a batch: groups, and the trajectories of each, in the order in which they first stand in the rows.
pub(super) fn nest(samples: Vec<Sample>) -> Result<(Logged, Places), LoggedError> {
    let mut groups: Vec<Vec<Vec<usize>>> = Vec::new();
    let (mut group_of, mut traj_of) = (FxHashMap::default(), FxHashMap::default());
    for (number, sample) in samples.iter().enumerate() {
        let group = *group_of.entry(sample.group.as_str()).or_insert(groups.len());
        if group == groups.len() {
            groups.push(Vec::new());
        }
        let known =
            sample.traj.as_ref().map(|traj| *traj_of.entry((group, traj)).or_insert(groups[group].len()));
        match known.filter(|traj| *traj < groups[group].len()) {
            Some(traj) => groups[group][traj].push(number),
            None => groups[group].push(vec![number]),
        }
    }
    let trajs: Vec<&Vec<usize>> = groups.iter().flatten().collect();
    let order: Vec<usize> = trajs.iter().flat_map(|traj| traj.iter().copied()).collect();
    let steps = || order.iter().flat_map(|number| &samples[*number].steps);
    let of_traj = |traj: &&Vec<usize>| traj.iter().map(|number| samples[*number].steps.len()).sum::<usize>();
    let layout = Layout::from_lengths(
        groups.iter().map(Vec::len),
        trajs.iter().map(of_traj),
        steps().map(|step| step.places.len()),
    );

    let last = samples.iter().map(|sample| sample.row + 1).max().unwrap_or(0);
    let mut places = Places((0..last).map(|_| Default::default()).collect());
    let mut token = 0;
    for number in &order {
        let sample = &samples[*number];
        let (slots, tokens) = &mut places.0[sample.row];
        let before = slots.len();
        slots.extend(sample.slots.iter().cloned());
        for (slot, place) in sample.steps.iter().flat_map(|step| &step.places) {
            tokens.push((before + slot, *place, token));
            token += 1;
        }
    }

    let firsts: Vec<(usize, &[(Field, Value)])> =
        trajs.iter().map(|traj| (samples[traj[0]].row, samples[traj[0]].fields.as_slice())).collect();
    let of_steps: Vec<(usize, &[(Field, Value)])> = order
        .iter()
        .flat_map(|number| {
            samples[*number].steps.iter().map(|step| (samples[*number].row, step.fields.as_slice()))
        })
        .collect();
    let mut remarks = Vec::new();
    let (mut traj_fields, step_fields) = (columns(&firsts)?, columns(&of_steps)?);
    remarks.extend(disagreement(&trajs, &samples));
    remarks.extend(labels(&mut traj_fields));
    let with_tokens = || {
        order
            .iter()
            .flat_map(|number| samples[*number].steps.iter().map(|step| (samples[*number].row, step)))
            .filter(|(_, step)| !step.places.is_empty())
    };
    let numbers = numbers(with_tokens)?;
    let words: Option<Vec<&str>> = with_tokens()
        .map(|(_, step)| step.words.as_ref())
        .collect::<Option<Vec<_>>>()
        .map(|words| words.into_iter().flatten().map(String::as_str).collect());

    let mut arrays = Arrays::new(&layout);
    for (field, column) in &traj_fields {
        arrays = arrays.traj(field.key(), column.as_slice());
    }
    for (field, column) in &step_fields {
        arrays = arrays.step(field.key(), column.as_slice());
    }
    for (field, column) in &numbers {
        arrays = arrays.token(field.key(), column.as_slice());
    }
    if let Some(words) = words.as_deref().filter(|words| !words.is_empty()) {
        arrays = arrays.token(Field::word.key(), Column::Texts(words));
    }
    let mut batch = arrays.read().map_err(|error| {
        let row = |place: Place| {
            let traj = layout.trajs_of(place.group?).start + place.trajectory?;
            let step = place.step.map(|step| layout.steps_of(traj).start + step);
            Some(step.map_or(firsts[traj].0, |step| of_steps[step].0) + 1)
        };
        match error {
            LoggedError::At { place, problem } => match row(place) {
                Some(row) => LoggedError::Format(format!("row {row}: {problem}")),
                None => LoggedError::At { place, problem },
            },
            other => other,
        }
    })?;
    batch.remarks.extend(remarks);
    Ok((batch, places))
}

type Columns<T> = Vec<(Field, Vec<T>)>;

fn lacks(row: usize, field: Field) -> LoggedError {
    LoggedError::Format(format!("row {}: `{}` is missing, and other rows have it", row + 1, field.key()))
}

/// A column for each field, of which all elements must have a value.
fn columns(elements: &[(usize, &[(Field, Value)])]) -> Result<Columns<Value>, LoggedError> {
    let there = |field: &Field| elements.iter().any(|(_, fields)| fields.iter().any(|(of, _)| of == field));
    let column = |field: &Field| {
        let of = |(row, fields): &(usize, &[(Field, Value)])| {
            let found = fields.iter().find(|(of, _)| of == field);
            found.map(|(_, value)| value.clone()).ok_or_else(|| lacks(*row, *field))
        };
        Ok((*field, elements.iter().map(of).collect::<Result<_, _>>()?))
    };
    Field::ALL.iter().filter(|field| there(field)).map(column).collect()
}

/// The same of tokens.
fn numbers<'a, I: Iterator<Item = (usize, &'a Piece)>>(
    steps: impl Fn() -> I,
) -> Result<Columns<f64>, LoggedError> {
    let mut fields: Vec<Field> = Vec::new();
    for (_, step) in steps() {
        let new: Vec<Field> =
            step.numbers.iter().map(|(field, _)| *field).filter(|f| !fields.contains(f)).collect();
        fields.extend(new);
    }
    let column = |field: Field| {
        let mut column = Vec::new();
        for (row, step) in steps() {
            let found = step.numbers.iter().find(|(of, _)| *of == field);
            column.extend(&found.ok_or_else(|| lacks(row, field))?.1);
        }
        Ok((field, column))
    };
    fields.into_iter().map(column).collect()
}

/// Rows of one trajectory that say different things of it.
fn disagreement(trajs: &[&Vec<usize>], samples: &[Sample]) -> Option<Remark> {
    let differs =
        |traj: &&&Vec<usize>| traj.iter().any(|number| samples[*number].fields != samples[traj[0]].fields);
    let count = trajs.iter().filter(differs).count();
    let what = "rows of one trajectory differ in its outcome or label: the first row's is taken";
    (count > 0).then(|| Remark { count, ..Remark::of_batch(what) })
}

/// Labels from outcomes, where rows have none.
fn labels(fields: &mut Columns<Value>) -> Option<Remark> {
    let has = |field| fields.iter().position(|(of, _)| *of == field);
    let (Some(outcome), None) = (has(Field::outcome), has(Field::success)) else { return None };
    let label = |x: &Value| x.as_f64().map_or(Value::Null, |x| Value::Bool(x > 0.0));
    let labels: Vec<Value> = fields[outcome].1.iter().map(label).collect();
    if labels.iter().any(Value::is_null) {
        return None;
    }
    fields.push((Field::success, labels));
    Some(Remark::of_batch(
        "the rows have no label: an outcome above 0 is taken for a success (`--map success=..` names one)",
    ))
}
