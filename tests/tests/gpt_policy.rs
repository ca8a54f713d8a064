//! A decoder as a policy: what it draws is what it reads again, and it learns.

use dfdx::prelude::*;
use istar::batch::Legal;
use istar::env::{Env, EnvError, Offers, Restore, StepReward, Transition};
use istar::objective::{NeedsOf, Objective};
use istar::policy::gpt::{Config, Gpt, GptPolicy};
use istar::policy::{Ask, Asked, Drawn, Model, Parameters, Policy, Session};
use istar::recipes::{Grpo, IStarPaper, Ppo, VinePpo};
use istar::rollout::{Rollout, Sampling, sample_and_continue};
use istar::trainer::{Settings, Trainer};

/// The token before an episode.
const START: u32 = 0;
/// Words are 1 to 4; what is asked and what is answered is told by the two after them.
const QUESTION: u32 = 5;
const ANSWER: u32 = 6;
const TOKENS: usize = 7;
const STEPS: u32 = 2;

/// Two words are shown; each step says two tokens, and in the last step they must be the words.
#[derive(Clone, Default)]
struct Echo {
    words: [u32; 2],
    steps: u32,
}

impl Env for Echo {
    type Task = [u32; 2];
    type Observation = Vec<u32>;
    fn reset(&mut self, task: &[u32; 2]) -> Result<(), EnvError> {
        *self = Echo { words: *task, ..Echo::default() };
        Ok(())
    }
    fn observe(&self) -> Vec<u32> {
        match self.steps {
            0 => vec![QUESTION, self.words[0], self.words[1], ANSWER],
            _ => vec![ANSWER],
        }
    }
    fn next(&self, said: &[u32]) -> Option<Vec<u32>> {
        (said.len() == 1).then(Vec::new)
    }
    fn legal(&self, said: &[u32]) -> Legal {
        // A word at first, and then a word or silence.
        if said.is_empty() { Legal::from(1..5) } else { Legal::from(0..5) }
    }
    fn step(&mut self, tokens: &[u32]) -> Result<Transition, EnvError> {
        self.steps += 1;
        let right = tokens.iter().zip(self.words).filter(|(said, word)| *said == word).count();
        let ended = self.steps == STEPS;
        let reward = if ended { right as f64 / 2.0 } else { 0.0 };
        Ok(Transition { reward, ended, success: ended && right == 2, valid: true, ..Transition::default() })
    }
}
impl StepReward for Echo {}
impl Restore for Echo {
    type State = Echo;
    fn save(&self) -> Echo {
        self.clone()
    }
    fn restore(&mut self, state: &Echo) {
        *self = state.clone();
    }
}

const TASKS: [[u32; 2]; 6] = [[1, 2], [3, 4], [2, 1], [4, 4], [1, 3], [2, 2]];

fn policy(llama: bool, chunk: usize) -> GptPolicy<Vec<u32>> {
    within(32, llama, chunk)
}

/// A policy with this context.
fn within(context: usize, llama: bool, chunk: usize) -> GptPolicy<Vec<u32>> {
    let config = if llama { Config::llama(TOKENS, context) } else { Config::gpt(TOKENS, context) };
    let config = Config { width: 32, hidden: 64, ..config };
    let net = Gpt::new(&Cpu::default(), config, 4).expect("sizes that go together");
    let mut policy = GptPolicy::new(net, START);
    policy.chunk = chunk;
    policy
}

fn settings(per_group: usize) -> Settings {
    let sampling = Sampling { per_group, ..Sampling::default() };
    let mut settings = Settings { sampling, minibatch: 64, ..Settings::default() };
    settings.policy.lr = 3e-3;
    settings
}

fn train<O: Objective + Default>(
    policy: GptPolicy<Vec<u32>>,
    iterations: usize,
) -> Trainer<O, GptPolicy<Vec<u32>>, Cpu>
where
    Echo: Offers<O>,
{
    let mut trainer = Trainer::new(O::default(), policy, settings(8), 3).expect("defaults are in range");
    for _ in 0..iterations {
        let metrics = trainer.iterate(&Echo::default(), &TASKS).expect("finite");
        assert!(metrics.values().all(|value| value.is_finite()), "{metrics:?}");
    }
    trainer
}

fn rollout<O: Objective>(policy: &GptPolicy<Vec<u32>>, rollouts: usize) -> Rollout<NeedsOf<O>, Vec<u32>>
where
    Echo: Offers<O>,
{
    let at = (9, "test", 0);
    let sampling = settings(8).sampling;
    sample_and_continue::<O, _, _, Cpu>(&Echo::default(), &TASKS, policy, &sampling, at, rollouts, None)
        .expect("none is lost")
}

fn values(net: &impl Parameters<Cpu>) -> Vec<f32> {
    net.parameters().iter().flat_map(|(_, parameter)| parameter.values()).collect()
}

fn assert_close(a: &[f32], b: &[f32], tolerance: f32) {
    assert_eq!(a.len(), b.len());
    for (a, b) in a.iter().zip(b) {
        assert!((a - b).abs() <= tolerance, "{a} against {b}");
    }
}

/// In a context that holds an episode of ten tokens, in one that begins anew with the second step, and in one that does so within a step.
#[test]
fn what_was_drawn_is_read_again() {
    for (context, llama) in [32, 8, 6].into_iter().flat_map(|context| [(context, true), (context, false)]) {
        let policy = within(context, llama, 1000);
        let batch = rollout::<Grpo>(&policy, 0).batch;
        let asked = Asked::all(batch.history());
        let read = policy.read(&asked, true, NoneTape);
        let old: Vec<f32> = batch.old.iter().map(|logp| *logp as f32).collect();
        assert_close(&read.logp.as_vec(), &old, 1e-4);
        let entropy = read.entropy.expect("asked for").as_vec();
        assert!(entropy.iter().all(|entropy| (0.0..=5f32.ln() + 1e-4).contains(entropy)), "{entropy:?}");
        // In parts of five trajectories.
        let mut parts = policy.clone();
        parts.chunk = 5;
        let all = read.logp.as_vec();
        for part in parts.chunks(&asked) {
            let rows: Vec<f32> = part.rows.iter().map(|row| all[*row as usize]).collect();
            assert_close(&parts.read(&part.asked, false, NoneTape).logp.as_vec(), &rows, 1e-5);
        }
    }
}

#[test]
fn gradients_do_not_depend_on_the_parts() {
    let whole = train::<Grpo>(policy(true, 1000), 1);
    let parts = train::<Grpo>(policy(true, 5), 1);
    let net = |trainer: &Trainer<Grpo, _, Cpu>| values(&trainer.nets.policy.net);
    assert_close(&net(&whole), &net(&parts), 1e-3);
}

#[test]
fn it_learns_to_say_what_it_was_shown() {
    let success = |batch: &[f64]| batch.iter().sum::<f64>() / batch.len() as f64;
    let start = success(&rollout::<Grpo>(&policy(true, 16), 0).batch.success);
    let grpo = train::<Grpo>(policy(true, 16), 150);
    let learnt = success(&rollout::<Grpo>(&grpo.nets.policy.net, 0).batch.success);
    assert!(start < 0.2 && learnt > 0.3, "{start} {learnt}");
}

#[test]
fn every_kind_of_network_trains() {
    let before = values(&policy(true, 16));
    for llama in [true, false] {
        assert_ne!(values(&train::<IStarPaper>(policy(llama, 16), 2).nets.policy.net), before);
        assert_ne!(values(&train::<Ppo>(policy(llama, 16), 2).nets.policy.net), before);
    }
    train::<VinePpo>(policy(true, 16), 1);
    train::<VinePpo>(within(8, true, 16), 1);
    train::<Ppo>(within(6, true, 16), 1);
}

/// Of whom a log-probability is asked nothing is skipped: the two draw the same, and a token that is the only legal one costs nothing.
#[test]
fn what_could_be_nothing_else_is_not_computed_and_nothing_changes() {
    for context in [32, 9] {
        let policy = within(context, true, 1000);
        let (mut skipping, mut thorough) = (policy.session(), policy.session());
        let [mut a, mut b] = [vec![Default::default(); 3], vec![Default::default(); 3]];
        for at in 0..12u32 {
            // One token, one or several by the episode, one again, and then several.
            let legal = |episode: u32| match at % 4 {
                0 => Legal::from(2..3),
                1 if episode == 1 => [4].into_iter().collect(),
                2 => Legal::from(episode..episode + 1),
                _ => Legal::from(0..5),
            };
            fn ask<'a, M>(
                memory: &'a mut [M],
                about: &'a [u32],
                at: u32,
                legal: impl Fn(u32) -> Legal,
            ) -> Vec<Ask<'a, Vec<u32>, M>> {
                let asks = (0..).zip(memory).map(|(episode, memory): (u32, _)| Ask {
                    observation: if at.is_multiple_of(4) { vec![QUESTION, episode + 1] } else { Vec::new() },
                    legal: legal(episode),
                    uniform: f64::from((7 * at + 3 * episode) % 10) / 10.0,
                    about,
                    memory,
                });
                asks.collect()
            }
            let found = skipping.draw(ask(&mut a, &[], at, legal), 1.0);
            let expected = thorough.draw(ask(&mut b, &[ANSWER], at, legal), 1.0);
            for (episode, (found, expected)) in (0..).zip(found.into_iter().zip(expected)) {
                if legal(episode).only().is_some() {
                    assert_eq!((found.logp, found.entropy), (0.0, 0.0));
                }
                assert_eq!(found, Drawn { about: Vec::new(), ..expected });
            }
        }
        assert_eq!(skipping.seen(), thorough.seen());
    }
}
