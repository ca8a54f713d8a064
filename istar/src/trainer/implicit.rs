//! Phase A of an implicit PRM.

use super::forward::wide;
use super::network::Update;
use super::{BatchOf, Graph, Log, Stop, Trainer};
use crate::batch::{Part, Read, Scope};
use crate::credit::Credit;
use crate::graph::Phase;
use crate::kernels::Backend;
use crate::need::bit::Bit;
use crate::need::demand::Needs;
use crate::objective::{NeedsOf, Objective, Plan, Term};
use crate::policy::{Asked, Policy};
use std::fmt::Debug;

impl<O, P, D> Trainer<O, P, D>
where
    O: Objective,
    D: Backend,
    P: Policy<D> + Debug,
{
    /// Where the reward is read before this phase, the forward pass of its first step serves both, and the column is
    /// handed back.
    pub(super) fn implicit_phase(
        &mut self,
        batch: &BatchOf<O, P::Observation, Read>,
        at: &Scope<'_>,
        plan: &Plan,
        log: &mut Log,
    ) -> Result<Option<Vec<f64>>, Stop> {
        if !<NeedsOf<O> as Needs>::TrainsPrm::VALUE {
            return Ok(None);
        }
        let part = Part::whole(&batch.layout);
        let mut before = None;
        self.nets.implicit_mut().descend_on_all::<Graph<O>>(
            self.settings.prm_steps,
            &Asked::all(batch.history()),
            Update { phase: Phase::Reward, at, part: &part },
            |logp| {
                before = plan.read_before.then(|| wide(logp));
                Graph::<O>::prepare(&Credit { batch: batch.columns(), at: *at }, Phase::Reward)
            },
            log,
        )?;
        Ok(before)
    }
}
