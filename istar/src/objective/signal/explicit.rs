//! Signals of the state: what fresh continuations and an explicit process-reward model say it is worth.

use crate::batch::Scope;
use crate::credit::{self, Credit, demanded};
use crate::need::demand::only;
use crate::objective::kind;
use crate::objective::range::{InRange, Range};
use crate::objective::scalar::{Dec, Scalar};
use crate::objective::{Plan, Signal, level};
use std::marker::PhantomData;

/// `mc(rollouts, gamma = 1)`: the mean discounted return of fresh continuations from the state in which the step acts, in
/// the environment's rewards (VinePPO, arXiv 2410.01679).
#[derive(Debug)]
pub struct Mc<Rollouts, Gamma = Dec<1, 0>>(PhantomData<(Rollouts, Gamma)>);
/// `q`: the explicit PRM's reading of the action of each step, 0 to 1.
#[derive(Clone, Copy, Debug, Default)]
pub struct Q;

impl<Rollouts: Scalar, Gamma: Scalar> Signal for Mc<Rollouts, Gamma> {
    type Level = level::Step;
    type Kind = kind::Return;
    type Needs = only::Continuations;
    fn eval(cx: &Credit<'_>) -> Vec<f64> {
        let continued = cx.batch.continued.expect("the demand puts the column `continued` into the batch");
        credit::continued(continued, cx.batch.layout.steps(), Gamma::value(&cx.at))
    }
    fn plan(at: &Scope<'_>, plan: &mut Plan) {
        plan.go_on(Rollouts::value(at));
    }
    fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
        Range::Count.check::<Rollouts>("rollouts", at, problems);
        Range::Unit.check::<Gamma>("gamma", at, problems);
    }
    fn show(at: &Scope<'_>) -> String {
        let (rollouts, gamma) = (Rollouts::show(at), Gamma::show(at));
        if gamma == "1" { format!("mc({rollouts})") } else { format!("mc({rollouts}, {gamma})") }
    }
}

impl Signal for Q {
    type Level = level::Step;
    type Kind = kind::Value;
    type Needs = only::ExplicitPrm;
    fn eval(cx: &Credit<'_>) -> Vec<f64> {
        demanded(cx.batch.q, "q").to_vec()
    }
    fn show(_: &Scope<'_>) -> String {
        "q".into()
    }
}
