//! `dpo_prm(beta)`: an implicit process-reward model taught by trajectory preferences.

use super::line;
use super::option::net::{self, Net};
use super::option::pairs::{self, Pairs};
use super::option::weight::{self, Weight};
use super::option::{over, read};
use crate::credit::{self, Credit};
use crate::graph::{Pass, Phase, Preference, Rank0Loss, preference};
use crate::objective::demand::{Or, only};
use crate::objective::range::Range;
use crate::objective::reference::{Frozen, Init};
use crate::objective::scalar::{Scalar, Scope};
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
>(PhantomData<(Beta, Net, Ref, Pairs, Over, Weight, Read)>);

/// What the preference loss keeps of a batch.
#[derive(Clone, Debug, PartialEq)]
pub struct Preferences {
    /// Preferred and other trajectory of each pair.
    pub pairs: Vec<(u32, u32)>,
    /// The reference's log-probability of each token.
    pub reference: Vec<f64>,
    /// The weight of each step; `None` is 1 everywhere.
    pub weight: Option<Vec<f64>>,
}

impl<Beta, N, Ref, P, O, W, R> Term for DpoPrm<Beta, N, Ref, P, O, W, R>
where
    Beta: Scalar,
    N: Net,
    Ref: Frozen,
    P: Pairs,
    O: over::Choice,
    W: Weight,
    R: read::Choice,
{
    type Needs = Or<Or<only::TrainsPrm, only::Pairs>, Or<N::Needs, Ref::Needs>>;
    type Prepared = Preferences;
    fn prepare(cx: &Credit<'_>, _: Phase) -> Preferences {
        Preferences {
            pairs: credit::pairs(&cx.batch, P::pairing(&cx.at)),
            reference: Ref::column(cx).into_owned(),
            weight: W::gamma(&cx.at).map(|gamma| credit::dmpo(cx.batch.layout, gamma)),
        }
    }
    fn loss<E: Dtype, D: Device<E>>(
        prepared: &Preferences,
        pass: &mut Pass<'_, E, D>,
    ) -> Option<Rank0Loss<E, D>> {
        if pass.phase != Phase::Reward {
            return None;
        }
        let form = Preference { beta: Beta::value(&pass.at), over: O::ID };
        preference(pass, &form, &prepared.pairs, &prepared.reference, prepared.weight.as_deref())
    }
    fn plan(at: &Scope<'_>, plan: &mut Plan) {
        plan.read_before |= R::ID == read::Id::Before;
        Ref::plan(at, plan);
    }
    fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
        Range::Positive.check::<Beta>("beta", at, problems);
        Ref::check(at, problems);
        P::check(at, problems);
        W::check(at, problems);
    }
    fn show(names: &[&str], lines: &mut Vec<String>) {
        lines.push(line(
            "dpo_prm",
            &[Beta::show(names)],
            &[
                ("net", N::NAME.into(), "shared"),
                ("ref", Ref::show(names), "init"),
                ("pairs", P::show(names), "top_bottom"),
                ("over", O::NAME.into(), "sum"),
                ("weight", W::show(names), "flat"),
                ("read", R::NAME.into(), "after"),
            ],
        ));
    }
}
