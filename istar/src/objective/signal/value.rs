//! What a critic estimates, and the advantages that follow from it.

use super::option;
use crate::batch::{LevelId, Scope};
use crate::credit::{self, Credit, broadcast, demanded, first, last, owners, units};
use crate::need::demand::{Or, only};
use crate::objective::count::Own;
use crate::objective::head::{self, Name, Target};
use crate::objective::kind::{self, Estimate, Increments};
use crate::objective::level::{InTime, Inside, Level, Proper, Segment, Step, Traj};
use crate::objective::range::{InRange, Range};
use crate::objective::scalar::{Dec, Scalar};
use crate::objective::{Plan, Signal};
use std::marker::PhantomData;

/// `value`, `value(head)`: the estimates of head number `I` of the critic when the batch was sampled, per step or token.
#[derive(Debug)]
pub struct Value<const I: usize = 0, Name = head::One, Per = Step>(PhantomData<(Name, Per)>);

impl<const I: usize, N: Name, Per: Proper> Signal for Value<I, N, Per> {
    type Level = Per;
    type Kind = kind::Value;
    type Needs = only::CriticNet;
    fn eval(cx: &Credit<'_>) -> Vec<f64> {
        estimates(cx, I)
    }
    fn after(cx: &Credit<'_>) -> Option<Vec<f64>> {
        Some(estimates_after(cx, I))
    }
    fn speaks_after(_: &Scope<'_>) -> bool {
        true
    }
    fn show(at: &Scope<'_>) -> String {
        shown(N::name(at))
    }
}

/// What a head of the critic estimates.
pub(in crate::objective) fn estimates(cx: &Credit<'_>, head: usize) -> Vec<f64> {
    demanded(cx.batch.value, "value")[head].clone()
}

/// Per trajectory, what it estimates of the state after the last step.
pub(in crate::objective) fn estimates_after(cx: &Credit<'_>, head: usize) -> Vec<f64> {
    demanded(cx.batch.final_value, "final_value")[head].clone()
}

/// A head as it is written.
pub(in crate::objective) fn shown(name: &str) -> String {
    if name.is_empty() { "value".into() } else { format!("value({name})") }
}

/// What advantages are estimated along, for rewards of level `L`: their elements ([`Own`]), or segments of steps.
#[diagnostic::on_unimplemented(
    message = "`gae` cannot go along `{Self}` with rewards per {L}",
    note = "`per` is left out, or `segment` with rewards per step"
)]
pub trait Along<L: Level>: Send + Sync + 'static {
    /// The level of the advantages.
    type Level: Proper;
    /// As it is written; empty for [`Own`].
    fn show(at: &Scope<'_>) -> &'static str;
}

impl<L: Proper> Along<L> for Own {
    type Level = L;
    fn show(_: &Scope<'_>) -> &'static str {
        ""
    }
}

impl Along<Step> for Segment {
    type Level = Segment;
    fn show(_: &Scope<'_>) -> &'static str {
        "segment"
    }
}

/// `gae(x, gamma, lam, value = value, per, within = traj, next = 0, cut = 0)`: see [`credit::gae`] for the estimator.
///
/// Where a unit of `Within` ends and another follows, it bootstraps from the first element of signal `Next` there; a
/// trajectory that was cut off bootstraps from signal `Cut` [after](Signal::after) its last element. With `Per` [`Segment`] an element is a
/// segment of steps, its value that of its first step.
///
/// Only a Reward can be accumulated:
/// ```compile_fail,E0277
/// # use istar::objective::{Signal, scalar::Dec, signal::{Gae, Outcome, Value}};
/// fn signal<S: Signal>() {}
/// signal::<Gae<Outcome, Dec<1, 0>, Dec<1, 0>, Value>>();
/// ```
#[derive(Debug)]
pub struct Gae<
    X,
    Gamma,
    Lam,
    V,
    Per = Own,
    Within = Traj,
    Next = super::Constant<Dec<0, 0>>,
    Cut = super::Constant<Dec<0, 0>>,
>(PhantomData<(X, Gamma, Lam, V, Per, Within, Next, Cut)>);

/// A signal on the elements of a level: a coarser one repeated, of a finer one what `pick` takes of each.
fn at<S: Signal>(cx: &Credit<'_>, to: LevelId, pick: fn(&[f64], &[u32], usize) -> Vec<f64>) -> Vec<f64> {
    let from = <S::Level as Level>::id(&cx.at);
    let x = S::eval(cx);
    if from <= to {
        return broadcast(&cx.batch, x, from, to);
    }
    pick(&x, &owners(&cx.batch, from, to), units(&cx.batch, to))
}

/// Per trajectory, a signal after the last element; of one that speaks of elements alone the last.
pub(super) fn after<S: Signal>(cx: &Credit<'_>) -> Vec<f64> {
    S::after(cx).unwrap_or_else(|| at::<S>(cx, LevelId::Traj, last))
}

/// Advantages and the values that they were taken from, on the elements of the advantages.
fn estimate<X: Signal, Gamma: Scalar, Lam: Scalar, V: Signal, Next: Signal, Cut: Signal>(
    cx: &Credit<'_>,
    level: LevelId,
    within: LevelId,
) -> (Vec<f64>, Vec<f64>) {
    let (batch, gamma) = (&cx.batch, Gamma::value(&cx.at));
    let (x, of_x) = (X::eval(cx), <X::Level as Level>::id(&cx.at));
    let (x, discount) = if of_x == level {
        let discount = vec![gamma; x.len()];
        (x, discount)
    } else {
        credit::segments(x, &owners(batch, of_x, level), gamma)
    };
    let value = at::<V>(cx, level, first);
    let (unit, traj) = (owners(batch, level, within), owners(batch, level, LevelId::Traj));
    let (next, cut) = (at::<Next>(cx, level, first), after::<Cut>(cx));
    let stop = credit::stops((&unit, &traj), &next, &cut, batch.ended);
    (credit::gae(&x, &discount, &value, &stop, Lam::value(&cx.at)), value)
}

impl<X, Gamma, Lam, V, Per, Within, Next, Cut> Signal for Gae<X, Gamma, Lam, V, Per, Within, Next, Cut>
where
    X: Signal<Kind: Increments, Level: Inside<V::Level> + InTime>,
    Gamma: Scalar,
    Lam: Scalar,
    V: Signal<Kind: Estimate>,
    Per: Along<X::Level, Level: Inside<Within>>,
    Within: Proper,
    Next: Signal<Kind: Estimate>,
    Cut: Signal<Kind: Estimate>,
{
    type Level = Per::Level;
    type Kind = kind::Advantage;
    type Needs = Or<
        Or<Or<X::Needs, V::Needs>, Or<Next::Needs, Cut::Needs>>,
        Or<Within::Needs, <Per::Level as Level>::Needs>,
    >;
    fn eval(cx: &Credit<'_>) -> Vec<f64> {
        estimate::<X, Gamma, Lam, V, Next, Cut>(cx, <Per::Level as Level>::id(&cx.at), Within::id(&cx.at)).0
    }
    fn plan(at: &Scope<'_>, plan: &mut Plan) {
        X::plan(at, plan);
        V::plan(at, plan);
        Next::plan(at, plan);
        Cut::plan(at, plan);
        plan.after |= Cut::speaks_after(at);
    }
    fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
        X::check(at, problems);
        V::check(at, problems);
        Next::check(at, problems);
        Cut::check(at, problems);
        Range::Unit.check::<Gamma>("gamma", at, problems);
        Range::Unit.check::<Lam>("lam", at, problems);
    }
    fn show(at: &Scope<'_>) -> String {
        let mut text = format!("gae({}, {}, {}", X::show(at), Gamma::show(at), Lam::show(at));
        let value = V::show(at);
        if value != "value" {
            text = text + ", value = " + &value;
        }
        option(&mut text, "per", Per::show(at), "");
        option(&mut text, "within", Within::id(at).name(), "traj");
        option(&mut text, "next", &Next::show(at), "0");
        option(&mut text, "cut", &Cut::show(at), "0");
        text + ")"
    }
}

/// The estimate of the return that the advantages compare the value with: `gae + value`. Where the advantages are
/// coarser than the critic, it is known of the first element of each of their units; where they are finer, it is that of
/// the first.
impl<X, Gamma, Lam, V, Per, Within, Next, Cut> Target for Gae<X, Gamma, Lam, V, Per, Within, Next, Cut>
where
    Self: Signal,
    X: Signal,
    Gamma: Scalar,
    Lam: Scalar,
    V: Signal,
    Per: Along<X::Level>,
    Within: Proper,
    Next: Signal,
    Cut: Signal,
{
    type Needs = <Self as Signal>::Needs;
    fn target(cx: &Credit<'_>, level: LevelId) -> Vec<Option<f64>> {
        let own = <Per::Level as Level>::id(&cx.at);
        let (advantage, value) = estimate::<X, Gamma, Lam, V, Next, Cut>(cx, own, Within::id(&cx.at));
        let known = advantage.iter().zip(&value).map(|(advantage, value)| advantage + value);
        let mut target = vec![None; units(&cx.batch, level)];
        if own <= level {
            let mut unit = None;
            let known: Vec<f64> = known.collect();
            for (element, owner) in owners(&cx.batch, level, own).iter().enumerate() {
                if unit.replace(*owner) != Some(*owner) {
                    target[element] = Some(known[*owner as usize]);
                }
            }
        } else {
            for (owner, known) in owners(&cx.batch, own, level).iter().zip(known) {
                target[*owner as usize].get_or_insert(known);
            }
        }
        target
    }
}
