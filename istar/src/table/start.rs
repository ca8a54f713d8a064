//! The start that all rows of a seed share.

use super::error::{CellError, TableError};
use super::schedule::Schedule;
use super::world::{Expert, Stage, World};
use crate::policy::weights::Arrays;
use crate::trainer::WarmStart;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

/// The policy that the rows of one seed start from, made once, by whichever cell needs it first.
pub struct Start<W: World> {
    /// The seed.
    pub seed: u64,
    warm: Option<(WarmStart, Expert<W::Env>)>,
    kept: OnceLock<PathBuf>,
    made: Mutex<Option<Arrays>>,
}

impl<W: World> Start<W> {
    /// The start of this seed; nothing is trained yet.
    ///
    /// # Errors
    /// The schedule has a warm start, and the world no expert.
    pub fn new(world: &W, schedule: &Schedule, seed: u64) -> Result<Self, TableError> {
        let with_expert = |warm| world.expert().map(|expert| (warm, expert)).ok_or(TableError::NoExpert);
        let warm = schedule.warm_start.map(with_expert).transpose()?;
        Ok(Start { seed, warm, kept: OnceLock::new(), made: Mutex::new(None) })
    }

    /// Keeps the policy of a warm start in this directory, the first that is told, and takes it from there if it is kept
    /// already. So rows that begin after a kill start from the same as those before, also where whoever is imitated, or the
    /// environment's partner, would not show the same again.
    pub fn keep_in(&self, dir: &Path) {
        self.kept.get_or_init(|| dir.join(format!("s{}.safetensors", self.seed)));
    }

    /// The policy, after the warm start if there is one.
    ///
    /// # Errors
    /// A loss or gradient of the warm start is not finite; the policy that is kept cannot be read, or this one not be kept.
    pub fn policy(&self, stage: &Stage<W>) -> Result<W::Policy, CellError> {
        let mut policy = stage.world.policy(self.seed);
        let Some((warm, expert)) = &self.warm else { return Ok(policy) };
        // Whoever comes first makes it, the others wait.
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let arrays = match &mut *made {
            Some(arrays) => arrays,
            none => none.insert(self.take_or_make(stage, *warm, expert)?),
        };
        arrays.read_network("policy", &mut policy)?;
        Ok(policy)
    }

    /// What is kept, or else what the warm start makes, kept before anything is made of it.
    fn take_or_make(
        &self,
        stage: &Stage<W>,
        warm: WarmStart,
        expert: &Expert<W::Env>,
    ) -> Result<Arrays, CellError> {
        let kept = self.kept.get();
        // Of the processes that share the directory one makes it.
        let _alone = kept.map(|file| alone(file)).transpose()?;
        if let Some(file) = kept.filter(|file| file.exists()) {
            return Ok(Arrays::load(file)?);
        }
        let policy = stage.world.policy(self.seed);
        let task = |random: &mut _| stage.task(random);
        let trained = warm.run::<_, _, W::Device>(policy, &stage.env, task, expert, self.seed);
        let mut arrays = Arrays::new();
        arrays.insert_network("policy", &trained.map_err(CellError::WarmStart)?);
        if let Some(file) = kept {
            arrays.save(file)?;
        }
        Ok(arrays)
    }
}

/// Waits until no other process makes this file, and keeps them away while the lock lives.
fn alone(file: &Path) -> Result<File, CellError> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let lock = file.with_file_name(format!(".{name}.lock"));
    let locked = File::create(&lock).map_err(CellError::file("write", &lock))?;
    locked.lock().map_err(CellError::file("lock", &lock))?;
    Ok(locked)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Parameters;
    use crate::worlds::{Preset, SokobanWorld};

    #[test]
    fn a_start_that_is_kept_is_taken_and_not_made_again() {
        let (world, schedule) = SokobanWorld::one_box(Preset::Smoke);
        let stage = Stage::of(world).expect("levels");
        let dir = tempfile::tempdir().expect("a directory");
        let policy = |steps: usize, kept: bool| {
            let warm = schedule.warm_start.expect("the preset has one");
            let schedule = Schedule { warm_start: Some(WarmStart { steps, tasks: 2, ..warm }), ..schedule };
            let start = Start::new(&stage.world, &schedule, 3).expect("it has an expert");
            if kept {
                start.keep_in(dir.path());
            }
            let policy = start.policy(&stage)?;
            let values = policy.parameters().into_iter().flat_map(|(_, parameter)| parameter.values());
            Ok::<Vec<f32>, CellError>(values.collect())
        };
        let made = policy(1, true).expect("made and kept");
        assert_eq!(policy(1, false).expect("made"), made);
        assert_ne!(policy(2, false).expect("made"), made, "another warm start is another policy");
        assert_eq!(policy(2, true).expect("taken from where it is kept"), made);
        let file = dir.path().join("s3.safetensors");
        std::fs::write(&file, "no such thing").expect("written");
        let refused = policy(1, true).expect_err("damaged").to_string();
        assert!(refused.contains(&file.display().to_string()), "{refused}");
    }
}
