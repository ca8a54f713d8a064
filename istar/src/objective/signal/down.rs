//! Placement downward: a number in one spot of its unit, not repeated.

use super::option;
use crate::batch::Scope;
use crate::credit::{self, Credit, Spot, broadcast, owners};
use crate::need::demand::Or;
use crate::objective::choice::Choice;
use crate::objective::kind::Kind;
use crate::objective::level::{Inside, Level, Proper, Step, Traj};
use crate::objective::on;
use crate::objective::{Plan, Signal};
use std::marker::PhantomData;

/// `place(x, on = last, per = traj, at = step)`: x on one element of each unit and 0 elsewhere, or in equal shares on
/// all. A coarser x is repeated on the units; the number of a unit without elements is lost.
#[derive(Debug)]
pub struct Place<X, On = on::Last, Per = Traj, At = Step>(PhantomData<(X, On, Per, At)>);

impl<X: Signal, O: Choice<Spot>, Per: Proper, At: Proper> Signal for Place<X, O, Per, At>
where
    Per: Inside<X::Level>,
    At: Inside<Per>,
{
    type Level = At;
    type Kind = <X::Kind as Kind>::Placed;
    type Needs = Or<X::Needs, Or<Per::Needs, At::Needs>>;
    fn eval(cx: &Credit<'_>) -> Vec<f64> {
        let x = broadcast(&cx.batch, X::eval(cx), <X::Level as Level>::id(&cx.at), Per::id(&cx.at));
        credit::place(&x, &owners(&cx.batch, At::id(&cx.at), Per::id(&cx.at)), O::id(&cx.at))
    }
    parts!(X;);
    fn show(at: &Scope<'_>) -> String {
        let mut text = format!("place({}", X::show(at));
        option(&mut text, "on", O::name(at), "last");
        option(&mut text, "per", Per::id(at).name(), "traj");
        option(&mut text, "at", At::id(at).name(), "step");
        text + ")"
    }
}
