//! Arithmetic on signals: the coarser side is repeated on the elements of the finer one.

use super::value::after;
use crate::batch::Scope;
use crate::credit::{self, Credit, broadcast};
use crate::need::demand::Or;
use crate::objective::kind::{self, Divisor, Minus, Product, Quotient};
use crate::objective::level::{Join, Level, Proper};
use crate::objective::range::{InRange, Range};
use crate::objective::scalar::{Scalar, divisor};
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
/// `a / b`, 0 where b is; b a Weight, a Factor or a Scalar.
///
/// ```compile_fail,E0277
/// # use istar::objective::{Signal, signal::{Div, Outcome, Reward}};
/// fn signal<S: Signal>() {}
/// signal::<Div<Outcome, Reward>>();
/// ```
#[derive(Debug)]
pub struct Div<A, B>(PhantomData<(A, B)>);
/// `minimum(x, y)`.
#[derive(Debug)]
pub struct Minimum<A, B>(PhantomData<(A, B)>);
/// `maximum(x, y)`.
#[derive(Debug)]
pub struct Maximum<A, B>(PhantomData<(A, B)>);
/// `clip(x, lo, hi)`.
#[derive(Debug)]
pub struct Clip<X, Lo, Hi>(PhantomData<(X, Lo, Hi)>);

/// In parentheses if it is a sum.
fn factor<X: Signal>(at: &Scope<'_>) -> String {
    if X::is_sum(at) { format!("({})", X::show(at)) } else { X::show(at) }
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
    fn speaks_after(at: &Scope<'_>) -> bool {
        X::speaks_after(at)
    }
    weights_of!(X);
    fn kept(cx: &Credit<'_>) -> Option<Vec<bool>> {
        X::kept(cx)
    }
    fn plan(at: &Scope<'_>, plan: &mut Plan) {
        X::plan(at, plan);
    }
    fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
        Range::Finite.check::<S>(&S::show(at), at, problems);
        X::check(at, problems);
    }
    fn show(at: &Scope<'_>) -> String {
        format!("{} * {}", S::show(at), factor::<X>(at))
    }
}

fn scaled(mut x: Vec<f64>, factor: f64) -> Vec<f64> {
    x.iter_mut().for_each(|x| *x *= factor);
    x
}

/// Both sides after the last elements, combined; `None` where neither speaks of that.
fn zip_after<A: Signal, B: Signal>(cx: &Credit<'_>, combine: impl Fn(f64, f64) -> f64) -> Option<Vec<f64>> {
    let sides = || after::<A>(cx).into_iter().zip(after::<B>(cx)).map(|(a, b)| combine(a, b)).collect();
    (A::speaks_after(&cx.at) || B::speaks_after(&cx.at)).then(sides)
}

/// Both sides on the elements of the finer one, combined.
fn zip<A: Signal, B: Signal>(cx: &Credit<'_>, combine: impl Fn(f64, f64) -> f64) -> Vec<f64>
where
    Join<A::Level, B::Level>: Proper,
{
    let level = <Join<A::Level, B::Level> as Level>::id(&cx.at);
    let mut a = broadcast(&cx.batch, A::eval(cx), <A::Level as Level>::id(&cx.at), level);
    let b = broadcast(&cx.batch, B::eval(cx), <B::Level as Level>::id(&cx.at), level);
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

/// A row a signal that combines two, element by element: what else must hold, its kind, the operation, how it is written, whether
/// as a sum.
macro_rules! pointwise {
    ($($name:ident [$($bound:tt)*] $kind:ty, $combine:expr, |$at:ident| $show:expr, $sum:literal;)*) => {$(
        impl<A: Signal, B: Signal> Signal for $name<A, B>
        where
            Join<A::Level, B::Level>: Proper,
            $($bound)*
        {
            type Level = Join<A::Level, B::Level>;
            type Kind = $kind;
            type Needs = Or<A::Needs, B::Needs>;
            fn is_sum(_: &Scope<'_>) -> bool {
                $sum
            }
            fn eval(cx: &Credit<'_>) -> Vec<f64> {
                zip::<A, B>(cx, $combine)
            }
            fn after(cx: &Credit<'_>) -> Option<Vec<f64>> {
                zip_after::<A, B>(cx, $combine)
            }
            fn speaks_after(at: &Scope<'_>) -> bool {
                A::speaks_after(at) || B::speaks_after(at)
            }
            weights_of!(A, B);
            fn kept(cx: &Credit<'_>) -> Option<Vec<bool>> {
                both(A::kept(cx), B::kept(cx))
            }
            parts!(A, B;);
            fn show($at: &Scope<'_>) -> String {
                $show
            }
        }
    )*};
}

/// Nothing is left of what is shared out among none.
fn over(a: f64, b: f64) -> f64 {
    if b == 0.0 { 0.0 } else { a / b }
}

pointwise! {
    Add [] kind::Sum<A::Kind, B::Kind>, |a, b| a + b, |at| format!("{} + {}", A::show(at), B::show(at)), true;
    Sub [] Minus<A::Kind, B::Kind>, |a, b| a - b, |at| format!("{} - {}", A::show(at), factor::<B>(at)), true;
    Mul [Product<A::Kind, B::Kind>: kind::Proper] Product<A::Kind, B::Kind>, |a, b| a * b,
        |at| format!("{} * {}", factor::<A>(at), factor::<B>(at)), false;
    Div [B::Kind: Divisor] Quotient<A::Kind, B::Kind>, over,
        |at| format!("{} / {}", factor::<A>(at), divisor(B::show(at))), false;
    Minimum [] kind::Sum<A::Kind, B::Kind>, f64::min, |at| format!("minimum({}, {})", A::show(at), B::show(at)), false;
    Maximum [] kind::Sum<A::Kind, B::Kind>, f64::max, |at| format!("maximum({}, {})", A::show(at), B::show(at)), false;
}

/// Reports bounds in the wrong order.
pub(super) fn ordered<Lo: Scalar, Hi: Scalar>(name: &str, at: &Scope<'_>, problems: &mut Vec<String>) {
    let (lo, hi) = (Lo::value(at), Hi::value(at));
    if lo.is_nan() || hi.is_nan() || lo > hi {
        problems.push(format!("`{name}` needs `lo` at or below `hi`, found {lo} and {hi}"));
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
    fn speaks_after(at: &Scope<'_>) -> bool {
        X::speaks_after(at)
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
        ordered::<Lo, Hi>("clip", at, problems);
    }
    fn show(at: &Scope<'_>) -> String {
        format!("clip({}, {}, {})", X::show(at), Lo::show(at), Hi::show(at))
    }
}
