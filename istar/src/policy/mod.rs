//! What an objective asks of a network: the log-probabilities of the tokens that were taken, or estimates, and its
//! parameters.

pub mod init;
pub mod pixel;
mod readout;
pub mod weights;

use std::fmt::Debug;
use std::hash::Hash;

use dfdx::prelude::*;
use rustc_hash::FxHashMap;

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

/// One tensor of a network, its shape erased. Elements are row-major.
pub trait Parameter<D: Backend> {
    /// Lengths of the dimensions.
    fn sizes(&self) -> Vec<usize>;

    /// A copy of the elements.
    fn values(&self) -> Vec<f32>;

    /// Replaces the elements.
    ///
    /// # Panics
    /// When the number of values is not the number of elements.
    fn set(&mut self, values: &[f32]);

    /// Shows the gradient to `read`; zeros when no gradient reached this parameter.
    fn gradient(&self, gradients: &mut Gradients<f32, D>, read: &mut dyn FnMut(&[f32]));

    /// Lets `edit` rewrite the elements, given the gradient; in place where the device is the host.
    fn update(&mut self, gradients: &mut Gradients<f32, D>, edit: &mut dyn FnMut(&mut [f32], &[f32]));
}

impl<S: Shape, D: Backend> Parameter<D> for Tensor<S, f32, D> {
    fn sizes(&self) -> Vec<usize> {
        self.shape().concrete().into_iter().collect()
    }

    fn values(&self) -> Vec<f32> {
        self.as_vec()
    }

    fn set(&mut self, values: &[f32]) {
        self.copy_from(values);
    }

    fn gradient(&self, gradients: &mut Gradients<f32, D>, read: &mut dyn FnMut(&[f32])) {
        D::gradient(self, gradients, read);
    }

    fn update(&mut self, gradients: &mut Gradients<f32, D>, edit: &mut dyn FnMut(&mut [f32], &[f32])) {
        D::update(self, gradients, edit);
    }
}

/// A parameter of equal values under a new identity, so that its gradient is its own.
pub fn fresh<S: Shape, D: Backend>(tensor: &Tensor<S, f32, D>) -> Tensor<S, f32, D> {
    tensor.device().tensor_from_vec(tensor.as_vec(), *tensor.shape())
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

    #[test]
    fn a_fresh_copy_has_its_own_gradient() {
        let dev = Cpu::default();
        let a = dev.tensor([1.0f32, 2.0]);
        let b = fresh(&a);
        assert_eq!((a.array(), b.array()), ([1.0, 2.0], [1.0, 2.0]));
        let mut gradients = (b.leaky_trace() * 3.0).sum().backward();
        a.gradient(&mut gradients, &mut |gradient| assert_eq!(gradient, [0.0, 0.0]));
        b.gradient(&mut gradients, &mut |gradient| assert_eq!(gradient, [3.0, 3.0]));
    }
}
