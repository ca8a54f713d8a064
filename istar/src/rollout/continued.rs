//! Sampling fresh continuations from the states of a batch.

use super::options::Sampling;
use super::spread::spread;
use crate::batch::{Continued, Legal};
use crate::env::{Env, OffersContinuations};
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
    done: bool,
    success: bool,
}

impl<E: Env, M> Walk<E, M> {
    fn look(&self) -> (E::Observation, Legal) {
        let observation = self.ahead.clone().unwrap_or_else(|| self.env.observe());
        (observation, self.env.legal(&self.tokens))
    }

    fn ask(&mut self, (observation, legal): (E::Observation, Legal)) -> Ask<'_, E::Observation, M> {
        Ask { observation, legal, uniform: self.random.random(), about: &[], memory: &mut self.memory }
    }

    /// Says a token, and acts if it completes the step.
    fn say(&mut self, token: u32, invalid_penalty: f64) {
        self.tokens.push(token);
        self.ahead = self.env.next(&self.tokens);
        if self.ahead.is_some() {
            return;
        }
        let moved = self.env.step(&std::mem::take(&mut self.tokens));
        let invalid = f64::from(u8::from(!moved.valid));
        self.rewards.push(moved.reward - invalid_penalty * invalid);
        (self.done, self.success) = (moved.done(), moved.success);
    }
}

/// Continues from each of the states, with what the policy remembered there, all at once, one token at a time. Each
/// continuation draws from a stream of its own.
pub(super) fn go_on<B, E, S>(
    env: &E,
    (states, memories): (&[<E as OffersContinuations<B>>::Saved], &[S::Memory]),
    rollouts: usize,
    session: &mut S,
    sampling: &Sampling,
    (seed, name, index): (u64, &str, u64),
) -> Continued
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
            done: false,
            success: false,
        }
    };
    let mut walks: Vec<_> = (0..states.len() * rollouts).map(begin).collect();
    loop {
        let active: Vec<usize> = (0..walks.len()).filter(|i| !walks[*i].done).collect();
        if active.is_empty() {
            break;
        }
        let seen = spread(&active, |i| walks[*i].look());
        let going_on = walks.iter_mut().filter(|walk| !walk.done);
        let asks = going_on.zip(seen).map(|(walk, seen)| walk.ask(seen)).collect();
        let drawn = session.draw(asks, sampling.temperature);
        for (i, drawn) in active.into_iter().zip(drawn) {
            walks[i].say(drawn.token, sampling.invalid_penalty);
        }
    }
    let each = walks.into_iter().map(|walk| (walk.rewards, f64::from(u8::from(walk.success))));
    Continued::new(rollouts, each)
}
