//! The types of the catalogue with holes for their arguments, by the paths that stand in its rows.

use super::hole::{Arg, Opt};
use super::node::{Node, Part};
use super::role::Of;
use crate::batch::Scope;
use crate::credit::Credit;
use crate::need::demand::{Needs, only};
use crate::objective::choice::{
    Choice, center, deps, empty, estimator, form, gradient, groups, net, on, over, per, read, role, scale,
    stat, target, weigh,
};
use crate::objective::head::Name;
use crate::objective::least::{self, Least};
use crate::objective::level::{self, Known};
use crate::objective::signal::{self, estimates, estimates_after, shown, signals};
use crate::objective::term::option::{clip, dual, link, pairs, rollouts, shape, softmax, weight};
use crate::objective::term::{self, terms};
use crate::objective::{Signal, count, kind, reference, scalar, sugar, within};
use istar_lang::catalogue;
use std::marker::PhantomData;

type A0 = Arg<0>;
type A1 = Arg<1>;
type A2 = Arg<2>;
type A3 = Arg<3>;
type A4 = Arg<4>;
type A5 = Arg<5>;
type A6 = Arg<6>;
type A7 = Arg<7>;
type A8 = Arg<8>;
type A9 = Arg<9>;
type P8 = Opt<8>;
type P9 = Opt<9>;
type P10 = Opt<10>;
type N0 = Opt<0>;
type N1 = Opt<1>;
type N3 = Opt<3>;
type N4 = Opt<4>;
type N5 = Opt<5>;
type N6 = Opt<6>;
type N7 = Opt<7>;

/// A type that stands for its argument: `dual::At<C>` is `C`.
pub fn is_its_argument(path: &str) -> bool {
    ["dual::At", "clip::Near", "weight::Dmpo", "softmax::At", "least::Entries"].contains(&path)
}

/// Paths, and what makes what they stand for.
type List = &'static [(&'static str, fn() -> Part)];
const LISTS: [List; 3] = [SIGNALS, TERMS, OPTIONS];

/// What a path of the catalogue stands for.
pub fn part(path: &str) -> Option<Part> {
    if path == catalogue::types::VALUE {
        return Some(Part::Signal(Box::new(Of::<Estimates>::new())));
    }
    LISTS.into_iter().flatten().find(|(name, _)| *name == path).map(|(_, make)| make())
}

/// Every path that stands for something.
#[cfg(test)]
pub fn paths() -> impl Iterator<Item = &'static str> {
    LISTS.into_iter().flatten().map(|(path, _)| *path).chain([catalogue::types::VALUE])
}

/// What a head of the critic estimates: its position, its name and its level are the arguments.
struct Estimates;

impl Signal for Estimates {
    type Level = A2;
    type Kind = kind::Value;
    type Needs = only::CriticNet;
    fn eval(cx: &Credit<'_>) -> Vec<f64> {
        estimates(cx, Node::at(&cx.at).arg(0).index())
    }
    fn after(cx: &Credit<'_>) -> Option<Vec<f64>> {
        Some(estimates_after(cx, Node::at(&cx.at).arg(0).index()))
    }
    fn speaks_after(_: &Scope<'_>) -> bool {
        true
    }
    fn show(at: &Scope<'_>) -> String {
        shown(<A1 as Name>::name(at))
    }
}

/// A row a type, with its holes; a block a trait that makes it an object. Those of signals and terms stand where their modules do.
macro_rules! types {
    ($list:ident; $($sort:ident { $($module:ident::$name:ident $([$($hole:ident)+])?;)* })*) => {
        static $list: List = &[$($((
            concat!(stringify!($module), "::", stringify!($name)),
            || types!(@$sort $module::$name $(<$($hole),+>)?),
        ),)*)*];
    };
    (@Word $ty:ty) => { word::<_, $ty>() };
    (@Level $ty:ty) => { Part::Level(<$ty as Known>::ID) };
    (@Kind $ty:ty) => { Part::Kind(<$ty as kind::Kind>::ID) };
    (@Without $ty:ty) => { without(<$ty>::default()) };
    (@Trajs $ty:ty) => { trajs(PhantomData::<$ty>) };
    (@Estimator $ty:ty) => { Part::Estimator(Box::new(Of::<$ty>::new()), Box::new(Of::<$ty>::new())) };
    (@$part:ident $ty:ty) => { Part::$part(Box::new(Of::<$ty>::new())) };
}

signals!(types SIGNALS;);
terms!(types TERMS;);

types! {
    OPTIONS;
    Scalar {
        scalar::Add [A0 A1];
        scalar::Sub [A0 A1];
        scalar::Mul [A0 A1];
        scalar::Div [A0 A1];
        scalar::Anneal [A0 A1];
    }
    Within {
        within::Prompt;
        within::State;
        within::Turn;
        within::Agent;
        within::Item;
        within::Tag;
        within::Batch;
        within::Action;
        within::Similar [A0];
        within::History [A0];
        within::Both [A0 A1];
    }
    ColumnKey {
        within::Key [A0 A1];
    }
    Count {
        count::Own;
        count::Each [A0];
        count::First [A0];
        count::Mean [A0];
        count::Sum [A0];
        count::Prompt;
        count::Constant [A0];
    }
    Reference {
        reference::Init;
        reference::Old;
        reference::Sampler;
        reference::Prm;
        reference::Free;
        reference::Snapshot [A0];
        reference::SnapshotKl [A0];
        reference::Ema [A0];
        reference::Geo [A0];
    }
    Clip {
        clip::Band [A0 A1];
        clip::Bounds [A0 A1];
    }
    Column {
        signal::Column [A0 A1 A2];
    }
    ColumnOfTokens {
        reference::Column [A0];
    }
    Kind {
        kind::Reward;
        kind::Return;
        kind::Value;
        kind::Advantage;
        kind::Weight;
        kind::Factor;
    }
    Shape {
        shape::Clip;
        shape::LogProb;
        shape::Cispo;
        shape::Sapo [A0 A1];
        shape::GeometricMean;
        shape::TotalVariation [A0];
        shape::BinaryKl [A0];
        shape::Gamma [A0 A1 A2 A3];
    }
    Link {
        link::Sigmoid [A0 A1];
        link::Hinge [A0];
        link::Ipo;
        link::Robust [A0];
        link::Exo [A0];
        link::Nca;
        link::Bco;
        link::Sppo;
        link::ApoZero;
        link::ApoDown;
        link::Discopop [A0];
        link::Odds;
    }
    Trajs {
        least::Trajs [A0];
    }
    Without {
        clip::Off;
        dual::Off;
        weight::Flat;
        pairs::Half;
        within::Same;
        softmax::Off;
    }
    Pairs {
        pairs::TopBottom [N0];
        pairs::Success;
        pairs::Threshold [A0];
        pairs::All;
    }
    Rollouts {
        rollouts::Own;
        rollouts::Fresh [A0];
    }
    Level {
        level::Traj;
        level::Segment;
        level::Step;
        level::Token;
        level::Item;
    }
    Word {
        center::Mean;
        center::Loo;
        center::None;
        stat::Mean;
        stat::Var;
        stat::Max;
        stat::Count;
        stat::Rank;
        scale::Std;
        scale::Mean;
        scale::None;
        on::Last;
        on::First;
        on::All;
        form::Flip;
        form::Backfill;
        deps::True;
        deps::False;
        weigh::Turn;
        weigh::Traj;
        role::Switch;
        role::Subgoal;
        role::Action;
        role::Other;
        role::None;
        net::Shared;
        net::Separate;
        groups::All;
        groups::Mixed;
        over::Sum;
        over::Mean;
        over::Token;
        over::Common;
        empty::Skip;
        empty::Count;
        gradient::Same;
        gradient::K3;
        gradient::K1;
        gradient::K2;
        gradient::Abs;
        per::Traj;
        per::Step;
        read::After;
        read::Before;
        target::ToGo;
        target::Absolute;
        estimator::K3;
        estimator::K1;
        estimator::K2;
        estimator::Abs;
    }
}

/// How many trajectories: the number is the argument of the node.
fn trajs<L: Least>(_: PhantomData<L>) -> Part {
    Part::Trajs
}

/// One of the names of what is left out.
fn without<T>(_: T) -> Part {
    Part::Without
}

/// A value of an option: it depends on nothing, so it is known at once.
fn word<Id: Send + Sync + 'static, C: Choice<Id>>() -> Part {
    let at = Scope::new(&[], &[]);
    Part::Word { id: Box::new(C::id(&at)), name: C::name(&at), demand: C::Needs::DEMAND }
}
