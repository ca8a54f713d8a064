//! Environments: what a policy acts in, and what an environment may offer beyond the reward.
//!
//! [`Env`] is the whole contract of acting. Everything else an objective may ask for is a trait of its own: an estimator
//! that groups equal states asks for [`StateKey`], one that reads rewards step by step for [`StepReward`], one that
//! samples fresh continuations for [`Restore`], a warm start by behaviour cloning for [`Demonstrate`]. An environment
//! that lacks what an objective demands is a compile error, not a surprise at run time.

mod capability;
pub mod dialogue;
mod error;
mod offer;
mod offered;
mod recorder;
pub mod relay;
pub mod remote;
pub mod sokoban;
pub mod spelled;
mod split;
pub mod textcraft;
pub mod webshop;

pub use capability::*;
pub use error::EnvError;
pub(crate) use offer::by_column;
pub use offer::*;
pub use offered::*;
pub use recorder::{Recorder, Skip};
pub use split::Split;

use crate::batch::Legal;
use crate::kernels;
use crate::seed::Streams;
use rayon::prelude::*;
use remote::RecordError;
use serde::{Deserialize, Serialize};
use std::hash::Hash;
use std::path::Path;

/// What one step brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
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
    /// What the environment itself says that the whole episode was worth, if it says so: the score of a shop, the verdict of
    /// a judge. Said with the last step; see [`Outcome::Score`](crate::rollout::Outcome).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
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
/// its [`Task`](Env::Task). What is not in the program's hands, such as the partner of a dialogue, stands behind
/// [`remote`], which writes down what it was told. A clone goes its own way from the moment it is made.
///
/// An environment that cannot fail says `Ok`:
///
/// ```
/// use istar::env::{Env, EnvError, Transition};
///
/// /// Counts to its task in steps of 1 or 2; beyond it is too far.
/// #[derive(Clone, Default)]
/// struct Count {
///     now: u32,
///     end: u32,
/// }
///
/// impl Env for Count {
///     type Task = u32;
///     type Observation = u32;
///
///     fn reset(&mut self, task: &u32) -> Result<(), EnvError> {
///         *self = Count { now: 0, end: *task };
///         Ok(())
///     }
///
///     fn observe(&self) -> u32 {
///         self.end - self.now.min(self.end)
///     }
///
///     fn step(&mut self, tokens: &[u32]) -> Result<Transition, EnvError> {
///         let valid = matches!(tokens, [1 | 2]);
///         self.now += if valid { tokens[0] } else { 0 };
///         let success = self.now == self.end;
///         let reward = f64::from(u8::from(success));
///         Ok(Transition { reward, ended: self.now >= self.end, success, valid, ..Transition::default() })
///     }
/// }
///
/// let mut env = Count::default();
/// env.reset(&3)?;
/// assert!(!env.step(&[2])?.done());
/// assert_eq!(env.step(&[1])?.reward, 1.0);
/// # Ok::<(), EnvError>(())
/// ```
pub trait Env: Clone + Send + Sync + 'static {
    /// What one episode starts from (a level).
    type Task: Clone + Send + Sync;
    /// What the policy sees; equal observations are forwarded once.
    type Observation: Clone + Eq + Hash + Send + Sync;

    /// Begins an episode of `task`, forgetting the one before.
    ///
    /// # Errors
    /// There is no episode to be had: it is lost.
    fn reset(&mut self, task: &Self::Task) -> Result<(), EnvError>;

    /// What the policy sees now, and draws the first token of a step under.
    fn observe(&self) -> Self::Observation;

    /// What the next token of this step is drawn under, after these, at least one; `None` when the step is complete. A
    /// step is one token unless an environment says otherwise.
    fn next(&self, _so_far: &[u32]) -> Option<Self::Observation> {
        None
    }

    /// What the token that follows these in a step may be; the first, after none. All other tokens have probability 0. At
    /// least one that the policy has must be legal, or the episode is lost.
    fn legal(&self, _so_far: &[u32]) -> Legal {
        Legal::ALL
    }

    /// Acts. `tokens`: the tokens of one step (one for Sokoban).
    ///
    /// Any tokens are accepted; those that mean nothing give [`valid`](Transition::valid)` == false`.
    ///
    /// # Errors
    /// Nothing came of the step that could be used: the episode is lost. It is left out of its batch and counted, and its
    /// environment is asked nothing more.
    fn step(&mut self, tokens: &[u32]) -> Result<Transition, EnvError>;

    /// Begins several episodes, each of its task, in the order of their numbers from 0 in the batch `at`. One after the
    /// other, unless an environment can do better. One result for each.
    fn reset_all(
        envs: &mut [&mut Self],
        tasks: &[&Self::Task],
        _at: Streams<'_>,
    ) -> Vec<Result<(), EnvError>> {
        envs.iter_mut().zip(tasks).map(|(env, task)| env.reset(task)).collect()
    }

    /// Acts in several environments, each with its tokens. By several threads where this run has them, unless an environment
    /// can do better, such as asking a partner for all answers at once. One result for each.
    fn step_all(envs: &mut [&mut Self], tokens: &[&[u32]]) -> Vec<Result<Transition, EnvError>> {
        match kernels::threads() {
            1 => envs.iter_mut().zip(tokens).map(|(env, tokens)| env.step(tokens)).collect(),
            _ => {
                let pairs = envs.par_iter_mut().zip(tokens).with_min_len(32);
                pairs.map(|(env, tokens)| env.step(tokens)).collect()
            }
        }
    }

    /// Writes down from now on what comes from outside of the program, and tells first what this file already holds. Asked
    /// of an environment before the runs that its clones are used in; see [`remote`].
    ///
    /// # Errors
    /// The file is damaged, or cannot be used.
    fn record(&mut self, _file: &Path) -> Result<(), RecordError> {
        Ok(())
    }
}
