//! What all rows of a table share: an environment with disjoint sets of tasks, and a schedule.

use crate::env::Env;
use crate::trainer::{Settings, WarmStart};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

/// An environment and its tasks.
pub struct World<E: Env> {
    /// The environment.
    pub env: E,
    /// Tasks to train on.
    pub train: Vec<E::Task>,
    /// Tasks that the learning curve is measured on.
    pub validation: Vec<E::Task>,
    /// Tasks that the table's columns are measured on.
    pub test: Vec<E::Task>,
    /// Makes another training task of a training task; the identity if there is nothing to vary.
    pub vary: fn(&E::Task, &mut ChaCha8Rng) -> E::Task,
    /// The present state as lines of text, for the films of the report.
    pub picture: fn(&E) -> Vec<String>,
}

impl<E: Env> World<E> {
    /// Draws a training task.
    pub fn task(&self, random: &mut ChaCha8Rng) -> E::Task {
        (self.vary)(&self.train[random.random_range(0..self.train.len())], random)
    }
}

/// How long to train and how often to look; the same for every row.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Schedule {
    /// Iterations.
    pub iterations: u64,
    /// Groups in a batch: tasks drawn for each iteration.
    pub groups: usize,
    /// Iterations between two points of the learning curve.
    pub validate_every: u64,
    /// Iterations between two checkpoints.
    pub checkpoint_every: u64,
    /// Test tasks of which whole groups are sampled, to compare credit with the exact credit.
    pub credit_tasks: usize,
    /// The start that all rows share.
    pub warm_start: WarmStart,
    /// Optimisers and sampling.
    pub settings: Settings,
}
