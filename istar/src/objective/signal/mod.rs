//! Signals as types: what a batch and the numbers of an objective give per trajectory, segment, step, token or item.
//!
//! A type says level, kind and needs; the arithmetic is in [`crate::credit`].

/// `plan` and `check` of a combinator: those of its parts, then the ranges of its own numbers.
macro_rules! parts {
    ($($part:ident),*; $($name:literal is $range:ident: $number:ident),*) => {
        fn plan(at: &Scope<'_>, plan: &mut Plan) {
            $($part::plan(at, plan);)*
            let _ = (at, plan);
        }
        fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
            $($part::check(at, problems);)*
            $(Range::$range.check::<$number>($name, at, problems);)*
        }
    };
}

/// `weights` of a combinator: where its parts disagree, an item counts with the smaller of its weights, and not at all
/// where one of them has no such element.
macro_rules! weights_of {
    ($first:ident $(, $part:ident)*) => {
        fn weights(cx: &Credit<'_>) -> Vec<Option<f64>> {
            #[allow(unused_mut)] // A single part has nothing to be combined with.
            let mut weights = $first::weights(cx);
            $(credit::lesser(&mut weights, &$part::weights(cx));)*
            weights
        }
    };
}

mod arithmetic;
mod checklist;
mod column;
mod down;
mod exact;
mod explicit;
mod factor;
mod flow;
mod length;
mod norm;
mod pool;
mod roles;
mod share;
mod shuffle;
mod source;
#[cfg(test)]
pub(crate) mod tests;
mod trust;
mod up;
mod value;

pub(super) use arithmetic::both;
pub use arithmetic::{Add, Clip, Div, Maximum, Minimum, Mul, Scale, Sub};
pub use checklist::Checklist;
pub(crate) use column::named;
pub use column::{By, Called, Column, Spoken};
pub use down::Place;
pub use exact::Exact;
pub use explicit::{Mc, Q};
pub use factor::{Abs, Exp, Keep};
pub use flow::{Bound, Diff, Next, ToGo, Whiten};
pub use length::Length;
pub use norm::{Everywhere, Norm};
pub use pool::{Pool, StatKind};
pub use roles::{Has, LeftOut, PSwitch, Route, Switch};
pub use share::Share;
pub use shuffle::Shuffle;
pub use source::{Constant, Divergence, Entropy, Invalid, Judged, LogRatio, Outcome, Reward, Success};
pub use trust::{Agreement, Reliability};
pub use up::{FirstPer, LastPer, MaxPer, MeanPer, MinPer, SumPer};
pub use value::{Along, Gae, Value};
pub(super) use value::{estimates, estimates_after, shown};

/// What the language makes signals of, for lines that are read at run time: each type with a hole for each of its
/// parameters, `A0` for whatever stands first. `signals!(then ..)` calls the macro `then` with the rows, behind whatever
/// stands at `..`; a critic may be trained towards an `Estimator`.
macro_rules! signals {
    ($then:ident $($more:tt)*) => {
        $then! {
            $($more)*
            Signal {
                signal::Outcome;
                signal::Success;
                signal::Reward;
                signal::Invalid;
                signal::Judged;
                signal::Switch;
                signal::PSwitch;
                signal::Exact;
                signal::Entropy;
                signal::Q;
                signal::Everywhere;
                signal::LeftOut;
                signal::Constant [A0];
                signal::Checklist [A0 A1 A2];
                signal::Has [A0 A1 A2];
                signal::Length [A0 A1];
                signal::LogRatio [A0 A1];
                signal::Divergence [A0 A1 A2];
                signal::Mc [A0 A1];
                signal::Add [A0 A1];
                signal::Sub [A0 A1];
                signal::Mul [A0 A1];
                signal::Div [A0 A1];
                signal::Scale [A0 A1];
                signal::Norm [A0 A1 A2 A3 A4 A5 N6 A7 A8 P9];
                signal::SumPer [A0 A1];
                signal::MeanPer [A0 A1];
                signal::MinPer [A0 A1];
                signal::MaxPer [A0 A1];
                signal::Minimum [A0 A1];
                signal::Maximum [A0 A1];
                signal::Share [A0 A1 A2 N3];
                signal::Shuffle [A0 A1];
                signal::Reliability [A0];
                signal::Agreement [A0 A1];
                signal::FirstPer [A0 A1];
                signal::LastPer [A0 A1];
                signal::ToGo [A0 A1 A2];
                signal::Diff [A0];
                signal::Next [A0 A1];
                signal::Pool [A0 A1 A2 A3 N4 A5];
                signal::Exp [A0];
                signal::Abs [A0];
                signal::Keep [A0 A1 A2];
                signal::Clip [A0 A1 A2];
                signal::Whiten [A0];
                signal::Place [A0 A1 A2 A3];
                signal::Bound [A0 A1];
                signal::Route [A0 A1 A2];
                sugar::Implicit [A0 A1];
                sugar::Traj [A0 A1 A2 A3 A4 N5 A6 A7 P8];
                sugar::Loo [A0 A1 A2 A3 A4 N5 A6 A7 P8];
                sugar::Step [A0 A1 A2 A3 A4 A5 A6 N7 A8 A9 P10];
                sugar::Token [A0 A1 A2 A3 A4 A5 A6 N7 A8 A9 P10];
                sugar::Anchor [A0 A1 A2 A3 A4 A5 N6 A7 A8 P9];
            }
            Estimator {
                signal::Gae [A0 A1 A2 A3 A4 A5 A6 A7];
            }
        }
    };
}
pub(super) use signals;

/// Writes `, name = value`, unless the option has its default.
fn option(text: &mut String, name: &str, value: &str, usual: &str) {
    if value != usual {
        text.push_str(&format!(", {name} = {value}"));
    }
}
