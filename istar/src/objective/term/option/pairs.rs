//! How trajectories of a group become preference pairs.

use crate::batch::Scope;
use crate::credit::Pairing;
use crate::objective::maybe::{Maybe, Without};
use crate::objective::range::{InRange, Range};
use crate::objective::scalar::Scalar;
use std::marker::PhantomData;

/// A pairing as a type.
pub trait Pairs: Send + Sync + 'static {
    /// The pairing as a value.
    fn pairing(at: &Scope<'_>) -> Pairing;
    /// Reports numbers out of range.
    fn check(_at: &Scope<'_>, _problems: &mut Vec<String>) {}
    /// As it is written.
    fn show(at: &Scope<'_>) -> String;
}

/// Half of the group: what a `k` left out means.
pub type Half = Without;
/// The `K` best against the `K` worst by outcome: `top_bottom(k)`, or `top_bottom` for [`Half`].
#[derive(Debug)]
pub struct TopBottom<K>(PhantomData<K>);
/// Every successful trajectory against every unsuccessful one.
#[derive(Clone, Copy, Debug, Default)]
pub struct Success;
/// Every trajectory with an outcome above `X` against every other one: `threshold(x)`.
#[derive(Debug)]
pub struct Threshold<X>(PhantomData<X>);
/// Every two trajectories of different outcomes.
#[derive(Clone, Copy, Debug, Default)]
pub struct All;

impl<K: Maybe> Pairs for TopBottom<K> {
    fn pairing(at: &Scope<'_>) -> Pairing {
        Pairing::TopBottom(K::value(at).map(|k| k as usize))
    }
    fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
        K::check(Range::Count, "top_bottom", at, problems);
    }
    fn show(at: &Scope<'_>) -> String {
        K::show(at).map_or_else(|| "top_bottom".into(), |k| format!("top_bottom({k})"))
    }
}

impl Pairs for Success {
    fn pairing(_: &Scope<'_>) -> Pairing {
        Pairing::Success
    }
    fn show(_: &Scope<'_>) -> String {
        "success".into()
    }
}

impl<X: Scalar> Pairs for Threshold<X> {
    fn pairing(at: &Scope<'_>) -> Pairing {
        Pairing::Threshold(X::value(at))
    }
    fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
        Range::Finite.check::<X>("threshold", at, problems);
    }
    fn show(at: &Scope<'_>) -> String {
        format!("threshold({})", X::show(at))
    }
}

impl Pairs for All {
    fn pairing(_: &Scope<'_>) -> Pairing {
        Pairing::All
    }
    fn show(_: &Scope<'_>) -> String {
        "all".into()
    }
}
