//! A network with its optimiser, and one update of it.

use super::Log;
use super::adam::{Adam, AdamConfig};
use crate::batch::{Part, Scope};
use crate::graph::{Pass, Phase};
use crate::kernels::Backend;
use crate::objective::Term;
use crate::policy::{Parameters, Readout};
use dfdx::prelude::{Backward, Merge, OwnedTape, PutTape, SplitTape};

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

/// One mini-batch update.
pub(crate) struct Update<'a, D: Backend> {
    pub(crate) phase: Phase,
    pub(crate) at: &'a Scope<'a>,
    pub(crate) part: &'a Part,
    pub(crate) demonstration: Option<Readout<D, OwnedTape<f32, D>>>,
}

impl<P: Parameters<D>, D: Backend> Network<P, D> {
    /// A network with a new optimiser.
    pub fn new(net: P, config: AdamConfig) -> Self {
        let adam = Adam::new(config, &net);
        Network { net, adam }
    }

    /// Evaluates the terms of this phase on the readout, goes back through the network, moves its parameters.
    /// `false` if no term had a gradient: then nothing moved, not even a moment.
    pub(crate) fn descend<T: Term>(
        &mut self,
        prepared: &T::Prepared,
        update: Update<'_, D>,
        readout: Readout<D, OwnedTape<f32, D>>,
        log: &mut Log,
    ) -> Result<bool, Stop> {
        let Update { phase, at, part, demonstration } = update;
        let stop = |what, value| Stop { what, value, phase, iteration: at.iteration };
        let mut metrics = Vec::new();
        let device = readout.logp.device().clone();
        let (demonstrated, demonstration_tape) = match demonstration {
            Some(readout) => (Some(readout.logp), readout.tape),
            None => (None, OwnedTape::default()),
        };
        let mut pass = Pass {
            device: &device,
            phase,
            at: *at,
            part,
            logp: readout.logp.clone(),
            entropy: readout.entropy,
            demonstration: demonstrated,
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
        let (loss, tape) = loss.split_tape();
        let mut gradients = loss.put_tape(tape.merge(readout.tape).merge(demonstration_tape)).backward();
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
}

/// `into <- (1 - tau) into + tau from`, parameter by parameter.
pub(crate) fn mix<P: Parameters<D>, D: Backend>(into: &mut P, from: &P, tau: f32) {
    for ((_, into), (_, from)) in into.parameters_mut().into_iter().zip(from.parameters()) {
        into.mix(&from.flat(), tau);
    }
}
