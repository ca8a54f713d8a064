//! What was seen and said in a batch.

use super::{Batch, Layout, Legal, Stage};
use crate::need::bit::Bit;
use crate::need::demand::Needs;

/// What was seen and said, step by step: all that a network may look at.
#[derive(Debug)]
pub struct History<'a, O> {
    /// Which tokens are a step, and which steps a trajectory.
    pub layout: &'a Layout,
    /// The distinct observations.
    pub observations: &'a [O],
    /// Per observation, which tokens might be said there; empty where all might everywhere.
    pub legal: &'a [Legal],
    /// Per token, the number of the observation that it was chosen under.
    pub observation: &'a [u32],
    /// Per token, what was said.
    pub token: &'a [u32],
    /// The distinct observations after the last step of trajectories; empty where nobody asks.
    pub finals: &'a [O],
    /// Per trajectory, its observation among `finals`, if there is one; empty where nobody asks.
    pub last: &'a [Option<u32>],
}

impl<'a, O> History<'a, O> {
    /// What was seen and said, with every token legal and nothing after the last steps.
    pub fn new(layout: &'a Layout, observations: &'a [O], observation: &'a [u32], token: &'a [u32]) -> Self {
        History { layout, observations, legal: &[], observation, token, finals: &[], last: &[] }
    }
}

impl<O> Clone for History<'_, O> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<O> Copy for History<'_, O> {}

impl<N: Needs, O, S: Stage> Batch<N, O, S> {
    /// What was seen and said.
    pub fn history(&self) -> History<'_, O> {
        History {
            legal: &self.legal,
            finals: &self.finals,
            last: N::CriticNet::get(&self.final_observation).map_or(&[], Vec::as_slice),
            ..History::new(&self.layout, &self.observations, &self.observation, &self.token)
        }
    }
}
