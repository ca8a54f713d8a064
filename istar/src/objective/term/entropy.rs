//! `entropy(coef)`: a bonus for staying undecided.

use super::line;
use crate::batch::Scope;
use crate::credit::Credit;
use crate::graph::{Pass, Phase, Rank0Loss, Reduction, entropy};
use crate::need::demand::{Or, only};
use crate::objective::Term;
use crate::objective::count::{Each, Reduce};
use crate::objective::level::Token;
use crate::objective::range::{InRange, Range};
use crate::objective::scalar::Scalar;
use dfdx::prelude::{Device, Dtype};
use std::marker::PhantomData;

/// Minus `Coef` times the mean of the policy's entropy, over what `Reduce` says; trains the policy.
#[derive(Debug)]
pub struct Entropy<Coef, Reduce = Each<Token>>(PhantomData<(Coef, Reduce)>);

impl<Coef: Scalar, Red: Reduce> Term for Entropy<Coef, Red> {
    type Needs = Or<only::PolicyEntropy, only::TrainsPolicy>;
    type Prepared = ();
    fn prepare(_: &Credit<'_>, _: Phase) {}
    fn loss<E: Dtype, D: Device<E>>((): &(), pass: &mut Pass<'_, E, D>) -> Option<Rank0Loss<E, D>> {
        if pass.phase != Phase::Policy {
            return None;
        }
        let reduce = Reduction { over: Red::value(&pass.at), empty: false };
        entropy(pass, Coef::value(&pass.at), reduce)
    }
    fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
        Range::Finite.check::<Coef>("coef", at, problems);
        Red::check(at, problems);
    }
    fn show(at: &Scope<'_>, lines: &mut Vec<String>) {
        lines.push(line("entropy", &[Coef::show(at)], &[("reduce", Red::show(at), "token")]));
    }
}
