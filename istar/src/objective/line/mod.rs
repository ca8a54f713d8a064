//! Objectives that are read at run time.

mod build;
mod hole;
mod node;
mod prm;
mod role;
mod split;
mod term;
#[cfg(test)]
mod tests;
mod types;

use super::evaluate::finish;
use super::explain::Parts;
use super::validate::refuse;
use super::{AnyObjective, Demand, Evaluated, Leaf, Numbers, OutOfRange, Plan, Signal, UnknownNumber};
use crate::batch::{LevelId, Scope};
use crate::credit::Credit;
use crate::graph::{Pass, Phase};
use build::{build, policy};
use istar_lang::ir;
pub use istar_lang::{Mistake, Report};
use node::{Node, Part};
pub(crate) use prm::{Prm, Taught};
use role::Of;
pub use split::Summand;
use std::sync::Arc;

/// An objective that was read from a text: all that [`objective!`](crate::objective!) takes but types of your own.
///
/// It is evaluated by the very code that the compiled objective would run, with the same bits as result; only a trainer,
/// whose networks and columns follow from a type, takes none.
///
/// ```
/// use istar::Line;
/// use istar::logged::{Logged, assign};
/// use istar::objective::AnyObjective;
///
/// let mut line = Line::parse("Mine<lambda = 1.0> = rl(adv = traj + lambda * norm(reward))")?;
/// line.set("lambda", 0.5)?;
/// assert_eq!((line.name(), line.demand().step_rewards), ("Mine", true));
///
/// let batch = Logged::read(br#"{"groups": [{"trajectories": [
///     {"outcome": 1, "success": true, "steps": [{"reward": 1, "tokens": [{"old": -0.5, "logp": -0.5}]}]},
///     {"outcome": 0, "success": false, "steps": [{"reward": 0, "tokens": [{"old": -0.7, "logp": -0.7}]}]}]}]}"#)?;
/// assert_eq!(assign(&line, &batch)?.terms.len(), 1);
///
/// let report = Line::parse("rl(adv = traj + setp)").unwrap_err();
/// assert!(report.to_string().contains("did you mean `step`?"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Line {
    name: String,
    source: String,
    names: Vec<String>,
    defaults: Vec<Option<f64>>,
    values: Vec<Option<f64>>,
    literals: Vec<(String, f64)>,
    warnings: Report,
    /// What the language made of the text, to be taken apart.
    graph: Arc<ir::Node>,
    root: Arc<Node>,
}

impl Line {
    /// Reads `Name<beta = 0.05> = body`, `<beta = 0.05> body`, or `body`, in which free names are hyper-parameters that
    /// are to be [set](AnyObjective::set); each with `where` if it has named parts. A name in quotes may be any text. Without one
    /// it is called `line`.
    ///
    /// # Errors
    /// Every mistake, in the compiler's words, with line, column and a mark under it. A type of your own is one: it would
    /// have to be compiled.
    pub fn parse(text: &str) -> Result<Line, Report> {
        let line = istar_lang::Line::read(text)?;
        if !line.types.mistakes.is_empty() {
            return Err(line.types);
        }
        let (names, defaults): (Vec<String>, Vec<Option<f64>>) = line.params.into_iter().unzip();
        Ok(Line {
            name: line.name.unwrap_or_else(|| "line".to_owned()),
            source: line.source,
            names,
            values: defaults.clone(),
            defaults,
            literals: line.literals,
            warnings: line.warnings,
            root: Arc::new(build(&line.graph)),
            graph: Arc::new(line.graph),
        })
    }

    /// What is legal in it and probably not meant.
    pub fn warnings(&self) -> &Report {
        &self.warnings
    }

    /// The arguments whose value is written by name as a number, in the order of the text: `beta = 0.05`. They are no numbers that can
    /// be [set](AnyObjective::set).
    pub fn literals(&self) -> &[(String, f64)] {
        &self.literals
    }

    /// What of it trains the policy, with the signal `S` as the advantage of each `rl`: the loss of mini-batches whose credit is
    /// known from the whole batch. The source stays as it was; a line without such a term stays itself.
    #[must_use]
    pub fn with_advantage<S: Signal>(&self) -> Line {
        match policy(&self.graph, || Part::Signal(Box::new(Of::<S>::new()))) {
            Some(root) => Line { root: Arc::new(root), ..self.clone() },
            None => self.clone(),
        }
    }

    /// Where its root is evaluated.
    fn at<'a>(&'a self, at: &Scope<'a>) -> Scope<'a> {
        self.root.scope(at)
    }
}

impl std::fmt::Debug for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Debug::fmt(self as &dyn AnyObjective, f)
    }
}

impl AnyObjective for Line {
    fn name(&self) -> &str {
        &self.name
    }
    fn source(&self) -> &str {
        &self.source
    }
    fn numbers(&self) -> Numbers<'_> {
        let values = self.values.iter().map(|value| value.unwrap_or(f64::NAN));
        Numbers::new(self.names.iter().map(String::as_str).zip(values))
    }
    fn defaults(&self) -> Vec<Option<f64>> {
        self.defaults.clone()
    }
    fn set(&mut self, name: &str, value: f64) -> Result<(), UnknownNumber> {
        let Some(place) = self.names.iter().position(|known| known == name) else {
            return Err(UnknownNumber {
                objective: self.name.clone(),
                name: name.to_owned(),
                known: self.names.clone(),
            });
        };
        self.values[place] = Some(value);
        Ok(())
    }
    fn demand(&self) -> Demand {
        self.root.demand()
    }
    fn credit_level(&self) -> Option<LevelId> {
        self.root.term().credit(&self.at(&self.numbers().scope(0)))
    }
    fn plan(&self, iteration: u64) -> Plan {
        let mut plan = Plan::default();
        self.root.term().plan(&self.at(&self.numbers().scope(iteration)), &mut plan);
        plan
    }
    fn terms(&self) -> Vec<String> {
        let mut names = Vec::new();
        self.root.term().terms(&self.at(&self.numbers().scope(0)), &mut names);
        names
    }
    fn explain(&self) -> String {
        let parts = Parts {
            name: &self.name,
            source: &self.source,
            numbers: self.names.iter().map(String::as_str).zip(self.values.iter().copied()).collect(),
            demand: self.demand(),
            show: &|at, lines| self.root.term().show(&self.root.scope(at), lines),
            plan: &|_| self.plan(0),
        };
        parts.describe()
    }
    fn validate(&self) -> Result<(), OutOfRange> {
        let missing = self.names.iter().zip(&self.values).filter(|(_, value)| value.is_none());
        let problems: Vec<String> = missing
            .map(|(name, _)| {
                format!(
                    "`{name}` has no value: set it, or declare it with one, `<{name} = 1>` before the line"
                )
            })
            .collect();
        if !problems.is_empty() {
            return Err(OutOfRange { objective: self.name.clone(), problems });
        }
        let check = |at: &Scope<'_>, problems: &mut Vec<String>| {
            term::check(&self.root, &self.root.scope(at), problems)
        };
        let plan = |at: &Scope<'_>| self.plan(at.iteration);
        refuse(&self.name, &self.numbers(), self.demand(), &check, &plan)
    }
    fn evaluate(&self, cx: &Credit<'_>, leaf: &Leaf<'_>) -> Evaluated {
        let cx = Credit { batch: cx.batch, at: self.at(&cx.at) };
        let prepared = self.root.term().prepare(&cx, leaf.phase);
        let (values, beside) = leaf.tensors();
        let terms = |pass: &mut Pass<'_, _, _>, shares: &mut Vec<f64>| prepared.shares(pass, shares);
        finish(&cx, leaf.phase, &values, beside, terms, prepared.advantage())
    }
    fn advantage(&self, cx: &Credit<'_>) -> Option<Vec<f64>> {
        let cx = Credit { batch: cx.batch, at: self.at(&cx.at) };
        self.root.term().prepare(&cx, Phase::Policy).advantage().map(<[f64]>::to_vec)
    }
    fn may_read_old(&self) -> bool {
        // These terms read `old` in no advantage, and nothing that is prepared beside one fails without it.
        let known = ["rl", "kl", "entropy", "critic", "dpo_prm", "ce_prm"];
        self.root.reads_old(&self.numbers().scope(0))
            || !self.terms().iter().all(|term| known.contains(&term.as_str()))
    }
    fn boxed(&self) -> Box<dyn AnyObjective> {
        Box::new(self.clone())
    }
}
