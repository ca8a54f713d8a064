//! The explicit PRM of a trainer: a network with one output per action, of which each step reads its own.

use super::network::Update;
use super::{BatchOf, Graph, Log, Stop, Trainer};
use crate::batch::{Layout, Part, Scope};
use crate::credit::Credit;
use crate::graph::Phase;
use crate::kernels::Backend;
use crate::need::bit::Bit;
use crate::need::demand::Needs;
use crate::objective::{NeedsOf, Objective, Plan, Term};
use crate::policy::{Choices, Estimator, Policy, Readout};
use dfdx::prelude::{NoneTape, OwnedTape, Tape};
use std::fmt::Debug;

type Explicit<O> = <NeedsOf<O> as Needs>::ExplicitPrm;

/// The steps that have an action, each with the observation and the token of its last token.
struct Acts {
    part: Part,
    observation: Vec<u32>,
    token: Vec<u32>,
}

impl Acts {
    fn of(layout: &Layout, observation: &[u32], token: &[u32]) -> Self {
        let last = |step: u32| layout.tokens_of(step as usize).last();
        let steps: Vec<u32> = (0..layout.steps() as u32).filter(|step| last(*step).is_some()).collect();
        let at = |column: &[u32]| steps.iter().filter_map(|step| Some(column[last(*step)?])).collect();
        Acts { observation: at(observation), token: at(token), part: Part::of_steps(layout, steps) }
    }

    /// The logit of each act.
    fn read<N: Estimator<D>, D: Backend, T: Tape<f32, D>>(
        &self,
        net: &N,
        observations: &[N::Observation],
        tape: T,
    ) -> Readout<D, T> {
        net.read(observations, Choices { observation: &self.observation, token: &self.token }, tape)
    }

    /// The reading of each step of the batch; 0 where nothing was done.
    fn column(&self, steps: usize, logits: &[f32]) -> Vec<f64> {
        let mut column = vec![0.0; steps];
        for (step, logit) in self.part.steps.iter().zip(logits) {
            column[*step as usize] = 1.0 / (1.0 + (-f64::from(*logit)).exp());
        }
        column
    }
}

impl<O, P, D> Trainer<O, P, D>
where
    O: Objective,
    D: Backend,
    P: Policy<D> + Debug,
{
    /// Fills the column of the explicit PRM with its present parameters.
    pub fn read_explicit(&self, batch: &mut BatchOf<O, P::Observation>) {
        if let (Some(prm), Some(q)) =
            (Explicit::<O>::get(&self.nets.explicit), Explicit::<O>::get_mut(&mut batch.q))
        {
            let acts = Acts::of(&batch.layout, &batch.observation, &batch.token);
            let logits = acts.read(&prm.net, &batch.observations, NoneTape).logp.as_vec();
            *q = acts.column(batch.layout.steps(), &logits);
        }
    }

    /// Phase A of the explicit PRM. The pass of its first step also serves the reading before it, which labels by
    /// temporal differences are made of.
    pub(super) fn explicit_phase(
        &mut self,
        batch: &mut BatchOf<O, P::Observation>,
        at: &Scope<'_>,
        plan: &Plan,
        log: &mut Log,
    ) -> Result<(), Stop> {
        let Some(prm) = Explicit::<O>::get_mut(&mut self.nets.explicit) else { return Ok(()) };
        let acts = Acts::of(&batch.layout, &batch.observation, &batch.token);
        let mut prepared = None;
        for _ in 0..self.settings.prm_steps {
            let readout = acts.read(&prm.net, &batch.observations, OwnedTape::default());
            let prepared = prepared.get_or_insert_with(|| {
                let before = acts.column(batch.layout.steps(), &readout.logp.as_vec());
                *Explicit::<O>::get_mut(&mut batch.q).expect("same bit") = before;
                Graph::<O>::prepare(&Credit { batch: batch.columns(), at: *at }, Phase::Reward)
            });
            let update = Update { phase: Phase::Reward, at, part: &acts.part, demonstration: None };
            if !prm.descend::<Graph<O>>(prepared, update, readout, log)? {
                break;
            }
        }
        if prepared.is_none() || !plan.read_before {
            self.read_explicit(batch);
        }
        Ok(())
    }
}
