//! What is read of networks that the policy is compared with, and of an implicit PRM.

use super::{BatchOf, Trainer, forward};
use crate::batch::Batch;
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
    /// Fills every column of what is read as it was when the batch was sampled: references, and the critic.
    pub fn read_references(&mut self, batch: &mut BatchOf<O, P::Observation>, plan: &Plan) {
        self.read_critic(batch, plan);
        if matches!(plan.snapshot, Some(Renew::Every(k)) if self.iteration.is_multiple_of(k)) {
            self.nets.renew_snapshot();
        }
        self.nets.read_frozen(batch);
        let column = <NeedsOf<O> as Needs>::SnapshotRef::get(&batch.snapshot);
        if let (Some(Renew::Drift(most)), Some(column)) = (plan.snapshot, column)
            && drift(&batch.old, column) > most
        {
            let column = self.nets.renew_snapshot().map(|snapshot| read::<P, D, _>(snapshot, batch));
            let filled = <NeedsOf<O> as Needs>::SnapshotRef::get_mut(&mut batch.snapshot);
            filled.zip(column).into_iter().for_each(|(filled, column)| *filled = column);
        }
    }

    /// Fills the column of the PRM with its present parameters; the policy's, if they share them.
    pub fn read_prm(&self, batch: &mut BatchOf<O, P::Observation>) {
        if <NeedsOf<O> as Needs>::ReadsPrm::VALUE {
            let column = read::<P, D, _>(&self.nets.implicit().net, batch);
            self.set_prm(batch, column);
        }
    }

    pub(super) fn set_prm(&self, batch: &mut BatchOf<O, P::Observation>, column: Vec<f64>) {
        if let Some(prm) = <NeedsOf<O> as Needs>::ReadsPrm::get_mut(&mut batch.prm) {
            *prm = column;
        }
    }

    /// Per token of the batch, the log-probability under the parameters that phase A trains, as a loss sees it; none
    /// without an implicit PRM.
    pub fn preference_readout(&self, batch: &BatchOf<O, P::Observation>) -> Option<Column<D>> {
        let readout = || forward::read(&self.nets.implicit().net, &Asked::all(batch.history()));
        <NeedsOf<O> as Needs>::TrainsPrm::VALUE.then(readout)
    }
}

/// The batch's log-probabilities under a network that is not trained on it.
pub(super) fn read<P: Policy<D>, D: Backend, N: Needs>(
    net: &P,
    batch: &Batch<N, P::Observation>,
) -> Vec<f64> {
    wide(&forward::read(net, &Asked::all(batch.history())))
}

/// A column as the host computes with it.
pub(super) fn wide<D: Backend>(column: &Column<D>) -> Vec<f64> {
    column.as_vec().into_iter().map(f64::from).collect()
}

/// Mean k3 divergence, in nats per token, of the policy that produced the batch from another.
fn drift(old: &[f64], other: &[f64]) -> f64 {
    let k3 = |(old, other): (&f64, &f64)| (other - old).exp() - (other - old) - 1.0;
    old.iter().zip(other).map(k3).sum::<f64>() / old.len().max(1) as f64
}
