//! What an objective asks of a network: the log-probabilities of the tokens that were taken, or estimates, and its
//! parameters.

mod asked;
mod by_observation;
mod categorical;
mod choice;
mod dense;
pub mod gpt;
pub mod init;
mod judge;
mod layer;
mod mask;
mod model;
mod parameter;
mod passes;
pub mod pixel;
mod readout;
mod session;
pub mod weights;

use std::fmt::Debug;
use std::hash::Hash;

use rustc_hash::FxHashMap;

pub use self::asked::{Asked, Chunk, Place};
pub use self::by_observation::ByObservation;
pub use self::categorical::{Categorical, Numbers, Outputs};
pub use self::choice::{ChoiceNet, Choices, Choosing, Look, Looks};
pub use self::dense::{Bend, Dense, DenseNet, Floats, Hidden, Layers, Relu, Tanh, Vector};
pub use self::judge::Judge;
pub use self::mask::masked;
pub use self::model::{Model, Parameters};
pub use self::parameter::{Parameter, fresh};
pub use self::passes::passed;
pub(crate) use self::passes::take_passed;
pub use self::pixel::{PixelNet, PixelPolicy, Pixels};
pub use self::readout::Readout;
pub use self::session::{Ask, Drawn, Seen, Session, draw, entropy};
pub use crate::kernels::Backend;

/// A distribution over tokens at every point of an episode, with parameters to learn.
///
/// Asked about a batch, it gives the natural logarithm of the probability of each output asked for (a token), and on
/// demand the entropy of the distribution there.
pub trait Policy<D: Backend>: Model<D> {
    /// A network of the same kind that gives numbers instead of a distribution: a critic, an explicit PRM. Asked about a
    /// batch, it gives the output asked for, as it is.
    type Estimator: Model<D, Observation = Self::Observation> + Debug;

    /// Begins to act. What a session draws is a function of what it is asked.
    fn session(&self) -> impl Session<Self::Observation>;

    /// How many tokens there are to choose from.
    fn actions(&self) -> usize;

    /// An estimator with this many outputs that starts as a copy of this network but for the last layer, which is new.
    /// Equal seeds give equal last layers.
    fn estimator(&self, outputs: usize, seed: u64) -> Self::Estimator;
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
