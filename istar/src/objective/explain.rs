//! What an objective is and what it costs, in words.

use super::{Demand, Numbers, Objective, Param, Plan, Term, demand_of};
use crate::batch::Scope;
use istar_lang::remarks;
use std::fmt::Write;

/// The line as written, its numbers, its terms with sugar expanded, what it needs, the order of an iteration, and what is
/// to be remarked of it, if anything is.
///
/// ```text
/// IStar = dpo_prm(beta) + rl(adv = traj + lambda * step)
///
/// numbers
///   beta    0.05
///   lambda  1
/// terms
///   dpo_prm(beta)
///   rl(adv = norm(outcome) + lambda * norm(sum(beta * log_ratio(prm, init), per = step)))
/// needs
///   trains_prm     phase A: updates of the PRM
///   ..
/// iteration
///   rollout, train PRM (phase A), read PRM, train policy (phase B)
/// ```
pub fn explain<O: Objective>() -> String {
    Declared::of::<O>().describe(None)
}

/// As [`explain`], with the numbers of this objective instead of the defaults.
pub fn explain_with<O: Objective>(objective: &O) -> String {
    Declared::of::<O>().describe(Some(objective.values()))
}

/// What a type says of itself: the compiler makes no more than this for each objective.
struct Declared {
    name: &'static str,
    source: &'static str,
    params: &'static [Param],
    demand: Demand,
    show: fn(&Scope<'_>, &mut Vec<String>),
    plan: fn(&Scope<'_>, &mut Plan),
}

impl Declared {
    fn of<O: Objective>() -> Declared {
        Declared {
            name: O::NAME,
            source: O::SOURCE,
            params: O::PARAMS,
            demand: demand_of::<O>(),
            show: O::Graph::show,
            plan: O::Graph::plan,
        }
    }

    /// With these values, or the defaults.
    fn describe(self, values: Option<Vec<f64>>) -> String {
        let value =
            |index: usize, param: &Param| values.as_ref().map_or(param.default, |values| Some(values[index]));
        let numbers = self.params.iter().enumerate();
        let parts = Parts {
            name: self.name,
            source: self.source,
            numbers: numbers.map(|(index, param)| (param.name, value(index, param))).collect(),
            demand: self.demand,
            show: &self.show,
            plan: &|at| Plan::asked(self.plan, at),
        };
        parts.describe()
    }
}

/// What is said of an objective.
pub(super) struct Parts<'a> {
    pub name: &'a str,
    pub source: &'a str,
    /// Each number by its name; `None` where it has yet to be given.
    pub numbers: Vec<(&'a str, Option<f64>)>,
    pub demand: Demand,
    /// The line of each term.
    pub show: &'a dyn Fn(&Scope<'_>, &mut Vec<String>),
    pub plan: &'a dyn Fn(&Scope<'_>) -> Plan,
}

impl Parts<'_> {
    pub fn describe(&self) -> String {
        let values = self.numbers.iter().map(|(name, value)| (*name, value.unwrap_or(f64::NAN)));
        let values = Numbers::new(values);
        let plan = (self.plan)(&values.scope(0));
        let numbers = self.numbers.iter().map(|(name, value)| {
            (*name, value.map_or_else(|| "must be given".into(), |value| value.to_string()))
        });
        let mut terms = Vec::new();
        (self.show)(&values.scope(0), &mut terms);
        // With weight 0 a PRM is read alone, which the type does not tell.
        let idle = |name: &str| plan.idle_prm && ["trains_prm", "pairs"].contains(&name);
        let needs = self.demand.list().into_iter().filter(|(name, _)| !idle(name));
        let needs = needs.map(|(name, what)| (name, what.into()));

        let mut text = format!("{} = {}\n\n", self.name, self.source);
        table(&mut text, "numbers", numbers.collect());
        table(&mut text, "terms", terms.into_iter().map(|term| ("", term)).collect());
        table(&mut text, "needs", needs.collect());
        table(&mut text, "iteration", vec![("", order(self.demand, plan).join(", "))]);
        table(&mut text, "remarks", remarks(self.source).into_iter().map(|remark| ("", remark)).collect());
        text
    }
}

/// What an iteration does, in order.
fn order(demand: Demand, plan: Plan) -> Vec<&'static str> {
    let read = |when| (demand.reads_prm || demand.explicit_prm) && plan.read_before == when;
    let stages = [
        (true, "rollout"),
        (demand.continuations, "continuations"),
        (demand.critic, "read critic"),
        (plan.after, "read critic where a trajectory was cut off"),
        (read(true), "read PRM"),
        ((demand.trains_prm || demand.explicit_prm) && !plan.idle_prm, "train PRM (phase A)"),
        (read(false), "read PRM"),
        (demand.trains_policy, "train policy (phase B)"),
        (demand.critic, "train critic (after each mini-batch of phase B)"),
    ];
    stages.into_iter().filter_map(|(there, stage)| there.then_some(stage)).collect()
}

/// A title and its rows, the first column padded; nothing if there is no row.
fn table(text: &mut String, title: &str, rows: Vec<(&str, String)>) {
    if rows.is_empty() {
        return;
    }
    let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let gap = if width == 0 { "" } else { "  " };
    writeln!(text, "{title}").expect("a String takes all text");
    for (name, what) in rows {
        writeln!(text, "  {name:width$}{gap}{what}").expect("a String takes all text");
    }
}
