//! What an objective demands of a logged batch: the fields that it must have, and why.

use super::names::others;
use super::schema::{ALWAYS, DEMANDED, Field, Kind, LEVELS, key};
use super::table::Gap;
use super::wanted::Wanted;
use super::{Logged, LoggedError, Place};
use crate::batch::LevelId;
use crate::need::demand::{Demand, Need};
use crate::objective::{AnyObjective, Plan};

/// What is demanded of a field beside the table of columns: a second need, or one that a number decides.
const BESIDE: &[(Need, Field, &str)] = &[
    (Need::TrainsPrm, Field::prm, "trains the PRM"),
    (Need::Continuations, Field::mc, "reads continuations"),
];

/// Why a field that is there and not everywhere is missed.
const OTHERS: &str = "others of the batch have it";

/// Whether it is demanded, what a logged batch has none of, and the way out.
type Refusal = (fn(&Demand) -> bool, &'static str, &'static str);

const REFUSED: &[Refusal] = &[
    (
        |d| d.demonstrations,
        "demonstrations, which a logged batch does not hold",
        "give `logged::assign` the line without `bc(..)`",
    ),
    (
        |d| d.explicit_prm && d.continuations,
        "continuations beside an explicit PRM, and `mc` has only their mean return, not the lengths and successes of labels",
        "set its rollouts to 0: the trajectories of the batch alone",
    ),
    (
        |d| d.explicit_prm && d.trains_prm,
        "an implicit PRM and an explicit one, and phase A trains one network",
        "make two objectives of its terms",
    ),
];

/// Refuses a batch that lacks a field which the objective reads, or that has a field here and lacks it there. Fields that are
/// absent and perhaps not read are given back.
pub(super) fn check(
    objective: &dyn AnyObjective,
    batch: &Logged,
    plan: &Plan,
    wanted: Wanted,
) -> Result<Vec<Field>, LoggedError> {
    let (mut demand, objective) = (objective.demand(), objective.name());
    // The type asks for continuations, the number says how many: none is what a batch has.
    demand.continuations &= plan.rollouts.unwrap_or(0) > 0;
    for (demanded, what, instead) in REFUSED {
        if demanded(&demand) {
            return Err(LoggedError::Demand { objective: objective.to_owned(), what, instead });
        }
    }
    let mut absent = Vec::new();
    let gap = |field: Field| batch.table.gap(field);
    let always = ALWAYS.iter().map(|field| (*field, "reads it"));
    let asked = DEMANDED.iter().chain(BESIDE).filter(|(need, ..)| demand.asks(*need));
    for (field, what) in always.chain(asked.map(|(_, field, what)| (*field, *what))) {
        match gap(field) {
            None => {}
            Some(Gap { ragged: false, .. }) if wanted.doubts(field) => absent.push(field),
            Some(Gap { ragged: true, row }) if ALWAYS.contains(&field) => {
                return Err(missing(batch, field, row, OTHERS.into()));
            }
            Some(gap) => {
                // What stands under another program's name is named first.
                let found = absent.iter().copied().find(|field| elsewhere(batch, *field).is_some());
                let (field, row, what) = found.map_or((field, gap.row, what), |field| (field, 0, "reads it"));
                return Err(missing(batch, field, row, format!("`{objective}` {what}")));
            }
        }
    }
    let own = |level: LevelId, name: &str, row: usize, why: String| LoggedError::At {
        place: Place::of(&batch.layout, level, row),
        problem: format!("`{name}` is missing in `{}`: {why}", key::COLUMNS),
    };
    for column in demand.own.columns() {
        if let Some(gap) = batch.table.own_gap(column.level, column.name) {
            return Err(own(column.level, column.name, gap.row, format!("`{objective}` reads it")));
        }
    }
    if demand.explicit_prm
        && let Some(q) = batch.table.whole::<f64>(Field::q)
        && let Some(index) = q.iter().position(|q| *q <= 0.0 || *q >= 1.0)
    {
        return Err(LoggedError::At {
            place: Place::of(&batch.layout, LevelId::Step, index),
            problem: format!("`q` is {}, and `{objective}` reads it as a sigmoid, between 0 and 1", q[index]),
        });
    }
    if demand.segments && batch.segment.is_none() {
        let index = gap(Field::segment_start).map_or(0, |gap| gap.row);
        let why = format!("`{objective}` reads segments; `turn` would do as well");
        return Err(missing(batch, Field::segment_start, index, why));
    }
    // Texts that nobody compares are only shown.
    let numbers = |field: &&Field| !matches!(field.kind(), Kind::Text | Kind::Shown);
    for field in LEVELS.into_iter().flat_map(Field::of).filter(numbers) {
        if let Some(Gap { row, ragged: true }) = gap(*field) {
            return Err(missing(batch, *field, row, OTHERS.into()));
        }
    }
    for level in LEVELS {
        for name in batch.table.own_names(level) {
            if let Some(gap) = batch.table.own_gap(level, name) {
                return Err(own(level, name, gap.row, OTHERS.into()));
            }
        }
    }
    if let Some(Gap { row, ragged: true }) = batch.values.gap() {
        return Err(LoggedError::At {
            place: Place::of(&batch.layout, LevelId::Step, row),
            problem: format!("`{}` is missing: {OTHERS}", key::VALUES),
        });
    }
    Ok(absent)
}

/// The name of another program that stands for a field.
fn elsewhere(batch: &Logged, field: Field) -> Option<&'static str> {
    let stands = |(level, key): &&(LevelId, &str)| *level == field.level() && others(field).contains(key);
    batch.passed.iter().find(stands).map(|(_, key)| *key)
}

/// A field that is missing, and why that matters; with the name that stands in its place, if one is known.
pub(super) fn missing(batch: &Logged, field: Field, row: usize, why: String) -> LoggedError {
    let (key, absent) = (field.key(), batch.table.gap(field).is_some_and(|gap| !gap.ragged));
    let hint = match elsewhere(batch, field) {
        Some(name) if absent => format!("; `{name}` stands there, and `--map {key}={name}` reads it"),
        None if absent && matches!(field, Field::old | Field::logp) => {
            "; `--advantage` asks for the advantage alone".to_owned()
        }
        _ => String::new(),
    };
    LoggedError::At {
        place: Place::of(&batch.layout, field.level(), row),
        problem: format!("`{key}` is missing: {why}{hint}"),
    }
}
