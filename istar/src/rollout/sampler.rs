//! Sampling a batch: groups of trajectories of the same task, all environments one token at a time.

use super::continued::go_on;
use super::met::Met;
use crate::batch::{Batch, Checklist, Continued, Layout, Role, Turns};
use crate::env::{
    Env, Offers, OffersAgents, OffersChecklist, OffersContinuations, OffersRoles, OffersSegments,
    OffersStateKeys, OffersStateTexts, OffersTags, Recorder,
};
use crate::kernels::{self, Backend};
use crate::need::bit::Bit;
use crate::need::demand::Needs;
use crate::objective::{NeedsOf, Objective};
use crate::policy::Policy;
use crate::seed::stream;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// What a trajectory's `outcome` is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Outcome {
    /// The sum of the environment's rewards, as in the released code of iStar.
    #[default]
    Reward,
    /// 1 for success, 0 for failure.
    Success,
}

/// How a batch is sampled.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sampling {
    /// Trajectories per task; they form a group.
    pub per_group: usize,
    /// What the outcome is.
    pub outcome: Outcome,
    /// Taken off the reward of a step whose action could not be parsed.
    pub invalid_penalty: f64,
    /// Actions are drawn from `p^(1/temperature)`, normalised. The stored log-probabilities, and the entropy, are those of
    /// the policy itself, so batches to train on are sampled at 1; to train another temperature, give it to the policy.
    pub temperature: f64,
}

impl Default for Sampling {
    fn default() -> Self {
        Sampling { per_group: 8, outcome: Outcome::Reward, invalid_penalty: 0.0, temperature: 1.0 }
    }
}

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

struct Episode<E: Env> {
    env: E,
    random: ChaCha8Rng,
    done: bool,
    success: bool,
    /// What the next token is drawn under, where a step has begun.
    ahead: Option<E::Observation>,
    observation: Vec<u32>,
    token: Vec<u32>,
    old: Vec<f64>,
    /// Tokens before the present step, and of each step that is taken.
    begun: usize,
    tokens: Vec<usize>,
    reward: Vec<f64>,
    invalid: Vec<f64>,
    state: Vec<u32>,
    segment: Vec<u32>,
    agent: Vec<u32>,
    tag: Vec<u32>,
    text: Vec<String>,
    turn: Vec<u32>,
    answer: Vec<Vec<bool>>,
    judged: bool,
    role: Vec<Role>,
    switch: Vec<f64>,
    p_switch: Vec<f64>,
}

impl<E: Env> Episode<E> {
    fn new(env: &E, task: &E::Task, random: ChaCha8Rng) -> Self {
        let mut env = env.clone();
        env.reset(task);
        Episode {
            env,
            random,
            done: false,
            success: false,
            ahead: None,
            observation: vec![],
            token: vec![],
            old: vec![],
            begun: 0,
            tokens: vec![],
            reward: vec![],
            invalid: vec![],
            state: vec![],
            segment: vec![],
            agent: vec![],
            tag: vec![],
            text: vec![],
            turn: vec![],
            answer: vec![],
            judged: true,
            role: vec![],
            switch: vec![],
            p_switch: vec![],
        }
    }

    /// Draws a token from log-probabilities, and acts if it completes the step.
    fn draw<O: Objective>(&mut self, observation: u32, logp: &[f32], temperature: f64)
    where
        E: Offers<O>,
    {
        let token = draw(&mut self.random, logp, temperature);
        if let Some(role) = OffersRoles::<RoleBit<O>>::role_of(&self.env, &self.token[self.begun..]) {
            self.note(role, token, E::switch_token(), logp);
        }
        self.observation.push(observation);
        self.token.push(token as u32);
        self.old.push(f64::from(logp[token]));
        self.ahead = self.env.next(&self.token[self.begun..]);
        if self.ahead.is_none() {
            self.act::<O>();
        }
    }

    /// Writes down what a token is for, and what it decides.
    fn note(&mut self, role: Role, token: usize, switch: Option<u32>, logp: &[f32]) {
        if self.token.len() == self.begun {
            self.switch.push(0.0);
            self.p_switch.push(0.0);
        }
        self.role.push(role);
        if let (Role::Switch, Some(switch), Some(said), Some(p)) =
            (role, switch, self.switch.last_mut(), self.p_switch.last_mut())
        {
            *said = f64::from(u8::from(token == switch as usize));
            *p = f64::from(logp[switch as usize]).exp();
        }
    }

    fn act<O: Objective>(&mut self)
    where
        E: Offers<O>,
    {
        let tokens = &self.token[self.begun..];
        self.segment.extend(OffersSegments::<SegmentBit<O>>::segment_of(&self.env, tokens));
        let turn = OffersChecklist::<ChecklistBit<O>>::present(&self.env);
        let moved = self.env.step(tokens);
        if ChecklistBit::<O>::VALUE {
            let answer = OffersChecklist::<ChecklistBit<O>>::answer(&self.env, turn);
            self.judged &= answer.is_some();
            self.turn.push(turn);
            self.answer.push(answer.unwrap_or_default());
        }
        self.tokens.push(tokens.len());
        self.begun = self.token.len();
        self.reward.push(moved.reward);
        self.invalid.push(f64::from(u8::from(!moved.valid)));
        self.done = moved.done;
        self.success = moved.success;
    }
}

/// An index drawn from `exp(logp / temperature)`, normalised. A temperature of 0 takes the most probable.
pub(super) fn draw(random: &mut ChaCha8Rng, logp: &[f32], temperature: f64) -> usize {
    let most =
        logp.iter().copied().enumerate().max_by(|a, b| a.1.total_cmp(&b.1)).map_or((0, 0.0), |best| best);
    let u: f64 = random.random();
    if temperature == 0.0 {
        return most.0;
    }
    let weight = |l: &f32| (f64::from(*l - most.1) / temperature).exp();
    let mut left = u * logp.iter().map(weight).sum::<f64>();
    for (token, l) in logp.iter().enumerate() {
        left -= weight(l);
        if left < 0.0 {
            return token;
        }
    }
    most.0
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
    let mut episodes: Vec<Episode<E>> = (0..n)
        .map(|i| {
            let random = stream(seed, name, index * (1 << 32) + i as u64);
            Episode::new(env, &tasks[i / sampling.per_group], random)
        })
        .collect();
    let lists: Vec<Turns> = episodes
        .chunks(sampling.per_group.max(1))
        .map(|group| OffersChecklist::<ChecklistBit<O>>::list(&group[0].env))
        .collect();
    let mut recorders = vec![Recorders::<E, O>::default(); tasks.len()];
    let mut saved = vec![Vec::new(); n];
    let mut met = Met::new(policy.actions());
    loop {
        let active: Vec<usize> = (0..n).filter(|i| !episodes[*i].done).collect();
        if active.is_empty() {
            break;
        }
        let seen = spread(&active, |i| {
            let episode = &episodes[*i];
            episode.ahead.clone().unwrap_or_else(|| episode.env.observe())
        });
        for i in &active {
            let episode = &mut episodes[*i];
            if episode.ahead.is_none() {
                recorders[i / sampling.per_group].look(episode);
                saved[*i].extend(OffersContinuations::<ContinuationBit<O>>::saved(&episode.env));
                if let Some(watch) = &mut watch {
                    watch(*i, &episode.env);
                }
            }
        }
        let numbers = met.look(policy, seen);
        for (i, number) in active.into_iter().zip(numbers) {
            episodes[i].draw::<O>(number, met.logp(number), sampling.temperature);
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
    for episode in &mut episodes {
        episode.reward.iter_mut().zip(&episode.invalid).for_each(|(r, i)| *r -= sampling.invalid_penalty * i);
    }
    let rewards: Vec<f64> = episodes.iter().flat_map(|e| e.reward.iter().copied()).collect();
    let batch = columns::<E, NeedsOf<O>>(episodes, met.observations, lists, sampling);
    let batch = Batch { continued, ..batch };
    let entropy = entropy / batch.observation.len().max(1) as f64;
    Rollout { batch, rewards, entropy }
}

/// Over the items, by several threads if this run has them.
pub(super) fn spread<T: Sync, R: Send>(items: &[T], f: impl Fn(&T) -> R + Sync + Send) -> Vec<R> {
    match kernels::threads() {
        1 => items.iter().map(f).collect(),
        _ => items.par_iter().with_min_len(32).map(f).collect(),
    }
}

type StateBit<O> = <NeedsOf<O> as Needs>::StateKeys;
type SegmentBit<O> = <NeedsOf<O> as Needs>::Segments;
type RoleBit<O> = <NeedsOf<O> as Needs>::Roles;
type AgentBit<O> = <NeedsOf<O> as Needs>::Agents;
type TagBit<O> = <NeedsOf<O> as Needs>::Tags;
type TextBit<O> = <NeedsOf<O> as Needs>::StateTexts;
type ChecklistBit<O> = <NeedsOf<O> as Needs>::Checklist;
type ContinuationBit<O> = <NeedsOf<O> as Needs>::Continuations;

/// The recorders of one group.
struct Recorders<E: Env + Offers<O>, O: Objective> {
    state: <E as OffersStateKeys<StateBit<O>>>::Recorder,
    agent: <E as OffersAgents<AgentBit<O>>>::Recorder,
    tag: <E as OffersTags<TagBit<O>>>::Recorder,
    text: <E as OffersStateTexts<TextBit<O>>>::Recorder,
}

impl<E: Env + Offers<O>, O: Objective> Default for Recorders<E, O> {
    fn default() -> Self {
        Recorders {
            state: Default::default(),
            agent: Default::default(),
            tag: Default::default(),
            text: Default::default(),
        }
    }
}

impl<E: Env + Offers<O>, O: Objective> Clone for Recorders<E, O> {
    fn clone(&self) -> Self {
        Recorders {
            state: self.state.clone(),
            agent: self.agent.clone(),
            tag: self.tag.clone(),
            text: self.text.clone(),
        }
    }
}

impl<E: Env + Offers<O>, O: Objective> Recorders<E, O> {
    fn look(&mut self, episode: &mut Episode<E>) {
        episode.state.extend(self.state.look(&episode.env));
        episode.agent.extend(self.agent.look(&episode.env));
        episode.tag.extend(self.tag.look(&episode.env));
        episode.text.extend(self.text.look(&episode.env));
    }
}

fn columns<E: Env, N: Needs>(
    episodes: Vec<Episode<E>>,
    observations: Vec<E::Observation>,
    lists: Vec<Turns>,
    sampling: &Sampling,
) -> Batch<N, E::Observation> {
    fn flat<E: Env, T: Clone>(episodes: &[Episode<E>], of: impl Fn(&Episode<E>) -> &Vec<T>) -> Vec<T> {
        episodes.iter().flat_map(|e| of(e).iter().cloned()).collect()
    }
    let groups = episodes.len() / sampling.per_group.max(1);
    let layout = Layout::from_lengths(
        std::iter::repeat_n(sampling.per_group, groups),
        episodes.iter().map(|e| e.reward.len()),
        episodes.iter().flat_map(|e| e.tokens.iter().copied()),
    );
    let checklist = N::Checklist::fill(|| {
        Checklist::new(&layout, lists, flat(&episodes, |e| &e.turn), &flat(&episodes, |e| &e.answer))
    });
    let success = |e: &Episode<E>| f64::from(u8::from(e.success));
    let outcome = |e: &Episode<E>| match sampling.outcome {
        Outcome::Reward => e.reward.iter().sum(),
        Outcome::Success => success(e),
    };
    Batch {
        layout,
        observations,
        observation: flat(&episodes, |e| &e.observation),
        token: flat(&episodes, |e| &e.token),
        old: flat(&episodes, |e| &e.old),
        outcome: episodes.iter().map(outcome).collect(),
        success: episodes.iter().map(success).collect(),
        reward: N::StepRewards::fill(|| flat(&episodes, |e| &e.reward)),
        invalid: N::InvalidFlags::fill(|| flat(&episodes, |e| &e.invalid)),
        state: N::StateKeys::fill(|| flat(&episodes, |e| &e.state)),
        segment: N::Segments::fill(|| flat(&episodes, |e| &e.segment)),
        agent: N::Agents::fill(|| flat(&episodes, |e| &e.agent)),
        tag: N::Tags::fill(|| flat(&episodes, |e| &e.tag)),
        checklist,
        judged: N::Checklist::fill(|| episodes.iter().map(|e| f64::from(u8::from(e.judged))).collect()),
        text: N::StateTexts::fill(|| flat(&episodes, |e| &e.text)),
        role: N::Roles::fill(|| flat(&episodes, |e| &e.role)),
        switch: N::Roles::fill(|| flat(&episodes, |e| &e.switch)),
        p_switch: N::Roles::fill(|| flat(&episodes, |e| &e.p_switch)),
        init: N::InitRef::fill(Vec::new),
        snapshot: N::SnapshotRef::fill(Vec::new),
        ema: N::EmaRef::fill(Vec::new),
        prm: N::ReadsPrm::fill(Vec::new),
        q: N::ExplicitPrm::fill(Vec::new),
        continued: N::Continuations::fill(Continued::default),
        value: N::CriticNet::fill(Vec::new),
    }
}
