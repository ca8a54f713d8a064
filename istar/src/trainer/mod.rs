//! Training: phases, references, optimiser, guards, checkpoint and resume.
//!
//! One iteration: sample a batch under the policy; read the references that the objective demands; **phase A** trains
//! what rewards are read from; **phase B** trains what acts, mini-batch by mini-batch, and after each of them the
//! critic; renew the references that are due. What an objective does not demand is not there: no field, no forward
//! pass, no column.

pub mod adam;
mod checkpoint;
mod collect;
mod critic;
mod explicit;
mod imitate;
mod minibatch;
mod network;
mod networks;
mod settings;

pub use imitate::{Demonstrations, WarmStart};
pub use network::{Network, Stop};
pub use networks::{Frozen, Networks};
pub use settings::Settings;

use crate::batch::{Batch, Part, Read, Sampled, Scope, Scored, Scores, Stage};
use crate::credit::Credit;
use crate::env::{Env, Offers};
use crate::graph::Phase;
use crate::kernels::Backend;
use crate::need::bit::Bit;
use crate::need::demand::Needs;
use crate::objective::{NeedsOf, Numbers, Objective, OutOfRange, Plan, Renew, Term, validate};
use crate::policy::{Choices, Policy};
use crate::seed::stream;
use collect::{continuation_steps, describe};
use dfdx::prelude::{NoneTape, OwnedTape, Tensor};
use network::Update;
use rand::seq::SliceRandom;
use std::collections::BTreeMap;
use std::fmt::Debug;

type Graph<O> = <O as Objective>::Graph;
type BatchOf<O, Obs, S = Sampled> = Batch<NeedsOf<O>, Obs, S>;

/// A trainer specialised to objective `O` and network `P`.
pub struct Trainer<O: Objective, P: Policy<D> + Debug, D: Backend> {
    /// The objective; its numbers may be changed between iterations.
    pub objective: O,
    /// The settings.
    pub settings: Settings,
    /// The networks.
    pub nets: Networks<NeedsOf<O>, P, D>,
    /// Iterations done.
    pub iteration: u64,
    /// Environment steps done, those of continuations included.
    pub env_steps: u64,
    /// The seed that every random stream of this trainer comes from.
    pub seed: u64,
}

impl<O, P, D> Trainer<O, P, D>
where
    O: Objective,
    D: Backend,
    P: Policy<D> + Debug,
{
    /// A trainer that starts from this policy; a PRM and the references start as copies of it, a critic and an explicit
    /// PRM as one with another last layer.
    ///
    /// # Errors
    /// When a number of the objective is out of range.
    pub fn new(objective: O, policy: P, settings: Settings, seed: u64) -> Result<Self, OutOfRange> {
        const {
            let both = <NeedsOf<O> as Needs>::TrainsPrm::VALUE && <NeedsOf<O> as Needs>::ExplicitPrm::VALUE;
            assert!(!both, "an objective has one PRM, implicit or explicit: both are trained in phase A");
        }
        validate(&objective)?;
        let nets = Networks::new(policy, &Numbers::of(&objective).plan::<Graph<O>>(0), &settings, seed);
        Ok(Trainer { objective, settings, nets, iteration: 0, env_steps: 0, seed })
    }

    /// The numbers of the objective, with the seed of this trainer.
    pub fn numbers(&self) -> Numbers<'static> {
        Numbers::of(&self.objective).seeded(self.seed)
    }

    /// Samples a batch of these tasks and trains on it. Metrics are means over the updates of the iteration.
    ///
    /// # Errors
    /// When a loss or a gradient is not finite; the parameters are those of the last update that was.
    pub fn iterate<E>(&mut self, env: &E, tasks: &[E::Task]) -> Result<BTreeMap<String, f64>, Stop>
    where
        E: Env<Observation = P::Observation> + Offers<O>,
    {
        let rollout = self.sample(env, tasks, &self.settings.sampling, "rollout", None);
        let mut metrics = describe(&rollout);
        let demonstrations = <NeedsOf<O> as Needs>::Demonstrations::VALUE
            .then(|| Demonstrations::follow(env, tasks, |env| env.expert()));
        metrics.extend(self.learn(rollout.batch, demonstrations.as_ref())?);
        Ok(metrics)
    }

    /// Trains on a batch. Demonstrations are for objectives that demand them.
    ///
    /// # Errors
    /// As [`iterate`](Self::iterate).
    ///
    /// # Panics
    /// When the objective demands demonstrations and there are none.
    pub fn learn(
        &mut self,
        batch: BatchOf<O, P::Observation>,
        demonstrations: Option<&Demonstrations<P::Observation>>,
    ) -> Result<BTreeMap<String, f64>, Stop> {
        let numbers = self.numbers();
        let (at, plan) = (numbers.scope(self.iteration), numbers.plan::<Graph<O>>(self.iteration));
        let mut log = Log::default();

        let batch = self.read_references(batch, &plan);
        let before = self.preference_phase(&batch, &at, &plan, &mut log)?;
        let prm = <NeedsOf<O> as Needs>::ReadsPrm::fill(|| before.unwrap_or_else(|| self.read_prm(&batch)));
        let batch = self.explicit_phase(batch, prm, &at, &plan, &mut log)?;
        self.policy_phase(&batch, &at, &plan, demonstrations, &mut log)?;

        if let (Some(ema), Some(tau)) = (<NeedsOf<O> as Needs>::EmaRef::get_mut(&mut self.nets.ema), plan.ema)
        {
            network::mix::<P, D>(&mut ema.net, &self.nets.policy.net, tau as f32);
        }
        self.iteration += 1;
        self.env_steps += batch.layout.steps() as u64 + continuation_steps(&batch).unwrap_or(0);
        Ok(log.means())
    }

    /// The batch with what is read as it was when the batch was sampled: references, and the critic.
    pub fn read_references(
        &mut self,
        batch: BatchOf<O, P::Observation>,
        plan: &Plan,
    ) -> BatchOf<O, P::Observation, Read> {
        let estimates = self.read_critic(&batch, plan);
        if matches!(plan.snapshot, Some(Renew::Every(k)) if self.iteration.is_multiple_of(k)) {
            self.nets.renew_snapshot();
        }
        let mut references = self.nets.read_frozen(&batch, estimates);
        let column = <NeedsOf<O> as Needs>::SnapshotRef::get_mut(&mut references.snapshot);
        if let (Some(Renew::Drift(most)), Some(column)) = (plan.snapshot, column)
            && drift(&batch.old, column) > most
            && let Some(snapshot) = self.nets.renew_snapshot()
        {
            *column = read(snapshot, &batch);
        }
        batch.read(references)
    }

    /// The batch with what the PRM says of it, with its present parameters.
    pub fn score(&self, batch: BatchOf<O, P::Observation, Read>) -> BatchOf<O, P::Observation, Scored> {
        let scores = Scores {
            prm: <NeedsOf<O> as Needs>::ReadsPrm::fill(|| self.read_prm(&batch)),
            q: <NeedsOf<O> as Needs>::ExplicitPrm::map(&self.nets.explicit, |net| {
                explicit::read(net, &batch)
            }),
        };
        batch.score(scores)
    }

    /// The batch's log-probabilities under the implicit PRM; the policy's, if they share parameters.
    fn read_prm(&self, batch: &BatchOf<O, P::Observation, Read>) -> Vec<f64> {
        read(&self.nets.implicit().net, batch)
    }

    /// Per token of the batch, the log-probability under the parameters that phase A trains, as a loss sees it; none
    /// without an implicit PRM.
    pub fn preference_readout<S: Stage>(
        &self,
        batch: &BatchOf<O, P::Observation, S>,
    ) -> Option<Tensor<(usize,), f32, D>> {
        let net = &self.nets.implicit().net;
        let choices = Choices { observation: &batch.observation, token: &batch.token };
        let readout = || net.read(&batch.observations, choices, false, NoneTape).logp;
        <NeedsOf<O> as Needs>::TrainsPrm::VALUE.then(readout)
    }

    /// Phase A of an implicit PRM. Where the reward is read before it, the one forward pass of the first step serves both,
    /// and the column is handed back.
    fn preference_phase(
        &mut self,
        batch: &BatchOf<O, P::Observation, Read>,
        at: &Scope<'_>,
        plan: &Plan,
        log: &mut Log,
    ) -> Result<Option<Vec<f64>>, Stop> {
        if !<NeedsOf<O> as Needs>::TrainsPrm::VALUE {
            return Ok(None);
        }
        let prepared = Graph::<O>::prepare(&Credit { batch: batch.columns(), at: *at }, Phase::Reward);
        let part = Part::whole(&batch.layout);
        let choices = Choices { observation: &batch.observation, token: &batch.token };
        let mut read_before = None;
        for step in 0..self.settings.prm_steps {
            let net = self.nets.implicit_mut();
            let readout = net.net.read(&batch.observations, choices, false, OwnedTape::default());
            if step == 0 && plan.read_before {
                read_before = Some(readout.logp.as_vec().into_iter().map(f64::from).collect());
            }
            let update = Update { phase: Phase::Reward, at, part: &part, demonstration: None };
            if !net.descend::<Graph<O>>(&prepared, update, readout, log)? {
                break;
            }
        }
        Ok(read_before)
    }

    /// Phase B.
    fn policy_phase(
        &mut self,
        batch: &BatchOf<O, P::Observation, Scored>,
        at: &Scope<'_>,
        plan: &Plan,
        demonstrations: Option<&Demonstrations<P::Observation>>,
        log: &mut Log,
    ) -> Result<(), Stop> {
        if !<NeedsOf<O> as Needs>::TrainsPolicy::VALUE {
            return Ok(());
        }
        let credit = Credit { batch: batch.columns(), at: *at };
        let prepared = Graph::<O>::prepare(&credit, Phase::Policy);
        let valued = plan.critic.as_ref().map(|critic| (critic, Graph::<O>::prepare(&credit, Phase::Value)));
        let mut order = minibatch::units(&batch.layout, plan.together);
        for epoch in 0..self.settings.epochs {
            let index = self.iteration * self.settings.epochs as u64 + epoch as u64;
            order.shuffle(&mut stream(self.seed, "minibatch", index));
            for steps in minibatch::parts(&order, self.settings.minibatch) {
                let part = Part::of_steps(&batch.layout, steps);
                let seen = Seen::of(part.pick(&batch.observation), batch);
                let token = part.pick(&batch.token);
                let choices = Choices { observation: &seen.observation, token: &token };
                let net = &mut self.nets.policy;
                let want = <NeedsOf<O> as Needs>::PolicyEntropy::VALUE;
                let readout = net.net.read(&seen.observations, choices, want, OwnedTape::default());
                let demonstration = demonstrations.map(|d| d.read(&net.net));
                let update = Update { phase: Phase::Policy, at, part: &part, demonstration };
                net.descend::<Graph<O>>(&prepared, update, readout, log)?;
                if let Some((critic, prepared)) = &valued {
                    self.update_critic(batch, &part, at, critic, prepared, log)?;
                }
            }
        }
        Ok(())
    }
}

/// The batch's log-probabilities under a frozen network: one forward pass over its distinct observations.
fn read<P: Policy<D>, D: Backend, N: Needs, S: Stage>(
    net: &P,
    batch: &Batch<N, P::Observation, S>,
) -> Vec<f64> {
    let choices = Choices { observation: &batch.observation, token: &batch.token };
    let readout = net.read(&batch.observations, choices, false, NoneTape);
    readout.logp.as_vec().into_iter().map(f64::from).collect()
}

/// Mean k3 divergence, in nats per token, of the policy that produced the batch from another.
fn drift(old: &[f64], other: &[f64]) -> f64 {
    let k3 = |(old, other): (&f64, &f64)| (other - old).exp() - (other - old) - 1.0;
    old.iter().zip(other).map(k3).sum::<f64>() / old.len().max(1) as f64
}

/// The distinct ones of some observations of a batch, in order of first appearance, and each row's position among them.
struct Seen<Obs> {
    observations: Vec<Obs>,
    observation: Vec<u32>,
}

impl<Obs: Clone> Seen<Obs> {
    fn of<N: Needs, S: Stage>(rows: Vec<u32>, batch: &Batch<N, Obs, S>) -> Self {
        let mut position = vec![u32::MAX; batch.observations.len()];
        let mut observations = Vec::new();
        let observation = rows.into_iter().map(|row| {
            let place = &mut position[row as usize];
            if *place == u32::MAX {
                *place = observations.len() as u32;
                observations.push(batch.observations[row as usize].clone());
            }
            *place
        });
        let observation = observation.collect();
        Seen { observations, observation }
    }
}

/// Sums of metrics and how often each was logged.
#[derive(Debug, Default)]
pub(crate) struct Log(BTreeMap<String, (f64, u32)>);

impl Log {
    pub(crate) fn add(&mut self, name: &str, value: f64) {
        let (sum, times) = self.0.entry(name.to_owned()).or_default();
        *sum += value;
        *times += 1;
    }

    fn means(self) -> BTreeMap<String, f64> {
        self.0.into_iter().map(|(name, (sum, times))| (name, sum / f64::from(times))).collect()
    }
}
