//! What padded rows have beside the fields of the schema: columns of somebody's own, heads of a critic, checklists.

use super::cells::Cells;
use super::column::Column;
use super::columnar::Wrong;
use super::fields::{Data, steps_in_order};
use super::read;
use super::runs::Runs;
use super::schema::key;
use crate::batch::{Layout, LevelId, Turns};
use serde::Deserialize;
use serde_json::Value;

/// The level of a column of somebody's own, by how it was given.
pub(super) fn level(data: &Data<'_>) -> LevelId {
    match data {
        Data::Row(_) => LevelId::Traj,
        Data::Step(_) => LevelId::Step,
        Data::Cell(_) | Data::Text(_) => LevelId::Token,
    }
}

/// A column of somebody's own, in batch order.
///
/// # Errors
/// The first element that is no finite number, another count than there are steps.
pub(super) fn own(name: &str, data: &Data<'_>, runs: &Runs) -> Result<Vec<f64>, Wrong> {
    let column = match data {
        Data::Row(column) => picked(name, column, runs.first.iter().map(|row| *row as usize))?,
        Data::Step(column) => steps(name, column, runs)?,
        Data::Cell(cells) => runs.gather(cells),
        Data::Text(_) => return Err((0, format!("`{name}` is texts, expected finite numbers"))),
    };
    finite(name, column)
}

/// What a head of a critic says per step, in batch order; given for each place, it is read at the first token of each step.
///
/// # Errors
/// As [`own`], and a step that it has no token for.
pub(super) fn head(name: &str, data: &Data<'_>, runs: &Runs, layout: &Layout) -> Result<Vec<f64>, Wrong> {
    let column = match data {
        Data::Row(column) => picked(name, column, runs.order.iter().map(|row| *row as usize))?,
        Data::Step(column) => steps(name, column, runs)?,
        Data::Cell(cells) => firsts(name, cells, runs, layout)?,
        Data::Text(_) => return Err((0, format!("`{name}` is texts, expected finite numbers"))),
    };
    finite(name, column)
}

/// The checklist of each group: that of its first row.
///
/// # Errors
/// The row of the first that is none.
pub(super) fn checklists(
    rows: &[Value],
    runs: &Runs,
    layout: &Layout,
) -> Result<Vec<Option<Turns>>, (usize, String)> {
    let of = |group: usize| {
        let Some(first) = layout.trajs_of(group).next() else { return Ok(None) };
        let row = runs.first[first] as usize;
        let turns = read::Turns::deserialize(&rows[row]);
        turns
            .map(|turns| Some(turns.items()))
            .map_err(|error| (row, format!("`{}`: {error}", key::CHECKLIST)))
    };
    (0..layout.groups()).map(of).collect()
}

fn steps(name: &str, column: &Column<'_>, runs: &Runs) -> Result<Vec<f64>, Wrong> {
    let places = steps_in_order(runs);
    match column.lengths().into_iter().find(|length| *length != places.len()) {
        Some(length) => {
            Err((0, format!("`{name}` has {length} entries, and there are {} steps", places.len())))
        }
        None => picked(name, column, places.into_iter()),
    }
}

fn firsts(name: &str, cells: &Cells<'_>, runs: &Runs, layout: &Layout) -> Result<Vec<f64>, Wrong> {
    let tokens = runs.gather(cells);
    let first = |step: usize| match layout.tokens_of(step).next() {
        Some(token) => Ok(tokens[token]),
        None => Err((step, format!("`{name}` has no token that it is read at"))),
    };
    (0..layout.steps()).map(first).collect()
}

fn picked(name: &str, column: &Column<'_>, places: impl Iterator<Item = usize>) -> Result<Vec<f64>, Wrong> {
    match column {
        Column::Numbers(column) => Ok(places.map(|place| column[place]).collect()),
        Column::Integers(column) => Ok(places.map(|place| f64::from(column[place])).collect()),
        Column::Flags(column) => Ok(places.map(|place| f64::from(u8::from(column[place]))).collect()),
        other => Err((0, format!("`{name}` is {}, expected finite numbers", other.words()))),
    }
}

fn finite(name: &str, column: Vec<f64>) -> Result<Vec<f64>, Wrong> {
    match column.iter().position(|x| !x.is_finite()) {
        Some(index) => Err((index, format!("`{name}` is {}, expected a finite number", column[index]))),
        None => Ok(column),
    }
}
