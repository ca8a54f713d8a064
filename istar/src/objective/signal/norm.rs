//! `norm`: centred and scaled inside pools.

use super::option;
use crate::batch::{CountId, LevelId, Scope};
use crate::credit::{
    self, CenterId, Credit, Enough, Entries, Fold, NormOptions, ScaleId, broadcast, multiplicity, owners,
    pools,
};
use crate::need::demand::{Nothing, Or};
use crate::objective::choice::{Choice, center, scale};
use crate::objective::count::{Own, Pool};
use crate::objective::kind::{self, Gate, Kind};
use crate::objective::least::{Least, members};
use crate::objective::level::{self, Join, Level, Proper};
use crate::objective::range::{InRange, Range};
use crate::objective::scalar::{Dec, Scalar};
use crate::objective::within::{self, MaybeWithin, Within};
use crate::objective::{Plan, Signal};
use std::marker::PhantomData;

/// `norm(x, within, center, scale, count, where, min, ddof, eps, scale_within)`: `(x - m) / (s + eps)` with `m` and `s` of a pool,
/// `s` of another one if `scale_within` says so.
/// Its level is the finest of x, of what `within` tells apart and of `where`. See [`credit::norm`] for the estimator.
///
/// A coarser `count` says how the finer signal becomes one number, `First<level::Traj>`:
/// ```compile_fail,E0277
/// # use istar::objective::{Signal, count::Each, level, signal::{Norm, Reward}, center, scale, within};
/// fn signal<S: Signal>() {}
/// signal::<Norm<Reward, within::Prompt, center::Mean, scale::Std, Each<level::Traj>>>();
/// ```
#[derive(Debug)]
pub struct Norm<
    X,
    Within = within::Prompt,
    Center = center::Mean,
    Scale = scale::Std,
    Count = Own,
    Where = Everywhere,
    Min = Dec<2, 0>,
    Ddof = Dec<1, 0>,
    Eps = Dec<1, 6>,
    ScaleWithin = within::Same,
>(PhantomData<(X, Within, Center, Scale, Count, Where, Min, Ddof, Eps, ScaleWithin)>);

/// `where` left out: every element counts.
#[derive(Clone, Copy, Debug, Default)]
pub struct Everywhere;

impl Signal for Everywhere {
    type Level = level::Traj;
    type Kind = kind::Weight;
    type Needs = Nothing;
    fn eval(cx: &Credit<'_>) -> Vec<f64> {
        vec![1.0; cx.batch.layout.trajs()]
    }
    fn show(_: &Scope<'_>) -> String {
        "everywhere".into()
    }
    fn is_left_out(_: &Scope<'_>) -> bool {
        true
    }
}

/// The level of what is centred one by one.
pub(super) type Element<X, W, M> =
    Join<Join<<X as Signal>::Level, <W as Within>::Level>, <M as Signal>::Level>;

/// Which elements of a level count: those where the gate is open, and of items those that are there.
pub(super) fn gate<M: Signal>(
    cx: &Credit<'_>,
    level: LevelId,
    weights: impl FnOnce() -> Vec<Option<f64>>,
) -> Option<Vec<bool>> {
    let open: Option<Vec<bool>> = (!M::is_left_out(&cx.at)).then(|| {
        let gate = broadcast(&cx.batch, M::eval(cx), <M::Level as Level>::id(&cx.at), level);
        gate.iter().map(|weight| *weight != 0.0).collect()
    });
    if level != LevelId::Item {
        return open;
    }
    let there = weights().into_iter().map(|weight| weight.is_some());
    Some(match open {
        Some(open) => open.iter().zip(there).map(|(open, there)| *open && there).collect(),
        None => there.collect(),
    })
}

impl<X, W, C, S, N, M, Min, Ddof, Eps, V> Signal for Norm<X, W, C, S, N, M, Min, Ddof, Eps, V>
where
    X: Signal,
    W: Within,
    C: Choice<CenterId>,
    S: Choice<ScaleId>,
    M: Signal,
    M::Kind: Gate,
    Element<X, W, M>: Proper,
    N: Pool<Element<X, W, M>>,
    Min: Least,
    Ddof: Scalar,
    Eps: Scalar,
    V: MaybeWithin,
{
    type Level = Element<X, W, M>;
    type Kind = <X::Kind as Kind>::Normed;
    type Needs = Or<Or<X::Needs, W::Needs>, Or<M::Needs, N::Needs>>;

    fn eval(cx: &Credit<'_>) -> Vec<f64> {
        let (batch, level) = (&cx.batch, <Self::Level as Level>::id(&cx.at));
        let x = broadcast(batch, X::eval(cx), <X::Level as Level>::id(&cx.at), level);
        let counts = gate::<M>(cx, level, || Self::weights(cx));
        let entries = match N::value(&cx.at) {
            CountId::Own => Entries::Elements,
            CountId::Each(unit) => Entries::Repeated(multiplicity(batch, level, unit)),
            CountId::First(unit) => Entries::Units(Fold::First, owners(batch, level, unit)),
            CountId::Mean(unit) => Entries::Units(Fold::Mean, owners(batch, level, unit)),
            CountId::Sum(unit) => Entries::Units(Fold::Sum, owners(batch, level, unit)),
            CountId::Prompt | CountId::Constant(_) => unreachable!("no pool counts these"),
        };
        let spread = V::id(&cx.at).map(|id| pools(batch, &id, level));
        let pools = pools(batch, &W::id(&cx.at), level);
        let members = members::<Min, Self::Level>(cx, &pools, counts.as_deref());
        let options = NormOptions {
            center: C::id(&cx.at),
            scale: S::id(&cx.at),
            min: Enough { min: Min::value(&cx.at), members: members.as_deref() },
            ddof: Ddof::value(&cx.at),
            eps: Eps::value(&cx.at),
        };
        credit::norm(x, &pools, &entries, counts.as_deref(), options, spread.as_ref())
    }
    weights_of!(X, M);
    fn plan(at: &Scope<'_>, plan: &mut Plan) {
        X::plan(at, plan);
        M::plan(at, plan);
    }
    fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
        X::check(at, problems);
        W::check(at, problems);
        M::check(at, problems);
        Min::check(at, problems);
        Range::Unit.check::<Ddof>("ddof", at, problems);
        Range::NonNegative.check::<Eps>("eps", at, problems);
        V::check(at, problems);
    }
    fn show(at: &Scope<'_>) -> String {
        let mut text = format!("norm({}", X::show(at));
        option(&mut text, "within", &W::show(at), "prompt");
        option(&mut text, "center", C::name(at), "mean");
        option(&mut text, "scale", S::name(at), "std");
        option(&mut text, "count", &N::show(at), "");
        if !M::is_left_out(at) {
            option(&mut text, "where", &M::show(at), "");
        }
        option(&mut text, "min", &Min::show(at), "2");
        option(&mut text, "ddof", &Ddof::show(at), "1");
        option(&mut text, "eps", &Eps::show(at), "0.000001");
        option(&mut text, "scale_within", &V::show(at).unwrap_or_default(), "");
        text + ")"
    }
}
