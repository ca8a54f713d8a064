//! Episodes that came to nothing because their environment failed.

use crate::batch::Legal;
use crate::env::EnvError;
use serde::{Deserialize, Serialize};

/// The episodes that a batch has lost: they are left out of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lost {
    /// How many.
    pub episodes: u64,
    /// Environment steps that were taken for them, or from their states, and count nowhere else.
    pub steps: u64,
    /// What the first of them said, in the order of their numbers.
    pub reason: Option<EnvError>,
}

impl Lost {
    /// Every episode came to its end.
    #[must_use]
    pub fn is_none(&self) -> bool {
        *self == Lost::default()
    }

    /// These, and those that were lost later.
    pub fn add(&mut self, later: &Lost) {
        self.episodes += later.episodes;
        self.steps += later.steps;
        self.reason = self.reason.take().or_else(|| later.reason.clone());
    }
}

/// Why an episode cannot go on after so many whole steps and these tokens of the next one, where none of the policy's
/// `actions` tokens is legal.
pub(super) fn nothing_legal(legal: &Legal, actions: usize, steps: usize, said: &[u32]) -> Option<EnvError> {
    legal.below(actions).next().is_none().then(|| {
        let after = if said.is_empty() { String::new() } else { format!(" after the tokens {said:?}") };
        EnvError::new(format!(
            "step {}: none of the policy's {actions} tokens is legal{after}; an environment leaves one, or ends the episode",
            steps + 1,
        ))
    })
}

/// Why there is no batch.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SampleError {
    /// Every episode was lost.
    #[error("all {episodes} episodes of batch {index} of \"{name}\" were lost; the first one: {reason}")]
    AllLost {
        /// What the batch was for.
        name: String,
        /// The training iteration.
        index: u64,
        /// How many there were.
        episodes: u64,
        /// What the first one said.
        reason: EnvError,
    },
    /// Outcomes were to be scores, and an episode ended without one.
    #[error(
        "the outcome is to be the score that the environment states, and episode {episode} of \"{name}\" ended without one: \
         choose the outcome reward or success, or let the last `Transition` of an episode say its `score`"
    )]
    NoScore {
        /// What the batch was for.
        name: String,
        /// The first such episode.
        episode: usize,
    },
}
