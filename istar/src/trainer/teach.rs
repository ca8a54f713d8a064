//! Phase A alone: what rewards are read from learns, and nothing acts.

use super::{BatchOf, Graph, Log, Stop, Trainer};
use crate::batch::Read;
use crate::kernels::Backend;
use crate::objective::Objective;
use crate::policy::Policy;
use std::collections::BTreeMap;
use std::fmt::Debug;

impl<O, P, D> Trainer<O, P, D>
where
    O: Objective,
    D: Backend,
    P: Policy<D> + Debug,
{
    /// One iteration of phase A and of nothing else, on each of these batches in turn. References stay as they were read, so
    /// a batch may come again. Metrics are means over the updates. A PRM that shares the policy's parameters moves
    /// those, with the policy's optimiser.
    ///
    /// # Errors
    /// When a loss or a gradient is not finite; the parameters are those of the last update that was.
    pub fn teach<'a>(
        &mut self,
        batches: impl IntoIterator<Item = &'a BatchOf<O, P::Observation, Read>>,
    ) -> Result<BTreeMap<String, f64>, Stop>
    where
        P::Observation: 'a,
    {
        let numbers = self.numbers();
        let (at, plan) = (numbers.scope(self.iteration), numbers.plan::<Graph<O>>(self.iteration));
        let mut log = Log::default();
        for batch in batches {
            self.reward_phase(batch, &at, &plan, &mut log)?;
        }
        self.iteration += 1;
        Ok(log.means())
    }
}
