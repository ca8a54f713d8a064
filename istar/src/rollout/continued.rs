//! Sampling fresh continuations from the states of a batch.

use super::lost::nothing_legal;
use super::options::Sampling;
use super::spread::spread;
use crate::batch::Legal;
use crate::env::{Env, EnvError, OffersContinuations, Transition};
use crate::need::bit::Bit;
use crate::policy::{Ask, Session};
use crate::seed::stream;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// One continuation under way.
struct Walk<E: Env, M> {
    env: E,
    random: ChaCha8Rng,
    memory: M,
    /// Tokens of the present step, and what its next one is drawn under.
    tokens: Vec<u32>,
    ahead: Option<E::Observation>,
    rewards: Vec<f64>,
    last: Transition,
    lost: Option<EnvError>,
}

/// A continuation that is over.
pub(super) struct Walked {
    /// Of each step, less the penalty.
    pub(super) rewards: Vec<f64>,
    /// 1 for success, 0 for failure.
    pub(super) success: f64,
    /// Why nothing came of it.
    pub(super) lost: Option<EnvError>,
}

impl<E: Env, M> Walk<E, M> {
    fn over(&self) -> bool {
        self.lost.is_some() || self.last.done()
    }

    fn look(&self) -> (E::Observation, Legal) {
        let observation = self.ahead.clone().unwrap_or_else(|| self.env.observe());
        (observation, self.env.legal(&self.tokens))
    }

    fn ask(&mut self, (observation, legal): (E::Observation, Legal)) -> Ask<'_, E::Observation, M> {
        Ask { observation, legal, uniform: self.random.random(), about: &[], memory: &mut self.memory }
    }

    fn say(&mut self, token: u32) {
        self.tokens.push(token);
        self.ahead = self.env.next(&self.tokens);
    }

    /// All tokens of a step are drawn.
    fn is_ready(&self) -> bool {
        !self.over() && self.ahead.is_none() && !self.tokens.is_empty()
    }

    fn moved(&mut self, moved: Result<Transition, EnvError>, invalid_penalty: f64) {
        self.tokens.clear();
        match moved {
            Ok(moved) => {
                let invalid = f64::from(u8::from(!moved.valid));
                self.rewards.push(moved.reward - invalid_penalty * invalid);
                self.last = moved;
            }
            Err(error) => self.lost = Some(error),
        }
    }
}

/// Takes the steps whose tokens are all drawn, in all environments at once.
fn act<E: Env, M>(walks: &mut [Walk<E, M>], invalid_penalty: f64) {
    let mut ready: Vec<_> = walks.iter_mut().filter(|walk| walk.is_ready()).collect();
    let steps = ready.iter_mut().map(|walk| (&mut walk.env, walk.tokens.as_slice()));
    let (mut envs, tokens): (Vec<_>, Vec<_>) = steps.unzip();
    let moved = E::step_all(&mut envs, &tokens);
    assert_eq!(moved.len(), envs.len(), "`step_all` gives one result for each environment");
    for (walk, moved) in ready.into_iter().zip(moved) {
        walk.moved(moved, invalid_penalty);
    }
}

/// Continues from each of the states, with what the policy remembered there, all at once, one token at a time. Each
/// continuation draws from a stream of its own, of the policy's `actions` tokens.
pub(super) fn go_on<B, E, S>(
    env: &E,
    (states, memories): (&[<E as OffersContinuations<B>>::Saved], &[S::Memory]),
    rollouts: usize,
    (session, actions): (&mut S, usize),
    sampling: &Sampling,
    (seed, name, index): (u64, &str, u64),
) -> Vec<Walked>
where
    B: Bit,
    E: Env + OffersContinuations<B>,
    S: Session<E::Observation>,
{
    let begin = |i: usize| {
        let mut env = env.clone();
        env.go_back(&states[i / rollouts]);
        Walk {
            env,
            random: stream(seed, name, index * (1 << 32) + i as u64),
            memory: memories[i / rollouts].clone(),
            tokens: Vec::new(),
            ahead: None,
            rewards: Vec::new(),
            last: Transition::default(),
            lost: None,
        }
    };
    let mut walks: Vec<_> = (0..states.len() * rollouts).map(begin).collect();
    loop {
        let active: Vec<usize> = (0..walks.len()).filter(|i| !walks[*i].over()).collect();
        if active.is_empty() {
            break;
        }
        let seen = spread(&active, |i| walks[*i].look());
        let seen = active.iter().zip(seen).filter_map(|(i, (observation, legal))| {
            let walk = &mut walks[*i];
            walk.lost = nothing_legal(&legal, actions, walk.rewards.len(), &walk.tokens);
            walk.lost.is_none().then_some((observation, legal))
        });
        let seen: Vec<_> = seen.collect();
        let active: Vec<usize> = active.into_iter().filter(|i| !walks[*i].over()).collect();
        let going_on = walks.iter_mut().filter(|walk| !walk.over());
        let asks = going_on.zip(seen).map(|(walk, seen)| walk.ask(seen)).collect();
        let drawn = session.draw(asks, sampling.temperature);
        for (i, drawn) in active.into_iter().zip(drawn) {
            walks[i].say(drawn.token);
        }
        act(&mut walks, sampling.invalid_penalty);
    }
    let walked = walks.into_iter().map(|Walk { rewards, last, lost, .. }| Walked {
        rewards,
        success: f64::from(u8::from(last.success)),
        lost,
    });
    walked.collect()
}
