//! Sampling a batch: groups of trajectories of the same task, all environments one token at a time.

use super::continued::go_on;
use super::episode::Episode;
use super::met::Met;
use super::options::Sampling;
use super::record::{ChecklistBit, ContinuationBit, Recorders, columns};
use super::spread::spread;
use crate::batch::{Batch, Turns};
use crate::env::{Env, Offers, OffersChecklist, OffersContinuations};
use crate::kernels::Backend;
use crate::need::bit::Bit;
use crate::need::demand::Needs;
use crate::objective::{NeedsOf, Objective};
use crate::policy::Policy;
use crate::seed::stream;

/// A sampled batch and what the sampler saw.
#[derive(Clone, Debug)]
pub struct Rollout<N: Needs, O> {
    /// The columns.
    pub batch: Batch<N, O>,
    /// Per step, the environment's reward less the penalty, also where the objective demands no such column.
    pub rewards: Vec<f64>,
    /// Mean entropy, in nats, of the distributions that tokens were drawn from.
    pub entropy: f64,
}

/// What the sampler shows before each step, and once more after the last: the trajectory's number and its environment.
pub type Watch<'a, E> = &'a mut dyn FnMut(usize, &E);

/// Samples `sampling.per_group` trajectories of each task under the policy, one token of each at a time; a step has as many
/// as [`Env::next`] asks for. The result is a function of the arguments: each trajectory draws from a stream of its own,
/// whatever the number of threads. An observation is forwarded once, when it is first met.
pub fn sample<O, E, P, D>(
    env: &E,
    tasks: &[E::Task],
    policy: &P,
    sampling: &Sampling,
    (seed, name, index): (u64, &str, u64),
    watch: Option<Watch<'_, E>>,
) -> Rollout<NeedsOf<O>, E::Observation>
where
    O: Objective,
    D: Backend,
    E: Env + Offers<O>,
    P: Policy<D, Observation = E::Observation>,
{
    sample_and_continue::<O, E, P, D>(env, tasks, policy, sampling, (seed, name, index), 0, watch)
}

/// As [`sample`], and for an objective that demands continuations so many of them from the state before each step:
/// see [`Continued`]. They share the distributions of the observations already met, and change nothing else.
pub fn sample_and_continue<O, E, P, D>(
    env: &E,
    tasks: &[E::Task],
    policy: &P,
    sampling: &Sampling,
    (seed, name, index): (u64, &str, u64),
    rollouts: usize,
    watch: Option<Watch<'_, E>>,
) -> Rollout<NeedsOf<O>, E::Observation>
where
    O: Objective,
    D: Backend,
    E: Env + Offers<O>,
    P: Policy<D, Observation = E::Observation>,
{
    let mut watch = watch;
    let n = tasks.len() * sampling.per_group;
    let mut episodes: Vec<Episode<E, O>> = (0..n)
        .map(|i| {
            let random = stream(seed, name, index * (1 << 32) + i as u64);
            Episode::new(env, &tasks[i / sampling.per_group], random)
        })
        .collect();
    let lists: Vec<Turns> = episodes
        .chunks(sampling.per_group.max(1))
        .map(|group| OffersChecklist::<ChecklistBit<O>>::list(&group[0].env))
        .collect();
    let mut recorders: Vec<Recorders<E, O>> = tasks.iter().map(|_| Recorders::default()).collect();
    let mut saved = vec![Vec::new(); n];
    let mut met = Met::new(policy.actions());
    loop {
        let active: Vec<usize> = (0..n).filter(|i| !episodes[*i].last.done()).collect();
        if active.is_empty() {
            break;
        }
        let present: Vec<_> = active.iter().map(|i| (&episodes[*i].env, &episodes[*i].ahead)).collect();
        let seen = spread(&present, |(env, ahead)| (*ahead).clone().unwrap_or_else(|| env.observe()));
        for i in &active {
            let episode = &mut episodes[*i];
            if episode.ahead.is_none() {
                recorders[i / sampling.per_group].before(&episode.env, &mut episode.record);
                saved[*i].extend(OffersContinuations::<ContinuationBit<O>>::saved(&episode.env));
                if let Some(watch) = &mut watch {
                    watch(*i, &episode.env);
                }
            }
        }
        let numbers = met.look(policy, seen);
        for (i, number) in active.into_iter().zip(numbers) {
            let recorders = &mut recorders[i / sampling.per_group];
            episodes[i].draw(number, met.logp(number), sampling, recorders);
        }
    }
    if let Some(watch) = &mut watch {
        for (i, episode) in episodes.iter().enumerate() {
            watch(i, &episode.env);
        }
    }
    let continued = ContinuationBit::<O>::fill(|| {
        let (states, at) = (saved.concat(), (seed, &*format!("{name} continuation"), index));
        let batch = met.observations.len();
        let continued =
            go_on::<ContinuationBit<O>, E, P, D>(env, &states, rollouts, policy, &mut met, sampling, at);
        // what only a continuation saw is no part of the batch
        met.observations.truncate(batch);
        continued
    });
    let entropy_of = |o: &u32| -> f64 {
        let row = met.logp(*o).iter().map(|l| f64::from(*l));
        // A probability of 0 has no entropy, where its logarithm is infinite.
        row.map(|l| if l == f64::NEG_INFINITY { 0.0 } else { -l * l.exp() }).sum()
    };
    let entropy = episodes.iter().flat_map(|e| &e.observation).map(entropy_of).sum::<f64>();
    let rewards: Vec<f64> = episodes.iter().flat_map(|e| e.rewards.iter().copied()).collect();
    let batch = columns(episodes, met.observations, lists, sampling, continued);
    let entropy = entropy / batch.observation.len().max(1) as f64;
    Rollout { batch, rewards, entropy }
}
