//! Signals on a batch: slices in, slices out, `f64`, no tensors; one file an estimator.

pub mod pairing;

use crate::objective::scalar::Scope;
use crate::rollout::Columns;

/// What a signal is computed from: the columns of a batch and the numbers of the objective.
#[derive(Clone, Copy, Debug)]
pub struct Credit<'a> {
    /// The batch.
    pub batch: Columns<'a>,
    /// The numbers.
    pub at: Scope<'a>,
}
