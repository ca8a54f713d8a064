//! Objectives whose type is not known: what a program chooses by name, or reads, at run time.

use super::{
    Demand, Evaluated, Leaf, Numbers, Objective, OutOfRange, Param, Plan, Term, credit_of, demand_of,
    evaluate, explain_with, validate,
};
use crate::batch::{LevelId, Scope};
use crate::credit::Credit;
use crate::graph::Phase;
use std::fmt::{Debug, Formatter};

/// An objective as an object: its numbers by name, what it demands, and what it makes of a batch.
///
/// Every [`Objective`] is one. A trainer takes the type, for its networks and columns follow from it; whatever only
/// evaluates takes `&dyn AnyObjective`, as [`logged::assign`](crate::logged::assign) does.
///
/// ```
/// use istar::logged::{Logged, assign};
/// use istar::objective;
/// use istar::objective::AnyObjective;
///
/// objective! { Mine<lambda = 1.0> = rl(adv = traj + lambda * norm(reward)) }
///
/// let mut any: Box<dyn AnyObjective> = Box::new(Mine::default());
/// any.set("lambda", 0.5)?;
/// assert_eq!(format!("{any:?}"), "Mine { lambda: 0.5 }");
/// assert!(any.demand().step_rewards);
/// let error = any.set("lamda", 0.5).unwrap_err();
/// assert_eq!(error.to_string(), "Mine has no hyper-parameter `lamda`; it has `lambda`");
///
/// let batch = Logged::read(br#"{"groups": [{"trajectories": [
///     {"outcome": 1, "success": true, "steps": [{"reward": 1, "tokens": [{"old": -0.5, "logp": -0.5}]}]},
///     {"outcome": 0, "success": false, "steps": [{"reward": 0, "tokens": [{"old": -0.7, "logp": -0.7}]}]}]}]}"#)?;
/// let credit = assign(&*any, &batch)?;
/// assert_eq!(credit.terms.len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait AnyObjective: Send + Sync {
    /// The name it was declared with.
    fn name(&self) -> &str;
    /// The line as it was written.
    fn source(&self) -> &str;
    /// Its hyper-parameters with their present values, in order of declaration.
    fn numbers(&self) -> Numbers<'_>;
    /// The default of each of them, where it has one.
    fn defaults(&self) -> Vec<Option<f64>>;
    /// Sets a hyper-parameter. Whether it is in range is for [`validate`](Self::validate) to say.
    ///
    /// # Errors
    /// When it has none of this name.
    fn set(&mut self, name: &str, value: f64) -> Result<(), UnknownNumber>;
    /// What it demands.
    fn demand(&self) -> Demand;
    /// How finely it tells the policy's actions apart, if a term of it has an advantage.
    fn credit_level(&self) -> Option<LevelId>;
    /// What it asks a trainer to set up in an iteration.
    fn plan(&self, iteration: u64) -> Plan;
    /// The name of each of its terms, in order.
    fn terms(&self) -> Vec<String>;
    /// See [`explain_with`].
    fn explain(&self) -> String;
    /// See [`validate`](fn@validate).
    ///
    /// # Errors
    /// As there.
    fn validate(&self) -> Result<(), OutOfRange>;
    /// See [`evaluate`](fn@evaluate); the scope is that of [`numbers`](Self::numbers), and the columns are those that the
    /// [demand](Self::demand) names.
    fn evaluate(&self, cx: &Credit<'_>, leaf: &Leaf<'_>) -> Evaluated;
    /// Per token, the advantage that its policy term acts on, if there is one: that of [`evaluate`](Self::evaluate), without a
    /// loss.
    fn advantage(&self, cx: &Credit<'_>) -> Option<Vec<f64>> {
        let leaf = vec![0.0; cx.batch.layout.tokens()];
        let leaf = Leaf { entropy: Some(&leaf), ..Leaf::new(Phase::Policy, &leaf) };
        self.evaluate(cx, &leaf).advantage
    }
    /// Whether its advantage may depend on `old`, the log-probabilities under the policy that sampled; true where that is not
    /// known, as it is not of a type.
    fn may_read_old(&self) -> bool {
        true
    }
    /// A copy.
    fn boxed(&self) -> Box<dyn AnyObjective>;
}

/// A hyper-parameter that an objective has not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{objective} has no hyper-parameter `{name}`; it has {}", listed(known))]
pub struct UnknownNumber {
    /// The objective.
    pub objective: String,
    /// The name that was given.
    pub name: String,
    /// Those that it has.
    pub known: Vec<String>,
}

/// The place of the number of this name among those of an objective.
pub(super) fn place(objective: &str, params: &[Param], name: &str) -> Result<usize, UnknownNumber> {
    params.iter().position(|param| param.name == name).ok_or_else(|| {
        let known = params.iter().map(|param| param.name.to_owned()).collect();
        UnknownNumber { objective: objective.to_owned(), name: name.to_owned(), known }
    })
}

fn defaults(params: &[Param]) -> Vec<Option<f64>> {
    params.iter().map(|param| param.default).collect()
}

/// Names as they stand in an error: `` `beta`, `lambda` ``.
pub(super) fn listed(names: &[impl AsRef<str>]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{}`", name.as_ref())).collect();
    if quoted.is_empty() { "none".to_owned() } else { quoted.join(", ") }
}

impl<O: Objective> AnyObjective for O {
    fn name(&self) -> &str {
        O::NAME
    }
    fn source(&self) -> &str {
        O::SOURCE
    }
    fn numbers(&self) -> Numbers<'_> {
        Numbers::of(self)
    }
    fn defaults(&self) -> Vec<Option<f64>> {
        defaults(O::PARAMS)
    }
    fn set(&mut self, name: &str, value: f64) -> Result<(), UnknownNumber> {
        let mut values = self.values();
        values[place(O::NAME, O::PARAMS, name)?] = value;
        *self = O::from_values(&values);
        Ok(())
    }
    fn demand(&self) -> Demand {
        demand_of::<O>()
    }
    fn credit_level(&self) -> Option<LevelId> {
        credit_of::<O>()
    }
    fn plan(&self, iteration: u64) -> Plan {
        Numbers::of(self).plan::<O::Graph>(iteration)
    }
    fn terms(&self) -> Vec<String> {
        let mut names = Vec::new();
        O::Graph::terms(&Scope::new(&[], &[]), &mut names);
        names
    }
    fn explain(&self) -> String {
        explain_with(self)
    }
    fn validate(&self) -> Result<(), OutOfRange> {
        validate(self)
    }
    fn evaluate(&self, cx: &Credit<'_>, leaf: &Leaf<'_>) -> Evaluated {
        evaluate::<O::Graph>(cx, leaf)
    }
    fn advantage(&self, cx: &Credit<'_>) -> Option<Vec<f64>> {
        O::Graph::advantage(&O::Graph::prepare(cx, Phase::Policy)).map(<[f64]>::to_vec)
    }
    fn boxed(&self) -> Box<dyn AnyObjective> {
        Box::new(self.clone())
    }
}

impl Clone for Box<dyn AnyObjective> {
    fn clone(&self) -> Self {
        (**self).boxed()
    }
}

impl Debug for dyn AnyObjective {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        let mut text = f.debug_struct(self.name());
        for (name, value) in self.numbers().iter() {
            text.field(name, &value);
        }
        text.finish()
    }
}
