//! The critic: what it estimates, and its updates beside those of the policy.

use super::network::Update;
use super::networks::Estimates;
use super::{BatchOf, Graph, Log, Network, Seen, Settings, Stop, Trainer};
use crate::batch::{Batch, LevelId, Part, Scope, Scored, Stage};
use crate::graph::Phase;
use crate::kernels::Backend;
use crate::need::bit::Bit;
use crate::need::demand::Needs;
use crate::objective::{CriticPlan, NeedsOf, Objective, Plan, Term};
use crate::policy::{Choices, Estimator, Policy};
use dfdx::prelude::{NoneTape, OwnedTape};
use std::fmt::Debug;

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

/// The observation of each of these elements, and again for every further head, with the number of the head. That of a
/// step is what its first token is chosen from.
fn rows<N: Needs, Obs, S: Stage>(
    batch: &Batch<N, Obs, S>,
    critic: &CriticPlan,
    elements: &[u32],
) -> (Vec<u32>, Vec<u32>) {
    let last = batch.layout.tokens().saturating_sub(1);
    let token = |element: u32| match critic.level {
        LevelId::Token => element as usize,
        // A step without tokens trains nobody; it takes the observation that follows it.
        _ => batch.layout.tokens_of(element as usize).start.min(last),
    };
    let observations = elements.iter().map(|element| batch.observation[token(*element)]);
    let observation: Vec<u32> = observations.collect();
    let heads = (0..critic.heads.len() as u32).flat_map(|head| std::iter::repeat_n(head, elements.len()));
    (observation.repeat(critic.heads.len()), heads.collect())
}

/// Per head and trajectory, the estimate of the state after the last step; 0 where the episode ended.
fn after<E: Estimator<D>, D: Backend, N: Needs>(
    net: &E,
    heads: usize,
    batch: &Batch<N, E::Observation>,
) -> Vec<Vec<f64>> {
    let mut column = vec![vec![0.0; batch.layout.trajs()]; heads];
    let observation = N::CriticNet::get(&batch.final_observation).expect("a critic is read");
    let cut_off = observation.iter().enumerate().filter_map(|(traj, seen)| Some((traj, (*seen)?)));
    let (traj, observation): (Vec<usize>, Vec<u32>) = cut_off.unzip();
    if traj.is_empty() {
        return column;
    }
    let head = (0..heads as u32).flat_map(|head| std::iter::repeat_n(head, traj.len())).collect::<Vec<_>>();
    let choices = Choices { observation: &observation.repeat(heads), token: &head };
    let read = net.read(&batch.finals, choices, NoneTape).logp.as_vec();
    for (column, read) in column.iter_mut().zip(read.chunks(traj.len())) {
        traj.iter().zip(read).for_each(|(traj, estimate)| column[*traj] = f64::from(*estimate));
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
                let (observation, head) = rows(batch, critic, elements);
                let choices = Choices { observation: &observation, token: &head };
                let read = net.net.read(&batch.observations, choices, NoneTape).logp.as_vec();
                for (into, estimate) in column.iter_mut().flatten().zip(read) {
                    *into = f64::from(estimate);
                }
            }
            column
        });
        let final_value = <NeedsOf<O> as Needs>::CriticNet::map(&self.nets.critic, |net| {
            if plan.after { after(&net.net, critic().heads.len(), batch) } else { Vec::new() }
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
        let (observation, head) = rows(batch, critic, part.elements(critic.level));
        let seen = Seen::of(observation, batch);
        let choices = Choices { observation: &seen.observation, token: &head };
        let readout = net.net.read(&seen.observations, choices, OwnedTape::default());
        let update = Update { phase: Phase::Value, at, part, demonstration: None };
        net.descend::<Graph<O>>(prepared, update, readout, log)?;
        Ok(())
    }
}
