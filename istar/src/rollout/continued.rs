//! Sampling fresh continuations from the states of a batch.

use super::draw::draw;
use super::met::Met;
use super::options::Sampling;
use super::spread::spread;
use crate::env::{Env, EnvError, OffersContinuations, Transition};
use crate::kernels::Backend;
use crate::need::bit::Bit;
use crate::policy::Policy;
use crate::seed::stream;
use rand_chacha::ChaCha8Rng;

/// One continuation under way.
struct Walk<E: Env> {
    env: E,
    random: ChaCha8Rng,
    /// Tokens of the present step, and what its next one is drawn under.
    tokens: Vec<u32>,
    ahead: Option<E::Observation>,
    rewards: Vec<f64>,
    last: Transition,
    lost: Option<EnvError>,
}

impl<E: Env> Walk<E> {
    fn over(&self) -> bool {
        self.lost.is_some() || self.last.done()
    }
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

/// Continues from each of the states, all at once, one token at a time. Each continuation draws from a stream of its
/// own; observations that `met` knows are not forwarded again.
pub(super) fn go_on<B, E, P, D>(
    env: &E,
    states: &[<E as OffersContinuations<B>>::Saved],
    rollouts: usize,
    policy: &P,
    met: &mut Met<E::Observation>,
    sampling: &Sampling,
    (seed, name, index): (u64, &str, u64),
) -> Vec<Walked>
where
    B: Bit,
    E: Env + OffersContinuations<B>,
    P: Policy<D, Observation = E::Observation>,
    D: Backend,
{
    let mut walks: Vec<Walk<E>> = (0..states.len() * rollouts)
        .map(|i| {
            let mut env = env.clone();
            env.go_back(&states[i / rollouts]);
            let random = stream(seed, name, index * (1 << 32) + i as u64);
            Walk {
                env,
                random,
                tokens: Vec::new(),
                ahead: None,
                rewards: Vec::new(),
                last: Transition::default(),
                lost: None,
            }
        })
        .collect();
    loop {
        let active: Vec<usize> = (0..walks.len()).filter(|i| !walks[*i].over()).collect();
        if active.is_empty() {
            break;
        }
        let seen = spread(&active, |i| {
            let walk = &walks[*i];
            walk.ahead.clone().unwrap_or_else(|| walk.env.observe())
        });
        let numbers = met.look(policy, seen);
        for (i, number) in active.into_iter().zip(numbers) {
            let walk = &mut walks[i];
            walk.tokens.push(draw(&mut walk.random, met.logp(number), sampling.temperature) as u32);
            walk.ahead = walk.env.next(&walk.tokens);
        }
        act(&mut walks, sampling);
    }
    let each = walks.into_iter().map(|walk| Walked {
        rewards: walk.rewards,
        success: f64::from(u8::from(walk.last.success)),
        lost: walk.lost,
    });
    each.collect()
}

/// Takes the steps whose tokens are all drawn.
fn act<E: Env>(walks: &mut [Walk<E>], sampling: &Sampling) {
    let ready = |walk: &&mut Walk<E>| !walk.over() && walk.ahead.is_none() && !walk.tokens.is_empty();
    let mut ready: Vec<_> = walks.iter_mut().filter(ready).collect();
    let steps = ready.iter_mut().map(|walk| (&mut walk.env, walk.tokens.as_slice()));
    let (mut envs, tokens): (Vec<_>, Vec<_>) = steps.unzip();
    let moved = E::step_all(&mut envs, &tokens);
    for (walk, moved) in ready.into_iter().zip(moved) {
        walk.tokens.clear();
        match moved {
            Ok(moved) => {
                let invalid = f64::from(u8::from(!moved.valid));
                walk.rewards.push(moved.reward - sampling.invalid_penalty * invalid);
                walk.last = moved;
            }
            Err(error) => walk.lost = Some(error),
        }
    }
}
