//! PRMs off line: phase A on batches that were sampled once, with no policy in the loop. Is the PRM bad, or the loop?
//!
//! Frozen batches are those that training would have sampled in its first iterations if the policy had not learnt: the same
//! tasks, from the same streams. Or it learns between them from outcomes alone, by RLOO: then batches and references are those
//! of a run, and still no PRM has a hand in them. What the PRM says is measured on whole groups of test tasks, sampled once too, under
//! the policy as it is after the last batch.

mod fill;
mod measure;
mod on_policy;

pub(super) use fill::fill;
pub(super) use on_policy::Kept;
pub use on_policy::{Continued, OnPolicy, on_policy};

use serde::{Deserialize, Serialize};
use std::fmt::{self, Display, Formatter};

/// Batches that are sampled once, and how they are gone through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frozen {
    /// How many there are. Iteration `i` takes batch `i % batches`.
    pub batches: u64,
    /// Whether the policy learns from the outcomes of one before the next is sampled.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub learning: bool,
}

impl Frozen {
    /// So many batches, of a policy that stands still.
    #[must_use]
    pub fn new(batches: u64) -> Self {
        Frozen { batches, learning: false }
    }

    /// Whether there are as many batches as are to be gone through, with so many others to be replayed beside each; else what
    /// is wrong.
    ///
    /// # Errors
    /// There is no batch, or fewer others than are to be replayed.
    pub fn check(&self, replay: usize) -> Result<(), String> {
        match (self.batches, replay as u64) {
            (0, _) => Err("a PRM is taught off line on one frozen batch at least".to_owned()),
            (batches, replay) if replay >= batches => Err(format!(
                "{replay} other batches cannot be replayed of {batches} frozen ones: freeze more, or replay fewer"
            )),
            _ => Ok(()),
        }
    }
}

impl Display for Frozen {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "of phase A alone on {} frozen batches", self.batches)?;
        if self.learning {
            write!(f, " of a policy that learns from outcomes alone")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_as_many_batches_as_are_gone_through() {
        assert_eq!(Frozen::new(1).check(0), Ok(()));
        assert_eq!(Frozen::new(4).check(3), Ok(()));
        let wrong = |batches, replay| Frozen::new(batches).check(replay).expect_err("too few");
        assert!(wrong(4, 4).contains("4 other batches cannot be replayed of 4 frozen ones"));
        assert!(wrong(0, 0).contains("one frozen batch"));
    }
}
