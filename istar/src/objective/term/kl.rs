//! `kl(coef, ref)`: a penalty for leaving a reference.

use super::line;
use super::option::estimator;
use crate::batch::Scope;
use crate::credit::Credit;
use crate::graph::{self, Pass, Phase, Rank0Loss, divergence};
use crate::need::demand::{Or, only};
use crate::objective::choice::Choice;
use crate::objective::range::{InRange, Range};
use crate::objective::reference::{Frozen, Init};
use crate::objective::scalar::Scalar;
use crate::objective::{Plan, Term};
use dfdx::prelude::{Device, Dtype};
use std::marker::PhantomData;

/// `Coef` times the token mean of an estimator of `KL(policy, reference)`; trains the policy.
#[derive(Debug)]
pub struct Kl<Coef, Ref = Init, Estimator = estimator::K3>(PhantomData<(Coef, Ref, Estimator)>);

impl<Coef: Scalar, Ref: Frozen, X: Choice<graph::Estimator>> Term for Kl<Coef, Ref, X> {
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
        divergence(pass, Coef::value(&pass.at), X::id(&pass.at), reference)
    }
    fn plan(at: &Scope<'_>, plan: &mut Plan) {
        Ref::plan(at, plan);
    }
    fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
        Range::NonNegative.check::<Coef>("coef", at, problems);
        Ref::check(at, problems);
    }
    fn show(at: &Scope<'_>, lines: &mut Vec<String>) {
        let lead = [Coef::show(at), format!("ref = {}", Ref::show(at))];
        lines.push(line("kl", &lead, &[("estimator", X::name(at).into(), "k3")]));
    }
}
