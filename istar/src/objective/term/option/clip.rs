//! Where the ratio of a surrogate is cut off, and how far a critic's prediction may go.

use crate::batch::{LevelId, Scope};
use crate::credit::{Credit, broadcast};
use crate::need::demand::{Needs, Nothing, Or};
use crate::objective::kind::Weighs;
use crate::objective::level::{Join, Level, Proper, Token, Traj};
use crate::objective::maybe::Without;
use crate::objective::range::{InRange, Range};
use crate::objective::scalar::Scalar;
use crate::objective::{Plan, Signal};
use std::marker::PhantomData;

/// A clip of the ratio as a type.
pub trait Clip: Send + Sync + 'static {
    /// Of its signals, the finest.
    type Level: Level;
    /// What its signals need.
    type Needs: Needs;
    /// How far below and above 1 the ratio may go; `None` is no clip, or one that differs from token to token.
    fn value(_at: &Scope<'_>) -> Option<(f64, f64)> {
        None
    }
    /// The same per token, where it differs.
    fn each(_cx: &Credit<'_>) -> Option<[Vec<f64>; 2]> {
        None
    }
    /// What its signals ask of a batch.
    fn plan(_at: &Scope<'_>, _plan: &mut Plan) {}
    /// Reports numbers out of range.
    fn check(_at: &Scope<'_>, _problems: &mut Vec<String>) {}
    /// As it is written.
    fn show(at: &Scope<'_>) -> String;
}

/// A critic's prediction stays no further than `C` from what it was when the batch was sampled.
pub type Near<C> = C;
/// Neither a ratio nor a prediction is cut off.
pub type Off = Without;
/// The ratio is kept in `[1 - Lo, 1 + Hi]`.
#[derive(Debug)]
pub struct Band<Lo, Hi>(PhantomData<(Lo, Hi)>);
/// The ratio of each token is kept in `[1 - lo, 1 + hi]`, signals, below 0 as 0.
#[derive(Debug)]
pub struct Bounds<Lo, Hi>(PhantomData<(Lo, Hi)>);

impl<Lo, Hi> Clip for Bounds<Lo, Hi>
where
    Lo: Signal<Kind: Weighs>,
    Hi: Signal<Kind: Weighs>,
    Join<Lo::Level, Hi::Level>: Proper,
    Join<Lo::Level, Token>: Proper,
    Join<Hi::Level, Token>: Proper,
{
    type Level = Join<Lo::Level, Hi::Level>;
    type Needs = Or<Lo::Needs, Hi::Needs>;
    fn each(cx: &Credit<'_>) -> Option<[Vec<f64>; 2]> {
        let bounds = |x: Vec<f64>, level: LevelId| -> Vec<f64> {
            let x = broadcast(&cx.batch, x, level, LevelId::Token);
            x.into_iter().map(|bound| bound.max(0.0)).collect()
        };
        let lo = bounds(Lo::eval(cx), <Lo::Level as Level>::id(&cx.at));
        Some([lo, bounds(Hi::eval(cx), <Hi::Level as Level>::id(&cx.at))])
    }
    fn plan(at: &Scope<'_>, plan: &mut Plan) {
        Lo::plan(at, plan);
        Hi::plan(at, plan);
    }
    fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
        Lo::check(at, problems);
        if Lo::show(at) != Hi::show(at) {
            Hi::check(at, problems);
        }
    }
    fn show(at: &Scope<'_>) -> String {
        let (lo, hi) = (Lo::show(at), Hi::show(at));
        if lo == hi { format!("band({lo})") } else { format!("band({lo}, {hi})") }
    }
}

impl<Lo: Scalar, Hi: Scalar> Clip for Band<Lo, Hi> {
    type Level = Traj;
    type Needs = Nothing;
    fn value(at: &Scope<'_>) -> Option<(f64, f64)> {
        Some((Lo::value(at), Hi::value(at)))
    }
    fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
        Range::NonNegative.check::<Lo>("clip", at, problems);
        let lo = Lo::value(at);
        if lo > 1.0 {
            problems.push(format!("the lower clip must be at most 1: a ratio is positive; found {lo}"));
        }
        if Lo::show(at) != Hi::show(at) {
            Range::NonNegative.check::<Hi>("clip", at, problems);
        }
    }
    fn show(at: &Scope<'_>) -> String {
        let (lo, hi) = (Lo::show(at), Hi::show(at));
        if lo == hi { lo } else { format!("({lo}, {hi})") }
    }
}

impl Clip for Without {
    type Level = Traj;
    type Needs = Nothing;
    fn show(_: &Scope<'_>) -> String {
        "none".into()
    }
}
