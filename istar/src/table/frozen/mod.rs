//! PRMs off line: phase A on batches that were sampled once, with no policy in the loop. Is the PRM bad, or the loop?
//!
//! Frozen batches are those that training would have sampled in its first iterations if the policy had not learnt: the same
//! tasks, from the same streams. What the PRM says is measured on whole groups of test tasks, sampled once too.

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
    /// How many of the others an iteration takes beside its own, drawn anew each time; at most all of them.
    pub replay: u64,
}

impl Frozen {
    /// So many batches, one after the other.
    #[must_use]
    pub fn new(batches: u64) -> Self {
        Frozen { batches, replay: 0 }
    }

    /// Whether there are as many batches as are to be gone through; else what is wrong.
    ///
    /// # Errors
    /// There is no batch, or fewer others than are to be replayed.
    pub fn check(&self) -> Result<(), String> {
        match (self.batches, self.replay) {
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
        if self.replay > 0 {
            write!(f, ", each with {} others", self.replay)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_as_many_batches_as_are_gone_through() {
        assert_eq!(Frozen::new(1).check(), Ok(()));
        assert_eq!(Frozen { batches: 4, replay: 3 }.check(), Ok(()));
        let wrong = |batches, replay| Frozen { batches, replay }.check().expect_err("too few");
        assert!(wrong(4, 4).contains("4 other batches cannot be replayed of 4 frozen ones"));
        assert!(wrong(0, 0).contains("one frozen batch"));
    }
}
