//! Levels of a signal as types: `Traj ⊐ Segment ⊐ Step ⊐ Token`, and `Step ⊐ Item` beside it.

use crate::batch::{LevelId, Scope};
use crate::need::demand::{Needs, Nothing, only};
use crate::need::own::Written;
use std::fmt::Debug;

/// A level as a type.
pub trait Level: Clone + Copy + Debug + Default + Send + Sync + 'static {
    /// The level as a value.
    fn id(at: &Scope<'_>) -> LevelId;
    /// What must be there to know its units.
    type Needs: Needs;
    /// The finer of the two: what arithmetic between them gives.
    type Join<L: Level>: Level;
    #[doc(hidden)]
    type JoinSegment: Level;
    #[doc(hidden)]
    type JoinStep: Level;
    #[doc(hidden)]
    type JoinToken: Level;
    #[doc(hidden)]
    type JoinItem: Level;
}

/// A level that the compiler knows.
pub trait Known: Level {
    /// The level as a value.
    const ID: LevelId;
}

/// A level that a signal may have: every one but [`Mixed`].
#[diagnostic::on_unimplemented(
    message = "a Token signal cannot be combined with an Item signal",
    note = "aggregate one of them first: `sum(x, per = step)`"
)]
pub trait Proper: Level {}

/// This level is `Unit` or a finer one: its elements lie inside units of `Unit`.
#[diagnostic::on_unimplemented(
    message = "level {Self} does not lie inside level {Unit}",
    note = "from coarse to fine: Traj, Segment, Step, Token; `per` and `within` are no finer than the signal"
)]
pub trait Inside<Unit: Level>: Level {}

/// The elements of a unit follow each other in time: every level but [`Item`], whose elements lie side by side in a step.
#[diagnostic::on_unimplemented(
    message = "the items of a step do not follow each other",
    note = "aggregate first: `sum(x, per = step)`"
)]
pub trait InTime: Proper {}

/// The level of a combination.
pub type Join<A, B> = <A as Level>::Join<B>;

macro_rules! levels {
    ($($(#[$doc:meta])* $name:ident($join:ident): $segment:ident, $step:ident, $token:ident, $item:ident; $needs:ty, [$($unit:ident)*];)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default)]
        pub struct $name;
        impl Known for $name {
            const ID: LevelId = LevelId::$name;
        }
        impl Level for $name {
            fn id(_: &Scope<'_>) -> LevelId {
                LevelId::$name
            }
            type Needs = $needs;
            type Join<L: Level> = levels!(@join L $join);
            type JoinSegment = $segment;
            type JoinStep = $step;
            type JoinToken = $token;
            type JoinItem = $item;
        }
        $(impl Inside<$unit> for $name {})*
    )*};
    (@join $l:ident Same) => { $l };
    (@join $l:ident Never) => { Mixed };
    (@join $l:ident $join:ident) => { <$l as Level>::$join };
}

levels! {
    /// A trajectory.
    Traj(Same): Segment, Step, Token, Item; Nothing, [Traj];
    /// A run of steps: a subgoal, or a user turn.
    Segment(JoinSegment): Segment, Step, Token, Item; only::Segments, [Traj Segment];
    /// One turn of the agent.
    Step(JoinStep): Step, Step, Token, Item; Nothing, [Traj Segment Step];
    /// One action token.
    Token(JoinToken): Token, Token, Token, Mixed; Nothing, [Traj Segment Step Token];
    /// One checklist item at one step.
    Item(JoinItem): Item, Item, Mixed, Item; only::Checklist, [Traj Segment Step Item];
    /// No level: Token with Item.
    Mixed(Never): Mixed, Mixed, Mixed, Mixed; Nothing, [];
}

impl Proper for Traj {}
impl Proper for Segment {}
impl Proper for Step {}
impl Proper for Token {}
impl Proper for Item {}

impl InTime for Traj {}
impl InTime for Segment {}
impl InTime for Step {}
impl InTime for Token {}

impl Written for Traj {
    const ID: LevelId = LevelId::Traj;
    type Said = f64;
    fn numbers(said: f64) -> Vec<f64> {
        vec![said]
    }
}

impl Written for Step {
    const ID: LevelId = LevelId::Step;
    type Said = f64;
    fn numbers(said: f64) -> Vec<f64> {
        vec![said]
    }
}

impl Written for Token {
    const ID: LevelId = LevelId::Token;
    type Said = Vec<f64>;
    fn numbers(said: Vec<f64>) -> Vec<f64> {
        said
    }
}
