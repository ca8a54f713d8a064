//! A network with its optimiser, and one update of it.

use super::Log;
use super::adam::{Adam, AdamConfig};
use super::forward::{Forward, backward};
use crate::batch::{Part, Scope};
use crate::graph::{Pass, Phase};
use crate::kernels::{Backend, Column};
use crate::objective::Term;
use crate::policy::{Asked, Model, Parameters};
use crate::rollout::SampleError;

/// Parameters and the optimiser that moves them.
#[derive(Clone, Debug)]
pub struct Network<P, D: Backend> {
    /// The network.
    pub net: P,
    /// Its optimiser.
    pub adam: Adam<D>,
}

/// Why training stopped.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{what} is not finite ({value}) in phase {phase:?} of iteration {iteration}")]
pub struct Stop {
    /// The loss, or the gradient's norm.
    pub what: &'static str,
    /// Its value.
    pub value: f64,
    /// The phase.
    pub phase: Phase,
    /// The iteration, from 0.
    pub iteration: u64,
}

/// Why an iteration came to nothing.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum IterateError {
    /// There was no batch to learn from; the trainer is as it was before.
    #[error(transparent)]
    Sample(#[from] SampleError),
    /// Learning from it stopped.
    #[error(transparent)]
    Stop(#[from] Stop),
}

/// One mini-batch update.
#[derive(Clone, Copy)]
pub(crate) struct Update<'a> {
    pub(crate) phase: Phase,
    pub(crate) at: &'a Scope<'a>,
    pub(crate) part: &'a Part,
}

impl<P: Parameters<D>, D: Backend> Network<P, D> {
    /// A network with a new optimiser.
    pub fn new(net: P, config: AdamConfig) -> Self {
        let adam = Adam::new(config, &net);
        Network { net, adam }
    }
}

impl<P: Model<D>, D: Backend> Network<P, D> {
    /// Evaluates the terms of this phase on the answers of the network, goes back through it, moves its parameters.
    /// `false` if no term had a gradient: then nothing moved, not even a moment.
    pub(crate) fn descend<T: Term>(
        &mut self,
        prepared: &T::Prepared,
        Update { phase, at, part }: Update<'_>,
        main: Forward<'_, P::Observation, D>,
        demonstration: Option<Forward<'_, P::Observation, D>>,
        log: &mut Log,
    ) -> Result<bool, Stop> {
        let stop = |what, value| Stop { what, value, phase, iteration: at.iteration };
        let mut metrics = Vec::new();
        let device = main.logp.device().clone();
        let mut pass = Pass {
            device: &device,
            phase,
            at: *at,
            part,
            logp: main.logp.clone(),
            entropy: main.entropy.clone(),
            demonstration: demonstration.as_ref().map(|demonstration| demonstration.logp.clone()),
            metrics: &mut metrics,
        };
        let loss = T::loss::<f32, D>(prepared, &mut pass);
        for (name, value) in metrics {
            log.add(name, value);
        }
        let Some(loss) = loss else { return Ok(false) };
        let value = f64::from(loss.as_vec()[0]);
        if !value.is_finite() {
            return Err(stop("the loss", value));
        }
        let mut gradients = backward(&self.net, loss, [main].into_iter().chain(demonstration));
        let step = self.adam.step(&mut self.net, &mut gradients);
        if !step.finite() {
            return Err(stop("the gradient", step.norm));
        }
        let name = match phase {
            Phase::Reward => "charts/prm_grad_norm",
            Phase::Policy => "charts/grad_norm",
            Phase::Value => "charts/critic_grad_norm",
        };
        log.add(name, step.norm);
        Ok(true)
    }

    /// So many updates on all of a batch. What the first of them reads, before it moves anything, is what the terms are
    /// prepared with.
    pub(crate) fn descend_on_all<T: Term>(
        &mut self,
        steps: usize,
        asked: &Asked<'_, P::Observation>,
        update: Update<'_>,
        prepare: impl FnOnce(&Column<D>) -> T::Prepared,
        log: &mut Log,
    ) -> Result<(), Stop> {
        let (mut prepare, mut prepared) = (Some(prepare), None);
        for _ in 0..steps {
            let main = Forward::new(&self.net, asked, false);
            prepared = prepared.or_else(|| prepare.take().map(|prepare| prepare(&main.logp)));
            let Some(prepared) = &prepared else { break };
            if !self.descend::<T>(prepared, update, main, None, log)? {
                break;
            }
        }
        Ok(())
    }
}

/// `into <- (1 - tau) into + tau from`, parameter by parameter.
pub(crate) fn mix<P: Parameters<D>, D: Backend>(into: &mut P, from: &P, tau: f32) {
    for ((_, into), (_, from)) in into.parameters_mut().into_iter().zip(from.parameters()) {
        into.mix(&from.flat(), tau);
    }
}
