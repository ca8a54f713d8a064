//! `dar(beta, alpha, adv = ..)`: advantage-weighted regression.

use super::line;
use crate::batch::{LevelId, Scope};
use crate::credit::{Credit, broadcast, owners, sum};
use crate::graph::{Pass, Phase, Rank0Loss, regression};
use crate::need::demand::{Or, only};
use crate::objective::kind::AsAdvantage;
use crate::objective::level::{Level, Traj};
use crate::objective::range::{InRange, Range};
use crate::objective::reference::{Geo, Reference};
use crate::objective::scalar::{Dec, Scalar};
use crate::objective::{Plan, Signal, Term, Together};
use dfdx::prelude::{Device, Dtype};
use std::marker::PhantomData;

/// Regression of the policy to `init^Alpha · old^(1-Alpha) · exp(adv / Beta)` (DAR, arXiv 2602.11523); trains the policy.
///
/// A trajectory weighs `min(exp(sum_i (log geo(Alpha) - log old) + adv / Beta), Clip)`, a constant; mini-batches keep
/// trajectories together.
#[derive(Debug)]
pub struct Dar<Beta, Alpha, Adv, Clip = Dec<20, 0>>(PhantomData<(Beta, Alpha, Adv, Clip)>);

/// One number per trajectory: what `dar` weighs by.
#[diagnostic::on_unimplemented(
    message = "`dar` weighs whole trajectories, and this advantage is one per {Self}",
    note = "aggregate it: `sum(x, per = traj)`"
)]
pub trait PerTraj: Level {}
impl PerTraj for Traj {}

/// What the regression keeps of a batch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Weights {
    /// The weight of each trajectory.
    pub weight: Vec<f64>,
    /// The advantage of each token: its trajectory's.
    pub advantage: Vec<f64>,
}

impl<Beta, Alpha, Adv, Clip> Term for Dar<Beta, Alpha, Adv, Clip>
where
    Beta: Scalar,
    Alpha: Scalar,
    Adv: Signal<Level: PerTraj, Kind: AsAdvantage>,
    Clip: Scalar,
{
    type Needs = Or<Or<Adv::Needs, only::TrainsPolicy>, <Geo<Alpha> as Reference>::Needs>;
    fn credit(at: &Scope<'_>) -> Option<LevelId> {
        Some(<Adv::Level as Level>::id(at))
    }
    type Prepared = Weights;
    fn prepare(cx: &Credit<'_>, phase: Phase) -> Weights {
        if phase != Phase::Policy {
            return Weights::default();
        }
        let (batch, layout) = (&cx.batch, cx.batch.layout);
        let owner = owners(batch, LevelId::Token, LevelId::Traj);
        let geo = Geo::<Alpha>::column(cx);
        let gap: Vec<f64> = geo.iter().zip(batch.old).map(|(geo, old)| geo - old).collect();
        let advantage = Adv::eval(cx);
        let (beta, most) = (Beta::value(&cx.at), Clip::value(&cx.at));
        let gaps = sum(&gap, &owner, layout.trajs());
        let weigh = |(gap, adv): (f64, &f64)| {
            let weight = (gap + adv / beta).exp();
            // not `min`, which would make a number of what is none
            if weight > most { most } else { weight }
        };
        Weights {
            weight: gaps.into_iter().zip(&advantage).map(weigh).collect(),
            advantage: broadcast(batch, advantage, LevelId::Traj, LevelId::Token),
        }
    }
    fn loss<E: Dtype, D: Device<E>>(
        prepared: &Weights,
        pass: &mut Pass<'_, E, D>,
    ) -> Option<Rank0Loss<E, D>> {
        if pass.phase != Phase::Policy {
            return None;
        }
        regression(pass, &prepared.weight)
    }
    fn advantage(prepared: &Weights) -> Option<&[f64]> {
        Some(&prepared.advantage)
    }
    fn plan(at: &Scope<'_>, plan: &mut Plan) {
        plan.keep(Together::Traj);
        Adv::plan(at, plan);
    }
    fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
        Range::Positive.check::<Beta>("beta", at, problems);
        Geo::<Alpha>::check(at, problems);
        Adv::check(at, problems);
        Range::Positive.check::<Clip>("clip", at, problems);
    }
    fn show(at: &Scope<'_>, lines: &mut Vec<String>) {
        let lead = [Beta::show(at), Alpha::show(at), format!("adv = {}", Adv::show(at))];
        lines.push(line("dar", &lead, &[("clip", Clip::show(at), "20")]));
    }
}
