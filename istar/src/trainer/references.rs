//! What is read of networks that the policy is compared with, and of an implicit PRM.

use super::network::mix;
use super::{BatchOf, Trainer, explicit, forward};
use crate::batch::{Batch, Read, Scored, Scores, Stage};
use crate::kernels::{Backend, Column};
use crate::need::bit::Bit;
use crate::need::demand::Needs;
use crate::objective::{NeedsOf, Objective, Plan, Renew};
use crate::policy::{Asked, Policy};
use std::fmt::Debug;

impl<O, P, D> Trainer<O, P, D>
where
    O: Objective,
    D: Backend,
    P: Policy<D> + Debug,
{
    /// The batch with what is read as it was when the batch was sampled: references, and the critic.
    pub fn read_references(
        &mut self,
        batch: BatchOf<O, P::Observation>,
        plan: &Plan,
    ) -> BatchOf<O, P::Observation, Read> {
        let estimates = self.read_critic(&batch, plan);
        if matches!(plan.snapshot, Some(Renew::Every(k)) if self.iteration.is_multiple_of(k)) {
            self.nets.renew_snapshot();
        }
        let mut references = self.nets.read_frozen(&batch, estimates);
        let column = <NeedsOf<O> as Needs>::SnapshotRef::get_mut(&mut references.snapshot);
        if let (Some(Renew::Drift(most)), Some(column)) = (plan.snapshot, column)
            && drift(&batch.old, column) > most
            && let Some(snapshot) = self.nets.renew_snapshot()
        {
            *column = read(snapshot, &batch);
        }
        batch.read(references)
    }

    /// The moving average of the policy, one iteration further.
    pub(crate) fn renew_average(&mut self, plan: &Plan) {
        if let (Some(ema), Some(tau)) = (<NeedsOf<O> as Needs>::EmaRef::get_mut(&mut self.nets.ema), plan.ema)
        {
            mix::<P, D>(&mut ema.net, &self.nets.policy.net, tau as f32);
        }
    }

    /// The batch with what the PRM says of it, with its present parameters.
    pub fn score(&self, batch: BatchOf<O, P::Observation, Read>) -> BatchOf<O, P::Observation, Scored> {
        let scores = self.scores(&batch, None, None);
        batch.score(scores)
    }

    /// What the PRM says of the batch: what was read of an implicit or an explicit one before, or with its present
    /// parameters. An implicit one may share those of the policy.
    pub(super) fn scores(
        &self,
        batch: &BatchOf<O, P::Observation, Read>,
        implicit: Option<Vec<f64>>,
        explicit: Option<Vec<f64>>,
    ) -> Scores<NeedsOf<O>> {
        let prm = || implicit.unwrap_or_else(|| read(&self.nets.implicit().net, batch));
        Scores {
            prm: <NeedsOf<O> as Needs>::ReadsPrm::fill(prm),
            q: <NeedsOf<O> as Needs>::ExplicitPrm::map(&self.nets.explicit, |net| {
                explicit.unwrap_or_else(|| explicit::read(&net.net, batch.history()))
            }),
        }
    }

    /// Per token of the batch, the log-probability under the parameters that phase A trains, as a loss sees it; none
    /// without an implicit PRM.
    pub fn preference_readout<S: Stage>(&self, batch: &BatchOf<O, P::Observation, S>) -> Option<Column<D>> {
        let readout = || forward::read(&self.nets.implicit().net, &Asked::all(batch.history()));
        <NeedsOf<O> as Needs>::TrainsPrm::VALUE.then(readout)
    }

    /// Per step of the batch, the reading of the action taken, 0 to 1, with the present parameters; none without an explicit
    /// PRM.
    pub fn explicit_readout<S: Stage>(&self, batch: &BatchOf<O, P::Observation, S>) -> Option<Vec<f64>> {
        let prm = <NeedsOf<O> as Needs>::ExplicitPrm::get(&self.nets.explicit)?;
        Some(explicit::read(&prm.net, batch.history()))
    }
}

/// The batch's log-probabilities under a network that is not trained on it.
pub(super) fn read<P: Policy<D>, D: Backend, N: Needs, S: Stage>(
    net: &P,
    batch: &Batch<N, P::Observation, S>,
) -> Vec<f64> {
    forward::wide(&forward::read(net, &Asked::all(batch.history())))
}

/// Mean k3 divergence, in nats per token, of the policy that produced the batch from another.
fn drift(old: &[f64], other: &[f64]) -> f64 {
    let k3 = |(old, other): (&f64, &f64)| (other - old).exp() - (other - old) - 1.0;
    old.iter().zip(other).map(k3).sum::<f64>() / old.len().max(1) as f64
}
