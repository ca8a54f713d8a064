//! Demonstrations, and the warm start by behaviour cloning.

use super::adam::AdamConfig;
use super::network::Update;
use super::{Forward, Log, Network, Stop};
use crate::batch::{History, Layout, Legal, Part, Scope};
use crate::env::Env;
use crate::graph::Phase;
use crate::kernels::Backend;
use crate::objective::scalar::Dec;
use crate::objective::term::Bc;
use crate::policy::{Asked, Policy, unique};
use crate::seed::stream;
use serde::{Deserialize, Serialize};
use std::hash::Hash;

/// Steps of an expert, to imitate: which token was taken at which of the distinct observations.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Demonstrations<Obs> {
    /// One trajectory a task, each a group of its own.
    pub layout: Layout,
    /// What tokens were chosen from, the distinct pairs: the observations,
    pub observations: Vec<Obs>,
    /// and which tokens were legal there.
    pub legal: Vec<Legal>,
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
        let (mut steps, mut tokens_of) = (Vec::new(), Vec::new());
        for task in tasks {
            let begun = tokens_of.len();
            if env.reset(task).is_err() {
                steps.push(0);
                continue;
            }
            while let Some(tokens) = expert(&env) {
                let said_before = token.len();
                for said in 0..tokens.len() {
                    let under = if said == 0 { Some(env.observe()) } else { env.next(&tokens[..said]) };
                    let legal = env.legal(&tokens[..said]);
                    // What an expert says beyond the step's end, or what may not be said, is not imitated.
                    let Some(under) = under.filter(|_| legal.contains(tokens[said])) else { break };
                    seen.push((under, legal));
                    token.push(tokens[said]);
                }
                tokens_of.push(token.len() - said_before);
                if env.step(&tokens).map_or(true, |moved| moved.done()) {
                    break;
                }
            }
            steps.push(tokens_of.len() - begun);
        }
        let layout = Layout::from_lengths(tasks.iter().map(|_| 1), steps, tokens_of);
        let (seen, observation) = unique(seen);
        let (observations, legal) = seen.into_iter().unzip();
        Demonstrations { layout, observations, legal, observation, token }
    }

    /// What a policy is asked about them: each demonstrated token.
    pub(crate) fn asked(&self) -> Asked<'_, Obs> {
        let Demonstrations { layout, observations, legal, observation, token } = self;
        Asked::all(History { legal, ..History::new(layout, observations, observation, token) })
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
            let demonstrated = Forward::new(&network.net, &demonstrations.asked(), false);
            let at = Scope { iteration: step as u64, seed, ..Scope::new(&[], &[]) };
            let main = Forward::constant(demonstrated.logp.clone());
            let update = Update { phase: Phase::Policy, at: &at, part: &part };
            network.descend::<Bc<Dec<1, 0>>>(&(), update, main, Some(demonstrated), &mut log)?;
        }
        Ok(network.net)
    }
}
