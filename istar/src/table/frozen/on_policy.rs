//! What each step was worth under the policy that took it, by fresh continuations: the advantage that a PRM would have to say.

use super::Frozen;
use crate::credit::{Credit, mean};
use crate::env::{Env, Offers};
use crate::kernels::Backend;
use crate::objective;
use crate::objective::AnyObjective;
use crate::policy::Policy;
use crate::rollout::{Rollout, SampleError, Sampling, sample_and_continue};
use crate::trainer::Settings;
use std::fmt::Debug;
use std::sync::{Arc, Mutex, PoisonError};

objective! {
    /// The advantage of each step by 16 fresh continuations from every state, `r + V(s') - V(s)`: VinePPO's, Kazemnejad et al.,
    /// arXiv 2410.01679 (equation not checked), with more of them.
    pub Continued = rl(adv = gae(reward, 1, 0, value = mc(16)))
}

/// What the stream of the groups is called that credit is judged on.
pub(super) const HELD_OUT: &str = "judge";

/// Whole groups with the advantage of each step.
#[derive(Clone, Debug, PartialEq)]
pub struct OnPolicy {
    /// Per token of the batch, the token: what tells the groups from others.
    pub token: Vec<u32>,
    /// Per step of the batch, its reward and what the return of continuations is higher after it than before it.
    pub advantage: Vec<f64>,
}

/// Samples the groups that credit is judged on at the beginning of this seed, and continues from each of their states.
/// Continuations draw from streams of their own, so the groups are those that are sampled without.
///
/// # Errors
/// As [`sample`](crate::rollout::sample()).
pub fn on_policy<E, P, D>(
    env: &E,
    tasks: &[E::Task],
    policy: &P,
    sampling: &Sampling,
    seed: u64,
) -> Result<OnPolicy, SampleError>
where
    E: Env<Observation = P::Observation> + Offers<Continued>,
    P: Policy<D> + Debug,
    D: Backend,
{
    let numbers = Continued.numbers();
    let rollouts = Continued.plan(0).rollouts.unwrap_or(0);
    let at = (seed, HELD_OUT, 0);
    let Rollout { batch, .. } =
        sample_and_continue::<Continued, E, P, D>(env, tasks, policy, sampling, at, rollouts as usize, None)?;
    let tokens = Continued.advantage(&Credit { batch: batch.columns(), at: numbers.scope(0) });
    let tokens = tokens.expect("its only term has an advantage");
    let advantage = mean(&tokens, batch.layout.step_of_token(), batch.layout.steps());
    Ok(OnPolicy { token: batch.token, advantage })
}

/// The groups of one seed, continued once for all rows, by whichever cell needs them first. Counted in no budget.
#[derive(Default)]
pub(in crate::table) struct Kept(Mutex<Vec<(Acting, Arc<OnPolicy>)>>);

/// What decides the policy that the groups are sampled under, and how they are: whether it has learnt before and on how many batches, the
/// groups of a batch, and settings.
pub(super) type Acting = (Frozen, usize, Settings);

impl Kept {
    /// Those of rows that act like this, or else what `make` gives. Whoever comes first makes them, the others wait.
    pub(super) fn or_make(
        &self,
        acting: Acting,
        make: impl FnOnce() -> Result<OnPolicy, SampleError>,
    ) -> Result<Arc<OnPolicy>, SampleError> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, found)) = kept.iter().find(|(there, _)| *there == acting) {
            return Ok(found.clone());
        }
        let made = Arc::new(make()?);
        kept.push((acting, made.clone()));
        Ok(made)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipes::Grpo;
    use crate::rollout::sample;
    use crate::table::{Stage, TaskOf, World};
    use crate::worlds::{Preset, SokobanWorld};
    use dfdx::prelude::Cpu;

    #[test]
    fn the_groups_with_continuations_are_those_without() {
        let (world, schedule) = SokobanWorld::one_box(Preset::Smoke);
        let stage = Stage::of(SokobanWorld { train: 4, validation: 2, test: 4, ..world }).expect("levels");
        let (policy, sampling) =
            (stage.world.policy(0), Sampling { per_group: 2, ..schedule.settings.sampling });
        let tasks: &[TaskOf<SokobanWorld>] = &stage.tasks.test[..2];
        let at = (7, HELD_OUT, 0);
        let without =
            sample::<Grpo, _, _, Cpu>(&stage.env, tasks, &policy, &sampling, at, None).expect("none is lost");
        let kept = Kept::default();
        let make = || on_policy(&stage.env, tasks, &policy, &sampling, 7);
        let found = kept.or_make((Frozen::new(1), 2, schedule.settings), make).expect("none is lost");
        assert_eq!(found.token, without.batch.token);
        assert_eq!(found.advantage.len(), without.batch.layout.steps());
        assert!(found.advantage.iter().any(|advantage| advantage.abs() > 0.01), "{found:?}");
        let again =
            kept.or_make((Frozen::new(1), 2, schedule.settings), || panic!("they are there")).expect("kept");
        assert!(Arc::ptr_eq(&found, &again));
        let other = on_policy(&stage.env, tasks, &policy, &sampling, 8).expect("none is lost");
        assert_ne!(other.token, found.token, "another seed is another batch");
    }
}
