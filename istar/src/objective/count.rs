//! Aggregations with their level, `first(traj)`, `mean(step)`: what a statistic counts, what a ratio is taken over,
//! what a loss is averaged over.

use super::level::{Item, Level, Proper, Segment, Step, Token, Traj};
use super::range::{InRange, Range};
use super::scalar::Scalar;
use crate::batch::{CountId, Scope};
use crate::need::demand::{Needs, Nothing};
use std::marker::PhantomData;

/// A count as a type.
pub trait Count: Send + Sync + 'static {
    /// What must be there to know its units.
    type Needs: Needs;
    /// The count as a value.
    fn value(at: &Scope<'_>) -> CountId;
    /// As it is written; empty for [`Own`].
    fn show(at: &Scope<'_>) -> String;
    /// Reports numbers out of range.
    fn check(_at: &Scope<'_>, _problems: &mut Vec<String>) {}
}

/// Every element at its own level: what a `count` left out means.
#[derive(Clone, Copy, Debug, Default)]
pub struct Own;
/// Every element of a level: `count = step`.
#[derive(Debug)]
pub struct Each<L>(PhantomData<L>);
/// The first element of each unit: `first(traj)`.
#[derive(Debug)]
pub struct First<L>(PhantomData<L>);
/// The mean of each unit: `mean(step)`.
#[derive(Debug)]
pub struct Mean<L>(PhantomData<L>);
/// The sum of each unit: `sum(step)`.
#[derive(Debug)]
pub struct Sum<L>(PhantomData<L>);
/// The mean of each prompt: `prompt`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Prompt;
/// The sum of all tokens divided by a number and by nothing else: `constant(L)`.
#[derive(Debug)]
pub struct Constant<S>(PhantomData<S>);

/// A count that the pools of `norm` may have over elements of level `X`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not what a statistic over elements of level {X} can count",
    note = "`count` is the signal's level or a finer one, or `first`, `mean` or `sum` of a coarser one: `first(traj)`"
)]
pub trait Pool<X>: Count {}

/// What the log-ratio is added up over before `exp`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a ratio",
    note = "`ratio` is `token`, `sum(step)`, `mean(step)`, `sum(traj)` or `mean(traj)`"
)]
pub trait Ratio: Count {}

/// What a policy loss is averaged over.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a reduction",
    note = "`reduce` is `token`, `mean(step)`, `sum(step)`, `mean(traj)`, `sum(traj)`, `prompt` or `constant(L)`"
)]
pub trait Reduce: Count {}

impl Count for Own {
    type Needs = Nothing;
    fn value(_: &Scope<'_>) -> CountId {
        CountId::Own
    }
    fn show(_: &Scope<'_>) -> String {
        String::new()
    }
}

impl Count for Prompt {
    type Needs = Nothing;
    fn value(_: &Scope<'_>) -> CountId {
        CountId::Prompt
    }
    fn show(_: &Scope<'_>) -> String {
        "prompt".into()
    }
}

impl<S: Scalar> Count for Constant<S> {
    type Needs = Nothing;
    fn value(at: &Scope<'_>) -> CountId {
        CountId::Constant(S::value(at))
    }
    fn show(at: &Scope<'_>) -> String {
        format!("constant({})", S::show(at))
    }
    fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
        Range::Positive.check::<S>("constant", at, problems);
    }
}

macro_rules! counts {
    ($($name:ident $show:literal;)*) => {$(
        impl<L: Proper> Count for $name<L> {
            type Needs = <L as Level>::Needs;
            fn value(at: &Scope<'_>) -> CountId {
                CountId::$name(<L as Level>::id(at))
            }
            fn show(at: &Scope<'_>) -> String {
                format!($show, <L as Level>::id(at).name())
            }
        }
    )*};
}

counts! {
    Each "{}";
    First "first({})";
    Mean "mean({})";
    Sum "sum({})";
}

impl<X> Pool<X> for Own {}

/// A row a level, with the levels that are no finer.
macro_rules! pools {
    ($($fine:ident: $($coarse:ident)*;)*) => {$($(
        impl Pool<$coarse> for Each<$fine> {}
        impl Pool<$fine> for First<$coarse> {}
        impl Pool<$fine> for Mean<$coarse> {}
        impl Pool<$fine> for Sum<$coarse> {}
    )*)*};
}

pools! {
    Traj: Traj;
    Segment: Traj Segment;
    Step: Traj Segment Step;
    Token: Traj Segment Step Token;
    Item: Traj Segment Step Item;
}

impl Ratio for Each<Token> {}
impl Ratio for Sum<Step> {}
impl Ratio for Mean<Step> {}
impl Ratio for Sum<Traj> {}
impl Ratio for Mean<Traj> {}

impl Reduce for Each<Token> {}
impl Reduce for Mean<Step> {}
impl Reduce for Sum<Step> {}
impl Reduce for Mean<Traj> {}
impl Reduce for Sum<Traj> {}
impl Reduce for Prompt {}
impl<S: Scalar> Reduce for Constant<S> {}
