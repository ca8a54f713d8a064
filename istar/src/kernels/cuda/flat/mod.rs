//! What losses need over flat columns. Loss terms are dfdx's operations on any device; these are what a card does in one pass instead.

mod losses;
mod runs;

use dfdx::prelude::{Cuda, OwnedTape, Tensor};

pub(crate) use losses::sum_of_costs;
pub(crate) use runs::sum_runs;

/// A column with its tape.
type Taped = Tensor<(usize,), f32, Cuda, OwnedTape<f32, Cuda>>;
