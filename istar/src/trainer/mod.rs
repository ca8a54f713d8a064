//! Training: phases, references, optimiser, guards, checkpoint and resume.
//!
//! One iteration: sample a batch under the policy; read the references that the objective demands; **phase A** trains
//! what rewards are read from, on past batches where they are replayed and on this one; **phase B** trains what acts,
//! mini-batch by mini-batch, and after each of them the critic; renew the references that are due. What an objective does
//! not demand is not there: no field, no forward pass, no column.

mod acting;
pub mod adam;
mod checkpoint;
mod collapse;
mod collect;
mod critic;
mod explicit;
mod forward;
mod imitate;
mod implicit;
mod log;
mod minibatch;
mod network;
mod networks;
mod past;
mod references;
mod settings;
mod teach;
#[cfg(test)]
mod tests;

pub use collapse::{Collapse, CollapseWatch};
pub use imitate::{Demonstrations, WarmStart};
pub use network::{IterateError, Network, Stop};
pub use networks::{Frozen, Networks};
pub use past::PastError;
pub use settings::Settings;

use crate::batch::{Batch, Sampled};
use crate::credit::Credit;
use crate::env::{Env, Offers};
use crate::kernels::Backend;
use crate::need::bit::Bit;
use crate::need::demand::Needs;
use crate::objective::{NeedsOf, Numbers, Objective, OutOfRange, validate};
use crate::policy::{Policy, take_passed};
use crate::rollout::{Lost, Watch};
use collect::{continuation_steps, describe};
use forward::Forward;
use log::Log;
use past::Past;
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
    /// What the last iteration lost.
    pub lost: Lost,
    /// What the last iteration gave cause to remark: once in a run, if its policy collapses.
    pub remark: Option<Collapse>,
    watch: CollapseWatch,
    past: Past<O, P::Observation>,
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
        Ok(Trainer {
            objective,
            settings,
            nets,
            iteration: 0,
            env_steps: 0,
            seed,
            lost: Lost::default(),
            remark: None,
            watch: CollapseWatch::default(),
            past: Past::<O, _>::new(),
        })
    }

    /// The numbers of the objective, with the seed of this trainer.
    pub fn numbers(&self) -> Numbers<'static> {
        Numbers::of(&self.objective).seeded(self.seed)
    }

    /// Samples a batch of these tasks and trains on it. Metrics are means over the updates of the iteration.
    ///
    /// # Errors
    /// When all episodes are lost, or an outcome is not stated, see [`sample`](crate::rollout::sample()); and as
    /// [`learn`](Self::learn).
    pub fn iterate<E>(&mut self, env: &E, tasks: &[E::Task]) -> Result<BTreeMap<String, f64>, IterateError>
    where
        E: Env<Observation = P::Observation> + Offers<O>,
    {
        self.iterate_watched(env, tasks, None, &mut |_, _| ())
    }

    /// As [`iterate`](Self::iterate), shown on the way: the environments to `watch`, as by
    /// [`sample`](crate::rollout::sample()), and what the policy is about to be trained on to `look`, with the number of each trajectory among the
    /// episodes that were begun ([`Rollout::episode`](crate::rollout::Rollout::episode)). Nothing that is learnt depends on them.
    ///
    /// # Errors
    /// As [`iterate`](Self::iterate).
    pub fn iterate_watched<E>(
        &mut self,
        env: &E,
        tasks: &[E::Task],
        watch: Option<Watch<'_, E>>,
        look: &mut dyn FnMut(&[usize], &Credit<'_>),
    ) -> Result<BTreeMap<String, f64>, IterateError>
    where
        E: Env<Observation = P::Observation> + Offers<O>,
    {
        take_passed();
        let rollout = self.sample(env, tasks, &self.settings.sampling, "rollout", watch)?;
        let mut metrics = describe(&rollout);
        self.env_steps += rollout.lost.steps;
        self.lost = rollout.lost;
        let demonstrations = <NeedsOf<O> as Needs>::Demonstrations::VALUE
            .then(|| Demonstrations::follow(env, tasks, |env| env.expert()));
        let look = &mut |credit: &Credit<'_>| look(&rollout.episode, credit);
        metrics.extend(self.learn_shown(rollout.batch, demonstrations.as_ref(), look)?);
        metrics.insert("charts/forward_passes".to_owned(), take_passed() as f64);
        let [entropy, success] = ["charts/entropy", "charts/success"].map(|name| metrics[name]);
        self.remark = self.watch.look(self.iteration, entropy, success);
        Ok(metrics)
    }

    /// Trains on a batch. Demonstrations are for objectives that demand them.
    ///
    /// # Errors
    /// When a loss or a gradient is not finite; the parameters are those of the last update that was.
    ///
    /// # Panics
    /// When the objective demands demonstrations and there are none.
    pub fn learn(
        &mut self,
        batch: BatchOf<O, P::Observation>,
        demonstrations: Option<&Demonstrations<P::Observation>>,
    ) -> Result<BTreeMap<String, f64>, Stop> {
        self.learn_shown(batch, demonstrations, &mut |_| ())
    }

    /// As [`learn`](Self::learn), with a look at the batch between the phases.
    fn learn_shown(
        &mut self,
        batch: BatchOf<O, P::Observation>,
        demonstrations: Option<&Demonstrations<P::Observation>>,
        look: &mut dyn FnMut(&Credit<'_>),
    ) -> Result<BTreeMap<String, f64>, Stop> {
        let numbers = self.numbers();
        let (at, plan) = (numbers.scope(self.iteration), numbers.plan::<Graph<O>>(self.iteration));
        let mut log = Log::default();

        let batch = self.read_references(batch, &plan);
        self.replay(&at, &plan, &mut log)?;
        let [implicit, explicit] = self.reward_phase(&batch, &at, &plan, &mut log)?;
        self.remember(&batch);
        let scores = self.scores(&batch, implicit, explicit);
        let batch = batch.score(scores);
        look(&Credit { batch: batch.columns(), at });
        self.policy_phase(&batch, &at, &plan, demonstrations, &mut log)?;

        self.renew_average(&plan);
        self.iteration += 1;
        self.env_steps += batch.layout.steps() as u64 + continuation_steps(&batch).unwrap_or(0);
        Ok(log.means())
    }
}
