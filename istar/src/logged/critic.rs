//! What a logged critic said: one head per token, or heads per step.

use super::schema::{Field, key};
use super::{Logged, LoggedError, Place};
use crate::batch::LevelId;
use crate::objective::CriticPlan;

/// The estimates of a batch, for the critic that an objective trains.
#[derive(Debug, Default)]
pub(super) struct Estimates {
    /// Per head, its estimates when the batch was sampled.
    pub(super) old: Vec<Vec<f64>>,
    /// Per head, those of the states after the last steps, where the plan asks for them; 0 where an episode ended.
    pub(super) after: Vec<Vec<f64>>,
    /// The present ones, head after head; those of the rollout where a batch has no others.
    pub(super) now: Vec<f64>,
}

impl Estimates {
    /// Those of a batch. Per token it is `value`, at present `vpred`. Per step it is the head's entry in `values`; an
    /// only head is the only entry, or the estimate at the first token.
    pub(super) fn of(
        batch: &Logged,
        plan: &CriticPlan,
        after: bool,
        objective: &str,
    ) -> Result<Self, LoggedError> {
        let values = |head: &str| batch.values.head(head).map(<[f64]>::to_vec);
        let refuse =
            |what, instead| Err(LoggedError::Demand { objective: objective.to_owned(), what, instead });
        if plan.heads.is_empty() {
            return refuse("a critic without heads", "let its plan name one, \"\" if it is the only one");
        }
        let mut estimates = Estimates::default();
        for head in &plan.heads {
            let (old, now) = match (plan.level, head.as_str()) {
                (LevelId::Token, "") => (batch.token(Field::value), batch.token(Field::vpred)),
                (LevelId::Token, _) => {
                    let what = "a critic with several heads per token, and a token's `value` is one number";
                    return refuse(what, "let the critic estimate per step, whose `values` are by head");
                }
                (_, "") => (
                    batch.values.only().map(<[f64]>::to_vec).or_else(|| batch.first_token(Field::value)),
                    batch.first_token(Field::vpred),
                ),
                (_, head) => (values(head), None),
            };
            let Some(old) = old else { return Err(missing(batch, plan.level, head, objective)) };
            estimates.now.extend(now.as_ref().unwrap_or(&old));
            estimates.old.push(old);
            if after {
                estimates.after.push(batch.values_after(head, objective)?);
            }
        }
        Ok(estimates)
    }
}

/// Where an estimate is missing.
fn missing(batch: &Logged, level: LevelId, head: &str, objective: &str) -> LoggedError {
    let (level, gap, field) = match (level, head) {
        (LevelId::Step, head) if !head.is_empty() || batch.values.gap().is_some_and(|gap| gap.ragged) => {
            (LevelId::Step, batch.values.gap(), key::VALUES)
        }
        _ => (LevelId::Token, batch.table.gap(Field::value), Field::value.key()),
    };
    let problem = match gap {
        Some(_) => format!("`{field}` is missing: `{objective}` reads a critic"),
        None => format!("`{field}` lacks `{head}`: `{objective}` reads that head of a critic"),
    };
    LoggedError::At { place: Place::of(&batch.layout, level, gap.map_or(0, |gap| gap.row)), problem }
}

impl Logged {
    /// Per trajectory, what this head says of the state after the last step; 0 where the episode ended there, as all did
    /// in a batch that does not say.
    fn values_after(&self, head: &str, objective: &str) -> Result<Vec<f64>, LoggedError> {
        let (ended, field) = (self.table.whole::<f64>(Field::ended), key::VALUE_AFTER);
        let cut_off = |traj: usize| ended.is_some_and(|ended| ended[traj] == 0.0);
        let of = |(traj, heads): (usize, &Option<Vec<(String, f64)>>)| {
            if !cut_off(traj) {
                return Ok(0.0);
            }
            let found = match heads.as_deref().unwrap_or_default() {
                [(_, only)] if head.is_empty() => Some(*only),
                heads => heads.iter().find(|(name, _)| name == head).map(|(_, x)| *x),
            };
            let lacks = if heads.is_none() { "is missing".into() } else { format!("lacks `{head}`") };
            found.ok_or_else(|| LoggedError::At {
                place: Place::of(&self.layout, LevelId::Traj, traj),
                problem: format!("`{field}` {lacks}: `{objective}` reads a critic there, `done` being false"),
            })
        };
        self.finals.iter().enumerate().map(of).collect()
    }

    fn token(&self, field: Field) -> Option<Vec<f64>> {
        self.table.whole::<f64>(field).map(<[f64]>::to_vec)
    }

    /// Per step, the number at its first token; 0 where it has none.
    fn first_token(&self, field: Field) -> Option<Vec<f64>> {
        let column = self.table.whole::<f64>(field)?;
        let tokens = |step| self.layout.tokens_of(step);
        let first = |step| tokens(step).next().map_or(0.0, |token| column[token]);
        Some((0..self.layout.steps()).map(first).collect())
    }
}
