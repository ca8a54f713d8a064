//! What an objective asks of a network: the log-probabilities of the tokens that were taken, or estimates, and its
//! parameters.

pub mod init;
mod parameter;
pub mod pixel;
mod readout;
pub mod weights;

use std::fmt::Debug;
use std::hash::Hash;

use dfdx::prelude::*;
use rustc_hash::FxHashMap;

pub use self::parameter::{Parameter, fresh};
pub use self::pixel::{PixelNet, PixelPolicy, Pixels};
pub use self::readout::{Choices, Readout};
pub use crate::kernels::Backend;

/// What can learn.
pub trait Parameters<D: Backend> {
    /// Every parameter under a dotted name, in an order that never changes.
    fn parameters(&self) -> Vec<(String, &dyn Parameter<D>)>;

    /// As [`parameters`](Self::parameters), for writing.
    fn parameters_mut(&mut self) -> Vec<(String, &mut dyn Parameter<D>)>;
}

/// A distribution over tokens for every observation, with parameters to learn.
///
/// `Clone` makes another network of equal values: its parameters have gradients of their own, so that a network and
/// its clone (a policy and the process reward model that starts from it) can stand on one tape.
///
/// Networks on the CPU are `Send + Sync`; a bound where threads share them says so, since dfdx's CUDA device is neither.
pub trait Policy<D: Backend>: Parameters<D> + Clone {
    /// What a token is chosen from. Equal observations have equal distributions and are forwarded once.
    type Observation: Clone + Eq + Hash + Send + Sync;

    /// A network of the same kind that gives numbers instead of a distribution: a critic, an explicit PRM.
    type Estimator: Estimator<D, Observation = Self::Observation>;

    /// The log-probability of every token taken, and on demand the entropy it was taken under, from one forward pass
    /// over `observations`: see [`unique`] for how to get there from one observation a row. With `NoneTape` nothing
    /// is recorded; otherwise the pass is recorded on `tape`, which comes back in the readout.
    ///
    /// # Panics
    /// When an index of `choices` is out of range.
    fn read<T: Tape<f32, D>>(
        &self,
        observations: &[Self::Observation],
        choices: Choices<'_>,
        entropy: bool,
        tape: T,
    ) -> Readout<D, T>;

    /// Log-probabilities, natural, of every action at each observation: `(observations, actions)`, row-major, on the
    /// host. What a sampler draws from.
    fn distribution(&self, observations: &[Self::Observation]) -> Vec<f32>;

    /// How many tokens there are to choose from.
    fn actions(&self) -> usize;

    /// An estimator with this many outputs that starts as a copy of this network but for the last layer, which is new.
    /// Equal seeds give equal last layers.
    fn estimator(&self, outputs: usize, seed: u64) -> Self::Estimator;
}

/// A few numbers for every observation, with parameters to learn. `Clone` as with [`Policy`].
pub trait Estimator<D: Backend>: Parameters<D> + Clone + Debug {
    /// What the numbers are estimated from. Equal observations have equal estimates and are forwarded once.
    type Observation;

    /// For every row the output whose index stands in `choices.token`, as it is, in the readout's `logp`; there is
    /// no entropy. One forward pass over `observations`, on `tape` as with [`Policy::read`].
    ///
    /// # Panics
    /// When an index of `choices` is out of range.
    fn read<T: Tape<f32, D>>(
        &self,
        observations: &[Self::Observation],
        choices: Choices<'_>,
        tape: T,
    ) -> Readout<D, T>;
}

/// The distinct observations, in order of first appearance, and the index of each row's observation among them.
pub fn unique<O: Clone + Eq + Hash>(rows: impl IntoIterator<Item = O>) -> (Vec<O>, Vec<u32>) {
    let (mut distinct, mut known) = (Vec::new(), FxHashMap::default());
    let indices = rows.into_iter().map(|observation| {
        *known.entry(observation).or_insert_with_key(|observation: &O| {
            distinct.push(observation.clone());
            (distinct.len() - 1) as u32
        })
    });
    let indices = indices.collect();
    (distinct, indices)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unique_keeps_the_order_of_first_appearance() {
        assert_eq!(unique("banana".chars()), (vec!['b', 'a', 'n'], vec![0, 1, 2, 1, 2, 1]));
        assert_eq!(unique(Vec::<u8>::new()), (vec![], vec![]));
    }
}
