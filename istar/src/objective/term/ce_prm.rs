//! `ce_prm(beta)`: an implicit process-reward model taught by outcome labels.

use super::line;
use super::option::{net, per, read};
use crate::batch::Scope;
use crate::credit::{self, Credit, Pairing};
use crate::graph::{Labelled, Pass, Phase, Rank0Loss, cross_entropy};
use crate::need::demand::{Or, only};
use crate::objective::choice::Choice;
use crate::objective::range::{InRange, Range};
use crate::objective::reference::{Frozen, Init};
use crate::objective::scalar::Scalar;
use crate::objective::{Plan, Term};
use dfdx::prelude::{Device, Dtype};
use std::marker::PhantomData;

/// Cross-entropy of the summed log-ratio of the PRM to a reference against `success` (PRIME, arXiv 2502.01456); trains
/// the PRM in phase A.
#[derive(Debug)]
pub struct CePrm<Beta, Net = net::Shared, Ref = Init, Per = per::Traj, Read = read::After>(
    PhantomData<(Beta, Net, Ref, Per, Read)>,
);

/// What the cross-entropy keeps of a batch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Labels {
    /// Per trajectory, 1 for success, 0 for failure.
    pub success: Vec<f64>,
    /// A success and a failure of one group each, to log how they are ranked.
    pub pairs: Vec<(u32, u32)>,
    /// The reference's log-probability of each token.
    pub reference: Vec<f64>,
}

impl<Beta, N, Ref, P, R> Term for CePrm<Beta, N, Ref, P, R>
where
    Beta: Scalar,
    N: Choice<net::Id>,
    Ref: Frozen,
    P: Choice<Labelled>,
    R: Choice<read::Id>,
{
    type Needs = Or<only::TrainsPrm, Or<N::Needs, Ref::Needs>>;
    type Prepared = Labels;
    fn prepare(cx: &Credit<'_>, phase: Phase) -> Labels {
        if phase != Phase::Reward {
            return Labels::default();
        }
        Labels {
            success: cx.batch.success.to_vec(),
            pairs: credit::pairs(&cx.batch, Pairing::Success),
            reference: Ref::column(cx).into_owned(),
        }
    }
    fn loss<E: Dtype, D: Device<E>>(prepared: &Labels, pass: &mut Pass<'_, E, D>) -> Option<Rank0Loss<E, D>> {
        if pass.phase != Phase::Reward {
            return None;
        }
        let form = (Beta::value(&pass.at), P::id(&pass.at));
        cross_entropy(pass, form, &prepared.success, &prepared.pairs, &prepared.reference)
    }
    fn plan(at: &Scope<'_>, plan: &mut Plan) {
        plan.read_before |= R::id(at) == read::Id::Before;
        Ref::plan(at, plan);
    }
    fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
        Range::Positive.check::<Beta>("beta", at, problems);
        Ref::check(at, problems);
    }
    fn show(at: &Scope<'_>, lines: &mut Vec<String>) {
        let options = [
            ("net", N::name(at).into(), "shared"),
            ("ref", Ref::show(at), "init"),
            ("per", P::name(at).into(), "traj"),
            ("read", R::name(at).into(), "after"),
        ];
        lines.push(line("ce_prm", &[Beta::show(at)], &options));
    }
}
