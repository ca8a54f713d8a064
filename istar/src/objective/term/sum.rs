//! `a + b`: terms of one phase are one backward pass.

use crate::batch::{LevelId, Scope};
use crate::credit::Credit;
use crate::graph::{Pass, Phase, Rank0Loss};
use crate::need::demand::Or;
use crate::objective::validate::check_term;
use crate::objective::{Plan, Term};
use dfdx::prelude::{Device, Dtype};
use std::marker::PhantomData;

/// The sum of two loss terms.
#[derive(Debug)]
pub struct Sum<A, B>(PhantomData<(A, B)>);

impl<A: Term, B: Term> Term for Sum<A, B> {
    type Needs = Or<A::Needs, B::Needs>;
    fn credit(at: &Scope<'_>) -> Option<LevelId> {
        LevelId::finer(A::credit(at), B::credit(at))
    }
    type Prepared = (A::Prepared, B::Prepared);
    fn prepare(cx: &Credit<'_>, phase: Phase) -> Self::Prepared {
        (A::prepare(cx, phase), B::prepare(cx, phase))
    }
    fn loss<E: Dtype, D: Device<E>>(
        prepared: &Self::Prepared,
        pass: &mut Pass<'_, E, D>,
    ) -> Option<Rank0Loss<E, D>> {
        match (A::loss(&prepared.0, pass), B::loss(&prepared.1, pass)) {
            (Some(a), Some(b)) => Some(a + b),
            (a, b) => a.or(b),
        }
    }
    fn shares<E: Dtype, D: Device<E>>(
        prepared: &Self::Prepared,
        pass: &mut Pass<'_, E, D>,
        shares: &mut Vec<f64>,
    ) -> Option<Rank0Loss<E, D>> {
        match (A::shares(&prepared.0, pass, shares), B::shares(&prepared.1, pass, shares)) {
            (Some(a), Some(b)) => Some(a + b),
            (a, b) => a.or(b),
        }
    }
    fn terms(at: &Scope<'_>, names: &mut Vec<String>) {
        A::terms(at, names);
        B::terms(at, names);
    }
    fn advantage(prepared: &Self::Prepared) -> Option<&[f64]> {
        A::advantage(&prepared.0).or_else(|| B::advantage(&prepared.1))
    }
    fn plan(at: &Scope<'_>, plan: &mut Plan) {
        A::plan(at, plan);
        B::plan(at, plan);
    }
    fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
        check_term::<A>(at, problems);
        check_term::<B>(at, problems);
    }
    fn show(at: &Scope<'_>, lines: &mut Vec<String>) {
        A::show(at, lines);
        B::show(at, lines);
    }
}
