//! Everything a trainer is, as named arrays.

use super::{CollapseWatch, Trainer};
use crate::kernels::Backend;
use crate::objective::Objective;
use crate::policy::Policy;
use crate::policy::weights::{Arrays, WeightsError};
use std::fmt::Debug;

impl<O, P, D> Trainer<O, P, D>
where
    O: Objective,
    D: Backend,
    P: Policy<D> + Debug,
{
    /// Parameters, optimisers, references and counters. Random streams hold no state: they are derived from the seed
    /// and the counters.
    pub fn export(&self) -> Arrays {
        let mut arrays = Arrays::new();
        self.nets.export(&mut arrays);
        arrays.insert_u64("counters", vec![self.seed, self.iteration, self.env_steps]);
        self.watch.export(&mut arrays);
        arrays
    }

    /// Becomes the trainer that [`export`](Self::export) saw.
    ///
    /// # Errors
    /// When an array is missing or has another size; the trainer must not be used then.
    pub fn import(&mut self, arrays: &Arrays) -> Result<(), WeightsError> {
        self.nets.import(arrays)?;
        self.watch = CollapseWatch::import(arrays)?;
        let counters = arrays.u64("counters", 3)?;
        (self.seed, self.iteration, self.env_steps) = (counters[0], counters[1], counters[2]);
        Ok(())
    }
}
