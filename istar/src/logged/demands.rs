//! What an objective demands of a logged batch: the fields that it must have, and why.

use super::schema::{ALWAYS, DEMANDED, Field, LEVELS, key};
use super::table::Gap;
use super::{Logged, LoggedError, Place};
use crate::batch::LevelId;
use crate::need::demand::{Demand, Need};
use crate::objective::{AnyObjective, Plan};

/// What is demanded of a field beside the table of columns: a second need, or one that a number decides.
const BESIDE: &[(Need, Field, &str)] = &[
    (Need::TrainsPrm, Field::prm, "trains the PRM"),
    (Need::Continuations, Field::mc, "reads continuations"),
];

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

/// Refuses a batch that lacks a field which the objective reads, or that has a field here and lacks it there.
pub(super) fn check(objective: &dyn AnyObjective, batch: &Logged, plan: &Plan) -> Result<(), LoggedError> {
    let (mut demand, objective) = (objective.demand(), objective.name());
    // The type asks for continuations, the number says how many: none is what a batch has.
    demand.continuations &= plan.rollouts.unwrap_or(0) > 0;
    for (demanded, what, instead) in REFUSED {
        if demanded(&demand) {
            return Err(LoggedError::Demand { objective: objective.to_owned(), what, instead });
        }
    }
    let missing = |field: Field, index: usize, why: String| LoggedError::At {
        place: Place::of(&batch.layout, field.level(), index),
        problem: format!("`{}` is missing: {why}", field.key()),
    };
    let gap = |field: Field| batch.table.gap(field);
    for field in ALWAYS {
        if let Some(gap) = gap(*field) {
            return Err(missing(*field, gap.row, "every batch has it".into()));
        }
    }
    for (need, field, what) in DEMANDED.iter().chain(BESIDE) {
        if let (true, Some(gap)) = (demand.asks(*need), gap(*field)) {
            return Err(missing(*field, gap.row, format!("`{objective}` {what}")));
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
        return Err(missing(Field::segment_start, index, why));
    }
    for field in LEVELS.into_iter().flat_map(Field::of) {
        if let Some(Gap { row, ragged: true }) = gap(*field) {
            return Err(missing(*field, row, "others of the batch have it".into()));
        }
    }
    for level in LEVELS {
        for name in batch.table.own_names(level) {
            if let Some(gap) = batch.table.own_gap(level, name) {
                return Err(own(level, name, gap.row, "others of the batch have it".into()));
            }
        }
    }
    if let Some(Gap { row, ragged: true }) = batch.values.gap() {
        return Err(LoggedError::At {
            place: Place::of(&batch.layout, LevelId::Step, row),
            problem: format!("`{}` is missing: others of the batch have it", key::VALUES),
        });
    }
    Ok(())
}
