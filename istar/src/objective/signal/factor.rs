//! Functions of single numbers: what makes weights of log-ratios and gates of anything.

use super::arithmetic::ordered;
use crate::batch::Scope;
use crate::credit::Credit;
use crate::objective::kind::{self, Exponent};
use crate::objective::scalar::Scalar;
use crate::objective::{Plan, Signal};
use std::marker::PhantomData;

/// `exp(x)`: e to the x. Of a log-ratio it is an importance weight, of `sum(log_ratio(..), per = traj)` that of a trajectory.
///
/// ```compile_fail,E0277
/// # use istar::objective::{Signal, signal::{Exp, Outcome}};
/// fn signal<S: Signal>() {}
/// signal::<Exp<Outcome>>();
/// ```
#[derive(Debug)]
pub struct Exp<X>(PhantomData<X>);
/// `abs(x)`: x without its sign.
#[derive(Debug)]
pub struct Abs<X>(PhantomData<X>);
/// `keep(x, lo, hi)`: 1 where `lo <= x <= hi`, else 0.
#[derive(Debug)]
pub struct Keep<X, Lo, Hi>(PhantomData<(X, Lo, Hi)>);

fn each(mut x: Vec<f64>, f: impl Fn(f64) -> f64) -> Vec<f64> {
    x.iter_mut().for_each(|x| *x = f(*x));
    x
}

impl<X: Signal<Kind: Exponent>> Signal for Exp<X> {
    type Level = X::Level;
    type Kind = kind::Factor;
    type Needs = X::Needs;
    fn eval(cx: &Credit<'_>) -> Vec<f64> {
        each(X::eval(cx), f64::exp)
    }
    weights_of!(X);
    fn kept(cx: &Credit<'_>) -> Option<Vec<bool>> {
        X::kept(cx)
    }
    parts!(X;);
    fn show(at: &Scope<'_>) -> String {
        format!("exp({})", X::show(at))
    }
}

impl<X: Signal> Signal for Abs<X> {
    type Level = X::Level;
    type Kind = X::Kind;
    type Needs = X::Needs;
    fn eval(cx: &Credit<'_>) -> Vec<f64> {
        each(X::eval(cx), f64::abs)
    }
    fn after(cx: &Credit<'_>) -> Option<Vec<f64>> {
        Some(each(X::after(cx)?, f64::abs))
    }
    fn speaks_after(at: &Scope<'_>) -> bool {
        X::speaks_after(at)
    }
    weights_of!(X);
    fn kept(cx: &Credit<'_>) -> Option<Vec<bool>> {
        X::kept(cx)
    }
    parts!(X;);
    fn show(at: &Scope<'_>) -> String {
        format!("abs({})", X::show(at))
    }
}

impl<X: Signal, Lo: Scalar, Hi: Scalar> Signal for Keep<X, Lo, Hi> {
    type Level = X::Level;
    type Kind = kind::Weight;
    type Needs = X::Needs;
    fn eval(cx: &Credit<'_>) -> Vec<f64> {
        let (lo, hi) = (Lo::value(&cx.at), Hi::value(&cx.at));
        each(X::eval(cx), |x| f64::from(u8::from(lo <= x && x <= hi)))
    }
    weights_of!(X);
    fn kept(cx: &Credit<'_>) -> Option<Vec<bool>> {
        X::kept(cx)
    }
    fn plan(at: &Scope<'_>, plan: &mut Plan) {
        X::plan(at, plan);
    }
    fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
        X::check(at, problems);
        ordered::<Lo, Hi>("keep", at, problems);
    }
    fn show(at: &Scope<'_>) -> String {
        format!("keep({}, {}, {})", X::show(at), Lo::show(at), Hi::show(at))
    }
}
