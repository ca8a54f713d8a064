//! Sampling a batch: groups of trajectories of the same task, all environments one token at a time.

use super::continued::go_on;
use super::episode::Episode;
use super::gather::columns;
use super::lost::{Lost, SampleError, nothing_legal};
use super::options::{Outcome, Sampling};
use super::record::Recorders;
use super::spread::spread;
use crate::batch::{Batch, Continued, Legal, Turns};
use crate::env::{Env, Offers, OffersAll, OffersChecklist, OffersContinuations};
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
    /// Per trajectory, what the environment itself says that the episode was worth, if it says so.
    pub scores: Vec<Option<f64>>,
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
    let at = Streams { seed, name, index };
    let session = policy.session();
    let mut run = Run::<E, NeedsOf<O>, _>::begin(env, tasks, (session, policy.actions()), sampling, at);
    run.finish_episodes(watch);
    // What only a continuation sees is no part of the batch.
    let of_batch = run.session.seen().len();
    let (continued, lost) = run.go_on(env, rollouts);
    run.gather(continued, lost, of_batch)
}

/// The state that an episode is continued from.
type Saved<E, N> = <E as OffersContinuations<<N as Needs>::Continuations>>::Saved;

/// A batch under way: in each column an entry per episode, unless it says otherwise.
struct Run<'a, E: Env + OffersAll<N>, N: Needs, S: Session<E::Observation>> {
    sampling: &'a Sampling,
    at: Streams<'a>,
    session: S,
    /// How many tokens the policy has.
    actions: usize,
    episodes: Vec<Episode<E, N>>,
    memories: Vec<S::Memory>,
    /// Before each of its steps, the state and what the policy remembered, if the objective continues from there.
    saved: Vec<Vec<Saved<E, N>>>,
    forks: Vec<Vec<S::Memory>>,
    /// Per group.
    recorders: Vec<Recorders<E, N>>,
    /// Per group, the checklist of its task.
    lists: Vec<Turns>,
}

impl<'a, E: Env + OffersAll<N>, N: Needs, S: Session<E::Observation>> Run<'a, E, N, S> {
    /// Begins the episodes of each task.
    fn begin(
        env: &E,
        tasks: &[E::Task],
        (session, actions): (S, usize),
        sampling: &'a Sampling,
        at: Streams<'a>,
    ) -> Self {
        let recorders = tasks.iter().map(Recorders::of).collect();
        let tasks: Vec<&E::Task> = tasks.iter().flat_map(|task| vec![task; sampling.per_group]).collect();
        let n = tasks.len();
        let mut envs = vec![env.clone(); n];
        let begun = E::reset_all(&mut envs.iter_mut().collect::<Vec<_>>(), &tasks, at);
        assert_eq!(begun.len(), n, "`reset_all` gives one result for each environment");
        let episodes = envs.into_iter().zip(begun).enumerate();
        let episodes: Vec<Episode<E, N>> =
            episodes.map(|(i, (env, begun))| Episode::new(env, begun, at.of(i))).collect();
        Run {
            lists: episodes.chunks(sampling.per_group.max(1)).map(list).collect(),
            memories: vec![S::Memory::default(); n],
            saved: vec![Vec::new(); n],
            forks: vec![Vec::new(); n],
            sampling,
            at,
            session,
            actions,
            episodes,
            recorders,
        }
    }

    /// Draws tokens and takes steps until no episode goes on.
    fn finish_episodes(&mut self, mut watch: Option<Watch<'_, E>>) {
        loop {
            let seen = self.look();
            if seen.is_empty() {
                break;
            }
            for (i, _) in &seen {
                if self.episodes[*i].ahead.is_none() {
                    self.before_step(*i);
                    if let Some(watch) = &mut watch {
                        watch(*i, &self.episodes[*i].env);
                    }
                }
            }
            self.draw(seen);
            self.act();
        }
        if let Some(watch) = watch {
            let ended = self.episodes.iter().enumerate().filter(|(_, episode)| episode.lost.is_none());
            ended.for_each(|(i, episode)| watch(i, &episode.env));
        }
    }

    /// What the next token of each episode that goes on is drawn under. One in which nothing is legal is lost.
    fn look(&mut self) -> Vec<(usize, (E::Observation, Legal))> {
        let active: Vec<usize> = (0..self.episodes.len()).filter(|i| !self.episodes[*i].over()).collect();
        let present = active.iter().map(|i| &self.episodes[*i]).map(|e| (&e.env, &e.ahead, e.so_far()));
        let seen = spread(&present.collect::<Vec<_>>(), |(env, ahead, so_far)| {
            ((*ahead).clone().unwrap_or_else(|| env.observe()), env.legal(so_far))
        });
        let mut seen: Vec<_> = active.into_iter().zip(seen).collect();
        seen.retain(|(i, (_, legal))| {
            let episode = &mut self.episodes[*i];
            episode.lost = nothing_legal(legal, self.actions, episode.tokens.len(), episode.so_far());
            episode.lost.is_none()
        });
        seen
    }

    /// Writes down what is known before a step of this episode, and saves what it may be continued from.
    fn before_step(&mut self, i: usize) {
        let episode = &mut self.episodes[i];
        self.recorders[i / self.sampling.per_group].before(&episode.env, &mut episode.record);
        let state = OffersContinuations::<N::Continuations>::saved(&episode.env);
        self.forks[i].extend(state.is_some().then(|| self.memories[i].clone()));
        self.saved[i].extend(state);
    }

    /// Draws a token in each of these episodes, which are all that go on.
    fn draw(&mut self, seen: Vec<(usize, (E::Observation, Legal))>) {
        let (active, seen): (Vec<usize>, Vec<_>) = seen.into_iter().unzip();
        let going_on =
            self.episodes.iter_mut().zip(&mut self.memories).filter(|(episode, _)| !episode.over());
        let asks = going_on.zip(seen).map(|((episode, memory), seen)| episode.ask(seen, memory));
        let drawn = self.session.draw(asks.collect(), self.sampling.temperature);
        for (i, drawn) in active.into_iter().zip(drawn) {
            self.episodes[i].say(&drawn);
        }
    }

    /// Takes the steps whose tokens are all drawn, in all environments at once.
    fn act(&mut self) {
        let ready = self.episodes.iter_mut().enumerate().filter(|(_, episode)| episode.is_ready());
        let mut ready: Vec<_> = ready.map(|(i, episode)| (i / self.sampling.per_group, episode)).collect();
        for (group, episode) in &mut ready {
            episode.announce(&mut self.recorders[*group]);
        }
        let (mut envs, tokens): (Vec<_>, Vec<_>) =
            ready.iter_mut().map(|(_, episode)| episode.step()).unzip();
        let moved = E::step_all(&mut envs, &tokens);
        assert_eq!(moved.len(), envs.len(), "`step_all` gives one result for each environment");
        for ((group, episode), moved) in ready.into_iter().zip(moved) {
            episode.moved(moved, self.sampling, &mut self.recorders[group]);
        }
    }

    /// Continues from before each step of the episodes that are not lost, if the objective demands it. An episode of which a
    /// continuation fails is lost too, and the steps of its other continuations are counted there.
    fn go_on(&mut self, env: &E, rollouts: usize) -> (<N::Continuations as Bit>::Slot<Continued>, Lost) {
        let mut lost = Lost::default();
        let continued = N::Continuations::fill(|| {
            for (i, _) in self.episodes.iter().enumerate().filter(|(_, episode)| episode.lost.is_some()) {
                self.saved[i].clear();
                self.forks[i].clear();
            }
            let from = self.saved.iter().enumerate().flat_map(|(i, saved)| vec![i; saved.len() * rollouts]);
            let (states, forks) = (self.saved.concat(), self.forks.concat());
            let name = format!("{} continuation", self.at.name);
            let at = (self.at.seed, &*name, self.at.index);
            let session = (&mut self.session, self.actions);
            let walks =
                go_on::<N::Continuations, E, _>(env, (&states, &forks), rollouts, session, self.sampling, at);
            let walks: Vec<_> = from.zip(walks).collect();
            for (i, walk) in &walks {
                let episode = &mut self.episodes[*i];
                episode.lost = episode.lost.take().or_else(|| walk.lost.clone());
            }
            let (kept, gone): (Vec<_>, Vec<_>) =
                walks.into_iter().partition(|(i, _)| self.episodes[*i].lost.is_none());
            lost.steps += gone.iter().map(|(_, walk)| walk.rewards.len() as u64).sum::<u64>();
            Continued::new(rollouts, kept.into_iter().map(|(_, walk)| (walk.rewards, walk.success)))
        });
        (continued, lost)
    }

    /// The batch of the episodes that are not lost; of what was seen, the first `of_batch` are seen in it.
    fn gather(
        self,
        continued: <N::Continuations as Bit>::Slot<Continued>,
        mut lost: Lost,
        of_batch: usize,
    ) -> Result<Rollout<N, E::Observation>, SampleError> {
        let Run { sampling, at, session, episodes, lists, .. } = self;
        let n = episodes.len();
        for (episode, reason) in episodes.iter().filter_map(|episode| Some((episode, episode.lost.as_ref()?)))
        {
            let steps = episode.rewards.len() as u64;
            lost.add(&Lost { episodes: 1, steps, reason: Some(reason.clone()) });
        }
        if let (true, Some(reason)) = (lost.episodes == n as u64, &lost.reason) {
            let (name, reason) = (at.name.to_owned(), reason.clone());
            return Err(SampleError::AllLost { name, index: at.index, episodes: lost.episodes, reason });
        }
        let is_kept = |episode: &Episode<E, N>| episode.lost.is_none();
        let groups = episodes.chunks(sampling.per_group.max(1));
        let sizes: Vec<usize> =
            groups.map(|group| group.iter().filter(|episode| is_kept(episode)).count()).collect();
        let kept = episodes.into_iter().enumerate().filter(|(_, episode)| is_kept(episode));
        let (episode, episodes): (Vec<usize>, Vec<Episode<E, N>>) = kept.unzip();
        let silent = episodes.iter().position(|episode| episode.last.score.is_none());
        if let (Outcome::Score, Some(i)) = (sampling.outcome, silent) {
            return Err(SampleError::NoScore { name: at.name.to_owned(), episode: episode[i] });
        }
        let mut seen = session.finish();
        seen.truncate(of_batch);
        let entropy = episodes.iter().flat_map(|e| &e.entropy).sum::<f64>();
        let rewards: Vec<f64> = episodes.iter().flat_map(|e| e.rewards.iter().copied()).collect();
        let scores = episodes.iter().map(|e| e.last.score).collect();
        let batch = columns(episodes, &sizes, seen, lists, sampling, continued);
        let entropy = entropy / batch.observation.len().max(1) as f64;
        Ok(Rollout { batch, episode, lost, rewards, scores, entropy })
    }
}

/// The checklist of a group's task, which any episode of it knows that has begun.
fn list<E: Env + OffersAll<N>, N: Needs>(group: &[Episode<E, N>]) -> Turns {
    let begun = group.iter().find(|episode| episode.lost.is_none());
    begun.map_or_else(Turns::new, |episode| OffersChecklist::<N::Checklist>::list(&episode.env))
}
