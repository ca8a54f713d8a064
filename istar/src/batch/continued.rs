//! Fresh continuations from the states of a batch: what would have come of each state, had the policy tried again.

use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Fresh continuations under the policy from the state before each step of a batch, equally many from each. What a
/// step led to is the state before the next one; the last step of a trajectory led to none.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Continued {
    rollouts: usize,
    ends: Vec<u32>,
    rewards: Vec<f64>,
    success: Vec<f64>,
}

impl Continued {
    /// From the continuations of one step after the other, `rollouts` of each: the rewards of the steps that they took,
    /// and 1 for success or 0.
    pub fn new(rollouts: usize, each: impl IntoIterator<Item = (Vec<f64>, f64)>) -> Self {
        let mut continued = Continued { rollouts, ..Continued::default() };
        for (rewards, success) in each {
            continued.rewards.extend(rewards);
            continued.ends.push(continued.rewards.len() as u32);
            continued.success.push(success);
        }
        continued
    }

    /// How many there are from each state.
    pub fn rollouts(&self) -> usize {
        self.rollouts
    }

    /// Steps that were taken for them in the environment.
    pub fn env_steps(&self) -> u64 {
        self.rewards.len() as u64
    }

    /// The continuations from the state before a step of the batch.
    pub fn before(&self, step: usize) -> Range<usize> {
        step * self.rollouts..(step + 1) * self.rollouts
    }

    /// The rewards of a continuation, step by step.
    pub fn rewards(&self, continuation: usize) -> &[f64] {
        let start = continuation.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.rewards[start as usize..self.ends[continuation] as usize]
    }

    /// 1 if a continuation ended in success, else 0.
    pub fn success(&self, continuation: usize) -> f64 {
        self.success[continuation]
    }
}

#[cfg(test)]
mod tests {
    use super::Continued;

    #[test]
    fn continuations_are_found_by_step() {
        let each = [(vec![1.0, 2.0], 1.0), (vec![], 0.0), (vec![3.0], 0.0), (vec![4.0, 5.0, 6.0], 1.0)];
        let continued = Continued::new(2, each.clone());
        assert_eq!((continued.rollouts(), continued.env_steps()), (2, 6));
        assert_eq!([continued.before(0), continued.before(1)], [0..2, 2..4]);
        for (i, (rewards, success)) in each.into_iter().enumerate() {
            assert_eq!((continued.rewards(i), continued.success(i)), (&rewards[..], success));
        }
    }
}
