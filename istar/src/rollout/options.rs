//! How a batch is sampled.

use serde::{Deserialize, Serialize};

/// What a trajectory's `outcome` is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Outcome {
    /// The sum of the environment's rewards, as in the released code of iStar.
    #[default]
    Reward,
    /// 1 for success, 0 for failure.
    Success,
    /// What the environment itself says that the episode was worth: [`Transition::score`](crate::env::Transition::score) of
    /// its last step.
    Score,
}

/// How a batch is sampled.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sampling {
    /// Trajectories per task; they form a group.
    pub per_group: usize,
    /// What the outcome is.
    pub outcome: Outcome,
    /// Taken off the reward of a step whose action could not be parsed.
    pub invalid_penalty: f64,
    /// Actions are drawn from `p^(1/temperature)`, normalised. The stored log-probabilities, and the entropy, are those of
    /// the policy itself, so batches to train on are sampled at 1; to train another temperature, give it to the policy.
    pub temperature: f64,
}

impl Default for Sampling {
    fn default() -> Self {
        Sampling { per_group: 8, outcome: Outcome::Reward, invalid_penalty: 0.0, temperature: 1.0 }
    }
}
