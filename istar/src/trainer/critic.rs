//! The critic: what it estimates, and its updates beside those of the policy.

use super::forward::wide;
use super::network::Update;
use super::{BatchOf, Forward, Graph, Log, Network, Settings, Stop, Trainer, forward};
use crate::batch::{Batch, History, LevelId, Part, Scope, Scored, Stage};
use crate::graph::Phase;
use crate::kernels::Backend;
use crate::need::bit::Bit;
use crate::need::demand::Needs;
use crate::objective::{CriticPlan, NeedsOf, Objective, Plan, Term};
use crate::policy::{Asked, Model, Policy};
use std::fmt::Debug;

/// What the heads of a critic say.
pub(super) type Estimates<N> = <<N as Needs>::CriticNet as Bit>::Slot<Vec<Vec<f64>>>;

/// The policy's body with one output per head.
pub(super) fn new<P: Policy<D>, D: Backend>(
    policy: &P,
    plan: &Plan,
    settings: &Settings,
    seed: u64,
) -> Network<P::Estimator, D> {
    let heads = plan.critic.as_ref().map_or(1, |critic| critic.heads.len());
    Network::new(policy.estimator(heads, seed), settings.critic)
}

/// The token of each of these elements, and again for every further head, with the number of the head. That of a step is
/// its first.
fn rows<N: Needs, Obs, S: Stage>(
    batch: &Batch<N, Obs, S>,
    critic: &CriticPlan,
    elements: &[u32],
) -> (Vec<u32>, Vec<u32>) {
    let last = batch.layout.tokens().saturating_sub(1);
    let token = |element: &u32| match critic.level {
        LevelId::Token => *element,
        // A step without tokens trains nobody; it takes the token that follows it.
        _ => batch.layout.tokens_of(*element as usize).start.min(last) as u32,
    };
    let tokens: Vec<u32> = elements.iter().map(token).collect();
    let heads = (0..critic.heads.len() as u32).flat_map(|head| std::iter::repeat_n(head, elements.len()));
    (tokens.repeat(critic.heads.len()), heads.collect())
}

/// Per head and trajectory, the estimate of the state after the last step; 0 where the episode ended.
fn after<M: Model<D>, D: Backend>(
    net: &M,
    heads: usize,
    history: History<'_, M::Observation>,
) -> Vec<Vec<f64>> {
    let mut column = vec![vec![0.0; history.layout.trajs()]; heads];
    let cut_off: Vec<u32> =
        (0..).zip(history.last).filter_map(|(traj, seen)| seen.is_some().then_some(traj)).collect();
    if cut_off.is_empty() {
        return column;
    }
    let head = (0..heads as u32).flat_map(|head| std::iter::repeat_n(head, cut_off.len())).collect();
    let read = wide(&forward::read(net, &Asked::after(history, cut_off.repeat(heads), head)));
    for (column, read) in column.iter_mut().zip(read.chunks(cut_off.len())) {
        cut_off.iter().zip(read).for_each(|(traj, estimate)| column[*traj as usize] = *estimate);
    }
    column
}

impl<O, P, D> Trainer<O, P, D>
where
    O: Objective,
    D: Backend,
    P: Policy<D> + Debug,
{
    /// Per head, the critic's estimates with its present parameters: one forward pass over the distinct observations. And
    /// where `cut` of a `gae` reads what it says after the last steps, one over those.
    pub(super) fn read_critic(
        &self,
        batch: &BatchOf<O, P::Observation>,
        plan: &Plan,
    ) -> (Estimates<NeedsOf<O>>, Estimates<NeedsOf<O>>) {
        let critic = || plan.critic.as_ref().expect("an objective with a critic trains it");
        let value = <NeedsOf<O> as Needs>::CriticNet::map(&self.nets.critic, |net| {
            let critic = critic();
            let part = Part::whole(&batch.layout);
            let elements = part.elements(critic.level);
            let mut column = vec![vec![0.0; elements.len()]; critic.heads.len()];
            if batch.layout.tokens() > 0 {
                let (tokens, heads) = rows(batch, critic, elements);
                let read = wide(&forward::read(&net.net, &Asked::whole(batch.history(), tokens, heads)));
                column.iter_mut().flatten().zip(read).for_each(|(into, estimate)| *into = estimate);
            }
            column
        });
        let final_value = <NeedsOf<O> as Needs>::CriticNet::map(&self.nets.critic, |net| {
            if plan.after { after(&net.net, critic().heads.len(), batch.history()) } else { Vec::new() }
        });
        (value, final_value)
    }

    /// One update on the mini-batch that the policy has just been updated on.
    pub(super) fn update_critic(
        &mut self,
        batch: &BatchOf<O, P::Observation, Scored>,
        part: &Part,
        at: &Scope<'_>,
        critic: &CriticPlan,
        prepared: &<Graph<O> as Term>::Prepared,
        log: &mut Log,
    ) -> Result<(), Stop> {
        let Some(net) = <NeedsOf<O> as Needs>::CriticNet::get_mut(&mut self.nets.critic) else {
            return Ok(());
        };
        if part.tokens.is_empty() {
            return Ok(());
        }
        let (tokens, heads) = rows(batch, critic, part.elements(critic.level));
        let main = Forward::new(&net.net, &Asked::part(batch.history(), tokens, heads), false);
        let update = Update { phase: Phase::Value, at, part };
        net.descend::<Graph<O>>(prepared, update, main, None, log)?;
        Ok(())
    }
}
