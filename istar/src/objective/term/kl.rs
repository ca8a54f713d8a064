//! `kl(coef, ref)`: a penalty for leaving a reference.

use super::line;
use super::option::{empty, estimator, gradient};
use crate::batch::Scope;
use crate::credit::Credit;
use crate::graph::{self, Divergence, Pass, Phase, Rank0Loss, Reduction, divergence};
use crate::need::demand::{Or, only};
use crate::objective::choice::Choice;
use crate::objective::count::{Each, Reduce};
use crate::objective::level::Token;
use crate::objective::range::{InRange, Range};
use crate::objective::reference::{Frozen, Init};
use crate::objective::scalar::Scalar;
use crate::objective::{Plan, Term};
use dfdx::prelude::{Device, Dtype};
use std::marker::PhantomData;

/// `Coef` times the mean of an estimator of `KL(policy, reference)`, over what `Reduce` says; trains the policy. With a `Gradient`
/// the value is the estimator's and the gradient that of another.
#[derive(Debug)]
pub struct Kl<
    Coef,
    Ref = Init,
    Estimator = estimator::K3,
    Gradient = gradient::Same,
    Reduce = Each<Token>,
    Empty = empty::Skip,
>(PhantomData<(Coef, Ref, Estimator, Gradient, Reduce, Empty)>);

impl<Coef, Ref, X, G, Red, Y> Term for Kl<Coef, Ref, X, G, Red, Y>
where
    Coef: Scalar,
    Ref: Frozen,
    X: Choice<graph::Estimator>,
    G: Choice<Option<graph::Estimator>>,
    Red: Reduce,
    Y: Choice<bool>,
{
    type Needs = Or<Ref::Needs, only::TrainsPolicy>;
    type Prepared = Vec<f64>;
    fn prepare(cx: &Credit<'_>, phase: Phase) -> Vec<f64> {
        if phase == Phase::Policy { Ref::column(cx).into_owned() } else { Vec::new() }
    }
    fn loss<E: Dtype, D: Device<E>>(
        reference: &Vec<f64>,
        pass: &mut Pass<'_, E, D>,
    ) -> Option<Rank0Loss<E, D>> {
        if pass.phase != Phase::Policy {
            return None;
        }
        let estimator = X::id(&pass.at);
        let form = Divergence {
            coef: Coef::value(&pass.at),
            estimator,
            gradient: G::id(&pass.at).unwrap_or(estimator),
            reduce: Reduction { over: Red::value(&pass.at), empty: Y::id(&pass.at) },
        };
        divergence(pass, &form, reference)
    }
    fn plan(at: &Scope<'_>, plan: &mut Plan) {
        Ref::plan(at, plan);
    }
    fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
        Range::NonNegative.check::<Coef>("coef", at, problems);
        Ref::check(at, problems);
        Red::check(at, problems);
    }
    fn show(at: &Scope<'_>, lines: &mut Vec<String>) {
        let lead = [Coef::show(at), format!("ref = {}", Ref::show(at))];
        let options = [
            ("estimator", X::name(at).into(), "k3"),
            ("gradient", G::name(at).into(), "same"),
            ("reduce", Red::show(at), "token"),
            ("empty", Y::name(at).into(), "skip"),
        ];
        lines.push(line("kl", &lead, &options));
    }
}
