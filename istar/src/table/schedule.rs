//! How long to train and how often to look.

use super::budget::Budget;
use super::frozen::Frozen;
use crate::rollout::Outcome;
use crate::trainer::{Settings, WarmStart};
use serde::{Deserialize, Serialize};
use std::fmt::{self, Display, Formatter};

/// The same for every row of a table, unless a row has settings of its own.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Schedule {
    /// Iterations; with a budget, at the most.
    pub iterations: u64,
    /// What training may spend.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<Budget>,
    /// Batches that are sampled once, on which a [`Table`](super::Table) teaches PRMs and nothing acts; without them it trains.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frozen: Option<Frozen>,
    /// Groups in a batch: tasks drawn for each iteration.
    pub groups: usize,
    /// Iterations between two points of the learning curve.
    pub validate_every: u64,
    /// Iterations between two checkpoints.
    pub checkpoint_every: u64,
    /// Test tasks of which whole groups are sampled, to judge credit on and to film; 0 for none.
    pub credit_tasks: usize,
    /// The start that all rows share; without one they start from the world's policy as it is.
    pub warm_start: Option<WarmStart>,
    /// Optimisers and sampling.
    pub settings: Settings,
}

impl Default for Schedule {
    /// 60 iterations of 32 groups, a look every 5, no warm start.
    fn default() -> Self {
        Schedule {
            iterations: 60,
            budget: None,
            frozen: None,
            groups: 32,
            validate_every: 5,
            checkpoint_every: 10,
            credit_tasks: 64,
            warm_start: None,
            settings: Settings::default(),
        }
    }
}

impl Display for Schedule {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (groups, sampling) = (self.groups, &self.settings.sampling);
        match self.budget {
            None => write!(f, "{} iterations", self.iterations)?,
            Some(budget) => write!(f, "{budget}, in iterations")?,
        }
        if let Some(frozen) = self.frozen {
            write!(f, " {frozen},")?;
        }
        match (self.settings.replay, self.settings.memory, self.frozen) {
            (0, ..) => {}
            (replay, _, Some(_)) => write!(f, " replaying {replay} others with each,")?,
            (replay, memory, None) if memory > replay => {
                write!(f, ", replaying {replay} of the {memory} batches before each in phase A,")?;
            }
            (replay, ..) => write!(f, ", replaying the {replay} batches before each in phase A,")?,
        }
        write!(f, " of {groups} groups × {} episodes", sampling.per_group)?;
        if let Some(warm) = &self.warm_start {
            write!(f, " after {} steps of behaviour cloning", warm.steps)?;
        }
        let outcome = match sampling.outcome {
            Outcome::Reward => "sum of rewards",
            Outcome::Success => "success",
            Outcome::Score => "the environment's score",
        };
        write!(f, "; outcome: {outcome}")
    }
}
