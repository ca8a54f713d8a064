//! The types of the catalogue with holes for their arguments, by the paths that stand in its rows.

use super::hole::{Arg, Opt};
use super::node::{Node, Part};
use super::role::Of;
use crate::batch::Scope;
use crate::credit::Credit;
use crate::need::demand::{Needs, only};
use crate::objective::choice::{
    Choice, center, deps, estimator, form, groups, net, on, over, per, read, role, scale, stat, target, weigh,
};
use crate::objective::head::Name;
use crate::objective::level::{self, Known};
use crate::objective::maybe::Maybe;
use crate::objective::signal::{self, estimates, estimates_after, shown};
use crate::objective::term::option::{clip, dual, pairs, rollouts, weight};
use crate::objective::{Signal, count, kind, reference, scalar, sugar, term, within};
use istar_lang::catalogue;

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
type N0 = Opt<0>;
type N1 = Opt<1>;
type N4 = Opt<4>;
type N5 = Opt<5>;

/// A type that stands for its argument: `dual::At<C>` is `C`.
pub fn is_its_argument(path: &str) -> bool {
    ["dual::At", "clip::Near", "weight::Dmpo"].contains(&path)
}

/// What a path of the catalogue stands for.
pub fn part(path: &str) -> Option<Part> {
    if path == catalogue::types::VALUE {
        return Some(Part::Signal(Box::new(Of::<Estimates>::new())));
    }
    TYPES.iter().find(|(name, _)| *name == path).map(|(_, make)| make())
}

/// Every path that stands for something.
#[cfg(test)]
pub fn paths() -> impl Iterator<Item = &'static str> {
    TYPES.iter().map(|(path, _)| *path).chain([catalogue::types::VALUE])
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

/// A row a type, with its holes; a block a trait that makes it an object.
macro_rules! types {
    ($($sort:ident { $($module:ident::$name:ident $([$($hole:ident)+])?;)* })*) => {
        static TYPES: &[(&str, fn() -> Part)] = &[$($((
            concat!(stringify!($module), "::", stringify!($name)),
            || types!(@$sort $module::$name $(<$($hole),+>)?),
        ),)*)*];
    };
    (@Word $ty:ty) => { word::<_, $ty>() };
    (@Level $ty:ty) => { Part::Level(<$ty as Known>::ID) };
    (@Without $ty:ty) => { without(<$ty>::default()) };
    (@Estimator $ty:ty) => { Part::Estimator(Box::new(Of::<$ty>::new()), Box::new(Of::<$ty>::new())) };
    (@$part:ident $ty:ty) => { Part::$part(Box::new(Of::<$ty>::new())) };
}

types! {
    Term {
        term::Rl [A0 A1 A2 A3 N4 A5 A6];
        term::DpoPrm [A0 A1 A2 A3 A4 N5 A6];
        term::McPrm [A0 A1 A2 A3];
        term::TdPrm [A0 A1 A2 A3];
        term::Critic [A0 N1 A2 A3];
        term::CePrm [A0 A1 A2 A3 A4];
        term::Dpo [A0 A1 A2 A3 N4];
        term::Dar [A0 A1 A2 A3];
        term::Kl [A0 A1 A2];
        term::Entropy [A0];
        term::Bc [A0];
    }
    Signal {
        signal::Outcome;
        signal::Success;
        signal::Reward;
        signal::Invalid;
        signal::Judged;
        signal::Switch;
        signal::PSwitch;
        signal::Exact;
        signal::Q;
        signal::Everywhere;
        signal::LeftOut;
        signal::Constant [A0];
        signal::Checklist [A0 A1 A2];
        signal::Has [A0 A1 A2];
        signal::Length [A0 A1];
        signal::LogRatio [A0 A1];
        signal::Mc [A0 A1];
        signal::Add [A0 A1];
        signal::Sub [A0 A1];
        signal::Mul [A0 A1];
        signal::Scale [A0 A1];
        signal::Norm [A0 A1 A2 A3 A4 A5 A6 A7 A8];
        signal::SumPer [A0 A1];
        signal::MeanPer [A0 A1];
        signal::MinPer [A0 A1];
        signal::FirstPer [A0 A1];
        signal::LastPer [A0 A1];
        signal::ToGo [A0 A1 A2];
        signal::Diff [A0];
        signal::Next [A0 A1];
        signal::Pool [A0 A1 A2 A3 A4 A5];
        signal::Exp [A0];
        signal::Abs [A0];
        signal::Keep [A0 A1 A2];
        signal::Clip [A0 A1 A2];
        signal::Whiten [A0];
        signal::Place [A0 A1 A2 A3];
        signal::Bound [A0 A1];
        signal::Route [A0 A1 A2];
        sugar::Implicit [A0 A1];
        sugar::Traj [A0 A1 A2 A3 A4 A5 A6 A7];
        sugar::Loo [A0 A1 A2 A3 A4 A5 A6 A7];
        sugar::Step [A0 A1 A2 A3 A4 A5 A6 A7 A8 A9];
        sugar::Token [A0 A1 A2 A3 A4 A5 A6 A7 A8 A9];
        sugar::Anchor [A0 A1 A2 A3 A4 A5 A6 A7 A8];
    }
    Estimator {
        signal::Gae [A0 A1 A2 A3 A4 A5 A6 A7];
    }
    Scalar {
        scalar::Add [A0 A1];
        scalar::Sub [A0 A1];
        scalar::Mul [A0 A1];
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
        within::Similar [A0];
    }
    Count {
        count::Own;
        count::Each [A0];
        count::First [A0];
        count::Mean [A0];
        count::Sum [A0];
        count::Constant [A0];
    }
    Reference {
        reference::Init;
        reference::Old;
        reference::Sampler;
        reference::Prm;
        reference::Snapshot [A0];
        reference::SnapshotKl [A0];
        reference::Ema [A0];
        reference::Geo [A0];
    }
    Clip {
        clip::Band [A0 A1];
    }
    Without {
        clip::Off;
        dual::Off;
        weight::Flat;
        pairs::Half;
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
        over::Common;
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

/// One of the names of a number that is left out.
fn without(_: impl Maybe) -> Part {
    Part::Without
}

/// A value of an option: it depends on nothing, so it is known at once.
fn word<Id: Send + Sync + 'static, C: Choice<Id>>() -> Part {
    let at = Scope::new(&[], &[]);
    Part::Word { id: Box::new(C::id(&at)), name: C::name(&at), demand: C::Needs::DEMAND }
}
