//! The heads of a critic as types: its outputs in order, each with its name and what it is trained towards.

use super::quote::Line;
use crate::batch::{LevelId, Scope};
use crate::credit::Credit;
use crate::need::demand::{Needs, Nothing, Or};
use std::marker::PhantomData;

/// The name of a head as a type.
pub trait Name: Send + Sync + 'static {
    /// The name; empty for the only head.
    fn name<'a>(at: &Scope<'a>) -> &'a str;
}

/// The only head of a critic: it has no name.
#[derive(Clone, Copy, Debug, Default)]
pub struct One;

/// A head by its name, a [`Text`](super::quote::Text).
#[derive(Debug)]
pub struct Named<T>(PhantomData<fn() -> T>);

impl Name for One {
    fn name<'a>(_: &Scope<'a>) -> &'a str {
        ""
    }
}

impl<T: Line> Name for Named<T> {
    fn name<'a>(_: &Scope<'a>) -> &'a str {
        T::TEXT
    }
}

/// What a head is trained towards.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no target of a critic",
    note = "the target of a head is `gae + value` of the `Gae` that reads it; a head that none reads is `head::Untrained`"
)]
pub trait Target: Send + Sync + 'static {
    /// What must be there to compute it.
    type Needs: Needs;
    /// One number per element of the level, in batch order; `None` where it says nothing of an element.
    fn target(cx: &Credit<'_>, level: LevelId) -> Vec<Option<f64>>;
    /// Whether there is anything to be trained towards.
    fn trains(_: &Scope<'_>) -> bool {
        true
    }
}

/// No target: the head is read and nothing trains it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Untrained;

impl Target for Untrained {
    type Needs = Nothing;
    fn target(_: &Credit<'_>, _: LevelId) -> Vec<Option<f64>> {
        Vec::new()
    }
    fn trains(_: &Scope<'_>) -> bool {
        false
    }
}

/// A list of heads: this one, then `Rest`.
#[derive(Debug)]
pub struct Head<Name, Target, Rest = End>(PhantomData<(Name, Target, Rest)>);

/// The end of a list of heads.
#[derive(Clone, Copy, Debug, Default)]
pub struct End;

/// A list of heads as a type.
pub trait Heads: Send + Sync + 'static {
    /// What must be there to compute the targets.
    type Needs: Needs;
    /// Adds the names, in order.
    fn names<'a>(at: &Scope<'a>, into: &mut Vec<&'a str>);
    /// Adds the targets, in order; a head without one has `None`.
    fn targets(cx: &Credit<'_>, level: LevelId, into: &mut Vec<Option<Vec<Option<f64>>>>);
}

impl Heads for End {
    type Needs = Nothing;
    fn names<'a>(_: &Scope<'a>, _: &mut Vec<&'a str>) {}
    fn targets(_: &Credit<'_>, _: LevelId, _: &mut Vec<Option<Vec<Option<f64>>>>) {}
}

impl<N: Name, T: Target, Rest: Heads> Heads for Head<N, T, Rest> {
    type Needs = Or<T::Needs, Rest::Needs>;
    fn names<'a>(at: &Scope<'a>, into: &mut Vec<&'a str>) {
        into.push(N::name(at));
        Rest::names(at, into);
    }
    fn targets(cx: &Credit<'_>, level: LevelId, into: &mut Vec<Option<Vec<Option<f64>>>>) {
        into.push(T::trains(&cx.at).then(|| T::target(cx, level)));
        Rest::targets(cx, level, into);
    }
}
