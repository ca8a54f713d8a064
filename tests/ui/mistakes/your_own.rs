//! A signal and a term of the user's, misused: what they say of themselves is checked as if the macro knew them.
use dfdx::prelude::{Axis, Device, Dtype, MeanTo, OwnedTape, Rank0};
use istar::batch::Scope;
use istar::credit::Credit;
use istar::env::{Env, EnvError, Transition};
use istar::graph::{Pass, Phase, Rank0Loss, number};
use istar::objective;
use istar::need::demand::{Nothing, only};
use istar::objective::scalar::Scalar;
use istar::objective::{Signal, Term, kind, level};
use std::marker::PhantomData;

/// Minus the log-probability of each token: increments, so a Reward.
pub struct Surprise;

impl Signal for Surprise {
    type Level = level::Token;
    type Kind = kind::Reward;
    type Needs = Nothing;
    fn eval(cx: &Credit<'_>) -> Vec<f64> {
        cx.batch.old.iter().map(|logp| -logp).collect()
    }
    fn show(_: &Scope<'_>) -> String {
        "Surprise".to_owned()
    }
}

/// The tag of each step as a number.
pub struct Tag;

impl Signal for Tag {
    type Level = level::Step;
    type Kind = kind::Return;
    type Needs = only::Tags;
    fn eval(cx: &Credit<'_>) -> Vec<f64> {
        cx.batch.tag.unwrap_or_default().iter().map(|tag| f64::from(*tag)).collect()
    }
    fn show(_: &Scope<'_>) -> String {
        "Tag".to_owned()
    }
}

/// The token mean of the squared log-ratio to the sampling policy.
pub struct Near<Coef>(PhantomData<Coef>);

impl<Coef: Scalar> Term for Near<Coef> {
    type Needs = only::TrainsPolicy;
    type Prepared = Vec<f64>;
    fn prepare(cx: &Credit<'_>, _: Phase) -> Vec<f64> {
        cx.batch.old.to_vec()
    }
    fn loss<E: Dtype, D: Device<E>>(old: &Vec<f64>, pass: &mut Pass<'_, E, D>) -> Option<Rank0Loss<E, D>> {
        if pass.phase != Phase::Policy {
            return None;
        }
        let gap = pass.logp.retaped::<OwnedTape<E, D>>() - pass.pick(old);
        Some(gap.square().mean::<Rank0, Axis<0>>() * number::<E>(Coef::value(&pass.at)))
    }
    fn show(at: &Scope<'_>, lines: &mut Vec<String>) {
        lines.push(format!("Near({})", Coef::show(at)));
    }
}

// finer than the ratio
objective! { Finer = rl(adv = traj + Surprise, ratio = sum(step)) }
// a Return is accumulated already
objective! { Twice = rl(adv = norm(to_go(Tag))) }
// neither side is a Weight
objective! { Product = rl(adv = Surprise * outcome) }
// a signal is no loss term
objective! { NoTerm = rl(adv = traj) + Surprise }
// a loss term is no signal
objective! { NoSignal = rl(adv = Near(0.5)) }
// its argument is a number, not a signal
objective! { NoNumber = rl(adv = traj) + Near(traj) }
// tagged steps, which this environment has not
objective! { Tagged = rl(adv = norm(Tag)) }

#[derive(Clone)]
struct Plain;
impl Env for Plain {
    type Task = ();
    type Observation = ();
    fn reset(&mut self, _: &()) -> Result<(), EnvError> {
        Ok(())
    }
    fn observe(&self) {}
    fn step(&mut self, _: &[u32]) -> Result<Transition, EnvError> {
        Ok(Transition::default())
    }
}

fn offers<O: istar::objective::Objective, E: istar::env::Offers<O>>() {}

fn main() {
    offers::<Tagged, Plain>();
}
