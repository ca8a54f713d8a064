//! Numbers that arrive at run time, checked with the words of the compile-time messages; where those point to a token,
//! these name the field and the term.

use super::{Demand, Numbers, Objective, Plan, Term, demand_of};
use crate::batch::Scope;

/// An objective whose numbers do not fit it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("objective `{objective}`: {}", problems.join("; "))]
pub struct OutOfRange {
    /// The name of the objective.
    pub objective: String,
    /// Every problem, in the order of the terms.
    pub problems: Vec<String>,
}

/// Checks the numbers of an objective at both ends of its schedules: between them a schedule is a straight line.
///
/// # Errors
/// If a number is out of range, or two rules renew the same copy of the policy; all problems are reported together.
pub fn validate<O: Objective>(objective: &O) -> Result<(), OutOfRange> {
    let numbers = Numbers::of(objective);
    declared(O::NAME, &numbers, demand_of::<O>(), O::Graph::check, O::Graph::terms, O::Graph::plan)
}

/// What a term does with what it is told of the scope.
type Says<T> = fn(&Scope<'_>, &mut T);

/// [`refuse`] for a type, of which the compiler makes no more than these functions.
fn declared(
    name: &str,
    numbers: &Numbers<'_>,
    demand: Demand,
    check: Says<Vec<String>>,
    terms: Says<Vec<String>>,
    plan: Says<Plan>,
) -> Result<(), OutOfRange> {
    let check = |at: &Scope<'_>, problems: &mut Vec<String>| problems_of(check, terms, at, problems);
    refuse(name, numbers, demand, &check, &|at| Plan::asked(plan, at))
}

/// The problems of a term with its name; those of a sum bear the names of its terms already.
pub(super) fn check_term<T: Term>(at: &Scope<'_>, problems: &mut Vec<String>) {
    problems_of(T::check, T::terms, at, problems);
}

fn problems_of(
    check: Says<Vec<String>>,
    terms: Says<Vec<String>>,
    at: &Scope<'_>,
    problems: &mut Vec<String>,
) {
    let (before, mut names) = (problems.len(), Vec::new());
    check(at, problems);
    terms(at, &mut names);
    name_them(&names, &mut problems[before..]);
}

/// Puts the name of the one term behind each problem.
pub(super) fn name_them(names: &[String], problems: &mut [String]) {
    if let [name] = names {
        problems.iter_mut().for_each(|problem| *problem += &format!(" in `{name}`"));
    }
}

/// Refuses an objective with every problem that it has; the type erased, so that the compiler makes no more than this for
/// each.
pub(super) fn refuse(
    objective: &str,
    numbers: &Numbers<'_>,
    demand: Demand,
    check: &dyn Fn(&Scope<'_>, &mut Vec<String>),
    plan: &dyn Fn(&Scope<'_>) -> Plan,
) -> Result<(), OutOfRange> {
    let mut problems = Vec::new();
    for iteration in [0, u64::MAX] {
        let at = numbers.scope(iteration);
        let (mut found, plan) = (Vec::new(), plan(&at));
        check(&at, &mut found);
        if let Some(copy) = plan.clash {
            found.push(format!(
                "two rules for `{copy}`: an objective keeps one, give all its uses the same rule"
            ));
        }
        if demand.critic && plan.critic.is_none() {
            found.push("a signal reads a critic that no term trains: add `critic(0.5)`".into());
        }
        for problem in found {
            if !problems.contains(&problem) {
                problems.push(problem);
            }
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(OutOfRange { objective: objective.to_owned(), problems }) }
}
