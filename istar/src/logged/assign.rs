//! An objective on a logged batch.

use super::critic::Estimates;
use super::schema::{step, token};
use super::{Logged, LoggedError, Place, demands};
use crate::batch::{Columns, Continued, LevelId, Part, Scope};
use crate::credit::Credit;
use crate::graph::{self, Pass, Phase};
use crate::objective::{Objective, Plan, Term, demand_of, explain_with, validate};
use dfdx::prelude::{Backward, Cpu, Tensor, TensorFromVec};

/// What an objective makes of a batch. Columns are flat, in batch order, one number per token.
#[derive(Clone, Debug, PartialEq)]
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
    /// [`explain_with`] of the objective.
    pub explain: String,
}

/// A derivative in what one head of a critic says.
#[derive(Clone, Debug, PartialEq)]
pub struct Slope {
    /// The head; empty for the only one.
    pub head: &'static str,
    /// One estimate per what: step or token.
    pub level: LevelId,
    /// One number per element.
    pub slope: Vec<f64>,
}

/// Advantages, losses and derivatives of a batch under an objective, in `f64`, at iteration 0 of its schedules.
///
/// The loss of phase A is taken at `prm`, that of phase B at `logp`, that of a critic at `vpred`; the whole batch is one mini-batch.
///
/// # Errors
/// A number of the objective out of range; a field that the objective reads and the batch lacks, at its first place; a
/// field that some elements have and others lack; a result that is not finite.
pub fn assign<O: Objective>(objective: &O, batch: &Logged) -> Result<Assigned, LoggedError> {
    validate(objective)?;
    let demand = demand_of::<O>();

    let (params, names) = (objective.values(), O::PARAMS.iter().map(|param| param.name).collect::<Vec<_>>());
    let at = Scope { params: &params, names: &names, iteration: 0 };
    let mut plan = Plan::default();
    O::Graph::plan(&at, &mut plan);
    demands::check::<O>(batch, &plan)?;
    let estimates = match &plan.critic {
        Some(critic) => Estimates::of(batch, critic, plan.after, O::NAME)?,
        None => Estimates::default(),
    };
    let checklist = demand.checklist.then(|| batch.checklist(O::NAME)).transpose()?;
    // A mean of returns does for continuations what one continuation of that return does.
    let continued = demand.continuations.then(|| match plan.rollouts.unwrap_or(0) {
        0 => Continued::default(),
        _ => {
            let mc = batch.steps.whole(step::MC).unwrap_or_default();
            Continued::new(1, mc.iter().map(|mc| (vec![*mc], *mc)))
        }
    });
    // An entropy that nobody wrote down has no gradient in `logp` either: its term counts nothing, and the result says so.
    let silent = demand.entropy && batch.tokens.whole(token::ENTROPY).is_none();
    let entropy = if silent { vec![0.0; batch.layout.tokens()] } else { Vec::new() };
    let judged = vec![1.0; batch.layout.trajs()];
    let columns = batch.columns();
    let run = Run::<O::Graph> {
        at,
        columns: Columns {
            value: demand.critic.then_some(estimates.old.as_slice()),
            final_value: demand.critic.then_some(estimates.after.as_slice()),
            checklist: checklist.as_ref(),
            continued: continued.as_ref(),
            // Who says nothing of the judge has one that never failed.
            judged: columns.judged.or(Some(&judged)),
            ..columns
        },
        part: Part::whole(&batch.layout),
        entropy: batch.tokens.whole(token::ENTROPY).or(silent.then_some(entropy.as_slice())),
        graph: std::marker::PhantomData,
    };
    let column = |field| batch.tokens.whole(field).unwrap_or_default();
    let mut done = Done::default();
    let dloss_dprm = demand.trains_prm.then(|| run.phase(Phase::Reward, column(token::PRM), &mut done));
    let dloss_dlogp = demand.trains_policy.then(|| run.phase(Phase::Policy, column(token::LOGP), &mut done));
    // An explicit PRM is trained by its logit, and read behind the sigmoid.
    let dloss_dq = demand.explicit_prm.then(|| {
        let q = batch.steps.whole(step::Q).unwrap_or_default();
        let logit: Vec<f64> = q.iter().map(|q| (q / (1.0 - q)).ln()).collect();
        let slopes = run.phase(Phase::Reward, &logit, &mut done);
        slopes.iter().zip(q).map(|(slope, q)| slope / (q * (1.0 - q))).collect::<Vec<f64>>()
    });
    let mut dloss_dvpred = Vec::new();
    if let Some(critic) = &plan.critic {
        let slopes = run.phase(Phase::Value, &estimates.now, &mut done);
        let size = slopes.len() / critic.heads.len();
        dloss_dvpred.extend(critic.heads.iter().enumerate().map(|(i, head)| {
            let slope = slopes[i * size..(i + 1) * size].to_vec();
            Slope { head, level: critic.level, slope }
        }));
    }

    let finite = |what: &'static str, level: Option<LevelId>, column: &[f64]| {
        let Some(index) = column.iter().position(|x| !x.is_finite()) else { return Ok(()) };
        let place = level.map_or(Place::default(), |level| Place::of(&batch.layout, level, index));
        Err(LoggedError::NotFinite { place, what, value: column[index].to_string() })
    };
    for (what, column) in
        [("advantage", &done.advantage), ("dloss_dprm", &dloss_dprm), ("dloss_dlogp", &dloss_dlogp)]
    {
        finite(what, Some(LevelId::Token), column.as_deref().unwrap_or_default())?;
    }
    finite("dloss_dq", Some(LevelId::Step), dloss_dq.as_deref().unwrap_or_default())?;
    for Slope { level, slope, .. } in &dloss_dvpred {
        finite("dloss_dvpred", Some(*level), slope)?;
    }
    finite("loss", None, &[done.loss])?;
    Ok(Assigned {
        advantage: done.advantage,
        loss: done.loss,
        terms: named::<O::Graph>(done.shares),
        dloss_dlogp,
        dloss_dprm,
        dloss_dq,
        dloss_dvpred,
        metrics: done.metrics,
        left_out: if silent { vec!["entropy: the batch has no `entropy` per token"] } else { Vec::new() },
        explain: explain_with(objective),
    })
}

/// Each term's name, with its number.
fn named<T: Term>(shares: Vec<f64>) -> Vec<(String, f64)> {
    let mut names = Vec::new();
    T::terms(&mut names);
    let number = |(i, name): (usize, &String)| match names[..i].iter().filter(|n| *n == name).count() {
        0 => name.clone(),
        before => format!("{name}#{}", before + 1),
    };
    let numbered: Vec<String> = names.iter().enumerate().map(number).collect();
    numbered.into_iter().zip(shares).collect()
}

/// What a phase is run on.
struct Run<'a, T> {
    at: Scope<'a>,
    columns: Columns<'a>,
    part: Part,
    entropy: Option<&'a [f64]>,
    graph: std::marker::PhantomData<fn() -> T>,
}

/// What the phases add up to.
#[derive(Default)]
struct Done {
    loss: f64,
    shares: Vec<f64>,
    advantage: Option<Vec<f64>>,
    metrics: Vec<(&'static str, f64)>,
}

impl<T: Term> Run<'_, T> {
    /// The derivative of the phase's loss in its leaf.
    fn phase(&self, phase: Phase, leaf: &[f64], done: &mut Done) -> Vec<f64> {
        let prepared = T::prepare(&Credit { batch: self.columns, at: self.at }, phase);
        let device = Cpu::default();
        let tensor = |column: &[f64]| -> Tensor<(usize,), f64, Cpu> {
            device.tensor_from_vec(column.to_vec(), (column.len(),))
        };
        let logp = tensor(leaf);
        let mut pass = Pass {
            device: &device,
            phase,
            at: self.at,
            part: &self.part,
            logp: logp.clone(),
            entropy: self.entropy.map(tensor),
            demonstration: None,
            metrics: &mut done.metrics,
        };
        let mut shares = Vec::new();
        let loss = T::shares(&prepared, &mut pass, &mut shares);
        done.shares.resize(shares.len(), 0.0);
        done.shares.iter_mut().zip(shares).for_each(|(sum, share)| *sum += share);
        if phase == Phase::Policy {
            done.advantage = T::advantage(&prepared).map(<[f64]>::to_vec);
        }
        match loss {
            Some(loss) => {
                done.loss += graph::amount(&loss);
                // An entropy bonus alone does not reach the leaf: then there are zeros.
                let mut gradients = loss.backward();
                gradients.get_or_alloc_mut(&logp).expect("a vector on the host").to_vec()
            }
            None => vec![0.0; leaf.len()],
        }
    }
}
