//! Environments: what a policy acts in, and what an environment may offer beyond the reward.
//!
//! [`Env`] is the whole contract of acting. Everything else an objective may ask for is a trait of its own: an estimator
//! that groups equal states asks for [`StateKey`], one that reads rewards step by step for [`StepReward`], one that
//! samples fresh continuations for [`Restore`], a warm start by behaviour cloning for [`Demonstrate`]. An environment
//! that lacks what an objective demands is a compile error, not a surprise at run time.

mod capability;
mod offer;
mod offered;
mod recorder;
pub mod relay;
pub mod sokoban;

pub use capability::*;
pub(crate) use offer::by_column;
pub use offer::*;
pub use offered::*;
pub use recorder::{Recorder, Skip};

use crate::batch::Legal;
use std::hash::Hash;

/// What one step brought.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Transition {
    /// Reward of this step alone, undiscounted.
    pub reward: f64,
    /// The episode ended with this step, by success or failure: from the state that it led to, nothing would have followed.
    /// Gymnasium's `terminated`.
    pub ended: bool,
    /// The episode was cut off after this step, though it could have gone on: a budget of steps is used up, a partner has no
    /// time left. What would have followed can be estimated, see `cut` of `gae`. Gymnasium's `truncated`. Beside `ended` it
    /// says nothing: what ended on its last possible step ended.
    pub truncated: bool,
    /// The task is accomplished. This is the label that separates positive from negative trajectories.
    pub success: bool,
    /// The tokens could be read as an action. A blocked move is valid: it was read, and had no effect.
    pub valid: bool,
}

impl Transition {
    /// The episode is over, one way or the other: no step follows.
    #[must_use]
    pub fn done(&self) -> bool {
        self.ended || self.truncated
    }
}

/// A world in which an episode runs.
///
/// The same task and the same tokens give the same transitions: whatever is random in an environment is part of
/// its [`Task`](Env::Task). A clone goes its own way from the moment it is made.
pub trait Env: Clone + Send + Sync + 'static {
    /// What one episode starts from (a level).
    type Task: Clone + Send + Sync;
    /// What the policy sees; equal observations are forwarded once.
    type Observation: Clone + Eq + Hash + Send + Sync;

    /// Begins an episode of `task`, forgetting the one before.
    fn reset(&mut self, task: &Self::Task);

    /// What the policy sees now, and draws the first token of a step under.
    fn observe(&self) -> Self::Observation;

    /// What the next token of this step is drawn under, after these, at least one; `None` when the step is complete. A
    /// step is one token unless an environment says otherwise.
    fn next(&self, _so_far: &[u32]) -> Option<Self::Observation> {
        None
    }

    /// What the token that follows these in a step may be; the first, after none. All other tokens have probability 0. At
    /// least one that the policy has must be legal.
    fn legal(&self, _so_far: &[u32]) -> Legal {
        Legal::ALL
    }

    /// Acts. `tokens`: the tokens of one step (one for Sokoban).
    ///
    /// Any tokens are accepted; those that mean nothing give [`valid`](Transition::valid)` == false`.
    fn step(&mut self, tokens: &[u32]) -> Transition;
}

/// The exact distance to success is at hand: what credit can be measured against.
pub trait ExactCredit: Env {
    /// What has been searched for one task.
    type Search: Send;
    /// Begins with a task.
    fn search(task: &Self::Task) -> Self::Search;
    /// Steps of a shortest solution from here; `None` beyond rescue.
    fn remaining(&self, search: &mut Self::Search) -> Option<u32>;
    /// The step budget of an episode: what a dead end counts as.
    fn budget(&self) -> u32;
}
