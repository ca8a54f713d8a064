//! How far signals can be trusted: a number for the whole batch, to weigh them with.

use crate::batch::{LevelId, Scope};
use crate::credit::{self, Credit, broadcast, owners};
use crate::need::demand::Or;
use crate::objective::kind::{self, Increments};
use crate::objective::level::{InTime, Inside, Level, Traj};
use crate::objective::{Plan, Signal};
use std::marker::PhantomData;

/// `reliability(x)`: by how much the sum of x over a trajectory ranks the successes and failures of a group better than chance and than
/// "the shorter one" do, in this batch; the same number for each trajectory, from 0 to 1. See [`credit::reliability`].
///
/// With `read = before` an implicit reward is what it was before it was trained on this batch, so its reliability is held out.
#[derive(Debug)]
pub struct Reliability<X>(PhantomData<X>);

impl<X: Signal> Signal for Reliability<X>
where
    X::Level: Inside<Traj> + InTime,
    X::Kind: Increments,
{
    type Level = Traj;
    type Kind = kind::Weight;
    type Needs = X::Needs;
    fn eval(cx: &Credit<'_>) -> Vec<f64> {
        let (batch, layout) = (&cx.batch, cx.batch.layout);
        let owner = owners(batch, <X::Level as Level>::id(&cx.at), LevelId::Traj);
        let sums = credit::sum(&X::eval(cx), &owner, layout.trajs());
        let steps: Vec<usize> = (0..layout.trajs()).map(|traj| layout.steps_of(traj).len()).collect();
        vec![credit::reliability(&sums, &steps, batch.success, layout.group_of_traj()); layout.trajs()]
    }
    parts!(X;);
    fn show(at: &Scope<'_>) -> String {
        format!("reliability({})", X::show(at))
    }
}

/// `agreement(x, y)`: Kendall's τ-b of x and y over the elements of x in this batch, and 0 where it is less; the same number for each
/// trajectory. A coarser y is repeated. See [`credit::agreement`].
#[derive(Debug)]
pub struct Agreement<X, Y>(PhantomData<(X, Y)>);

impl<X: Signal, Y: Signal> Signal for Agreement<X, Y>
where
    X::Level: Inside<Y::Level> + InTime,
{
    type Level = Traj;
    type Kind = kind::Weight;
    type Needs = Or<X::Needs, Y::Needs>;
    fn eval(cx: &Credit<'_>) -> Vec<f64> {
        let level = <X::Level as Level>::id(&cx.at);
        let y = broadcast(&cx.batch, Y::eval(cx), <Y::Level as Level>::id(&cx.at), level);
        vec![credit::agreement(&X::eval(cx), &y); cx.batch.layout.trajs()]
    }
    parts!(X, Y;);
    fn show(at: &Scope<'_>) -> String {
        format!("agreement({}, {})", X::show(at), Y::show(at))
    }
}
