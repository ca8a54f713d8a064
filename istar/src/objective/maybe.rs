//! Numbers that may be left out: `clip = none`, `dual = none`, `weight = flat`, `top_bottom` for half of the group.

use super::range::{InRange, Range};
use super::scalar::Scalar;
use crate::batch::Scope;

/// A number, or [`Without`] one. Every [`Scalar`] is one that is there.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a number",
    note = "write a Scalar, or leave the option out"
)]
pub trait Maybe: Send + Sync + 'static {
    /// The number at this place of the training run.
    fn value(at: &Scope<'_>) -> Option<f64>;
    /// Reports the option `name` if it has a number out of range.
    fn check(range: Range, name: &str, at: &Scope<'_>, problems: &mut Vec<String>);
    /// As it is written.
    fn show(at: &Scope<'_>) -> Option<String>;
}

/// No number.
#[derive(Clone, Copy, Debug, Default)]
pub struct Without;

impl Maybe for Without {
    fn value(_: &Scope<'_>) -> Option<f64> {
        None
    }
    fn check(_: Range, _: &str, _: &Scope<'_>, _: &mut Vec<String>) {}
    fn show(_: &Scope<'_>) -> Option<String> {
        None
    }
}

impl<S: Scalar> Maybe for S {
    fn value(at: &Scope<'_>) -> Option<f64> {
        Some(S::value(at))
    }
    fn check(range: Range, name: &str, at: &Scope<'_>, problems: &mut Vec<String>) {
        range.check::<S>(name, at, problems);
    }
    fn show(at: &Scope<'_>) -> Option<String> {
        Some(S::show(at))
    }
}
