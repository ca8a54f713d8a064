//! The numbers of an objective with their names: what every [`Scope`] and [`Plan`] is made from.

use super::{Objective, Param, Plan, Term};
use crate::batch::Scope;

/// Names and values of hyper-parameters, in order of declaration, and the seed that signals draw from.
///
/// ```
/// use istar::objective::Numbers;
/// use istar::recipes::IStar;
///
/// let numbers = Numbers::of(&IStar { lambda: 0.5, ..IStar::default() }).seeded(7);
/// let at = numbers.scope(3);
/// assert_eq!((at.names, at.params), (&["beta", "lambda"][..], &[0.05, 0.5][..]));
/// assert_eq!((at.iteration, at.seed), (3, 7));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Numbers<'a> {
    names: Vec<&'a str>,
    values: Vec<f64>,
    seed: u64,
}

impl<'a> Numbers<'a> {
    /// These, in order of declaration, with seed 0.
    pub fn new(numbers: impl IntoIterator<Item = (&'a str, f64)>) -> Self {
        let (names, values) = numbers.into_iter().unzip();
        Numbers { names, values, seed: 0 }
    }

    /// The same with another seed.
    #[must_use]
    pub fn seeded(self, seed: u64) -> Self {
        Numbers { seed, ..self }
    }

    /// Each name with its value.
    pub fn iter(&self) -> impl Iterator<Item = (&'a str, f64)> + '_ {
        self.names.iter().copied().zip(self.values.iter().copied())
    }

    /// Where the objective is evaluated in a training iteration.
    pub fn scope(&self, iteration: u64) -> Scope<'_> {
        Scope { iteration, seed: self.seed, ..Scope::new(&self.values, &self.names) }
    }

    /// What a term asks the trainer to set up in an iteration.
    pub fn plan<T: Term>(&self, iteration: u64) -> Plan {
        Plan::of::<T>(&self.scope(iteration))
    }
}

impl Numbers<'static> {
    /// Those of an objective.
    pub fn of<O: Objective>(objective: &O) -> Self {
        Numbers::declared(O::PARAMS, objective.values())
    }

    /// Those that were declared, with these values.
    fn declared(params: &'static [Param], values: Vec<f64>) -> Self {
        Numbers::new(params.iter().map(|param| param.name).zip(values))
    }
}
