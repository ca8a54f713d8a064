//! What an objective demands of a logged batch: the fields that it must have, and why.

use super::schema::{step, token, traj};
use super::table::Gap;
use super::{Logged, LoggedError, Place};
use crate::batch::LevelId;
use crate::need::demand::Demand;
use crate::objective::{AnyObjective, Plan};

/// A field by its level and its number there.
#[derive(Clone, Copy, Debug)]
enum Field {
    Traj(usize),
    Step(usize),
    Token(usize),
}

impl Field {
    fn level(self) -> LevelId {
        match self {
            Field::Traj(_) => LevelId::Traj,
            Field::Step(_) => LevelId::Step,
            Field::Token(_) => LevelId::Token,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Field::Traj(i) => traj::KEYS[i],
            Field::Step(i) => step::KEYS[i],
            Field::Token(i) => token::KEYS[i],
        }
    }

    /// Where an element lacks it.
    fn gap(self, batch: &Logged) -> Option<Gap> {
        match self {
            Field::Traj(i) => batch.trajs.gap(i),
            Field::Step(step::TEXT) => batch.texts.gap(0),
            Field::Step(step::VALUES) => batch.values.gap(),
            Field::Step(step::ITEMS) => batch.items.gap(0),
            Field::Step(i) if i < step::NUMBERS => batch.steps.gap(i),
            Field::Step(i) => batch.labels.gap(step::label(i)),
            Field::Token(token::ROLE) => batch.roles.gap(0),
            Field::Token(token::TEXT) => batch.words.gap(0),
            Field::Token(i) => batch.tokens.gap(i),
        }
    }
}

/// Whether it is demanded, the field, and what it is for.
type Row = (fn(&Demand) -> bool, Field, &'static str);

const ROWS: &[Row] = &[
    (|d| d.trains_policy, Field::Token(token::LOGP), "trains the policy"),
    (|d| d.reads_prm, Field::Token(token::PRM), "reads the PRM"),
    (|d| d.trains_prm, Field::Token(token::PRM), "trains the PRM"),
    (|d| d.init_ref, Field::Token(token::REF), "reads the initial policy"),
    (|d| d.snapshot_ref, Field::Token(token::SNAPSHOT), "reads a snapshot of the policy"),
    (|d| d.ema_ref, Field::Token(token::EMA), "reads a moving average of the policy"),
    (|d| d.given_advantage, Field::Token(token::ADV), "takes advantages as they come"),
    (|d| d.given_return, Field::Token(token::RET), "takes returns as they come"),
    (|d| d.roles, Field::Token(token::ROLE), "reads roles"),
    (|d| d.step_rewards, Field::Step(step::REWARD), "reads step rewards"),
    (|d| d.invalid_flags, Field::Step(step::VALID), "reads which actions could be parsed"),
    (|d| d.state_keys, Field::Step(step::STATE), "compares states"),
    (
        |d| d.state_texts,
        Field::Step(step::TEXT),
        "compares descriptions of states; where `state` is one, `text` is a copy of it",
    ),
    (|d| d.agents, Field::Step(step::AGENT), "reads which agent acted"),
    (|d| d.tags, Field::Step(step::TAG), "reads tags"),
    (|d| d.explicit_prm, Field::Step(step::Q), "reads an explicit PRM"),
    (|d| d.continuations, Field::Step(step::MC), "reads continuations"),
    (|d| d.decisions, Field::Step(step::SWITCH), "reads decisions"),
    (|d| d.switch_chances, Field::Step(step::P_SWITCH), "reads how probable decisions are"),
    (|d| d.checklist, Field::Step(step::ITEMS), "reads a checklist"),
    (|d| d.checklist, Field::Step(step::TURN), "reads a checklist"),
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

/// What every batch has.
const ALWAYS: [Field; 3] = [Field::Token(token::OLD), Field::Traj(traj::OUTCOME), Field::Traj(traj::SUCCESS)];

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
        problem: format!("`{}` is missing: {why}", field.name()),
    };
    for field in ALWAYS {
        if let Some(gap) = field.gap(batch) {
            return Err(missing(field, gap.row, "every batch has it".into()));
        }
    }
    for (demanded, field, what) in ROWS {
        if let (true, Some(gap)) = (demanded(&demand), field.gap(batch)) {
            return Err(missing(*field, gap.row, format!("`{objective}` {what}")));
        }
    }
    if demand.explicit_prm
        && let Some(q) = batch.steps.whole(step::Q)
        && let Some(index) = q.iter().position(|q| *q <= 0.0 || *q >= 1.0)
    {
        return Err(LoggedError::At {
            place: Place::of(&batch.layout, LevelId::Step, index),
            problem: format!("`q` is {}, and `{objective}` reads it as a sigmoid, between 0 and 1", q[index]),
        });
    }
    if demand.segments && batch.segment.is_none() {
        let field = Field::Step(step::SEGMENT_START);
        let index = field.gap(batch).map_or(0, |gap| gap.row);
        return Err(missing(field, index, format!("`{objective}` reads segments; `turn` would do as well")));
    }
    let every = (0..traj::NUMBERS)
        .map(Field::Traj)
        .chain((0..step::TOKENS).map(Field::Step))
        .chain((0..token::KEYS.len()).map(Field::Token));
    for field in every {
        if let Some(Gap { row, ragged: true }) = field.gap(batch) {
            return Err(missing(field, row, "others of the batch have it".into()));
        }
    }
    Ok(())
}
