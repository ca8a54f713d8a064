//! `bc(coef)`: imitation of demonstrations.

use super::line;
use crate::batch::Scope;
use crate::credit::Credit;
use crate::graph::{Pass, Phase, Rank0Loss, imitation};
use crate::need::demand::{Or, only};
use crate::objective::Term;
use crate::objective::range::{InRange, Range};
use crate::objective::scalar::Scalar;
use dfdx::prelude::{Device, Dtype};
use std::marker::PhantomData;

/// Minus `Coef` times the mean log-probability of the demonstrated tokens; trains the policy.
#[derive(Debug)]
pub struct Bc<Coef>(PhantomData<Coef>);

impl<Coef: Scalar> Term for Bc<Coef> {
    type Needs = Or<only::Demonstrations, only::TrainsPolicy>;
    type Prepared = ();
    fn prepare(_: &Credit<'_>, _: Phase) {}
    fn loss<E: Dtype, D: Device<E>>((): &(), pass: &mut Pass<'_, E, D>) -> Option<Rank0Loss<E, D>> {
        if pass.phase != Phase::Policy {
            return None;
        }
        imitation(pass, Coef::value(&pass.at))
    }
    fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
        Range::NonNegative.check::<Coef>("coef", at, problems);
    }
    fn show(at: &Scope<'_>, lines: &mut Vec<String>) {
        lines.push(line("bc", &[Coef::show(at)], &[]));
    }
}
