//! The start that all rows of a seed share.

use super::error::{CellError, TableError};
use super::schedule::Schedule;
use super::world::{Expert, Stage, World};
use crate::policy::weights::Arrays;
use crate::trainer::{Stop, WarmStart};
use std::sync::OnceLock;

/// The policy that the rows of one seed start from, made once, by whichever cell needs it first.
pub struct Start<W: World> {
    /// The seed.
    pub seed: u64,
    warm: Option<(WarmStart, Expert<W::Env>)>,
    made: OnceLock<Result<Arrays, Stop>>,
}

impl<W: World> Start<W> {
    /// The start of this seed; nothing is trained yet.
    ///
    /// # Errors
    /// The schedule has a warm start, and the world no expert.
    pub fn new(world: &W, schedule: &Schedule, seed: u64) -> Result<Self, TableError> {
        let with_expert = |warm| world.expert().map(|expert| (warm, expert)).ok_or(TableError::NoExpert);
        let warm = schedule.warm_start.map(with_expert).transpose()?;
        Ok(Start { seed, warm, made: OnceLock::new() })
    }

    /// The policy, after the warm start if there is one.
    ///
    /// # Errors
    /// A loss or gradient of the warm start is not finite.
    pub fn policy(&self, stage: &Stage<W>) -> Result<W::Policy, CellError> {
        let mut policy = stage.world.policy(self.seed);
        let Some((warm, expert)) = &self.warm else { return Ok(policy) };
        let made = self.made.get_or_init(|| {
            let policy = policy.clone();
            let task = |random: &mut _| stage.task(random);
            let trained = warm.run::<_, _, W::Device>(policy, &stage.env, task, expert, self.seed)?;
            let mut arrays = Arrays::new();
            arrays.insert_network("policy", &trained);
            Ok(arrays)
        });
        let arrays = made.as_ref().map_err(|stop| CellError::WarmStart(stop.clone()))?;
        arrays.read_network("policy", &mut policy)?;
        Ok(policy)
    }
}
