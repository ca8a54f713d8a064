//! `dpo(beta)`: the policy taught by trajectory preferences.

use super::line;
use super::option::pairs::{self, Pairs};
use super::option::{over, weight};
use super::preference::{self, Preferences};
use crate::batch::Scope;
use crate::credit::Credit;
use crate::graph::{self, Pass, Phase, Preference, Rank0Loss};
use crate::need::demand::{Or, only};
use crate::objective::choice::Choice;
use crate::objective::maybe::Maybe;
use crate::objective::reference::{Frozen, Init};
use crate::objective::scalar::Scalar;
use crate::objective::{Plan, Term, Together};
use dfdx::prelude::{Device, Dtype};
use std::marker::PhantomData;

/// Trajectory DPO on the log-ratio of the policy to a reference (ETO, arXiv 2403.02502; with the weights of DMPO, arXiv
/// 2406.14868); trains the policy. Mini-batches keep groups together: a preference needs both its trajectories.
#[derive(Debug)]
pub struct Dpo<
    Beta,
    Ref = Init,
    Pairs = pairs::TopBottom<pairs::Half>,
    Over = over::Sum,
    Weight = weight::Flat,
>(PhantomData<(Beta, Ref, Pairs, Over, Weight)>);

impl<Beta, Ref, P, O, W> Term for Dpo<Beta, Ref, P, O, W>
where
    Beta: Scalar,
    Ref: Frozen,
    P: Pairs,
    O: Choice<graph::Over>,
    W: Maybe,
{
    type Needs = Or<Or<only::TrainsPolicy, only::Pairs>, Ref::Needs>;
    type Prepared = Preferences;
    fn prepare(cx: &Credit<'_>, phase: Phase) -> Preferences {
        if phase != Phase::Policy {
            return Preferences::default();
        }
        Preferences::of::<Ref, P, W>(cx)
    }
    fn loss<E: Dtype, D: Device<E>>(
        prepared: &Preferences,
        pass: &mut Pass<'_, E, D>,
    ) -> Option<Rank0Loss<E, D>> {
        if pass.phase != Phase::Policy {
            return None;
        }
        let form = Preference { beta: Beta::value(&pass.at), over: O::id(&pass.at) };
        graph::preference(pass, &form, &prepared.pairs, &prepared.reference, prepared.weight.as_deref())
    }
    fn plan(at: &Scope<'_>, plan: &mut Plan) {
        plan.keep(Together::Group);
        Ref::plan(at, plan);
    }
    fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
        preference::check::<Beta, Ref, P, O, W>(at, problems);
    }
    fn show(at: &Scope<'_>, lines: &mut Vec<String>) {
        lines.push(line("dpo", &[Beta::show(at)], &preference::options::<Ref, P, O, W>(at)));
    }
}
