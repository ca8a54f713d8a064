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
mod down;
mod exact;
mod explicit;
mod factor;
mod flow;
mod length;
mod norm;
mod pool;
mod roles;
mod source;
#[cfg(test)]
pub(crate) mod tests;
mod up;
mod value;

pub(super) use arithmetic::both;
pub use arithmetic::{Add, Clip, Mul, Scale, Sub};
pub use checklist::Checklist;
pub use down::Place;
pub use exact::Exact;
pub use explicit::{Mc, Q};
pub use factor::{Abs, Exp, Keep};
pub use flow::{Bound, Diff, Next, ToGo, Whiten};
pub use length::Length;
pub use norm::{Everywhere, Norm};
pub use pool::{Pool, StatKind};
pub use roles::{Has, LeftOut, PSwitch, Route, Switch};
pub use source::{Constant, Invalid, Judged, LogRatio, Outcome, Reward, Success};
pub use up::{FirstPer, LastPer, MeanPer, MinPer, SumPer};
pub use value::{Along, Gae, Value};
pub(super) use value::{estimates, estimates_after, shown};

/// Writes `, name = value`, unless the option has its default.
fn option(text: &mut String, name: &str, value: &str, usual: &str) {
    if value != usual {
        text.push_str(&format!(", {name} = {value}"));
    }
}
