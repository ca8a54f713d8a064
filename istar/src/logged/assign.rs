//! An objective on a logged batch.

use super::beside::Beside;
use super::schema::Field;
use super::{Logged, LoggedError, Place, demands};
use crate::batch::{Layout, LevelId};
use crate::credit::Credit;
use crate::graph::Phase;
use crate::objective::{AnyObjective, Leaf, Plan};

/// What an objective makes of a batch. Columns are flat, in batch order, one number per token.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Assigned {
    /// The advantage that the policy term acts on, if the objective has one.
    pub advantage: Option<Vec<f64>>,
    /// The loss: the sum of its terms.
    pub loss: f64,
    /// Each term by its name, with what it adds to the loss; a second one of a name is `name#2`.
    pub terms: Vec<(String, f64)>,
    /// The derivative of the loss in `logp`, if the objective trains the policy.
    pub dloss_dlogp: Option<Vec<f64>>,
    /// The derivative in `prm`, if it trains an implicit PRM. One that shares the policy's network is read from `prm`
    /// too: in a log the two columns stand for two moments of it.
    pub dloss_dprm: Option<Vec<f64>>,
    /// Per step, the derivative in `q`, if it trains an explicit PRM.
    pub dloss_dq: Option<Vec<f64>>,
    /// The derivative in each head's estimates (`vpred`, `values`), if it trains a critic.
    pub dloss_dvpred: Vec<Slope>,
    /// What the terms log.
    pub metrics: Vec<(&'static str, f64)>,
    /// Terms that the batch has no field for and that therefore count nothing, with the reason.
    pub left_out: Vec<&'static str>,
    /// [`explain_with`](crate::objective::explain_with) of the objective.
    pub explain: String,
}

/// A derivative in what one head of a critic says.
#[derive(Clone, Debug, PartialEq)]
pub struct Slope {
    /// The head; empty for the only one.
    pub head: String,
    /// One estimate per what: step or token.
    pub level: LevelId,
    /// One number per element.
    pub slope: Vec<f64>,
}

/// Advantages, losses and derivatives of a batch under an objective, in `f64`, at iteration 0 of its schedules, with seed 0.
///
/// The loss of phase A is taken at `prm`, that of phase B at `logp`, that of a critic at `vpred`; the whole batch is one mini-batch.
///
/// # Errors
/// A number of the objective out of range; a field that the objective reads and the batch lacks, at its first place; a
/// field that some elements have and others lack; a result that is not finite.
pub fn assign(objective: &dyn AnyObjective, batch: &Logged) -> Result<Assigned, LoggedError> {
    objective.validate()?;
    let plan = objective.plan(0);
    demands::check(objective, batch, &plan)?;
    let beside = Beside::of(objective, batch, &plan)?;
    let numbers = objective.numbers();
    let mut run = Run {
        objective,
        cx: Credit { batch: beside.columns(batch), at: numbers.scope(0) },
        entropy: beside.entropy(batch),
        shares: Vec::new(),
        found: Assigned { explain: objective.explain(), ..Assigned::default() },
    };
    run.phases(batch, &plan, &beside);
    let mut found = run.found;
    found.terms = named(objective.terms(), run.shares);
    if beside.silent {
        found.left_out.push("entropy: the batch has no `entropy` per token");
    }
    found.finite(&batch.layout)?;
    Ok(found)
}

/// The phases of an objective, and what they add up to.
struct Run<'a> {
    objective: &'a dyn AnyObjective,
    cx: Credit<'a>,
    entropy: Option<&'a [f64]>,
    /// What each term adds to the loss.
    shares: Vec<f64>,
    found: Assigned,
}

impl Run<'_> {
    fn phases(&mut self, batch: &Logged, plan: &Plan, beside: &Beside) {
        let demand = self.objective.demand();
        let column = |field| batch.table.whole::<f64>(field).unwrap_or_default();
        if demand.trains_prm {
            self.found.dloss_dprm = Some(self.phase(Phase::Reward, column(Field::prm)));
        }
        if demand.trains_policy {
            self.found.dloss_dlogp = Some(self.phase(Phase::Policy, column(Field::logp)));
        }
        if demand.explicit_prm {
            // An explicit PRM is trained by its logit, and read behind the sigmoid.
            let q = batch.table.whole::<f64>(Field::q).unwrap_or_default();
            let logit: Vec<f64> = q.iter().map(|q| (q / (1.0 - q)).ln()).collect();
            let slopes = self.phase(Phase::Reward, &logit);
            self.found.dloss_dq =
                Some(slopes.iter().zip(q).map(|(slope, q)| slope / (q * (1.0 - q))).collect());
        }
        if let Some(critic) = &plan.critic {
            let slopes = self.phase(Phase::Value, &beside.estimates.now);
            let size = slopes.len() / critic.heads.len();
            self.found.dloss_dvpred.extend(critic.heads.iter().enumerate().map(|(i, head)| {
                let slope = slopes[i * size..(i + 1) * size].to_vec();
                Slope { head: head.clone(), level: critic.level, slope }
            }));
        }
    }

    /// Adds a phase, and gives the derivative of its loss in its leaf.
    fn phase(&mut self, phase: Phase, leaf: &[f64]) -> Vec<f64> {
        let leaf = Leaf { entropy: self.entropy, ..Leaf::new(phase, leaf) };
        let evaluated = self.objective.evaluate(&self.cx, &leaf);
        self.found.loss += evaluated.loss.unwrap_or(0.0);
        self.found.metrics.extend(evaluated.metrics);
        self.shares.resize(evaluated.shares.len(), 0.0);
        self.shares.iter_mut().zip(evaluated.shares).for_each(|(sum, share)| *sum += share);
        if phase == Phase::Policy {
            self.found.advantage = evaluated.advantage;
        }
        evaluated.slope
    }
}

/// Each term's name, with its number.
fn named(names: Vec<String>, shares: Vec<f64>) -> Vec<(String, f64)> {
    let number = |(i, name): (usize, &String)| match names[..i].iter().filter(|n| *n == name).count() {
        0 => name.clone(),
        before => format!("{name}#{}", before + 1),
    };
    let numbered: Vec<String> = names.iter().enumerate().map(number).collect();
    numbered.into_iter().zip(shares).collect()
}

impl Assigned {
    /// Refuses what overflowed.
    fn finite(&self, layout: &Layout) -> Result<(), LoggedError> {
        let token = Some(LevelId::Token);
        let columns = [
            ("advantage", token, &self.advantage),
            ("dloss_dprm", token, &self.dloss_dprm),
            ("dloss_dlogp", token, &self.dloss_dlogp),
            ("dloss_dq", Some(LevelId::Step), &self.dloss_dq),
        ];
        let columns =
            columns.map(|(what, level, column)| (what, level, column.as_deref().unwrap_or_default()));
        let heads = self.dloss_dvpred.iter().map(|head| ("dloss_dvpred", Some(head.level), &*head.slope));
        let loss = [self.loss];
        for (what, level, column) in columns.into_iter().chain(heads).chain([("loss", None, &loss[..])]) {
            if let Some(index) = column.iter().position(|x| !x.is_finite()) {
                let place = level.map_or(Place::default(), |level| Place::of(layout, level, index));
                return Err(LoggedError::NotFinite { place, what, value: column[index].to_string() });
            }
        }
        Ok(())
    }
}
