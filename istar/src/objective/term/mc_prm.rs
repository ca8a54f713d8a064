//! `mc_prm(rollouts, gamma)`: an explicit process-reward model taught by Monte Carlo labels.

use super::line;
use super::option::rollouts::Rollouts;
use super::option::{read, target};
use crate::batch::Scope;
use crate::credit::{self, Credit, Label};
use crate::graph::{Pass, Phase, Rank0Loss, soft_labels};
use crate::need::demand::{Or, only};
use crate::objective::choice::Choice;
use crate::objective::range::{InRange, Range};
use crate::objective::scalar::Scalar;
use crate::objective::{Plan, Term};
use dfdx::prelude::{Device, Dtype};
use std::marker::PhantomData;

/// Cross-entropy of an explicit PRM, `Q(s, a)` of the action of each step, with labels in [0, 1]: the mean over the own
/// trajectory and the continuations from the state that the step led to (AgentPRM, arXiv 2502.10325, stages 1 and 2);
/// trains the PRM in phase A. Of a step with several tokens, the last stands for its action.
#[derive(Debug)]
pub struct McPrm<N, Gamma, Target = target::ToGo, Read = read::After>(PhantomData<(N, Gamma, Target, Read)>);

impl<N, Gamma, T, R> Term for McPrm<N, Gamma, T, R>
where
    N: Rollouts,
    Gamma: Scalar,
    T: Choice<Label>,
    R: Choice<read::Id>,
{
    type Needs = Or<only::ExplicitPrm, N::Needs>;
    /// One label per step.
    type Prepared = Vec<f64>;
    fn prepare(cx: &Credit<'_>, phase: Phase) -> Vec<f64> {
        if phase != Phase::Reward {
            return Vec::new();
        }
        // without rollouts of its own it does not listen to those of `mc`
        let continued = cx.batch.continued.filter(|_| N::value(&cx.at) > 0.0);
        credit::monte_carlo(cx.batch.layout, cx.batch.success, continued, T::id(&cx.at), Gamma::value(&cx.at))
    }
    fn loss<E: Dtype, D: Device<E>>(target: &Vec<f64>, pass: &mut Pass<'_, E, D>) -> Option<Rank0Loss<E, D>> {
        if pass.phase != Phase::Reward {
            return None;
        }
        soft_labels(pass, target)
    }
    fn plan(at: &Scope<'_>, plan: &mut Plan) {
        plan.read_before |= R::id(at) == read::Id::Before;
        plan.go_on(N::value(at));
    }
    fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
        N::check(at, problems);
        Range::Unit.check::<Gamma>("gamma", at, problems);
    }
    fn show(at: &Scope<'_>, lines: &mut Vec<String>) {
        lines.push(line(
            "mc_prm",
            &[N::show(at), Gamma::show(at)],
            &[("target", T::name(at).into(), "to_go"), ("read", R::name(at).into(), "after")],
        ));
    }
}
