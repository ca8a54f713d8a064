//! `dpo_prm(beta)`: an implicit process-reward model taught by trajectory preferences.

use super::line;
use super::option::link::{self, Link};
use super::option::pairs::{self, Pairs};
use super::option::{net, over, read, weight};
use super::preference::{self, Preferences};
use crate::batch::Scope;
use crate::credit::Credit;
use crate::graph::{self, Pass, Phase, Preference, Rank0Loss};
use crate::need::demand::{Or, only};
use crate::objective::choice::Choice;
use crate::objective::maybe::Maybe;
use crate::objective::reference::{Frozen, Init};
use crate::objective::scalar::{Dec, Scalar};
use crate::objective::{Plan, Term};
use dfdx::prelude::{Device, Dtype};
use std::marker::PhantomData;

/// Trajectory DPO on the log-ratio of the PRM to a reference (iStar, arXiv 2509.19199, eq. 2); trains the PRM in phase A.
#[derive(Debug)]
pub struct DpoPrm<
    Beta,
    Net = net::Shared,
    Ref = Init,
    Pairs = pairs::TopBottom<pairs::Half>,
    Over = over::Sum,
    Weight = weight::Flat,
    Read = read::After,
    Link = link::Sigmoid<Dec<0, 0>, Dec<0, 0>>,
>(PhantomData<(Beta, Net, Ref, Pairs, Over, Weight, Read, Link)>);

impl<Beta, N, Ref, P, O, W, R, L> Term for DpoPrm<Beta, N, Ref, P, O, W, R, L>
where
    Beta: Scalar,
    N: Choice<net::Id>,
    Ref: Frozen,
    P: Pairs,
    O: Choice<graph::Over>,
    W: Maybe,
    R: Choice<read::Id>,
    L: Link,
{
    type Needs = Or<Or<only::TrainsPrm, only::Pairs>, Or<N::Needs, Ref::Needs>>;
    type Prepared = Preferences;
    fn prepare(cx: &Credit<'_>, phase: Phase) -> Preferences {
        if phase == Phase::Reward { Preferences::of::<Ref, P, W>(cx) } else { Preferences::default() }
    }
    fn loss<E: Dtype, D: Device<E>>(
        prepared: &Preferences,
        pass: &mut Pass<'_, E, D>,
    ) -> Option<Rank0Loss<E, D>> {
        if pass.phase != Phase::Reward {
            return None;
        }
        let form = Preference {
            beta: Beta::value(&pass.at),
            over: O::id(&pass.at),
            link: L::value(&pass.at),
            alpha: 1.0,
        };
        graph::preference(pass, &form, &prepared.pairs, &prepared.reference, prepared.weight.as_deref())
    }
    fn plan(at: &Scope<'_>, plan: &mut Plan) {
        plan.read_before |= R::id(at) == read::Id::Before;
        Ref::plan(at, plan);
    }
    fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
        preference::check::<Beta, Ref, P, O, W>(at, problems);
        L::check(at, problems);
        preference::likelihoods::<L>(false, at, problems);
    }
    fn show(at: &Scope<'_>, lines: &mut Vec<String>) {
        let mut options = vec![("net", N::name(at).into(), "shared")];
        options.extend(preference::options::<Ref, P, O, W>(at));
        options.extend([("read", R::name(at).into(), "after"), ("link", L::show(at), "sigmoid")]);
        lines.push(line("dpo_prm", &[Beta::show(at)], &options));
    }
}
