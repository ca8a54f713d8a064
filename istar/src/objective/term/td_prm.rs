//! `td_prm(gamma, lam)`: an explicit process-reward model taught by temporal differences.

use super::line;
use super::option::read;
use crate::batch::Scope;
use crate::credit::{self, Credit, Promise, demanded};
use crate::graph::{Pass, Phase, Rank0Loss, promise};
use crate::need::demand::only;
use crate::objective::choice::Choice;
use crate::objective::range::{InRange, Range};
use crate::objective::scalar::{Dec, Scalar};
use crate::objective::{Plan, Term};
use dfdx::prelude::{Device, Dtype};
use std::marker::PhantomData;

/// Promise and progress (AgentPRM, arXiv 2511.08325): the reading of each step against `Q = M + A`, and `Progress` times
/// the difference of neighbouring readings against A, both squared; A is the advantage estimate of the readings before
/// this iteration's phase A, with the outcome as the reward of the last step. Trains the explicit PRM in phase A.
#[derive(Debug)]
pub struct TdPrm<Gamma, Lam, Progress = Dec<1, 0>, Read = read::After>(
    PhantomData<(Gamma, Lam, Progress, Read)>,
);

impl<Gamma, Lam, Progress, R> Term for TdPrm<Gamma, Lam, Progress, R>
where
    Gamma: Scalar,
    Lam: Scalar,
    Progress: Scalar,
    R: Choice<read::Id>,
{
    type Needs = only::ExplicitPrm;
    type Prepared = Promise;
    fn prepare(cx: &Credit<'_>, phase: Phase) -> Promise {
        if phase != Phase::Reward {
            return Promise::default();
        }
        let reading = demanded(cx.batch.q, "q");
        let (gamma, lam) = (Gamma::value(&cx.at), Lam::value(&cx.at));
        credit::promise(cx.batch.layout, cx.batch.success, reading, gamma, lam)
    }
    fn loss<E: Dtype, D: Device<E>>(labels: &Promise, pass: &mut Pass<'_, E, D>) -> Option<Rank0Loss<E, D>> {
        if pass.phase != Phase::Reward {
            return None;
        }
        promise(pass, &labels.promise, &labels.progress, Progress::value(&pass.at))
    }
    fn plan(at: &Scope<'_>, plan: &mut Plan) {
        plan.read_before |= R::id(at) == read::Id::Before;
    }
    fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
        Range::Unit.check::<Gamma>("gamma", at, problems);
        Range::Unit.check::<Lam>("lam", at, problems);
        Range::NonNegative.check::<Progress>("progress", at, problems);
    }
    fn show(at: &Scope<'_>, lines: &mut Vec<String>) {
        lines.push(line(
            "td_prm",
            &[Gamma::show(at), Lam::show(at)],
            &[("progress", Progress::show(at), "1"), ("read", R::name(at).into(), "after")],
        ));
    }
}
