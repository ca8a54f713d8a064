//! A signal that knows less than another.

use super::option;
use crate::batch::Scope;
use crate::credit::{self, Credit};
use crate::objective::level::InTime;
use crate::objective::range::{InRange, Range};
use crate::objective::scalar::{Dec, Scalar};
use crate::objective::{Plan, Signal};
use std::marker::PhantomData;

/// `shuffle(x, share = 1)`: x, a share of its numbers dealt anew over the batch, differently in each iteration. See [`credit::shuffle`].
///
/// What a signal is worth is what it is worth beyond this: the same numbers, as large and as often, that say nothing of where they
/// stand. A smaller share says how much of it may be wrong.
///
/// Items lie side by side:
/// ```compile_fail,E0277
/// # use istar::objective::{Signal, signal::{Checklist, Shuffle}};
/// fn signal<S: Signal>() {}
/// signal::<Shuffle<Checklist>>();
/// ```
#[derive(Debug)]
pub struct Shuffle<X, Share = Dec<1, 0>>(PhantomData<(X, Share)>);

impl<X: Signal, Share: Scalar> Signal for Shuffle<X, Share>
where
    X::Level: InTime,
{
    type Level = X::Level;
    type Kind = X::Kind;
    type Needs = X::Needs;
    fn eval(cx: &Credit<'_>) -> Vec<f64> {
        let random = &mut cx.at.stream(&format!("shuffle {}", X::show(&cx.at)));
        credit::shuffle(X::eval(cx), Share::value(&cx.at), random)
    }
    parts!(X; "share" is Unit: Share);
    fn show(at: &Scope<'_>) -> String {
        let mut text = format!("shuffle({}", X::show(at));
        option(&mut text, "share", &Share::show(at), "1");
        text + ")"
    }
}
