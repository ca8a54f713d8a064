//! Loss terms as dfdx graphs, generic in dfdx's `Device` and number type; one file a term.
//!
//! A loss sees networks only as flat vectors: log-probabilities, logits, predictions. They come in as leaves that share the identity of the
//! networks' outputs, so that every term starts an empty tape of its own and the networks run forward once.

mod bounds;
mod cross_entropy;
mod divergence;
mod entropy;
mod explicit;
mod imitation;
mod link;
mod margin;
mod preference;
mod reduction;
#[cfg(test)]
mod reference;
mod regression;
mod runs;
mod shape;
mod surrogate;
#[cfg(test)]
mod tests;
mod value;

pub use bounds::Bounds;
pub use cross_entropy::{Labelled, cross_entropy};
pub use divergence::{Divergence, Estimator, divergence};
pub use entropy::entropy;
pub use explicit::{promise, soft_labels};
pub use imitation::imitation;
pub use link::Link;
pub use preference::{Over, Preference, preference};
pub use reduction::Reduction;
pub use regression::regression;
pub use shape::Shape;
pub use surrogate::{Surrogate, surrogate};
pub use value::{Estimates, value};

use crate::batch::{Part, Scope};
use crate::kernels::flat::{cost::Cost, sum_of_costs};
use dfdx::prelude::{Axis, Device, Dtype, GatherTo, OwnedTape, Rank0, SumTo, Tensor, TensorFromVec};

/// No log-ratio goes further from 0 than this before `exp` is taken of it, which would overflow, and 0 · ∞ is no gradient: 80 in
/// single precision, 700 in double.
pub fn far<E: Dtype>() -> f64 {
    let double = number::<E>(1e300).to_f64().is_some_and(f64::is_finite);
    if double { 700.0 } else { 80.0 }
}

/// A loss with its tape.
pub type Rank0Loss<E, D> = Tensor<Rank0, E, D, OwnedTape<E, D>>;
/// A flat vector without a tape: one number per element (token, step, trajectory, pair) of the mini-batch.
pub type Flat<E, D> = Tensor<(usize,), E, D>;
/// The same with a tape.
pub type Taped<E, D> = Tensor<(usize,), E, D, OwnedTape<E, D>>;

/// The phases of an iteration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Phase A: what rewards are read from.
    Reward,
    /// Phase B: what acts.
    Policy,
    /// Phase B as well, after each update of the policy: what its advantages are estimated with.
    Value,
}

/// What loss terms see of one mini-batch: leaves, structure, numbers; and where they log.
#[derive(Debug)]
pub struct Pass<'a, E: Dtype, D: Device<E>> {
    /// The device that new tensors are made on.
    pub device: &'a D,
    /// The phase that is running.
    pub phase: Phase,
    /// The numbers of the objective.
    pub at: Scope<'a>,
    /// Which steps and tokens of the batch these are.
    pub part: &'a Part,
    /// What the parameters say that this phase trains. An implicit PRM and the policy: per token of the part, the
    /// log-probability of the token taken. An explicit PRM: per step, the logit of the action taken. A critic: its
    /// heads one after the other, each with one prediction per element (step or token) of the part.
    pub logp: Flat<E, D>,
    /// Per token of the part: the policy's entropy there, if demanded.
    pub entropy: Option<Flat<E, D>>,
    /// Per demonstrated token: the policy's log-probability, if demanded.
    pub demonstration: Option<Flat<E, D>>,
    /// Named numbers for the log, such as `losses/policy`.
    pub metrics: &'a mut Vec<(&'static str, f64)>,
}

impl<E: Dtype, D: Device<E>> Pass<'_, E, D> {
    /// The part's share of a column of the batch: constants, one per token of the part.
    pub fn pick(&self, per_token: &[f64]) -> Flat<E, D> {
        column(self.device, self.part.pick(per_token))
    }

    /// Notes a loss in the log under a name such as `losses/policy`.
    pub fn log(&mut self, name: &'static str, loss: &Rank0Loss<E, D>) {
        log(self.metrics, name, loss);
    }
}

/// A number in the tensors' type.
pub fn number<E: Dtype>(x: f64) -> E {
    E::from_f64(x).expect("a float type holds every f64, rounded")
}

/// A column of constants.
fn column<E: Dtype, D: Device<E>>(device: &D, numbers: impl IntoIterator<Item = f64>) -> Flat<E, D> {
    let numbers: Vec<E> = numbers.into_iter().map(number).collect();
    let len = numbers.len();
    device.tensor_from_vec(numbers, (len,))
}

/// The numbers of a column, to log them.
pub(crate) fn numbers<E: Dtype, D: Device<E>, T>(column: &Tensor<(usize,), E, D, T>) -> Vec<f64> {
    let back = |x: E| x.to_f64().expect("a float is an f64");
    column.as_vec().into_iter().map(back).collect()
}

/// The numbers in these places.
fn pick<E: Dtype, D: Device<E>>(
    device: &D,
    x: Taped<E, D>,
    places: impl ExactSizeIterator<Item = usize>,
) -> Taped<E, D> {
    let len = places.len();
    x.gather(TensorFromVec::<usize>::tensor_from_vec(device, places.collect(), (len,)))
}

/// `scale` times the sum of a column.
fn total<E: Dtype, D: Device<E>>(column: Taped<E, D>, scale: f64) -> Rank0Loss<E, D> {
    column.sum::<Rank0, Axis<0>>() * number::<E>(scale)
}

/// The sum of the numbers of a column, each times its weight.
fn weighted<E: Dtype, D: Device<E>>(device: &D, x: Taped<E, D>, weight: &[f64]) -> Rank0Loss<E, D> {
    sum_of_costs(x, Cost::Weighted { weight })
        .unwrap_or_else(|x| total(x * column::<E, D>(device, weight.iter().copied()), 1.0))
}

/// Logs a loss.
fn log<E: Dtype, D: Device<E>>(
    metrics: &mut Vec<(&'static str, f64)>,
    name: &'static str,
    loss: &Rank0Loss<E, D>,
) {
    metrics.push((name, amount(loss)));
}

/// Logs how often something odd happened, if it did.
fn note(metrics: &mut Vec<(&'static str, f64)>, name: &'static str, times: usize) {
    if times > 0 {
        metrics.push((name, times as f64));
    }
}

/// The number that a loss is.
pub(crate) fn amount<E: Dtype, D: Device<E>>(loss: &Rank0Loss<E, D>) -> f64 {
    loss.as_vec()[0].to_f64().expect("a float is an f64")
}
