//! Loss terms as dfdx graphs, generic in dfdx's `Device` and number type; one file a term.
//!
//! A loss sees networks only as flat vectors of log-probabilities. They come in as leaves that share the identity of the
//! networks' outputs, so that every term starts an empty tape of its own and the networks run forward once.

mod part;

pub use part::Part;

use crate::objective::scalar::Scope;
use dfdx::prelude::{OwnedTape, Rank0, Tensor};

/// A loss with its tape.
pub type Rank0Loss<E, D> = Tensor<Rank0, E, D, OwnedTape<E, D>>;
/// A flat vector without a tape: one number per token of the mini-batch.
pub type Flat<E, D> = Tensor<(usize,), E, D>;

/// The two phases of an iteration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Phase A: what rewards are read from.
    Reward,
    /// Phase B: what acts.
    Policy,
}

/// What loss terms see of one mini-batch: leaves, structure, numbers; and where they log.
#[derive(Debug)]
pub struct Pass<'a, E: dfdx::prelude::Dtype, D: dfdx::prelude::Device<E>> {
    /// The device that new tensors are made on.
    pub device: &'a D,
    /// The phase that is running.
    pub phase: Phase,
    /// The numbers of the objective.
    pub at: Scope<'a>,
    /// Which steps and tokens of the batch these are.
    pub part: &'a Part,
    /// Per token of the part: the log-probability of the parameters that this phase trains.
    pub logp: Flat<E, D>,
    /// Per token of the part: the policy's entropy there, if demanded.
    pub entropy: Option<Flat<E, D>>,
    /// Per demonstrated token: the policy's log-probability, if demanded.
    pub demonstration: Option<Flat<E, D>>,
    /// Named numbers for the log, such as `losses/policy`.
    pub metrics: &'a mut Vec<(&'static str, f64)>,
}
