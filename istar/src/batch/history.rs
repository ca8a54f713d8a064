//! What was seen and said in a batch.

use super::{Batch, Layout};
use crate::need::demand::Needs;

/// What was seen and said, step by step: all that a network may look at.
#[derive(Debug)]
pub struct History<'a, O> {
    /// Which tokens are a step, and which steps a trajectory.
    pub layout: &'a Layout,
    /// The distinct observations.
    pub observations: &'a [O],
    /// Per token, the number of the observation that it was chosen under.
    pub observation: &'a [u32],
    /// Per token, what was said.
    pub token: &'a [u32],
}

impl<O> Clone for History<'_, O> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<O> Copy for History<'_, O> {}

impl<N: Needs, O> Batch<N, O> {
    /// What was seen and said.
    pub fn history(&self) -> History<'_, O> {
        History {
            layout: &self.layout,
            observations: &self.observations,
            observation: &self.observation,
            token: &self.token,
        }
    }
}
