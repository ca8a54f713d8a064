//! Sampling fresh continuations from the states of a batch.

use super::draw::draw;
use super::met::Met;
use super::options::Sampling;
use super::spread::spread;
use crate::batch::Continued;
use crate::env::{Env, OffersContinuations};
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
    done: bool,
    success: bool,
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
) -> Continued
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
                done: false,
                success: false,
            }
        })
        .collect();
    loop {
        let active: Vec<usize> = (0..walks.len()).filter(|i| !walks[*i].done).collect();
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
            if walk.ahead.is_some() {
                continue;
            }
            let moved = walk.env.step(&std::mem::take(&mut walk.tokens));
            let invalid = f64::from(u8::from(!moved.valid));
            walk.rewards.push(moved.reward - sampling.invalid_penalty * invalid);
            (walk.done, walk.success) = (moved.done(), moved.success);
        }
    }
    let each = walks.into_iter().map(|walk| (walk.rewards, f64::from(u8::from(walk.success))));
    Continued::new(rollouts, each)
}
