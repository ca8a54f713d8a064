//! Columns that are there as a whole: into a batch without a look at each element's name.

use super::builder::{TWO_SEGMENTS, segments};
use super::column::Column;
use super::schema::{Field, Kind};
use super::table::{Table, Values};
use super::{Logged, LoggedError, Place};
use crate::batch::{Layout, LevelId, Role};
use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::Error;

/// A batch of whole columns.
///
/// # Errors
/// Segments that are said twice, or that fall.
pub(super) fn logged(layout: Layout, columns: Vec<(Field, Values)>) -> Result<Logged, LoggedError> {
    let has = |field: Field| columns.iter().any(|(of, _)| *of == field);
    if layout.steps() > 0 && has(Field::segment_start) && has(Field::turn) {
        let place = Place::of(&layout, LevelId::Step, 0);
        return Err(LoggedError::At { place, problem: format!("`{}` {TWO_SEGMENTS}", Field::turn.key()) });
    }
    let (trajs, steps) = (layout.trajs(), layout.steps());
    let mut batch = Logged {
        prompts: vec![None; layout.groups()],
        turns: vec![None; layout.groups()],
        finals: vec![None; trajs],
        table: Table::of([trajs, steps, layout.tokens()], columns),
        layout,
        ..Logged::default()
    };
    batch.values.none(steps);
    batch.segment = segments(&batch)?;
    Ok(batch)
}

/// What is wrong with an element of a column: its number, and what is said of it.
pub(super) type Wrong = (usize, String);

/// A column of a field, of whatever is stored there.
///
/// # Errors
/// The first element that is not of the field's kind.
pub(super) fn values(field: Field, column: &Column<'_>, layout: &Layout) -> Result<Values, Wrong> {
    let key = field.key();
    let expected = |what: &'static str| {
        move |index: usize, is: String| (index, format!("`{key}` is {is}, expected {what}"))
    };
    let of_kind = |what: &str| (0, format!("`{key}` is {}, expected {what}", column.words()));
    match field.kind() {
        Kind::Number => match column {
            Column::Numbers(column) => numbers(column, |x| x.is_finite(), expected("a finite number")),
            Column::Integers(column) => Ok(Values::Number(column.iter().map(|n| f64::from(*n)).collect())),
            _ => Err(of_kind("finite numbers")),
        },
        Kind::Flag | Kind::Not => {
            let mut flags = match column {
                Column::Flags(column) => column.iter().map(|yes| f64::from(u8::from(*yes))).collect(),
                Column::Integers(column) => column.iter().map(|n| f64::from(*n)).collect(),
                Column::Numbers(column) => column.to_vec(),
                _ => return Err(of_kind("true or false")),
            };
            if let Some(index) = flags.iter().position(|x: &f64| *x != 0.0 && *x != 1.0) {
                return Err(expected("true or false")(index, flags[index].to_string()));
            }
            if field.kind() == Kind::Not {
                flags.iter_mut().for_each(|x| *x = 1.0 - *x);
            }
            Ok(Values::Number(flags))
        }
        Kind::Count => match column {
            Column::Integers(column) => Ok(Values::Label(column.to_vec())),
            Column::Numbers(column) => whole(column, expected("a whole number from 0 up")).map(Values::Label),
            _ => Err(of_kind("whole numbers from 0 up")),
        },
        Kind::Label | Kind::GroupLabel => {
            let group = |step: usize| match field.kind() {
                Kind::GroupLabel => layout.group_of_traj()[layout.traj_of_step()[step] as usize],
                _ => 0,
            };
            match column {
                Column::Texts(column) => Ok(Values::Label(labels(column, group))),
                Column::Integers(column) => Ok(Values::Label(labels(column, group))),
                _ => Err(of_kind("texts or integers")),
            }
        }
        Kind::Text | Kind::Shown => match column {
            Column::Texts(column) => Ok(Values::Text(column.iter().map(|text| (*text).to_owned()).collect())),
            _ => Err(of_kind("texts")),
        },
        Kind::Role => match column {
            Column::Texts(column) => {
                let role = |(index, text): (usize, &&str)| {
                    let role = Role::deserialize(IntoDeserializer::<Error>::into_deserializer(*text));
                    let what = "`switch`, `subgoal`, `action` or `other`";
                    role.map_err(|_| expected(what)(index, format!("\"{text}\"")))
                };
                column.iter().enumerate().map(role).collect::<Result<_, _>>().map(Values::Role)
            }
            _ => Err(of_kind("roles as texts")),
        },
        Kind::Items => match column {
            Column::Json(column) => {
                let items = |(index, list): (usize, &serde_json::Value)| {
                    Vec::<bool>::deserialize(list)
                        .map_err(|_| expected("a list of true and false")(index, list.to_string()))
                };
                column.iter().enumerate().map(items).collect::<Result<_, _>>().map(Values::Items)
            }
            _ => Err(of_kind("a list of true and false for each step")),
        },
    }
}

/// Labels that came as numbers, if the field has labels.
pub(super) fn labelled(field: Field, column: &[f64]) -> Option<Result<Vec<u32>, Wrong>> {
    let is = matches!(field.kind(), Kind::Label | Kind::GroupLabel);
    is.then(|| whole(column, |index, is| (index, format!("`{}` is {is}, expected a label", field.key()))))
}

fn numbers(
    column: &[f64],
    good: impl Fn(f64) -> bool,
    wrong: impl Fn(usize, String) -> Wrong,
) -> Result<Values, Wrong> {
    match column.iter().position(|x| !good(*x)) {
        Some(index) => Err(wrong(index, column[index].to_string())),
        None => Ok(Values::Number(column.to_vec())),
    }
}

fn whole(column: &[f64], wrong: impl Fn(usize, String) -> Wrong) -> Result<Vec<u32>, Wrong> {
    let one = |(index, x): (usize, &f64)| match *x {
        x if x.fract() == 0.0 && (0.0..4_294_967_296.0).contains(&x) => Ok(x as u32),
        x => Err(wrong(index, x.to_string())),
    };
    column.iter().enumerate().map(one).collect()
}

/// The number of each element's first appearance, from 0 in each group.
fn labels<T: Copy + Eq + std::hash::Hash>(column: &[T], group: impl Fn(usize) -> u32) -> Vec<u32> {
    let (mut known, mut last) = (FxHashMap::default(), 0);
    let label = |(index, element): (usize, &T)| {
        let group = group(index);
        if group != last {
            known.clear();
            last = group;
        }
        let next = known.len() as u32;
        *known.entry(*element).or_insert(next)
    };
    column.iter().enumerate().map(label).collect()
}
