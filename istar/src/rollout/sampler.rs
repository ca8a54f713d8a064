//! Sampling a batch: groups of trajectories of the same task, all environments one token at a time.

use super::continued::go_on;
use super::episode::Episode;
use super::gather::columns;
use super::lost::{Lost, SampleError, nothing_legal};
use super::options::{Outcome, Sampling};
use super::record::{ChecklistBit, ContinuationBit, Recorders};
use super::spread::spread;
use crate::batch::{Batch, Continued, Turns};
use crate::env::{Env, Offers, OffersChecklist, OffersContinuations};
use crate::kernels::Backend;
use crate::need::bit::Bit;
use crate::need::demand::Needs;
use crate::objective::{NeedsOf, Objective};
use crate::policy::{Policy, Session};
use crate::seed::Streams;

/// A sampled batch and what the sampler saw.
#[derive(Clone, Debug)]
pub struct Rollout<N: Needs, O> {
    /// The columns. A group whose episodes were lost has fewer trajectories, or none.
    pub batch: Batch<N, O>,
    /// Per trajectory, its number among the episodes that were begun: that of a task's first one is the task's number times
    /// [`Sampling::per_group`].
    pub episode: Vec<usize>,
    /// The episodes that are not in the batch.
    pub lost: Lost,
    /// Per step, the environment's reward less the penalty, also where the objective demands no such column.
    pub rewards: Vec<f64>,
    /// Mean entropy, in nats, of the distributions that tokens were drawn from.
    pub entropy: f64,
}

/// What the sampler shows before each step, and once more after the last: the episode's number and its environment. Of an
/// episode that is lost it shows no end.
pub type Watch<'a, E> = &'a mut dyn FnMut(usize, &E);

/// Samples `sampling.per_group` trajectories of each task under the policy, one token of each at a time; a step has as many
/// as [`Env::next`] asks for. The result is a function of the arguments: each trajectory draws from a stream of its own,
/// whatever the number of threads. Steps that are complete at the same time are taken together, see [`Env::step_all`].
///
/// An episode whose environment fails, or calls no token legal that the policy has, is [`Lost`]: the others are what they
/// would have been.
///
/// # Errors
/// Every episode was lost; or the outcome is to be a score, and the environment stated none.
pub fn sample<O, E, P, D>(
    env: &E,
    tasks: &[E::Task],
    policy: &P,
    sampling: &Sampling,
    (seed, name, index): (u64, &str, u64),
    watch: Option<Watch<'_, E>>,
) -> Result<Rollout<NeedsOf<O>, E::Observation>, SampleError>
where
    O: Objective,
    D: Backend,
    E: Env + Offers<O>,
    P: Policy<D, Observation = E::Observation>,
{
    sample_and_continue::<O, E, P, D>(env, tasks, policy, sampling, (seed, name, index), 0, watch)
}

/// As [`sample`], and for an objective that demands continuations so many of them from the state before each step:
/// see [`Continued`](crate::batch::Continued). They go on in the session of the policy that the batch was drawn in, and change nothing
/// else. Where one of them fails, less is known of its state than of the others, and the episode is lost.
///
/// # Errors
/// As [`sample`].
pub fn sample_and_continue<O, E, P, D>(
    env: &E,
    tasks: &[E::Task],
    policy: &P,
    sampling: &Sampling,
    (seed, name, index): (u64, &str, u64),
    rollouts: usize,
    watch: Option<Watch<'_, E>>,
) -> Result<Rollout<NeedsOf<O>, E::Observation>, SampleError>
where
    O: Objective,
    D: Backend,
    E: Env + Offers<O>,
    P: Policy<D, Observation = E::Observation>,
{
    let mut watch = watch;
    let n = tasks.len() * sampling.per_group;
    let mut episodes: Vec<Episode<E, O>> = begin(env, tasks, sampling, Streams { seed, name, index });
    let lists: Vec<Turns> = episodes.chunks(sampling.per_group.max(1)).map(list).collect();
    let mut recorders: Vec<Recorders<E, O>> = tasks.iter().map(|_| Recorders::default()).collect();
    let mut saved = vec![Vec::new(); n];
    let mut session = policy.session();
    let mut memories = memories(&session, n);
    let mut forks = vec![Vec::new(); n];
    loop {
        let active: Vec<usize> = (0..n).filter(|i| !episodes[*i].over()).collect();
        if active.is_empty() {
            break;
        }
        let present = active.iter().map(|i| &episodes[*i]).map(|e| (&e.env, &e.ahead, e.so_far()));
        let seen = spread(&present.collect::<Vec<_>>(), |(env, ahead, so_far)| {
            ((*ahead).clone().unwrap_or_else(|| env.observe()), env.legal(so_far))
        });
        let seen = active.iter().zip(seen).filter_map(|(i, (observation, legal))| {
            let episode = &mut episodes[*i];
            episode.lost = nothing_legal(&legal, policy.actions(), episode.tokens.len(), episode.so_far());
            episode.lost.is_none().then_some((observation, legal))
        });
        let seen: Vec<_> = seen.collect();
        let active: Vec<usize> = active.into_iter().filter(|i| !episodes[*i].over()).collect();
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
        let going_on = episodes.iter_mut().zip(&mut memories).filter(|(episode, _)| !episode.over());
        let asks = going_on.zip(seen).map(|((episode, memory), seen)| episode.ask(seen, memory));
        let drawn = session.draw(asks.collect(), sampling.temperature);
        for (i, drawn) in active.into_iter().zip(drawn) {
            episodes[i].say(&drawn);
        }
        act(&mut episodes, sampling, &mut recorders);
    }
    for (i, episode) in episodes.iter().enumerate() {
        match (&episode.lost, &mut watch) {
            (None, Some(watch)) => watch(i, &episode.env),
            (None, None) => {}
            (Some(_), _) => {
                saved[i].clear();
                forks[i].clear();
            }
        }
    }
    let mut lost = Lost::default();
    let of_batch = session.seen().len();
    let continued = ContinuationBit::<O>::fill(|| {
        let (states, forks) = (saved.concat(), forks.concat());
        let at = (seed, &*format!("{name} continuation"), index);
        let walks = go_on::<ContinuationBit<O>, E, _>(
            env,
            (&states, &forks),
            rollouts,
            (&mut session, policy.actions()),
            sampling,
            at,
        );
        let from = saved.iter().enumerate().flat_map(|(i, saved)| vec![i; saved.len() * rollouts]);
        let walks: Vec<_> = from.zip(walks).collect();
        for (i, walk) in &walks {
            let episode = &mut episodes[*i];
            episode.lost = episode.lost.take().or_else(|| walk.lost.clone());
        }
        let (kept, gone): (Vec<_>, Vec<_>) =
            walks.into_iter().partition(|(i, _)| episodes[*i].lost.is_none());
        lost.steps += gone.iter().map(|(_, walk)| walk.rewards.len() as u64).sum::<u64>();
        Continued::new(rollouts, kept.into_iter().map(|(_, walk)| (walk.rewards, walk.success)))
    });
    for (episode, reason) in episodes.iter().filter_map(|episode| Some((episode, episode.lost.as_ref()?))) {
        let steps = episode.rewards.len() as u64;
        lost.add(&Lost { episodes: 1, steps, reason: Some(reason.clone()) });
    }
    if let (true, Some(reason)) = (lost.episodes == n as u64, &lost.reason) {
        let (name, reason) = (name.to_owned(), reason.clone());
        return Err(SampleError::AllLost { name, index, episodes: lost.episodes, reason });
    }
    let is_kept = |episode: &Episode<E, O>| episode.lost.is_none();
    let groups = episodes.chunks(sampling.per_group.max(1));
    let sizes: Vec<usize> =
        groups.map(|group| group.iter().filter(|episode| is_kept(episode)).count()).collect();
    let kept = episodes.into_iter().enumerate().filter(|(_, episode)| is_kept(episode));
    let (episode, episodes): (Vec<usize>, Vec<Episode<E, O>>) = kept.unzip();
    let silent = episodes.iter().position(|episode| episode.last.score.is_none());
    if let (Outcome::Score, Some(i)) = (sampling.outcome, silent) {
        return Err(SampleError::NoScore { name: name.to_owned(), episode: episode[i] });
    }
    // What only a continuation saw is no part of the batch.
    let mut seen = session.finish();
    seen.truncate(of_batch);
    let entropy = episodes.iter().flat_map(|e| &e.entropy).sum::<f64>();
    let rewards: Vec<f64> = episodes.iter().flat_map(|e| e.rewards.iter().copied()).collect();
    let batch = columns(episodes, &sizes, seen, lists, sampling, continued);
    let entropy = entropy / batch.observation.len().max(1) as f64;
    Ok(Rollout { batch, episode, lost, rewards, entropy })
}

/// Begins the episodes of each task.
fn begin<E: Env + Offers<O>, O: Objective>(
    env: &E,
    tasks: &[E::Task],
    sampling: &Sampling,
    at: Streams<'_>,
) -> Vec<Episode<E, O>> {
    let tasks: Vec<&E::Task> = tasks.iter().flat_map(|task| vec![task; sampling.per_group]).collect();
    let mut envs = vec![env.clone(); tasks.len()];
    let begun = E::reset_all(&mut envs.iter_mut().collect::<Vec<_>>(), &tasks, at);
    assert_eq!(begun.len(), envs.len(), "`reset_all` gives one result for each environment");
    let episodes = envs.into_iter().zip(begun).enumerate();
    episodes.map(|(i, (env, begun))| Episode::new(env, begun, at.of(i))).collect()
}

/// The checklist of a group's task, which any episode of it knows that has begun.
fn list<E: Env + Offers<O>, O: Objective>(group: &[Episode<E, O>]) -> Turns {
    let begun = group.iter().find(|episode| episode.lost.is_none());
    begun.map_or_else(Turns::new, |episode| OffersChecklist::<ChecklistBit<O>>::list(&episode.env))
}

/// Takes the steps whose tokens are all drawn, in all environments at once.
fn act<E: Env + Offers<O>, O: Objective>(
    episodes: &mut [Episode<E, O>],
    sampling: &Sampling,
    recorders: &mut [Recorders<E, O>],
) {
    let ready = episodes.iter_mut().enumerate().filter(|(_, episode)| episode.is_ready());
    let mut ready: Vec<_> = ready.map(|(i, episode)| (i / sampling.per_group, episode)).collect();
    for (group, episode) in &mut ready {
        episode.announce(&mut recorders[*group]);
    }
    let (mut envs, tokens): (Vec<_>, Vec<_>) = ready.iter_mut().map(|(_, episode)| episode.step()).unzip();
    let moved = E::step_all(&mut envs, &tokens);
    assert_eq!(moved.len(), envs.len(), "`step_all` gives one result for each environment");
    for ((group, episode), moved) in ready.into_iter().zip(moved) {
        episode.moved(moved, sampling, &mut recorders[group]);
    }
}

/// The memories of so many episodes that have not begun.
fn memories<O, S: Session<O>>(_session: &S, n: usize) -> Vec<S::Memory> {
    vec![S::Memory::default(); n]
}
