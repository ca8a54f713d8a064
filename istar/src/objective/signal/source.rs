//! Signals that a batch holds.

use super::option;
use crate::batch::Scope;
use crate::credit::{Credit, demanded};
use crate::graph::Estimator;
use crate::need::demand::{Nothing, Or, only};
use crate::objective::choice::Choice;
use crate::objective::range::{InRange, Range};
use crate::objective::reference::Reference;
use crate::objective::scalar::Scalar;
use crate::objective::{Plan, Signal, kind, level};
use std::marker::PhantomData;

/// `outcome`: the scalar return of each trajectory.
#[derive(Clone, Copy, Debug, Default)]
pub struct Outcome;
/// `success`: 1 where the verifier says so, else 0; per trajectory.
#[derive(Clone, Copy, Debug, Default)]
pub struct Success;
/// `reward`: the environment's reward of each step.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reward;
/// `invalid`: 1 on each step whose action could not be parsed, else 0.
#[derive(Clone, Copy, Debug, Default)]
pub struct Invalid;
/// `judged`: 0 where a judge or a tool call failed, else 1; per trajectory.
#[derive(Clone, Copy, Debug, Default)]
pub struct Judged;
/// `entropy`: of the distribution that each token was drawn from, in nats; at sampling, so a constant.
#[derive(Clone, Copy, Debug, Default)]
pub struct Entropy;
/// `log_ratio(p, q)`: `log p - log q` of each token taken, in nats.
#[derive(Debug)]
pub struct LogRatio<P, Q>(PhantomData<(P, Q)>);
/// `divergence(p, q)`: an estimate of `KL(p, q)` from each token taken, see [`Estimator`]; k3 is held at 10 as in the loss.
#[derive(Debug)]
pub struct Divergence<P, Q, E>(PhantomData<(P, Q, E)>);
/// A number beside signals: the same for every trajectory.
#[derive(Debug)]
pub struct Constant<S>(PhantomData<S>);

macro_rules! columns {
    ($($name:ident $text:literal $level:ident $kind:ident $needs:ty: |$cx:ident| $column:expr;)*) => {$(
        impl Signal for $name {
            type Level = level::$level;
            type Kind = kind::$kind;
            type Needs = $needs;
            fn eval($cx: &Credit<'_>) -> Vec<f64> {
                $column.to_vec()
            }
            fn show(_: &Scope<'_>) -> String {
                $text.into()
            }
        }
    )*};
}
pub(super) use columns;

columns! {
    Outcome "outcome" Traj Return Nothing: |cx| cx.batch.outcome;
    Success "success" Traj Weight Nothing: |cx| cx.batch.success;
    Reward "reward" Step Reward only::StepRewards: |cx| demanded(cx.batch.reward, "reward");
    Judged "judged" Traj Weight only::Checklist: |cx| demanded(cx.batch.judged, "judged");
    Invalid "invalid" Step Weight only::InvalidFlags: |cx| demanded(cx.batch.invalid, "invalid");
    Entropy "entropy" Token Factor only::SampledEntropy: |cx| demanded(cx.batch.old_entropy, "old_entropy");
}

impl<P: Reference, Q: Reference> Signal for LogRatio<P, Q> {
    type Level = level::Token;
    type Kind = kind::Reward;
    type Needs = Or<P::Needs, Q::Needs>;
    fn eval(cx: &Credit<'_>) -> Vec<f64> {
        P::column(cx).iter().zip(Q::column(cx).iter()).map(|(p, q)| p - q).collect()
    }
    parts!(P, Q;);
    fn show(at: &Scope<'_>) -> String {
        format!("log_ratio({}, {})", P::show(at), Q::show(at))
    }
}

impl<P: Reference, Q: Reference, E: Choice<Estimator>> Signal for Divergence<P, Q, E> {
    type Level = level::Token;
    type Kind = kind::Reward;
    type Needs = Or<P::Needs, Q::Needs>;
    fn eval(cx: &Credit<'_>) -> Vec<f64> {
        let estimator = E::id(&cx.at);
        P::column(cx).iter().zip(Q::column(cx).iter()).map(|(p, q)| estimator.of(q - p)).collect()
    }
    parts!(P, Q;);
    fn show(at: &Scope<'_>) -> String {
        let mut text = format!("divergence({}, {}", P::show(at), Q::show(at));
        option(&mut text, "estimator", E::name(at), "k3");
        text + ")"
    }
}

impl<S: Scalar> Signal for Constant<S> {
    type Level = level::Traj;
    type Kind = kind::Scalar;
    type Needs = Nothing;
    fn eval(cx: &Credit<'_>) -> Vec<f64> {
        vec![S::value(&cx.at); cx.batch.layout.trajs()]
    }
    fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
        Range::Finite.check::<S>(&S::show(at), at, problems);
    }
    fn show(at: &Scope<'_>) -> String {
        S::show(at)
    }
}
