//! What networks have in common.

use super::{Asked, Chunk, Parameter, Readout};
use crate::kernels::Backend;
use dfdx::prelude::Tape;
use std::hash::Hash;

/// What can learn.
pub trait Parameters<D: Backend> {
    /// Every parameter under a dotted name, in an order that never changes.
    fn parameters(&self) -> Vec<(String, &dyn Parameter<D>)>;

    /// As [`parameters`](Self::parameters), for writing.
    fn parameters_mut(&mut self) -> Vec<(String, &mut dyn Parameter<D>)>;
}

/// A network that is asked about the tokens of a batch.
///
/// `Clone` makes another network of equal values: its parameters have gradients of their own, so that a network and
/// its clone (a policy and the process reward model that starts from it) can stand on one tape.
///
/// Networks on the CPU are `Send + Sync`; a bound where threads share them says so, since dfdx's CUDA device is neither.
pub trait Model<D: Backend>: Parameters<D> + Clone {
    /// What a token is chosen from. A network that sees nothing else gives equal observations equal answers, and forwards
    /// each once; one that reads sequences is shown here what came since the token before.
    type Observation: Clone + Eq + Hash + Send + Sync;

    /// What the network says about each row of a question. With `NoneTape` nothing is recorded; otherwise the pass is
    /// recorded on `tape`, which comes back in the readout. The entropy is that of a policy; there is none where it is not
    /// asked for, and none of an estimator.
    ///
    /// A network that sees nothing but the observation forwards [`Asked::observations`] and reads row `i` at position
    /// `at[i]` among them. One that reads sequences forwards each trajectory that has a row, from its first token on.
    ///
    /// # Panics
    /// When an output asked for is out of range.
    fn read<T: Tape<f32, D>>(
        &self,
        asked: &Asked<'_, Self::Observation>,
        entropy: bool,
        tape: T,
    ) -> Readout<D, T>;

    /// How many distinct observations are forwarded at a time: what a pass holds in memory grows with it. It is fixed, so
    /// that the numbers are too.
    fn chunk(&self) -> usize;

    /// The parts in which a question is answered, in order; none where one pass over the whole is small enough. A network
    /// that reads sequences cuts [`by_trajectory`](Asked::by_trajectory).
    fn chunks<'a>(&self, asked: &Asked<'a, Self::Observation>) -> Vec<Chunk<'a, Self::Observation>> {
        asked.by_observation(self.chunk())
    }
}
