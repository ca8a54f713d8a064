//! `entropy(coef)`: a bonus for staying undecided.

use super::line;
use crate::batch::Scope;
use crate::credit::Credit;
use crate::graph::{Pass, Phase, Rank0Loss, entropy};
use crate::need::demand::{Or, only};
use crate::objective::Term;
use crate::objective::range::{InRange, Range};
use crate::objective::scalar::Scalar;
use dfdx::prelude::{Device, Dtype};
use std::marker::PhantomData;

/// Minus `Coef` times the token mean of the policy's entropy; trains the policy.
#[derive(Debug)]
pub struct Entropy<Coef>(PhantomData<Coef>);

impl<Coef: Scalar> Term for Entropy<Coef> {
    type Needs = Or<only::PolicyEntropy, only::TrainsPolicy>;
    type Prepared = ();
    fn prepare(_: &Credit<'_>, _: Phase) {}
    fn loss<E: Dtype, D: Device<E>>((): &(), pass: &mut Pass<'_, E, D>) -> Option<Rank0Loss<E, D>> {
        if pass.phase != Phase::Policy {
            return None;
        }
        entropy(pass, Coef::value(&pass.at))
    }
    fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
        Range::Finite.check::<Coef>("coef", at, problems);
    }
    fn show(at: &Scope<'_>, lines: &mut Vec<String>) {
        lines.push(line("entropy", &[Coef::show(at)], &[]));
    }
}
