//! Sampling a batch: groups of trajectories of the same task, all environments one token at a time.

use super::continued::go_on;
use super::episode::Episode;
use super::gather::columns;
use super::options::Sampling;
use super::record::{ChecklistBit, ContinuationBit, Recorders};
use super::spread::spread;
use crate::batch::{Batch, Turns};
use crate::env::{Env, Offers, OffersChecklist, OffersContinuations};
use crate::kernels::Backend;
use crate::need::bit::Bit;
use crate::need::demand::Needs;
use crate::objective::{NeedsOf, Objective};
use crate::policy::{Policy, Session};
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
/// whatever the number of threads.
///
/// # Panics
/// When no token that the policy has is legal somewhere.
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
/// see [`Continued`]. They go on in the session of the policy that the batch was drawn in, and change nothing else.
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
    let switch: Vec<u32> = E::switch_token().into_iter().collect();
    let mut session = policy.session();
    let mut memories = memories(&session, n);
    let mut forks = vec![Vec::new(); n];
    loop {
        let active: Vec<usize> = (0..n).filter(|i| !episodes[*i].last.done()).collect();
        if active.is_empty() {
            break;
        }
        let present = active.iter().map(|i| &episodes[*i]).map(|e| (&e.env, &e.ahead, e.so_far()));
        let seen = spread(&present.collect::<Vec<_>>(), |(env, ahead, so_far)| {
            ((*ahead).clone().unwrap_or_else(|| env.observe()), env.legal(so_far))
        });
        for i in &active {
            let episode = &mut episodes[*i];
            if episode.ahead.is_none() {
                recorders[i / sampling.per_group].before(&episode.env, &mut episode.record);
                let state = OffersContinuations::<ContinuationBit<O>>::saved(&episode.env);
                forks[*i].extend(state.is_some().then(|| memories[*i].clone()));
                saved[*i].extend(state);
                if let Some(watch) = &mut watch {
                    watch(*i, &episode.env);
                }
            }
        }
        let going_on = episodes.iter_mut().zip(&mut memories).filter(|(episode, _)| !episode.last.done());
        let asks = going_on.zip(seen).map(|((episode, memory), seen)| episode.ask(seen, &switch, memory));
        let drawn = session.draw(asks.collect(), sampling.temperature);
        for (i, drawn) in active.into_iter().zip(drawn) {
            episodes[i].say(&drawn, &switch, sampling, &mut recorders[i / sampling.per_group]);
        }
    }
    if let Some(watch) = &mut watch {
        for (i, episode) in episodes.iter().enumerate() {
            watch(i, &episode.env);
        }
    }
    let of_batch = session.seen().len();
    let continued = ContinuationBit::<O>::fill(|| {
        let (states, forks) = (saved.concat(), forks.concat());
        let at = (seed, &*format!("{name} continuation"), index);
        go_on::<ContinuationBit<O>, E, _>(env, (&states, &forks), rollouts, &mut session, sampling, at)
    });
    // What only a continuation saw is no part of the batch.
    let mut seen = session.finish();
    seen.truncate(of_batch);
    let entropy = episodes.iter().flat_map(|e| &e.entropy).sum::<f64>();
    let rewards: Vec<f64> = episodes.iter().flat_map(|e| e.rewards.iter().copied()).collect();
    let batch = columns(episodes, seen, lists, sampling, continued);
    let entropy = entropy / batch.observation.len().max(1) as f64;
    Rollout { batch, rewards, entropy }
}

/// The memories of so many episodes that have not begun.
fn memories<O, S: Session<O>>(_session: &S, n: usize) -> Vec<S::Memory> {
    vec![S::Memory::default(); n]
}
