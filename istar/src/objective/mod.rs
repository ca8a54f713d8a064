//! The algebra of objectives as types.
//!
//! A graph is a type, never a value; its numbers live once, in the named struct that [`Objective`] is implemented for.

pub mod choice;
pub mod count;
mod erased;
mod evaluate;
mod explain;
pub mod head;
pub mod invalid;
pub mod kind;
pub mod least;
pub mod level;
mod line;
pub mod maybe;
mod numbers;
pub mod quote;
pub mod range;
pub mod record;
pub mod reference;
pub mod scalar;
pub mod signal;
pub mod sugar;
pub mod term;
#[cfg(test)]
mod tests;
mod validate;
pub mod within;

pub use choice::{center, deps, form, on, role, scale, stat, weigh};
pub use erased::{AnyObjective, UnknownNumber};
pub use evaluate::{Evaluated, Leaf, evaluate, evaluate_tensor};
pub use explain::{explain, explain_with};
pub use line::{Line, Mistake, Report, Summand};
pub(crate) use line::{Prm, Taught};
pub use numbers::Numbers;
pub use validate::{OutOfRange, validate};

use crate::batch::{LevelId, Scope};
use crate::credit::{self, Credit};
use crate::graph::{self, Pass, Phase, Rank0Loss};
use crate::need::demand::{Demand, Needs};
use dfdx::prelude::{Device, Dtype};
use level::Proper;

/// A hyper-parameter as declared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Param {
    /// Its name.
    pub name: &'static str,
    /// Its default, if it has one.
    pub default: Option<f64>,
}

/// A complete objective: hyper-parameters, and the graph that they parameterise.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an objective",
    note = "declare one with `objective! {{ pub Name<..> = .. }}`"
)]
pub trait Objective: Clone + Send + Sync + 'static {
    /// The name it was declared with.
    const NAME: &'static str;
    /// The line as it was written.
    const SOURCE: &'static str;
    /// The hyper-parameters in order of declaration.
    const PARAMS: &'static [Param];
    /// The graph.
    type Graph: Term;
    /// Values of the hyper-parameters, in order of declaration.
    fn values(&self) -> Vec<f64>;
    /// The objective with these values.
    ///
    /// # Panics
    /// If there are fewer values than parameters.
    fn from_values(values: &[f64]) -> Self;
}

/// What an objective needs, as a type.
pub type NeedsOf<O> = <<O as Objective>::Graph as Term>::Needs;

/// A number per trajectory, segment, step, token or item, without gradient.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a signal",
    label = "not usable inside `adv = ..`",
    note = "implement `istar::objective::Signal` for it"
)]
pub trait Signal: Send + Sync + 'static {
    /// One number per what.
    type Level: Proper;
    /// What the numbers are.
    type Kind: kind::Kind;
    /// What must be there to compute it.
    type Needs: Needs;
    /// One number per element of the level, in batch order; computed in `f64`.
    fn eval(cx: &Credit<'_>) -> Vec<f64>;
    /// At level Item, the weight of each element in `sum` and `mean` upward, `None` where it has no such element. Left
    /// to itself: all items of the step's turn, their weights summing to 1.
    fn weights(cx: &Credit<'_>) -> Vec<Option<f64>> {
        credit::ticks(&cx.batch, false).iter().map(|tick| Some(tick.weight)).collect()
    }
    /// Per token, whether it has a place in a loss that acts on this signal; `None` is all. `route` leaves tokens out, and
    /// what combines signals element by element hands that on.
    fn kept(_cx: &Credit<'_>) -> Option<Vec<bool>> {
        None
    }
    /// Per trajectory, what it says of the state after the last step: what `cut` of `gae` stands for. `None` where it
    /// speaks of elements alone; then that of the last one stands.
    fn after(_cx: &Credit<'_>) -> Option<Vec<f64>> {
        None
    }
    /// Whether [`after`](Signal::after) speaks, and the trainer has to read the critic there.
    fn speaks_after(_at: &Scope<'_>) -> bool {
        false
    }
    /// Adds what the trainer must set up for it: the rules of the references it reads.
    fn plan(_at: &Scope<'_>, _plan: &mut Plan) {}
    /// Reports numbers out of range.
    fn check(_at: &Scope<'_>, _problems: &mut Vec<String>) {}
    /// As it would be written, sugar expanded, without options that have their default.
    fn show(at: &Scope<'_>) -> String;
    /// Whether [`show`](Signal::show) gives a sum, which stands in parentheses as a factor.
    fn is_sum(_at: &Scope<'_>) -> bool {
        false
    }
    /// Whether it stands for an argument that is left out.
    #[doc(hidden)]
    fn is_left_out(_at: &Scope<'_>) -> bool {
        false
    }
}

/// A loss term: trains one parameter set in one phase.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a loss term",
    label = "not usable as a loss term here",
    note = "loss terms are summed at top level: `dpo_prm(..)`, `rl(adv = ..)`, `kl(..)`; implement `istar::objective::Term` for your own",
    note = "an objective is no term: in a sum its line is written out, which its `SOURCE` is and `istar explain` shows"
)]
pub trait Term: Send + Sync + 'static {
    /// What must be there to train it.
    type Needs: Needs;
    /// How finely it tells the policy's actions apart: the level of its advantage, if it has one.
    fn credit(_at: &Scope<'_>) -> Option<LevelId> {
        None
    }
    /// What is computed once per batch, before any update that reads it: advantages, pairs, reference columns.
    type Prepared: Send + Sync;
    /// Computes it at the start of a phase. A term that has no part in this phase must not read columns that are
    /// filled later: the PRM's column is there from phase B on.
    fn prepare(cx: &Credit<'_>, phase: Phase) -> Self::Prepared;
    /// The loss on one mini-batch in the phase of `pass`; `None` if it has no part in this phase, or no gradient.
    fn loss<E: Dtype, D: Device<E>>(
        prepared: &Self::Prepared,
        pass: &mut Pass<'_, E, D>,
    ) -> Option<Rank0Loss<E, D>>;
    /// As [`loss`](Term::loss), and adds to `shares` what each of the [`terms`](Term::terms) adds to it: 0 where a term
    /// has no part in this phase, or no gradient.
    fn shares<E: Dtype, D: Device<E>>(
        prepared: &Self::Prepared,
        pass: &mut Pass<'_, E, D>,
        shares: &mut Vec<f64>,
    ) -> Option<Rank0Loss<E, D>> {
        let loss = Self::loss(prepared, pass);
        shares.push(loss.as_ref().map_or(0.0, graph::amount));
        loss
    }
    /// Adds the name of each term of a sum, in order.
    fn terms(at: &Scope<'_>, names: &mut Vec<String>) {
        let mut lines = Vec::new();
        Self::show(at, &mut lines);
        names.extend(lines.iter().map(|line| line.split('(').next().unwrap_or(line).trim().to_owned()));
    }
    /// Per token of the batch, the advantage that the policy term acts on, if this is or holds one.
    fn advantage(_prepared: &Self::Prepared) -> Option<&[f64]> {
        None
    }
    /// Adds what the trainer must set up for it.
    fn plan(_at: &Scope<'_>, _plan: &mut Plan) {}
    /// Reports numbers out of range.
    fn check(_at: &Scope<'_>, _problems: &mut Vec<String>) {}
    /// One line a term, sugar expanded.
    fn show(at: &Scope<'_>, lines: &mut Vec<String>);
}

/// When a copy of the policy is renewed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Renew {
    /// Every so many iterations.
    Every(u64),
    /// When the mean k3 divergence of the policy from it, over a batch, exceeds this many nats per token.
    Drift(f64),
}

/// The critic that a term trains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CriticPlan {
    /// The names of its outputs, in their order; the only output of a critic with one head has the name "".
    pub heads: Vec<String>,
    /// One estimate per what: step or token.
    pub level: LevelId,
}

/// What mini-batches of phase B do not cut apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Together {
    /// A step.
    #[default]
    Step,
    /// A trajectory.
    Traj,
    /// A group of trajectories.
    Group,
}

/// What the trainer sets up for the terms of an objective; numbers beside the types of [`Needs`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// The step reward is read with the PRM's parameters before this iteration's phase A.
    pub read_before: bool,
    /// The term that trains the PRM has weight 0: what it carries is read and never trained.
    pub idle_prm: bool,
    /// The rule of `ref = snapshot(..)`.
    pub snapshot: Option<Renew>,
    /// The rate of `ref = ema(tau)`: `ema <- (1 - tau) ema + tau policy` after each iteration.
    pub ema: Option<f64>,
    /// How many fresh continuations are sampled from each state of the batch; `None` as 0.
    pub rollouts: Option<u32>,
    /// The critic.
    pub critic: Option<CriticPlan>,
    /// The critic is read in the states after the last steps too, where a trajectory was cut off.
    pub after: bool,
    /// What mini-batches of phase B do not cut apart.
    pub together: Together,
    /// The copy that two different rules renew: refused by [`validate`].
    pub clash: Option<&'static str>,
}

impl Plan {
    /// What a term asks for in an iteration.
    pub fn of<T: Term>(at: &Scope<'_>) -> Self {
        Plan::asked(T::plan, at)
    }

    fn asked(ask: fn(&Scope<'_>, &mut Plan), at: &Scope<'_>) -> Self {
        let mut plan = Plan::default();
        ask(at, &mut plan);
        plan
    }

    /// Keeps a snapshot by this rule.
    pub fn renew(&mut self, rule: Renew) {
        if self.snapshot.replace(rule).is_some_and(|other| other != rule) {
            self.clash = Some("snapshot");
        }
    }

    /// Keeps at least such units together.
    pub fn keep(&mut self, unit: Together) {
        self.together = self.together.max(unit);
    }

    /// Keeps a moving average at this rate.
    pub fn average(&mut self, tau: f64) {
        if self.ema.replace(tau).is_some_and(|other| other != tau) {
            self.clash = Some("ema");
        }
    }

    /// Continues this often from each state; 0 asks for nothing.
    pub fn go_on(&mut self, rollouts: f64) {
        let rollouts = rollouts as u32;
        if rollouts > 0 && self.rollouts.replace(rollouts).is_some_and(|other| other != rollouts) {
            self.clash = Some("rollouts");
        }
    }

    /// Trains a critic like this.
    pub fn estimate(&mut self, critic: CriticPlan) {
        if self.critic.get_or_insert_with(|| critic.clone()) != &critic {
            self.clash = Some("critic");
        }
    }
}

/// The objective with the hyper-parameters of these names set; names that it has not are passed over.
pub fn with_values<O: Objective>(objective: &O, set: &[(String, f64)]) -> O {
    let mut values = objective.values();
    for (value, param) in values.iter_mut().zip(O::PARAMS) {
        if let Some((_, new)) = set.iter().rev().find(|(name, _)| name == param.name) {
            *value = *new;
        }
    }
    O::from_values(&values)
}

/// How finely an objective tells the policy's actions apart, if a term of it has an advantage.
pub fn credit_of<O: Objective>() -> Option<LevelId> {
    O::Graph::credit(&Scope::new(&[], &[]))
}

/// The demand of an objective as a value.
pub const fn demand_of<O: Objective>() -> Demand {
    <NeedsOf<O> as Needs>::DEMAND
}
