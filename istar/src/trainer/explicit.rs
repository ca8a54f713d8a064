//! The explicit PRM of a trainer: a network with one output per action, of which each step reads its own.

use super::network::Update;
use super::{BatchOf, Graph, Log, Network, Stop, Trainer};
use crate::batch::{Batch, Part, Read, Scope, Scored, Scores, Stage};
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
    fn of<N: Needs, Obs, S: Stage>(batch: &Batch<N, Obs, S>) -> Self {
        let layout = &batch.layout;
        let last = |step: u32| layout.tokens_of(step as usize).last();
        let steps: Vec<u32> = (0..layout.steps() as u32).filter(|step| last(*step).is_some()).collect();
        let at = |column: &[u32]| steps.iter().filter_map(|step| Some(column[last(*step)?])).collect();
        Acts {
            observation: at(&batch.observation),
            token: at(&batch.token),
            part: Part::of_steps(layout, steps),
        }
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

/// The reading of each step with the present parameters.
pub(super) fn read<E: Estimator<D>, D: Backend, N: Needs, S: Stage>(
    prm: &Network<E, D>,
    batch: &Batch<N, E::Observation, S>,
) -> Vec<f64> {
    let acts = Acts::of(batch);
    acts.column(batch.layout.steps(), &acts.read(&prm.net, &batch.observations, NoneTape).logp.as_vec())
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
        batch: BatchOf<O, P::Observation, Read>,
        prm: <<NeedsOf<O> as Needs>::ReadsPrm as Bit>::Slot<Vec<f64>>,
        at: &Scope<'_>,
        plan: &Plan,
        log: &mut Log,
    ) -> Result<BatchOf<O, P::Observation, Scored>, Stop> {
        let mut first = None;
        let q = Explicit::<O>::map(&self.nets.explicit, |net| {
            let acts = Acts::of(&batch);
            let readout = acts.read(&net.net, &batch.observations, OwnedTape::default());
            let before = acts.column(batch.layout.steps(), &readout.logp.as_vec());
            first = Some((acts, readout));
            before
        });
        let mut batch = batch.score(Scores { prm, q });
        let (Some(net), Some((acts, readout))) = (Explicit::<O>::get_mut(&mut self.nets.explicit), first)
        else {
            return Ok(batch);
        };
        let mut readout = Some(readout);
        let prepared = Graph::<O>::prepare(&Credit { batch: batch.columns(), at: *at }, Phase::Reward);
        for _ in 0..self.settings.prm_steps {
            let again = || acts.read(&net.net, &batch.observations, OwnedTape::default());
            let readout = readout.take().unwrap_or_else(again);
            let update = Update { phase: Phase::Reward, at, part: &acts.part, demonstration: None };
            if !net.descend::<Graph<O>>(&prepared, update, readout, log)? {
                break;
            }
        }
        if !plan.read_before {
            let after = read(net, &batch);
            *Explicit::<O>::get_mut(&mut batch.q).expect("same bit") = after;
        }
        Ok(batch)
    }
}
