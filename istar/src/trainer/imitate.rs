//! Demonstrations, and the warm start by behaviour cloning.

use super::adam::AdamConfig;
use super::network::Update;
use super::{Log, Network, Stop};
use crate::batch::{Part, Scope};
use crate::env::Env;
use crate::graph::Phase;
use crate::kernels::Backend;
use crate::objective::scalar::Dec;
use crate::objective::term::Bc;
use crate::policy::{Choices, Policy, Readout, unique};
use crate::seed::stream;
use dfdx::prelude::OwnedTape;
use serde::{Deserialize, Serialize};
use std::hash::Hash;

/// Steps of an expert, to imitate: which token was taken at which of the distinct observations.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Demonstrations<Obs> {
    /// Distinct observations.
    pub observations: Vec<Obs>,
    /// Per demonstrated token, its observation.
    pub observation: Vec<u32>,
    /// Per demonstrated token, the token.
    pub token: Vec<u32>,
}

impl<Obs: Clone + Eq + Hash> Demonstrations<Obs> {
    /// Follows the expert from each task until it knows no further step, or the environment fails: what was shown until
    /// then counts.
    pub fn follow<E: Env<Observation = Obs>>(
        env: &E,
        tasks: &[E::Task],
        expert: impl Fn(&E) -> Option<Vec<u32>>,
    ) -> Self {
        let mut env = env.clone();
        let (mut seen, mut token) = (Vec::new(), Vec::new());
        for task in tasks {
            if env.reset(task).is_err() {
                continue;
            }
            while let Some(tokens) = expert(&env) {
                for said in 0..tokens.len() {
                    let under = if said == 0 { Some(env.observe()) } else { env.next(&tokens[..said]) };
                    // What an expert says beyond the step's end is not imitated.
                    let Some(under) = under else { break };
                    seen.push(under);
                    token.push(tokens[said]);
                }
                if env.step(&tokens).map_or(true, |moved| moved.done()) {
                    break;
                }
            }
        }
        let (observations, observation) = unique(seen);
        Demonstrations { observations, observation, token }
    }

    /// The policy's log-probabilities of the demonstrated tokens, with the way back.
    pub(crate) fn read<P: Policy<D, Observation = Obs>, D: Backend>(
        &self,
        net: &P,
    ) -> Readout<D, OwnedTape<f32, D>> {
        let choices = Choices { observation: &self.observation, token: &self.token };
        net.read(&self.observations, choices, false, OwnedTape::default())
    }
}

/// A warm start by behaviour cloning: every row of a table starts from the same.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct WarmStart {
    /// Updates.
    pub steps: usize,
    /// Tasks drawn for each update; all steps of their demonstrations are one mini-batch.
    pub tasks: usize,
    /// The optimiser, which is not kept.
    pub adam: AdamConfig,
}

impl WarmStart {
    /// Trains `net` with `bc(1)`: on the way of the expert from tasks that `task` draws.
    ///
    /// # Errors
    /// When a loss or gradient is not finite.
    pub fn run<E, P, D>(
        &self,
        net: P,
        env: &E,
        mut task: impl FnMut(&mut rand_chacha::ChaCha8Rng) -> E::Task,
        expert: impl Fn(&E) -> Option<Vec<u32>>,
        seed: u64,
    ) -> Result<P, Stop>
    where
        E: Env<Observation = P::Observation>,
        P: Policy<D>,
        D: Backend,
    {
        let mut network = Network::new(net, self.adam);
        let (part, mut log) = (Part::default(), Log::default());
        for step in 0..self.steps {
            let mut random = stream(seed, "warm start", step as u64);
            let tasks: Vec<E::Task> = (0..self.tasks).map(|_| task(&mut random)).collect();
            let demonstrations = Demonstrations::follow(env, &tasks, &expert);
            let readout = demonstrations.read(&network.net);
            let at = Scope { params: &[], names: &[], iteration: step as u64 };
            let main = Readout { logp: readout.logp.clone(), entropy: None, tape: OwnedTape::default() };
            let update = Update { phase: Phase::Policy, at: &at, part: &part, demonstration: Some(readout) };
            network.descend::<Bc<Dec<1, 0>>>(&(), update, main, &mut log)?;
        }
        Ok(network.net)
    }
}
