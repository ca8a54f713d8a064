//! The explicit PRM of a trainer: a network that reads the state that a step begins in, and the action taken.

use super::forward::wide;
use super::network::Update;
use super::{BatchOf, Graph, Log, Stop, Trainer, forward};
use crate::batch::{Columns, History, Part, Read, Scope};
use crate::credit::Credit;
use crate::graph::Phase;
use crate::kernels::{Backend, Column};
use crate::need::bit::Bit;
use crate::need::demand::Needs;
use crate::objective::{NeedsOf, Objective, Plan, Term};
use crate::policy::{Asked, Model, Policy};
use std::fmt::Debug;

type Explicit<O> = <NeedsOf<O> as Needs>::ExplicitPrm;

/// The steps of a batch that have an action, and what the PRM is asked about them.
struct Acts<'a, Obs> {
    part: Part,
    asked: Asked<'a, Obs>,
}

impl<'a, Obs> Acts<'a, Obs> {
    fn of(history: History<'a, Obs>) -> Self {
        let layout = history.layout;
        let first = |step: &u32| layout.tokens_of(*step as usize).next().map(|token| token as u32);
        let steps: Vec<u32> = (0..layout.steps() as u32).filter(|step| first(step).is_some()).collect();
        let rows: Vec<u32> = steps.iter().filter_map(first).collect();
        let output = vec![0; rows.len()];
        Acts { part: Part::of_steps(layout, steps), asked: Asked::whole(history, rows, output) }
    }

    /// The reading of each step of the batch, from the logits of its acts; 0 where nothing was done.
    fn column<D: Backend>(&self, logits: &Column<D>) -> Vec<f64> {
        let mut column = vec![0.0; self.asked.history.layout.steps()];
        for (step, logit) in self.part.steps.iter().zip(wide(logits)) {
            column[*step as usize] = 1.0 / (1.0 + (-logit).exp());
        }
        column
    }
}

/// The reading of each step with the present parameters.
pub(super) fn read<M: Model<D>, D: Backend>(net: &M, history: History<'_, M::Observation>) -> Vec<f64> {
    let acts = Acts::of(history);
    acts.column(&forward::read(net, &acts.asked))
}

impl<O, P, D> Trainer<O, P, D>
where
    O: Objective,
    D: Backend,
    P: Policy<D> + Debug,
{
    /// Phase A of the explicit PRM. The pass of its first step also serves the reading before it, which labels by
    /// temporal differences are made of.
    pub(super) fn explicit_phase(
        &mut self,
        batch: &BatchOf<O, P::Observation, Read>,
        at: &Scope<'_>,
        plan: &Plan,
        log: &mut Log,
    ) -> Result<Option<Vec<f64>>, Stop> {
        let Some(prm) = Explicit::<O>::get_mut(&mut self.nets.explicit) else { return Ok(None) };
        let acts = Acts::of(batch.history());
        let mut before = None;
        let update = Update { phase: Phase::Reward, at, part: &acts.part };
        let prepare = |logits: &Column<D>| {
            let q = acts.column(logits);
            let columns = Columns { q: Some(&q), ..batch.columns() };
            let prepared = Graph::<O>::prepare(&Credit { batch: columns, at: *at }, Phase::Reward);
            before = Some(q);
            prepared
        };
        prm.descend_on_all::<Graph<O>>(self.settings.prm_steps, &acts.asked, update, prepare, log)?;
        Ok(before.filter(|_| plan.read_before))
    }
}
