//! `pool`: what a pool says of itself.

use super::norm::{Element, Everywhere, gate};
use super::option;
use crate::batch::Scope;
use crate::credit::{self, Credit, Enough, Stat, broadcast, pools};
use crate::need::demand::Or;
use crate::objective::choice::{Choice, stat};
use crate::objective::kind::{self, Gate, Kind};
use crate::objective::least::{Least, members};
use crate::objective::level::{Level, Proper};
use crate::objective::range::{InRange, Range};
use crate::objective::scalar::{Dec, Scalar};
use crate::objective::within::{self, Within};
use crate::objective::{Plan, Signal};
use std::marker::PhantomData;

/// `pool(x, stat = mean, within = prompt, where, min = 1, ddof = 1)`: a statistic of the pool of each element, see
/// [`credit::pool`]. Of a Return it is a Value, what is to be expected in the pool; `count` and `rank` are Factors.
///
/// Its level is the finest of x, of what `within` tells apart and of `where`. A baseline of each state is
/// `to_go(reward) - pool(to_go(reward), within = state)`.
#[derive(Debug)]
pub struct Pool<
    X,
    S = stat::Mean,
    Within = within::Prompt,
    Where = Everywhere,
    Min = Dec<1, 0>,
    Ddof = Dec<1, 0>,
>(PhantomData<(X, S, Within, Where, Min, Ddof)>);

/// The kind of a statistic.
pub trait StatKind: Choice<Stat> {
    /// Of a signal of kind `K`.
    type Of<K: Kind>: Kind;
}

macro_rules! kinds {
    ($($of_x:ident)*; $($factor:ident)*) => {
        $(impl StatKind for stat::$of_x {
            type Of<K: Kind> = K::Pooled;
        })*
        $(impl StatKind for stat::$factor {
            type Of<K: Kind> = kind::Factor;
        })*
    };
}

kinds! { Mean Var Max; Count Rank }

impl<X, S, W, M, Min, Ddof> Signal for Pool<X, S, W, M, Min, Ddof>
where
    X: Signal,
    S: StatKind,
    W: Within,
    M: Signal,
    M::Kind: Gate,
    Element<X, W, M>: Proper,
    Min: Least,
    Ddof: Scalar,
{
    type Level = Element<X, W, M>;
    type Kind = S::Of<X::Kind>;
    type Needs = Or<X::Needs, Or<W::Needs, M::Needs>>;
    fn eval(cx: &Credit<'_>) -> Vec<f64> {
        let (batch, level) = (&cx.batch, <Self::Level as Level>::id(&cx.at));
        let x = broadcast(batch, X::eval(cx), <X::Level as Level>::id(&cx.at), level);
        let counts = gate::<M>(cx, level, || Self::weights(cx));
        let pools = pools(batch, &W::id(&cx.at), level);
        let members = members::<Min, Self::Level>(cx, &pools, counts.as_deref());
        let min = Enough { min: Min::value(&cx.at), members: members.as_deref() };
        credit::pool(&x, &pools, counts.as_deref(), S::id(&cx.at), min, Ddof::value(&cx.at))
    }
    weights_of!(X, M);
    fn plan(at: &Scope<'_>, plan: &mut Plan) {
        X::plan(at, plan);
        M::plan(at, plan);
    }
    fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
        X::check(at, problems);
        M::check(at, problems);
        W::check(at, problems);
        Min::check(at, problems);
        Range::Unit.check::<Ddof>("ddof", at, problems);
    }
    fn show(at: &Scope<'_>) -> String {
        let mut text = format!("pool({}", X::show(at));
        option(&mut text, "stat", S::name(at), "mean");
        option(&mut text, "within", &W::show(at), "prompt");
        if !M::is_left_out(at) {
            option(&mut text, "where", &M::show(at), "");
        }
        option(&mut text, "min", &Min::show(at), "1");
        option(&mut text, "ddof", &Ddof::show(at), "1");
        text + ")"
    }
}
