//! `dpo(beta)`: the policy taught by trajectory preferences.

use super::line;
use super::option::link::{self, Link};
use super::option::pairs::{self, Pairs};
use super::option::{over, weight};
use super::preference::{self, Preferences};
use crate::batch::Scope;
use crate::credit::Credit;
use crate::graph::{self, Pass, Phase, Preference, Rank0Loss};
use crate::need::demand::{Or, only};
use crate::objective::choice::Choice;
use crate::objective::maybe::Maybe;
use crate::objective::range::{InRange, Range};
use crate::objective::reference::{Frozen, Init};
use crate::objective::scalar::{Dec, Scalar};
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
    Link = link::Sigmoid<Dec<0, 0>, Dec<0, 0>>,
    Alpha = Dec<1, 0>,
>(PhantomData<(Beta, Ref, Pairs, Over, Weight, Link, Alpha)>);

impl<Beta, Ref, P, O, W, L, A> Term for Dpo<Beta, Ref, P, O, W, L, A>
where
    Beta: Scalar,
    Ref: Frozen,
    P: Pairs,
    O: Choice<graph::Over>,
    W: Maybe,
    L: Link,
    A: Scalar,
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
        let form = Preference {
            beta: Beta::value(&pass.at),
            over: O::id(&pass.at),
            link: L::value(&pass.at),
            alpha: A::value(&pass.at),
        };
        graph::preference(pass, &form, &prepared.pairs, &prepared.reference, prepared.weight.as_deref())
    }
    fn plan(at: &Scope<'_>, plan: &mut Plan) {
        plan.keep(Together::Group);
        Ref::plan(at, plan);
    }
    fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
        preference::check::<Beta, Ref, P, O, W>(at, problems);
        L::check(at, problems);
        preference::likelihoods::<L>(Ref::show(at) == "none", at, problems);
        Range::Finite.check::<A>("alpha", at, problems);
    }
    fn show(at: &Scope<'_>, lines: &mut Vec<String>) {
        let mut options = preference::options::<Ref, P, O, W>(at).to_vec();
        options.extend([("link", L::show(at), "sigmoid"), ("alpha", A::show(at), "1")]);
        lines.push(line("dpo", &[Beta::show(at)], &options));
    }
}
