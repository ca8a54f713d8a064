//! Types whose arguments are known when a line is read: [`Arg<0>`](Arg) is whatever stands first in the node that is being
//! evaluated.
//!
//! A node of a line is evaluated by the type of the algebra that the compiler would have made of it, with holes for its
//! arguments: `clip(x, -1, 1)` by `signal::Clip<Arg<0>, Arg<1>, Arg<2>>`. So there is one implementation of each name, and what
//! a line gives is what the compiled objective gives, bit for bit.

use super::node::Node;
use super::role::traits;
use crate::batch::{CountId, LevelId, Scope};
use crate::credit::{Credit, Pairing, PoolId};
use crate::need::demand::{Nothing, Or};
use crate::objective::choice::Choice;
use crate::objective::count::{Count, Pool, Ratio, Reduce};
use crate::objective::head::{Heads, Name};
use crate::objective::kind::{
    AsAdvantage, Divides, Divisor, Estimate, Exponent, Gate, Increments, Kind, KindId, Weighs,
};
use crate::objective::least::{Least, Trajs};
use crate::objective::level::{InTime, Inside, Item, Level, Mixed, Proper, Segment, Step, Token, Traj};
use crate::objective::maybe::Maybe;
use crate::objective::range::{InRange, Range};
use crate::objective::reference::{Frozen, Reference};
use crate::objective::scalar::Scalar;
use crate::objective::signal::{Along, Called, Spoken, StatKind};
use crate::objective::term::option::clip::Clip;
use crate::objective::term::option::link::Link;
use crate::objective::term::option::pairs::Pairs;
use crate::objective::term::option::rollouts::Rollouts;
use crate::objective::term::option::shape::Shape;
use crate::objective::term::{PerTraj, Sees, Takes};
use crate::objective::within::{MaybeWithin, Within};
use crate::objective::{Plan, Signal};
use std::borrow::Cow;
use std::marker::PhantomData;

/// Argument number `N` of the node that is being evaluated.
#[derive(Clone, Copy, Debug, Default)]
pub struct Arg<const N: usize>;

/// The same where a number may be left out.
#[derive(Clone, Copy, Debug, Default)]
pub struct Opt<const N: usize>;

/// Argument number `n` of the node that is being evaluated, and where its own arguments are looked up.
pub fn inside<'a>(at: &Scope<'a>, n: usize) -> (&'a Node, Scope<'a>) {
    let node = Node::at(at).arg(n);
    (node, node.scope(at))
}

/// Traits of the algebra on a hole: each of their functions is that of the node which stands there.
macro_rules! holes {
    ($($trait:ident as $any:ident ($role:ident) {
        $(needs $needs:ident;)?
        $(level $level:ident;)?
        $(kind $kind:ident;)?
        $(batch { $(fn $b:ident($($ba:ident: $bt:ty),*) -> $br:ty;)* })?
        scope { $(fn $s:ident($($sa:ident: $st:ty),*) -> $sr:ty;)* }
    })*) => {$(
        #[diagnostic::do_not_recommend]
        impl<const N: usize> $trait for Arg<N> {
            // What stands there has needs of its own.
            $(type $needs = Nothing;)?
            $(type $level = Arg<N>;)?
            $(type $kind = Checked;)?
            $($(fn $b(cx: &Credit<'_>, $($ba: $bt),*) -> $br {
                let (node, at) = inside(&cx.at, N);
                node.$role().$b(&Credit { batch: cx.batch, at }, $($ba),*)
            })*)?
            $(fn $s(at: &Scope<'_>, $($sa: $st),*) -> $sr {
                let (node, at) = inside(at, N);
                node.$role().$s(&at, $($sa),*)
            })*
        }
    )*};
}

traits!(holes);

#[diagnostic::do_not_recommend]
impl<const N: usize> Reference for Arg<N> {
    type Needs = Nothing;
    fn column<'a>(cx: &Credit<'a>) -> Cow<'a, [f64]> {
        let (node, at) = inside(&cx.at, N);
        node.reference().column(&Credit { batch: cx.batch, at })
    }
    fn plan(at: &Scope<'_>, plan: &mut Plan) {
        let (node, at) = inside(at, N);
        node.reference().plan(&at, plan);
    }
    fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
        let (node, at) = inside(at, N);
        node.reference().check(&at, problems);
    }
    fn show(at: &Scope<'_>) -> String {
        let (node, at) = inside(at, N);
        node.reference().show(&at)
    }
}

#[diagnostic::do_not_recommend]
impl<const N: usize, Id: Copy + Send + Sync + 'static> Choice<Id> for Arg<N> {
    type Needs = Nothing;
    fn id(at: &Scope<'_>) -> Id {
        Node::at(at).arg(N).word()
    }
    fn name(at: &Scope<'_>) -> &'static str {
        Node::at(at).arg(N).word_name()
    }
}

#[diagnostic::do_not_recommend]
impl<const N: usize, L> Called<L> for Arg<N> {
    // A line knows the names of its columns when it is read.
    type Needs = Nothing;
}

#[diagnostic::do_not_recommend]
impl<const N: usize> Spoken for Arg<N> {
    type Kind = Checked;
    fn id(at: &Scope<'_>) -> KindId {
        Node::at(at).arg(N).kind()
    }
}

#[diagnostic::do_not_recommend]
impl<const N: usize> StatKind for Arg<N> {
    type Of<K: Kind> = Checked;
}

#[diagnostic::do_not_recommend]
impl<const N: usize> Maybe for Opt<N> {
    fn value(at: &Scope<'_>) -> Option<f64> {
        (!Node::at(at).arg(N).is_without()).then(|| <Arg<N> as Scalar>::value(at))
    }
    fn check(range: Range, name: &str, at: &Scope<'_>, problems: &mut Vec<String>) {
        if !Node::at(at).arg(N).is_without() {
            range.check::<Arg<N>>(name, at, problems);
        }
    }
    fn show(at: &Scope<'_>) -> Option<String> {
        (!Node::at(at).arg(N).is_without()).then(|| <Arg<N> as Scalar>::show(at))
    }
}

#[diagnostic::do_not_recommend]
impl<const N: usize> Least for Opt<N> {
    fn value(at: &Scope<'_>) -> f64 {
        match inside(at, N) {
            (node, at) if node.is_trajs() => <Trajs<Arg<0>> as Least>::value(&at),
            _ => <Arg<N> as Least>::value(at),
        }
    }
    fn counts_trajs(at: &Scope<'_>) -> bool {
        Node::at(at).arg(N).is_trajs()
    }
    fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
        match inside(at, N) {
            (node, at) if node.is_trajs() => <Trajs<Arg<0>> as Least>::check(&at, problems),
            _ => <Arg<N> as Least>::check(at, problems),
        }
    }
    fn show(at: &Scope<'_>) -> String {
        match inside(at, N) {
            (node, at) if node.is_trajs() => <Trajs<Arg<0>> as Least>::show(&at),
            _ => <Arg<N> as Least>::show(at),
        }
    }
}

#[diagnostic::do_not_recommend]
impl<const N: usize> MaybeWithin for Opt<N> {
    fn id(at: &Scope<'_>) -> Option<PoolId> {
        (!Node::at(at).arg(N).is_without()).then(|| <Arg<N> as Within>::id(at))
    }
    fn show(at: &Scope<'_>) -> Option<String> {
        (!Node::at(at).arg(N).is_without()).then(|| <Arg<N> as Within>::show(at))
    }
    fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
        if !Node::at(at).arg(N).is_without() {
            <Arg<N> as Within>::check(at, problems);
        }
    }
}

#[diagnostic::do_not_recommend]
impl<const N: usize> Name for Arg<N> {
    fn name<'a>(at: &Scope<'a>) -> &'a str {
        Node::at(at).arg(N).head_name()
    }
}

#[diagnostic::do_not_recommend]
impl<const N: usize> Heads for Arg<N> {
    type Needs = Nothing;
    fn names<'a>(at: &Scope<'a>, into: &mut Vec<&'a str>) {
        into.extend(Node::at(at).arg(N).heads().map(|(name, _)| name));
    }
    fn targets(cx: &Credit<'_>, level: LevelId, into: &mut Vec<Option<Vec<Option<f64>>>>) {
        into.extend(Node::at(&cx.at).arg(N).heads().map(|(_, target)| {
            let at = target.scope(&cx.at);
            target.target().map(|trained| trained.target(&Credit { batch: cx.batch, at }, level))
        }));
    }
}

// Levels. What the compiler would refuse was refused when the line was read, so every hole has every property.

/// The level of a combination of which one side at least is a hole.
#[derive(Clone, Copy, Debug, Default)]
pub struct Joined<A, B>(PhantomData<(A, B)>);

macro_rules! joins {
    ($l:ident) => {
        type Join<$l: Level> = Joined<Self, $l>;
        type JoinSegment = Joined<Segment, Self>;
        type JoinStep = Joined<Step, Self>;
        type JoinToken = Joined<Token, Self>;
        type JoinItem = Joined<Item, Self>;
    };
}

#[diagnostic::do_not_recommend]
impl<const N: usize> Level for Arg<N> {
    fn id(at: &Scope<'_>) -> LevelId {
        let (node, at) = inside(at, N);
        node.level(&at)
    }
    type Needs = Nothing;
    joins!(L);
}

impl<A: Level, B: Level> Level for Joined<A, B> {
    fn id(at: &Scope<'_>) -> LevelId {
        A::id(at).join(B::id(at))
    }
    type Needs = Or<A::Needs, B::Needs>;
    joins!(L);
}

/// The level along which a hole estimates advantages, for rewards of level `L`.
#[derive(Clone, Copy, Debug, Default)]
pub struct AlongArg<const N: usize, L>(PhantomData<L>);

impl<const N: usize, L: Level> Level for AlongArg<N, L> {
    fn id(at: &Scope<'_>) -> LevelId {
        if Node::at(at).arg(N).is_level() { <Arg<N> as Level>::id(at) } else { L::id(at) }
    }
    type Needs = Nothing;
    joins!(K);
}

#[diagnostic::do_not_recommend]
impl<const N: usize, L: Level> Along<L> for Arg<N> {
    type Level = AlongArg<N, L>;
    fn show(at: &Scope<'_>) -> &'static str {
        if Node::at(at).arg(N).is_level() { <Arg<N> as Level>::id(at).name() } else { "" }
    }
}

macro_rules! every_property {
    ($([$($params:tt)*] $level:ty;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<$($params)*> Proper for $level {}
        #[diagnostic::do_not_recommend]
        impl<$($params)*, Unit: Level> Inside<Unit> for $level {}
        #[diagnostic::do_not_recommend]
        impl<$($params)*> InTime for $level {}
        #[diagnostic::do_not_recommend]
        impl<$($params)*> Sees for $level {}
        #[diagnostic::do_not_recommend]
        impl<$($params)*> PerTraj for $level {}
    )*};
}

every_property! {
    [const N: usize] Arg<N>;
    [A: Level, B: Level] Joined<A, B>;
    [const N: usize, L: Level] AlongArg<N, L>;
}

/// A level that the compiler knows lies inside of whatever stands in the hole.
macro_rules! inside_holes {
    ($($level:ident)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<const N: usize> Inside<Arg<N>> for $level {}
    )*};
}

inside_holes! { Traj Segment Step Token Item Mixed }

#[diagnostic::do_not_recommend]
impl<const N: usize> Frozen for Arg<N> {}
#[diagnostic::do_not_recommend]
impl<const N: usize, X> Pool<X> for Arg<N> {}
#[diagnostic::do_not_recommend]
impl<const N: usize> Ratio for Arg<N> {}
#[diagnostic::do_not_recommend]
impl<const N: usize> Reduce for Arg<N> {}
#[diagnostic::do_not_recommend]
impl<const N: usize, L> Takes<L> for Arg<N> {}

/// The kind of what stands in a hole: the rules of kinds were checked when the line was read, and it counts as whatever
/// stands beside it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Checked;

impl Kind for Checked {
    const ID: KindId = KindId::Scalar;
    type Sum<K: Kind> = Checked;
    type TakenFrom<K: Kind> = Checked;
    type Product<K: Kind> = Checked;
    type Inverse = Checked;
    type Normed = Checked;
    type Placed = Checked;
    type Pooled = Checked;
    type SumReward = Checked;
    type SumReturn = Checked;
    type SumValue = Checked;
    type SumWeight = Checked;
    type SumFactor = Checked;
    type ProductWeight = Checked;
    type ProductFactor = Checked;
    type ProductOther<K: Kind> = Checked;
}

#[diagnostic::do_not_recommend]
impl crate::objective::kind::Proper for Checked {}
#[diagnostic::do_not_recommend]
impl Increments for Checked {}
#[diagnostic::do_not_recommend]
impl AsAdvantage for Checked {}
#[diagnostic::do_not_recommend]
impl Estimate for Checked {}
#[diagnostic::do_not_recommend]
impl Gate for Checked {}
#[diagnostic::do_not_recommend]
impl Exponent for Checked {}
#[diagnostic::do_not_recommend]
impl Weighs for Checked {}
#[diagnostic::do_not_recommend]
impl Divides for Checked {}
#[diagnostic::do_not_recommend]
impl Divisor for Checked {}
