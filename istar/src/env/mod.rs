//! Environments, and what an environment may offer to an objective.

mod offers;

pub use offers::*;

use std::hash::Hash;

/// What one step returned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Transition {
    /// The environment's reward of the step.
    pub reward: f64,
    /// The episode is over: solved, or out of steps.
    pub done: bool,
    /// The task is solved.
    pub success: bool,
    /// The action could be parsed.
    pub valid: bool,
}

/// A task that an agent acts in, one step after the other.
pub trait Env: Clone + Send + Sync + 'static {
    /// What one episode starts from: a level, a goal, a scenario.
    type Task: Clone + Send + Sync;
    /// What the policy sees; equal observations are forwarded once.
    type Observation: Clone + Eq + Hash + Send + Sync;
    /// Begins an episode.
    fn reset(&mut self, task: &Self::Task);
    /// What the policy sees now.
    fn observe(&self) -> Self::Observation;
    /// Acts: the action tokens of one step.
    fn step(&mut self, tokens: &[u32]) -> Transition;
}

/// States recur and can be compared: what `anchor` and `within = state` group by.
pub trait StateKey: Env {
    /// Equal for equal states, without collisions.
    type Key: Clone + Eq + Hash + Send + Sync;
    /// The key of the present state.
    fn state_key(&self) -> Self::Key;
}

/// [`Transition::reward`] says more than the outcome does.
pub trait StepReward: Env {}

/// The environment marks subgoals or user turns.
pub trait Subgoals: Env {
    /// The index of the present segment in the episode, from 0 and growing.
    fn segment(&self) -> u32;
}

/// Several agents act in turn.
pub trait Agents: Env {
    /// Who acts now.
    fn agent(&self) -> u32;
}

/// Steps carry a tag, such as planning or exploring.
pub trait Tags: Env {
    /// The tag of the present step.
    fn tag(&self) -> u32;
}

/// An expert is at hand: demonstrations for `bc` and warm starts.
pub trait Demonstrate: Env {
    /// The tokens of an optimal next step; `None` when solved or beyond rescue.
    fn demonstrate(&self) -> Option<Vec<u32>>;
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
