//! Signals along a trajectory and over the batch: returns to go, bounded rewards, whitened advantages.

use super::option;
use crate::batch::{LevelId, Scope};
use crate::credit::{self, Credit, broadcast, multiplicity, owners};
use crate::need::demand::Or;
use crate::objective::kind::{self, Increments, Minus};
use crate::objective::level::{InTime, Inside, Level, Proper, Traj};
use crate::objective::range::{InRange, Range};
use crate::objective::scalar::{Dec, Scalar};
use crate::objective::{Plan, Signal};
use std::marker::PhantomData;

/// `to_go(x, gamma = 1, within = traj)`: `sum_{k>=t} gamma^(k-t) x_k` at x's own level inside each unit.
///
/// Only a Reward can be summed to go; an outcome is already accumulated:
/// ```compile_fail,E0277
/// # use istar::objective::{Signal, signal::{Outcome, ToGo}};
/// fn signal<S: Signal>() {}
/// signal::<ToGo<Outcome>>();
/// ```
#[derive(Debug)]
pub struct ToGo<X, Gamma = Dec<1, 0>, Within = Traj>(PhantomData<(X, Gamma, Within)>);
/// `bound(x, within = traj)`: x divided by the batch's largest `abs(to_go(x, within = within))` plus 1e-6.
#[derive(Debug)]
pub struct Bound<X, Within = Traj>(PhantomData<(X, Within)>);
/// `whiten(x)`: mean 0 and variance 1 over all tokens of the batch, a coarser x counted once for each of its tokens.
///
/// Items lie beside tokens, not above them:
/// ```compile_fail,E0277
/// # use istar::objective::{Signal, signal::{Checklist, Whiten}};
/// fn signal<S: Signal>() {}
/// signal::<Whiten<Checklist>>();
/// ```
#[derive(Debug)]
pub struct Whiten<X>(PhantomData<X>);
/// `diff(x)`: `x_t - x_{t-1}` at x's own level inside a trajectory; 0 on its first element. Of a Value it is an Advantage.
#[derive(Debug)]
pub struct Diff<X>(PhantomData<X>);

/// `next(x, last = 0)`: x of the element after it in the trajectory, and signal `Last` after the last one.
#[derive(Debug)]
pub struct Next<X, Last = super::Constant<Dec<0, 0>>>(PhantomData<(X, Last)>);

impl<X: Signal, Gamma: Scalar, Within: Proper> Signal for ToGo<X, Gamma, Within>
where
    X::Level: Inside<Within> + InTime,
    X::Kind: Increments,
{
    type Level = X::Level;
    type Kind = kind::Return;
    type Needs = Or<X::Needs, Within::Needs>;
    fn eval(cx: &Credit<'_>) -> Vec<f64> {
        let owner = owners(&cx.batch, <X::Level as Level>::id(&cx.at), Within::id(&cx.at));
        credit::to_go(X::eval(cx), &owner, Gamma::value(&cx.at))
    }
    parts!(X; "gamma" is Unit: Gamma);
    fn show(at: &Scope<'_>) -> String {
        let mut text = format!("to_go({}", X::show(at));
        let gamma = Gamma::show(at);
        if gamma != "1" {
            text = text + ", " + &gamma;
        }
        option(&mut text, "within", Within::id(at).name(), "traj");
        text + ")"
    }
}

impl<X: Signal, Within: Proper> Signal for Bound<X, Within>
where
    X::Level: Inside<Within> + InTime,
    X::Kind: Increments,
{
    type Level = X::Level;
    type Kind = kind::Reward;
    type Needs = Or<X::Needs, Within::Needs>;
    fn eval(cx: &Credit<'_>) -> Vec<f64> {
        credit::bound(X::eval(cx), &owners(&cx.batch, <X::Level as Level>::id(&cx.at), Within::id(&cx.at)))
    }
    parts!(X;);
    fn show(at: &Scope<'_>) -> String {
        let mut text = format!("bound({}", X::show(at));
        option(&mut text, "within", Within::id(at).name(), "traj");
        text + ")"
    }
}

impl<X: Signal> Signal for Whiten<X>
where
    X::Level: InTime,
{
    type Level = X::Level;
    type Kind = kind::Advantage;
    type Needs = X::Needs;
    fn eval(cx: &Credit<'_>) -> Vec<f64> {
        credit::whiten(X::eval(cx), &multiplicity(&cx.batch, <X::Level as Level>::id(&cx.at), LevelId::Token))
    }
    parts!(X;);
    fn show(at: &Scope<'_>) -> String {
        format!("whiten({})", X::show(at))
    }
}

impl<X: Signal> Signal for Diff<X>
where
    X::Level: Inside<Traj> + InTime,
{
    type Level = X::Level;
    type Kind = Minus<X::Kind, X::Kind>;
    type Needs = X::Needs;
    fn eval(cx: &Credit<'_>) -> Vec<f64> {
        credit::diff(X::eval(cx), &owners(&cx.batch, <X::Level as Level>::id(&cx.at), LevelId::Traj))
    }
    parts!(X;);
    fn show(at: &Scope<'_>) -> String {
        format!("diff({})", X::show(at))
    }
}

impl<X: Signal, Last: Signal> Signal for Next<X, Last>
where
    X::Level: Inside<Last::Level> + InTime,
{
    type Level = X::Level;
    type Kind = X::Kind;
    type Needs = Or<X::Needs, Last::Needs>;
    fn eval(cx: &Credit<'_>) -> Vec<f64> {
        let level = <X::Level as Level>::id(&cx.at);
        let last = broadcast(&cx.batch, Last::eval(cx), <Last::Level as Level>::id(&cx.at), level);
        credit::next(&X::eval(cx), &last, &owners(&cx.batch, level, LevelId::Traj))
    }
    parts!(X, Last;);
    fn show(at: &Scope<'_>) -> String {
        let mut text = format!("next({}", X::show(at));
        option(&mut text, "last", &Last::show(at), "0");
        text + ")"
    }
}
