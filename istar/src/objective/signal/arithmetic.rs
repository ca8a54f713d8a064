//! Arithmetic on signals: the coarser side is repeated on the elements of the finer one.

use super::value::after;
use crate::batch::Scope;
use crate::credit::{self, Credit, broadcast};
use crate::need::demand::Or;
use crate::objective::kind::{self, Minus, Product};
use crate::objective::level::{Join, Level, Proper};
use crate::objective::range::{InRange, Range};
use crate::objective::scalar::Scalar;
use crate::objective::{Plan, Signal};
use std::marker::PhantomData;

/// `s * x` with a Scalar.
#[derive(Debug)]
pub struct Scale<S, X>(PhantomData<(S, X)>);
/// `a + b`.
#[derive(Debug)]
pub struct Add<A, B>(PhantomData<(A, B)>);
/// `a - b`.
#[derive(Debug)]
pub struct Sub<A, B>(PhantomData<(A, B)>);
/// `a * b`; a Weight or a Scalar on one side.
///
/// Neither side of this one is:
/// ```compile_fail,E0277
/// # use istar::objective::{Signal, signal::{Mul, Outcome, Reward}};
/// fn signal<S: Signal>() {}
/// signal::<Mul<Outcome, Reward>>();
/// ```
#[derive(Debug)]
pub struct Mul<A, B>(PhantomData<(A, B)>);
/// `clip(x, lo, hi)`.
#[derive(Debug)]
pub struct Clip<X, Lo, Hi>(PhantomData<(X, Lo, Hi)>);

/// In parentheses if it is a sum.
fn factor<X: Signal>(names: &[&str]) -> String {
    if X::IS_SUM { format!("({})", X::show(names)) } else { X::show(names) }
}

impl<S: Scalar, X: Signal> Signal for Scale<S, X> {
    type Level = X::Level;
    type Kind = X::Kind;
    type Needs = X::Needs;
    fn eval(cx: &Credit<'_>) -> Vec<f64> {
        scaled(X::eval(cx), S::value(&cx.at))
    }
    fn after(cx: &Credit<'_>) -> Option<Vec<f64>> {
        Some(scaled(X::after(cx)?, S::value(&cx.at)))
    }
    const AFTER: bool = X::AFTER;
    weights_of!(X);
    fn kept(cx: &Credit<'_>) -> Option<Vec<bool>> {
        X::kept(cx)
    }
    fn plan(at: &Scope<'_>, plan: &mut Plan) {
        X::plan(at, plan);
    }
    fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
        Range::Finite.check::<S>(&S::show(at.names), at, problems);
        X::check(at, problems);
    }
    fn show(names: &[&str]) -> String {
        format!("{} * {}", S::show(names), factor::<X>(names))
    }
}

fn scaled(mut x: Vec<f64>, factor: f64) -> Vec<f64> {
    x.iter_mut().for_each(|x| *x *= factor);
    x
}

/// Both sides after the last elements, combined; `None` where neither speaks of that.
fn zip_after<A: Signal, B: Signal>(cx: &Credit<'_>, combine: impl Fn(f64, f64) -> f64) -> Option<Vec<f64>> {
    let sides = || after::<A>(cx).into_iter().zip(after::<B>(cx)).map(|(a, b)| combine(a, b)).collect();
    (A::AFTER || B::AFTER).then(sides)
}

/// Both sides on the elements of the finer one, combined.
fn zip<A: Signal, B: Signal>(cx: &Credit<'_>, combine: impl Fn(f64, f64) -> f64) -> Vec<f64>
where
    Join<A::Level, B::Level>: Proper,
{
    let level = <Join<A::Level, B::Level> as Level>::ID;
    let mut a = broadcast(&cx.batch, A::eval(cx), <A::Level as Level>::ID, level);
    let b = broadcast(&cx.batch, B::eval(cx), <B::Level as Level>::ID, level);
    a.iter_mut().zip(b).for_each(|(a, b)| *a = combine(*a, b));
    a
}

/// What both sides keep.
pub(in crate::objective) fn both(a: Option<Vec<bool>>, b: Option<Vec<bool>>) -> Option<Vec<bool>> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.iter().zip(&b).map(|(a, b)| *a && *b).collect()),
        (one, other) => one.or(other),
    }
}

impl<A: Signal, B: Signal> Signal for Add<A, B>
where
    Join<A::Level, B::Level>: Proper,
{
    type Level = Join<A::Level, B::Level>;
    type Kind = kind::Sum<A::Kind, B::Kind>;
    type Needs = Or<A::Needs, B::Needs>;
    const IS_SUM: bool = true;
    fn eval(cx: &Credit<'_>) -> Vec<f64> {
        zip::<A, B>(cx, |a, b| a + b)
    }
    fn after(cx: &Credit<'_>) -> Option<Vec<f64>> {
        zip_after::<A, B>(cx, |a, b| a + b)
    }
    const AFTER: bool = A::AFTER || B::AFTER;
    weights_of!(A, B);
    fn kept(cx: &Credit<'_>) -> Option<Vec<bool>> {
        both(A::kept(cx), B::kept(cx))
    }
    parts!(A, B;);
    fn show(names: &[&str]) -> String {
        format!("{} + {}", A::show(names), B::show(names))
    }
}

impl<A: Signal, B: Signal> Signal for Sub<A, B>
where
    Join<A::Level, B::Level>: Proper,
{
    type Level = Join<A::Level, B::Level>;
    type Kind = Minus<A::Kind, B::Kind>;
    type Needs = Or<A::Needs, B::Needs>;
    const IS_SUM: bool = true;
    fn eval(cx: &Credit<'_>) -> Vec<f64> {
        zip::<A, B>(cx, |a, b| a - b)
    }
    fn after(cx: &Credit<'_>) -> Option<Vec<f64>> {
        zip_after::<A, B>(cx, |a, b| a - b)
    }
    const AFTER: bool = A::AFTER || B::AFTER;
    weights_of!(A, B);
    fn kept(cx: &Credit<'_>) -> Option<Vec<bool>> {
        both(A::kept(cx), B::kept(cx))
    }
    parts!(A, B;);
    fn show(names: &[&str]) -> String {
        format!("{} - {}", A::show(names), factor::<B>(names))
    }
}

impl<A: Signal, B: Signal> Signal for Mul<A, B>
where
    Join<A::Level, B::Level>: Proper,
    Product<A::Kind, B::Kind>: kind::Proper,
{
    type Level = Join<A::Level, B::Level>;
    type Kind = Product<A::Kind, B::Kind>;
    type Needs = Or<A::Needs, B::Needs>;
    fn eval(cx: &Credit<'_>) -> Vec<f64> {
        zip::<A, B>(cx, |a, b| a * b)
    }
    fn after(cx: &Credit<'_>) -> Option<Vec<f64>> {
        zip_after::<A, B>(cx, |a, b| a * b)
    }
    const AFTER: bool = A::AFTER || B::AFTER;
    weights_of!(A, B);
    fn kept(cx: &Credit<'_>) -> Option<Vec<bool>> {
        both(A::kept(cx), B::kept(cx))
    }
    parts!(A, B;);
    fn show(names: &[&str]) -> String {
        format!("{} * {}", factor::<A>(names), factor::<B>(names))
    }
}

impl<X: Signal, Lo: Scalar, Hi: Scalar> Signal for Clip<X, Lo, Hi> {
    type Level = X::Level;
    type Kind = X::Kind;
    type Needs = X::Needs;
    fn eval(cx: &Credit<'_>) -> Vec<f64> {
        credit::clip(X::eval(cx), Lo::value(&cx.at), Hi::value(&cx.at))
    }
    fn after(cx: &Credit<'_>) -> Option<Vec<f64>> {
        Some(credit::clip(X::after(cx)?, Lo::value(&cx.at), Hi::value(&cx.at)))
    }
    const AFTER: bool = X::AFTER;
    weights_of!(X);
    fn kept(cx: &Credit<'_>) -> Option<Vec<bool>> {
        X::kept(cx)
    }
    fn plan(at: &Scope<'_>, plan: &mut Plan) {
        X::plan(at, plan);
    }
    fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
        X::check(at, problems);
        let (lo, hi) = (Lo::value(at), Hi::value(at));
        if lo.is_nan() || hi.is_nan() || lo > hi {
            problems.push(format!("`clip` needs `lo` at or below `hi`, found {lo} and {hi}"));
        }
    }
    fn show(names: &[&str]) -> String {
        format!("clip({}, {}, {})", X::show(names), Lo::show(names), Hi::show(names))
    }
}
