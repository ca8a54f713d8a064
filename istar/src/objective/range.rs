//! Checks of numbers against ranges, in the words of the language.

use super::scalar::Scalar;
use crate::batch::Scope;
pub use istar_lang::Range;

/// What a range has to say of a number of an objective.
pub trait InRange {
    /// Reports the option `name` if its value is out of range.
    fn check<S: Scalar>(self, name: &str, at: &Scope<'_>, problems: &mut Vec<String>);
}

impl InRange for Range {
    fn check<S: Scalar>(self, name: &str, at: &Scope<'_>, problems: &mut Vec<String>) {
        S::check(at, problems);
        let value = S::value(at);
        if !self.holds(value) {
            problems.push(format!("`{name}` must be {}, found {value}", self.words()));
        }
    }
}
