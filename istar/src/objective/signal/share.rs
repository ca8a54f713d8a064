//! A number of a unit split over finer elements by weights.

use super::option;
use crate::batch::Scope;
use crate::credit::{self, Credit, broadcast, owners};
use crate::need::demand::Or;
use crate::objective::kind::{Divides, Kind, Weighs};
use crate::objective::level::{Inside, Level, Proper};
use crate::objective::maybe::Maybe;
use crate::objective::range::Range;
use crate::objective::{Plan, Signal};
use std::marker::PhantomData;

/// `share(x, by = w, per = step)`: x, one number a unit, split over the elements of w in it, in proportion to w or to its softmax at a
/// temperature. A coarser x is repeated on the units. See [`credit::share`].
#[derive(Debug)]
pub struct Share<X, By, Per, Softmax>(PhantomData<(X, By, Per, Softmax)>);

impl<X: Signal, W: Signal, Per: Proper, T: Maybe> Signal for Share<X, W, Per, T>
where
    X::Kind: Divides,
    W::Kind: Weighs,
    Per: Inside<X::Level>,
    W::Level: Inside<Per> + Proper,
{
    type Level = W::Level;
    type Kind = <X::Kind as Kind>::Placed;
    type Needs = Or<Or<X::Needs, W::Needs>, <Per as Level>::Needs>;
    fn eval(cx: &Credit<'_>) -> Vec<f64> {
        let (unit, level) = (<Per as Level>::id(&cx.at), <W::Level as Level>::id(&cx.at));
        let x = broadcast(&cx.batch, X::eval(cx), <X::Level as Level>::id(&cx.at), unit);
        credit::share(&x, &W::eval(cx), &owners(&cx.batch, level, unit), T::value(&cx.at))
    }
    fn plan(at: &Scope<'_>, plan: &mut Plan) {
        X::plan(at, plan);
        W::plan(at, plan);
    }
    fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
        X::check(at, problems);
        W::check(at, problems);
        T::check(Range::Positive, "softmax", at, problems);
    }
    fn show(at: &Scope<'_>) -> String {
        let per = <Per as Level>::id(at).name();
        let mut text = format!("share({}, by = {}, per = {per}", X::show(at), W::show(at));
        option(&mut text, "softmax", &T::show(at).unwrap_or_default(), "");
        text + ")"
    }
}
