//! A remark on a policy that goes silent before it learns.

use crate::policy::weights::{Arrays, WeightsError};
use std::fmt;

/// The share of its first entropy below which a policy is remarked on.
const SHARE: f64 = 0.25;
/// The iterations within which it is.
const WITHIN: u64 = 30;
/// Its name in a checkpoint.
const NAME: &str = "collapse";

/// The policy's entropy has fallen below a quarter of what it began with, within 30 iterations, while success has not risen:
/// what is drawn hardly varies any more, so groups have nothing to compare, and training seldom recovers. A step reward read
/// from the policy's own log-probabilities does this when it rewards what is said already.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Collapse {
    /// After how many iterations.
    pub iteration: u64,
    /// Mean entropy per token, in nats, of the first iteration's batch and of this one's.
    pub entropy: [f64; 2],
    /// Share of successful episodes in the two.
    pub success: [f64; 2],
}

impl fmt::Display for Collapse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Collapse { iteration, entropy, success } = self;
        write!(
            f,
            "the policy's entropy fell from {:.2} to {:.2} nats within {iteration} iterations, and success did not rise ({:.2}, \
             then {:.2}): it may be collapsing. Try a PRM of its own (`dpo_prm(beta, net = separate, ref = old)`, or the line of \
             `IStarStable`), `+ entropy(0.01)`, `+ kl(0.01, ref = init)`, or a lower learning rate",
            entropy[0], entropy[1], success[0], success[1],
        )
    }
}

/// Looks at each iteration, and finds the collapse once.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CollapseWatch {
    /// Entropy and success of the first iteration.
    first: Option<[f64; 2]>,
    remarked: bool,
}

impl CollapseWatch {
    /// What is to be said after this many iterations, from 1, of which the last had this entropy and success; nothing if it was said
    /// before.
    pub fn look(&mut self, iteration: u64, entropy: f64, success: f64) -> Option<Collapse> {
        let [entropy_then, success_then] = *self.first.get_or_insert([entropy, success]);
        let collapses = iteration <= WITHIN
            && entropy < SHARE * entropy_then
            && success <= success_then
            && !self.remarked;
        self.remarked |= collapses;
        collapses.then_some(Collapse {
            iteration,
            entropy: [entropy_then, entropy],
            success: [success_then, success],
        })
    }

    pub(super) fn export(&self, arrays: &mut Arrays) {
        let [entropy, success] = self.first.unwrap_or([f64::NAN; 2]);
        arrays.insert_u64(NAME, vec![entropy.to_bits(), success.to_bits(), u64::from(self.remarked)]);
    }

    /// Checkpoints of version 0.1.0 have none: the watch begins anew.
    pub(super) fn import(arrays: &Arrays) -> Result<Self, WeightsError> {
        if arrays.names().all(|name| name != NAME) {
            return Ok(Self::default());
        }
        let found = arrays.u64(NAME, 3)?;
        let first = [f64::from_bits(found[0]), f64::from_bits(found[1])];
        Ok(CollapseWatch { first: (!first[0].is_nan()).then_some(first), remarked: found[2] == 1 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of runs of (entropy, success), by iteration.
    fn said(run: &[(f64, f64)]) -> Vec<u64> {
        let mut watch = CollapseWatch::default();
        let look = |(i, (entropy, success)): (u64, &(f64, f64))| watch.look(i, *entropy, *success);
        (1..).zip(run).filter_map(look).map(|collapse| collapse.iteration).collect()
    }

    #[test]
    fn a_collapse_is_said_once_and_learning_is_none() {
        assert_eq!(said(&[(1.0, 0.3), (0.9, 0.3), (0.2, 0.1), (0.1, 0.0)]), [3]);
        assert!(said(&[(1.0, 0.3), (0.2, 0.9), (0.1, 1.0)]).is_empty(), "a policy that is sure and right");
        assert!(said(&[(1.0, 0.3), (0.26, 0.0)]).is_empty());
        let late: Vec<_> = (0..40).map(|i| if i < 30 { (1.0, 0.3) } else { (0.0, 0.0) }).collect();
        assert!(said(&late).is_empty());
        assert!(said(&[(0.0, 0.0), (0.0, 0.0)]).is_empty(), "what began without entropy did not lose it");
    }

    #[test]
    fn a_checkpoint_keeps_it() {
        let mut watch = CollapseWatch::default();
        let kept = |watch: &CollapseWatch| {
            let mut arrays = Arrays::new();
            watch.export(&mut arrays);
            CollapseWatch::import(&arrays).expect("as it was written")
        };
        assert_eq!(kept(&watch), watch);
        watch.look(1, 1.0, 0.5);
        assert_eq!(kept(&watch), watch);
        let collapse = watch.look(2, 0.1, 0.5).expect("it collapses");
        assert_eq!(kept(&watch), watch);
        assert!(
            collapse
                .to_string()
                .starts_with("the policy's entropy fell from 1.00 to 0.10 nats within 2 iterations")
        );
        assert_eq!(CollapseWatch::import(&Arrays::new()).expect("none"), CollapseWatch::default());
    }
}
