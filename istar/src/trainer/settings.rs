//! The numbers of a training run that are not part of an objective.

use super::adam::AdamConfig;
use crate::rollout::Sampling;
use serde::{Deserialize, Serialize};

/// Settings of a [`Trainer`](super::Trainer): the same for every row of a table.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// How batches are sampled.
    pub sampling: Sampling,
    /// Steps per mini-batch of phase B; a batch is cut into parts of nearly this size.
    pub minibatch: usize,
    /// Passes over the batch in phase B.
    pub epochs: usize,
    /// Optimiser steps of phase A in an iteration, each on the whole batch (iStar's Algorithm 1 takes one).
    pub prm_steps: usize,
    /// Batches that phase A goes through before the iteration's own, as often as through that: past ones, the oldest first,
    /// with their references as they were read. Off line they are drawn of the other frozen ones, and come after it.
    #[serde(skip_serializing_if = "none")]
    pub replay: usize,
    /// The latest batches that those to be replayed are drawn of, anew in each iteration; no more than are replayed if it is less.
    #[serde(skip_serializing_if = "none")]
    pub memory: usize,
    /// Optimiser of the policy.
    pub policy: AdamConfig,
    /// Optimiser of a PRM with parameters of its own.
    pub prm: AdamConfig,
    /// Optimiser of a critic.
    pub critic: AdamConfig,
}

/// What was not there yet is not written where it is nothing: a study of before goes on.
fn none(number: &usize) -> bool {
    *number == 0
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            sampling: Sampling::default(),
            minibatch: 512,
            epochs: 1,
            prm_steps: 1,
            replay: 0,
            memory: 0,
            policy: AdamConfig { lr: 1e-3, ..AdamConfig::default() },
            // The paper clips the PRM's gradient at 10 (appendix C).
            prm: AdamConfig { lr: 1e-4, max_norm: Some(10.0), ..AdamConfig::default() },
            critic: AdamConfig { lr: 1e-3, ..AdamConfig::default() },
        }
    }
}
