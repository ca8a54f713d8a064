//! Sampling for a trainer, and what the sampler saw.

use super::{Graph, Trainer};
use crate::batch::{Batch, Continued, Stage};
use crate::env::{Env, Offers};
use crate::kernels::Backend;
use crate::need::bit::Bit;
use crate::need::demand::Needs;
use crate::objective::{NeedsOf, Objective};
use crate::policy::Policy;
use crate::rollout::{Rollout, SampleError, Sampling, Watch, sample_and_continue};
use std::collections::BTreeMap;
use std::fmt::Debug;

impl<O, P, D> Trainer<O, P, D>
where
    O: Objective,
    D: Backend,
    P: Policy<D> + Debug,
{
    /// Samples a batch of these tasks under the policy, with the continuations that the objective demands. Random streams
    /// are those of the seed, this name and the iteration.
    ///
    /// # Errors
    /// As [`sample`](crate::rollout::sample()).
    pub fn sample<E>(
        &self,
        env: &E,
        tasks: &[E::Task],
        sampling: &Sampling,
        name: &str,
        watch: Option<Watch<'_, E>>,
    ) -> Result<Rollout<NeedsOf<O>, P::Observation>, SampleError>
    where
        E: Env<Observation = P::Observation> + Offers<O>,
    {
        let at = (self.seed, name, self.iteration);
        let rollouts = self.numbers().plan::<Graph<O>>(self.iteration).rollouts.unwrap_or(0);
        let net = &self.nets.policy.net;
        sample_and_continue::<O, E, P, D>(env, tasks, net, sampling, at, rollouts as usize, watch)
    }
}

/// Environment steps that continuations took, if they are demanded.
pub(super) fn continuation_steps<N: Needs, Obs, S: Stage>(batch: &Batch<N, Obs, S>) -> Option<u64> {
    N::Continuations::get(&batch.continued).map(Continued::env_steps)
}

/// What the sampler saw, as metrics.
pub(super) fn describe<N: Needs, Obs>(rollout: &Rollout<N, Obs>) -> BTreeMap<String, f64> {
    let batch = &rollout.batch;
    let trajs = batch.layout.trajs().max(1) as f64;
    let mean = |column: &[f64]| column.iter().sum::<f64>() / trajs;
    let mut metrics = BTreeMap::from([
        ("charts/success".to_owned(), mean(&batch.success)),
        ("charts/outcome".to_owned(), mean(&batch.outcome)),
        ("charts/episode_length".to_owned(), batch.layout.steps() as f64 / trajs),
        ("charts/entropy".to_owned(), rollout.entropy),
        (
            "charts/distinct_observations".to_owned(),
            batch.observations.len() as f64 / batch.layout.tokens().max(1) as f64,
        ),
    ]);
    if rollout.lost.episodes > 0 {
        metrics.insert("charts/lost_episodes".to_owned(), rollout.lost.episodes as f64);
    }
    if let Some(steps) = continuation_steps(batch) {
        metrics.insert("charts/continuation_steps".to_owned(), steps as f64);
    }
    metrics
}
