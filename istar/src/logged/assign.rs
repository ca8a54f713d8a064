//! An objective on a logged batch.

use super::absent::{StandIns, unless_read};
use super::beside::Beside;
use super::odd::{Case, numbers_alone, remarks};
use super::schema::Field;
use super::wanted::Wanted;
use super::{Assigned, Logged, LoggedError, Place, Slope, demands, logprobs};
use crate::batch::Columns;
use crate::credit::Credit;
use crate::graph::Phase;
use crate::objective::{AnyObjective, Leaf, Plan};

/// Advantages, losses and derivatives of a batch under an objective, in `f64`, at iteration 0 of its schedules, with seed 0.
///
/// The loss of phase A is taken at `prm`, that of phase B at `logp`, that of a critic at `vpred`; the whole batch is one mini-batch.
///
/// # Errors
/// A number of the objective out of range; a field that the objective reads and the batch lacks, at its first place; a
/// field that some elements have and others lack; a log-probability that no distribution gives; a result that is not finite.
pub fn assign(objective: &dyn AnyObjective, batch: &Logged) -> Result<Assigned, LoggedError> {
    credit(objective, batch, Wanted::All)
}

/// The advantage alone, with nothing else in the result but remarks and the explanation: whatever the losses read and the
/// advantage does not, such as `logp`, may be missing.
///
/// ```
/// use istar::logged::{Logged, advantage};
/// use istar::recipes::Grpo;
///
/// let text = br#"{"groups": [{"trajectories": [
///     {"outcome": 1, "steps": [{"tokens": [{"text": "two"}]}]},
///     {"outcome": 0, "steps": [{"tokens": [{"text": "three"}]}]}]}]}"#;
/// let found = advantage(&Grpo, &Logged::read(text)?)?.advantage.expect("GRPO has one");
/// assert!(found[0] > 0.7 && found[1] < -0.7);
/// # Ok::<(), istar::logged::LoggedError>(())
/// ```
///
/// # Errors
/// Those of [`assign`] as far as the advantage is concerned; an objective without one.
pub fn advantage(objective: &dyn AnyObjective, batch: &Logged) -> Result<Assigned, LoggedError> {
    if objective.credit_level().is_none() {
        let problem =
            format!("`{}` has no advantage, for no term of it is a policy gradient", objective.name());
        return Err(LoggedError::At { place: Place::default(), problem });
    }
    credit(objective, batch, Wanted::Advantage)
}

fn credit(objective: &dyn AnyObjective, batch: &Logged, wanted: Wanted) -> Result<Assigned, LoggedError> {
    objective.validate()?;
    let plan = objective.plan(0);
    let mut absent = demands::check(objective, batch, &plan, wanted)?;
    if wanted == Wanted::Advantage {
        // No advantage sees the present policy, and a line says whether its own may see the one that sampled.
        absent.retain(|field| *field != Field::logp && (*field != Field::old || objective.may_read_old()));
    }
    let mut said = batch.remarks.clone();
    said.extend(logprobs::check(batch, &objective.demand(), wanted)?);
    let beside = Beside::of(objective, batch, &plan)?;
    let numbers = objective.numbers();
    let of_columns = |columns: Columns<'_>| {
        let mut run = Run {
            objective,
            cx: Credit { batch: columns, at: numbers.scope(0) },
            entropy: beside.entropy(batch),
            shares: Vec::new(),
            found: Assigned { explain: objective.explain(), ..Assigned::default() },
        };
        match wanted {
            Wanted::All => run.phases(batch, &plan, &beside),
            Wanted::Advantage => run.found.advantage = objective.advantage(&run.cx),
        }
        let mut found = run.found;
        if wanted == Wanted::All {
            found.terms = named(objective.terms(), run.shares);
        }
        found
    };
    let result = |stand_ins: &StandIns| of_columns(stand_ins.among(beside.columns(batch)));
    let mut found = unless_read(&absent, batch, result)
        .map_err(|field| demands::missing(batch, field, 0, format!("`{}` reads it", objective.name())))?;
    if beside.silent && wanted == Wanted::All {
        found.left_out.push("entropy: the batch has no `entropy` per token");
    }
    found.finite(&batch.layout)?;
    let ends_alike = || {
        let stand_ins = StandIns::default();
        let columns = Columns { ended: None, ..stand_ins.among(beside.columns(batch)) };
        let other = of_columns(columns);
        other.advantage == found.advantage && other.dloss_dvpred == found.dloss_dvpred
    };
    let ends_alike = || absent.is_empty() && ends_alike();
    said.extend(remarks(&Case { objective, batch, found: &found, wanted, ends_alike: &ends_alike }));
    said.extend(numbers_alone(&mut found.metrics));
    found.remarks = said;
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
