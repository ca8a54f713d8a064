//! How many fresh continuations label a step.

use crate::batch::Scope;
use crate::need::demand::{Needs, Nothing, only};
use crate::objective::range::{InRange, Range};
use crate::objective::scalar::Scalar;
use std::marker::PhantomData;

/// A number of continuations as a type.
pub trait Rollouts: Send + Sync + 'static {
    /// What must be there for them.
    type Needs: Needs;
    /// The number.
    fn value(at: &Scope<'_>) -> f64;
    /// Reports numbers out of range.
    fn check(_at: &Scope<'_>, _problems: &mut Vec<String>) {}
    /// As it is written.
    fn show(at: &Scope<'_>) -> String;
}

/// None: the trajectories of the batch alone, which asks nothing of the environment.
#[derive(Clone, Copy, Debug, Default)]
pub struct Own;
/// This many from each state, 0 included: the type cannot see a number.
#[derive(Debug)]
pub struct Fresh<N>(PhantomData<N>);

impl Rollouts for Own {
    type Needs = Nothing;
    fn value(_: &Scope<'_>) -> f64 {
        0.0
    }
    fn show(_: &Scope<'_>) -> String {
        "0".into()
    }
}

impl<N: Scalar> Rollouts for Fresh<N> {
    type Needs = only::Continuations;
    fn value(at: &Scope<'_>) -> f64 {
        N::value(at)
    }
    fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
        Range::Whole.check::<N>("rollouts", at, problems);
    }
    fn show(at: &Scope<'_>) -> String {
        N::show(at)
    }
}
