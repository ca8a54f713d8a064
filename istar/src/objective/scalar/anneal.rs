//! A schedule.

use super::Scalar;
use crate::batch::Scope;
use crate::objective::range::{InRange, Range};
use std::marker::PhantomData;

/// `anneal(x, over = n)`: from `x` at iteration 0 in a straight line to 0 at iteration `n`, then 0.
#[derive(Debug)]
pub struct Anneal<X, Over>(PhantomData<(X, Over)>);

impl<X: Scalar, Over: Scalar> Scalar for Anneal<X, Over> {
    fn value(at: &Scope<'_>) -> f64 {
        X::value(at) * (1.0 - at.iteration as f64 / Over::value(at)).clamp(0.0, 1.0)
    }
    fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
        X::check(at, problems);
        Range::Positive.check::<Over>("over", at, problems);
    }
    fn show(at: &Scope<'_>) -> String {
        format!("anneal({}, over = {})", X::show(at), Over::show(at))
    }
}
