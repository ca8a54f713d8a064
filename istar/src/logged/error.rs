//! What is wrong with a logged batch, and where.

use crate::batch::{Layout, LevelId};
use crate::objective::OutOfRange;
use std::fmt::{Display, Formatter};

/// A place in a batch; numbers start at 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The group.
    pub group: Option<usize>,
    /// The trajectory of the group.
    pub trajectory: Option<usize>,
    /// The step of the trajectory.
    pub step: Option<usize>,
    /// The token of the step.
    pub token: Option<usize>,
}

impl Place {
    /// Where element `index` of a level is.
    pub(super) fn of(layout: &Layout, level: LevelId, index: usize) -> Self {
        let (mut place, mut index) = (Place::default(), index);
        if level == LevelId::Token {
            let step = layout.step_of_token()[index] as usize;
            place.token = Some(index - layout.tokens_of(step).start);
            index = step;
        }
        if level != LevelId::Traj {
            let traj = layout.traj_of_step()[index] as usize;
            place.step = Some(index - layout.steps_of(traj).start);
            index = traj;
        }
        let group = layout.group_of_traj()[index] as usize;
        place.trajectory = Some(index - layout.trajs_of(group).start);
        place.group = Some(group);
        place
    }
}

impl Display for Place {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        let parts = [
            ("group", self.group),
            ("trajectory", self.trajectory),
            ("step", self.step),
            ("token", self.token),
        ];
        let mut comma = "";
        for (name, number) in parts {
            if let Some(number) = number {
                write!(f, "{comma}{name} {number}")?;
                comma = ", ";
            }
        }
        if comma.is_empty() { f.write_str("the batch") } else { Ok(()) }
    }
}

/// Why a batch gets no credit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoggedError {
    /// The text is no JSON.
    #[error("line {line}, column {column}: {problem}")]
    Json {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What is wrong.
        problem: String,
    },
    /// Something in the batch is not as it must be.
    #[error("{place}: {problem}")]
    At {
        /// Where.
        place: Place,
        /// What is wrong, with the field's name.
        problem: String,
    },
    /// A number of the objective.
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
    /// A logged batch cannot hold what the objective demands.
    #[error("`{objective}` demands {what}: {instead}")]
    Demand {
        /// The objective.
        objective: String,
        /// What it demands, and why there is none.
        what: &'static str,
        /// The way out.
        instead: &'static str,
    },
    /// A loss, an advantage or a gradient overflows.
    #[error("{place}: {what} is {value}: a number of the batch or of the objective is too far out")]
    NotFinite {
        /// Where.
        place: Place,
        /// Which result.
        what: &'static str,
        /// Its value.
        value: String,
    },
    /// Rows of another program that are not what its format says.
    #[error("{0}")]
    Format(String),
    /// A golden file whose case or parameters no line of the language is known for.
    #[error("{0}")]
    Case(String),
}
