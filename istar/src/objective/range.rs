//! Checks of numbers against ranges, in the words of the language.

use super::scalar::Scalar;
use crate::batch::Scope;
pub use istar_lang::Range;

/// What a range has to say of a number of an objective.
pub trait InRange {
    /// Reports the option `name` if its value is out of range, with the field or the schedule that it comes from.
    fn check<S: Scalar>(self, name: &str, at: &Scope<'_>, problems: &mut Vec<String>);
}

impl InRange for Range {
    fn check<S: Scalar>(self, name: &str, at: &Scope<'_>, problems: &mut Vec<String>) {
        S::check(at, problems);
        let value = S::value(at);
        if !self.holds(value) {
            let written = S::show(at);
            let field = match written == name || written == value.to_string() {
                true => String::new(),
                false => format!(" for `{written}`"),
            };
            problems.push(format!("`{name}` must be {}, found {value}{field}", self.words()));
        }
    }
}
