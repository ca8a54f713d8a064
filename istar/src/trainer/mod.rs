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
mod settings;

pub use imitate::{Demonstrations, WarmStart};
pub use network::{Network, Stop};
pub use settings::Settings;

use crate::batch::{Batch, Part, Read, References, Sampled, Scope, Scored, Scores, Stage};
use crate::credit::Credit;
use crate::env::{Env, Offers};
use crate::graph::Phase;
use crate::kernels::Backend;
use crate::need::bit::Bit;
use crate::need::demand::Needs;
use crate::objective::{NeedsOf, Objective, OutOfRange, Plan, Renew, Term, validate};
use crate::policy::{Choices, Policy};
use crate::seed::stream;
use collect::{continuation_steps, describe};
use dfdx::prelude::{NoneTape, OwnedTape, Tensor};
use network::Update;
use rand::seq::SliceRandom;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::marker::PhantomData;

type Slot<B, T> = <B as Bit>::Slot<T>;
type Graph<O> = <O as Objective>::Graph;
type BatchOf<O, Obs, S = Sampled> = Batch<NeedsOf<O>, Obs, S>;

/// A trainer specialised to objective `O` and network `P`.
pub struct Trainer<O: Objective, P: Policy<D> + Debug, D: Backend> {
    /// The objective; its numbers may be changed between iterations.
    pub objective: O,
    /// The settings.
    pub settings: Settings,
    /// The policy and its optimiser.
    pub policy: Network<P>,
    /// The PRM and its optimiser, if it has parameters of its own.
    pub prm: Slot<<NeedsOf<O> as Needs>::PrmNet, Network<P>>,
    /// The explicit PRM and its optimiser: one output per action, the logit of `Q(s, a)`.
    pub explicit: Slot<<NeedsOf<O> as Needs>::ExplicitPrm, Network<P::Estimator>>,
    /// The critic and its optimiser.
    pub critic: Slot<<NeedsOf<O> as Needs>::CriticNet, Network<P::Estimator>>,
    /// The policy at the beginning.
    pub init: Slot<<NeedsOf<O> as Needs>::InitRef, P>,
    /// The policy at the last renewal.
    pub snapshot: Slot<<NeedsOf<O> as Needs>::SnapshotRef, P>,
    /// The policy's moving average.
    pub ema: Slot<<NeedsOf<O> as Needs>::EmaRef, P>,
    /// Iterations done.
    pub iteration: u64,
    /// Environment steps done, those of continuations included.
    pub env_steps: u64,
    /// The seed that every random stream of this trainer comes from.
    pub seed: u64,
    device: PhantomData<fn() -> D>,
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
        let plan = plan(&objective, 0);
        Ok(Trainer {
            critic: <NeedsOf<O> as Needs>::CriticNet::fill(|| critic::new(&policy, &plan, &settings, seed)),
            prm: <NeedsOf<O> as Needs>::PrmNet::fill(|| Network::new(policy.clone(), settings.prm)),
            explicit: <NeedsOf<O> as Needs>::ExplicitPrm::fill(|| {
                Network::new(policy.estimator(policy.actions(), seed), settings.prm)
            }),
            init: <NeedsOf<O> as Needs>::InitRef::fill(|| policy.clone()),
            snapshot: <NeedsOf<O> as Needs>::SnapshotRef::fill(|| policy.clone()),
            ema: <NeedsOf<O> as Needs>::EmaRef::fill(|| policy.clone()),
            policy: Network::new(policy, settings.policy),
            objective,
            settings,
            iteration: 0,
            env_steps: 0,
            seed,
            device: PhantomData,
        })
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
        let values = self.objective.values();
        let names: Vec<&str> = O::PARAMS.iter().map(|p| p.name).collect();
        let at = Scope { params: &values, names: &names, iteration: self.iteration };
        let plan = plan(&self.objective, self.iteration);
        let mut log = Log::default();

        let batch = self.read_references(batch, &plan);
        let before = self.preference_phase(&batch, &at, &plan, &mut log)?;
        let prm = <NeedsOf<O> as Needs>::ReadsPrm::fill(|| before.unwrap_or_else(|| self.read_prm(&batch)));
        let batch = self.explicit_phase(batch, prm, &at, &plan, &mut log)?;
        self.policy_phase(&batch, &at, &plan, demonstrations, &mut log)?;

        if let (Some(ema), Some(tau)) = (<NeedsOf<O> as Needs>::EmaRef::get_mut(&mut self.ema), plan.ema) {
            network::mix::<P, D>(ema, &self.policy.net, tau as f32);
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
        let read = |net: &P| read::<P, D, _, _>(net, &batch);
        let columns = References {
            value: self.read_critic(&batch, plan),
            init: <NeedsOf<O> as Needs>::InitRef::map(&self.init, read),
            ema: <NeedsOf<O> as Needs>::EmaRef::map(&self.ema, read),
            snapshot: <NeedsOf<O> as Needs>::SnapshotRef::map_mut(&mut self.snapshot, |snapshot| {
                if matches!(plan.snapshot, Some(Renew::Every(k)) if self.iteration.is_multiple_of(k)) {
                    *snapshot = self.policy.net.clone();
                }
                let column = read(snapshot);
                if matches!(plan.snapshot, Some(Renew::Drift(most)) if drift(&batch.old, &column) > most) {
                    *snapshot = self.policy.net.clone();
                    return read(snapshot);
                }
                column
            }),
        };
        batch.read(columns)
    }

    /// The batch with what the PRM says of it, with its present parameters.
    pub fn score(&self, batch: BatchOf<O, P::Observation, Read>) -> BatchOf<O, P::Observation, Scored> {
        let columns = Scores {
            prm: <NeedsOf<O> as Needs>::ReadsPrm::fill(|| self.read_prm(&batch)),
            q: <NeedsOf<O> as Needs>::ExplicitPrm::map(&self.explicit, |net| explicit::read(net, &batch)),
        };
        batch.score(columns)
    }

    /// The batch's log-probabilities under the implicit PRM; the policy's, if they share parameters.
    fn read_prm<S: Stage>(&self, batch: &BatchOf<O, P::Observation, S>) -> Vec<f64> {
        let prm = <NeedsOf<O> as Needs>::PrmNet::get(&self.prm).unwrap_or(&self.policy);
        read::<P, D, _, _>(&prm.net, batch)
    }

    /// Per token of the batch, the log-probability under the parameters that phase A trains, as a loss sees it; none
    /// without an implicit PRM.
    pub fn preference_readout<S: Stage>(
        &self,
        batch: &BatchOf<O, P::Observation, S>,
    ) -> Option<Tensor<(usize,), f32, D>> {
        let net = <NeedsOf<O> as Needs>::PrmNet::get(&self.prm).unwrap_or(&self.policy);
        let choices = Choices { observation: &batch.observation, token: &batch.token };
        let readout = || net.net.read(&batch.observations, choices, false, NoneTape).logp;
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
            let net = <NeedsOf<O> as Needs>::PrmNet::get_mut(&mut self.prm).unwrap_or(&mut self.policy);
            let readout = net.net.read(&batch.observations, choices, false, OwnedTape::default());
            if step == 0 && plan.read_before {
                read_before = Some(readout.logp.as_vec().into_iter().map(f64::from).collect());
            }
            let update = Update { phase: Phase::Reward, at, part: &part, demonstration: None };
            if !net.descend::<Graph<O>, D>(&prepared, update, readout, log)? {
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
                let net = &mut self.policy;
                let want = <NeedsOf<O> as Needs>::PolicyEntropy::VALUE;
                let readout = net.net.read(&seen.observations, choices, want, OwnedTape::default());
                let demonstration = demonstrations.map(|d| d.read(&net.net));
                let update = Update { phase: Phase::Policy, at, part: &part, demonstration };
                net.descend::<Graph<O>, D>(&prepared, update, readout, log)?;
                if let Some((critic, prepared)) = &valued {
                    self.update_critic(batch, &part, at, critic, prepared, log)?;
                }
            }
        }
        Ok(())
    }
}

/// What the terms of an objective ask to be set up in this iteration.
fn plan<O: Objective>(objective: &O, iteration: u64) -> Plan {
    let values = objective.values();
    let names: Vec<&str> = O::PARAMS.iter().map(|p| p.name).collect();
    let mut plan = Plan::default();
    Graph::<O>::plan(&Scope { params: &values, names: &names, iteration }, &mut plan);
    plan
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
