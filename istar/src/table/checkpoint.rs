//! A cell under way on disk: whoever is killed goes on from here.

use super::cell::{Cell, Timing};
use super::error::CellError;
use crate::env::remote;
use crate::file;
use crate::kernels::Backend;
use crate::objective::Objective;
use crate::policy::Policy;
use crate::policy::weights::Arrays;
use crate::rollout::SampleError;
use crate::seed::fnv1a;
use crate::trainer::Trainer;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::fmt::Debug;
use std::fs;
use std::path::{Path, PathBuf};

/// What is measured so far, and which files hold the trainer.
#[derive(Serialize, Deserialize)]
struct Checkpoint {
    weights: String,
    /// Of the bytes of that file.
    fnv1a: u64,
    /// The batches that are replayed next, if there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    past: Option<Written>,
    cell: Cell,
}

/// A file beside the checkpoint.
#[derive(Serialize, Deserialize)]
struct Written {
    name: String,
    /// Of its bytes.
    fnv1a: u64,
}

/// What a cell under way has in its folder.
pub(super) const CHECKPOINT: &str = "checkpoint.json";
/// The one file here that depends on the clock.
const TIMING: &str = "timing.json";
const ANSWERS: &str = "answers-";

/// The record of what an environment was told from outside since the checkpoint of this iteration, or before the first one:
/// a run that goes on from the checkpoint is told the same.
pub(super) fn answers(dir: &Path, checkpoint: Option<u64>) -> PathBuf {
    match checkpoint {
        Some(iteration) => dir.join(format!("{ANSWERS}{iteration:06}.jsonl")),
        None => dir.join(format!("{ANSWERS}start.jsonl")),
    }
}

/// Where a batch has lost all its episodes, what was told of them is not told again: the next run asks afresh.
pub(super) fn forget(answers: &Path, error: SampleError) -> CellError {
    if let SampleError::AllLost { name, index, .. } = &error
        && let Err(error) = remote::forget(answers, name, *index)
    {
        return error.into();
    }
    error.into()
}

/// The trainer first, under a name of its own, then the file that names it: whoever finds the second finds the first.
pub(super) fn save<O, P, D>(
    dir: &Path,
    trainer: &Trainer<O, P, D>,
    cell: &Cell,
    timing: &Timing,
) -> Result<(), CellError>
where
    O: Objective,
    P: Policy<D> + Debug,
    D: Backend,
    P::Observation: Serialize,
{
    let stem = format!("iteration-{:06}", trainer.iteration);
    let (weights, past) = (format!("{stem}.safetensors"), format!("{stem}.batches"));
    let bytes = trainer.export().to_bytes(&dir.join(&weights))?;
    write(dir, &weights, &bytes)?;
    let past = match trainer.export_past()? {
        None => None,
        Some(bytes) => {
            write(dir, &past, &bytes)?;
            Some(Written { name: past, fnv1a: fnv1a(&bytes) })
        }
    };
    write(dir, TIMING, &json(timing))?;
    let checkpoint = Checkpoint { weights, fnv1a: fnv1a(&bytes), past, cell: cell.clone() };
    write(dir, CHECKPOINT, &json(&checkpoint))?;
    for entry in fs::read_dir(dir).map_err(CellError::file("read the directory", dir))?.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with("iteration-") && !name.starts_with(&format!("{stem}."))
            || name.starts_with(ANSWERS) && entry.path() != answers(dir, Some(trainer.iteration))
        {
            fs::remove_file(entry.path()).map_err(CellError::file("remove", &entry.path()))?;
        }
    }
    Ok(())
}

/// Makes the trainer what it was at the checkpoint, and gives what was measured until then; `None` without a checkpoint.
pub(super) fn resume<O, P, D>(dir: &Path, trainer: &mut Trainer<O, P, D>) -> Result<Option<Cell>, CellError>
where
    O: Objective,
    P: Policy<D> + Debug,
    D: Backend,
    P::Observation: DeserializeOwned,
{
    let path = dir.join(CHECKPOINT);
    if !path.exists() {
        return Ok(None);
    }
    let damaged = |reason: String| CellError::Damaged { path: path.clone(), reason };
    let bytes = fs::read(&path).map_err(|e| damaged(e.to_string()))?;
    let found: Checkpoint = serde_json::from_slice(&bytes).map_err(|e| damaged(e.to_string()))?;
    let beside = |name: &str, sum: u64| match fs::read(dir.join(name)) {
        Ok(bytes) if fnv1a(&bytes) == sum => Ok(bytes),
        Ok(_) => Err(damaged(format!("{name} is not the file that was written"))),
        Err(error) => Err(damaged(format!("{name}: {error}"))),
    };
    let bytes = beside(&found.weights, found.fnv1a)?;
    let arrays = Arrays::from_bytes(&bytes, &dir.join(&found.weights)).map_err(|e| damaged(e.to_string()))?;
    trainer.import(&arrays).map_err(|e| damaged(e.to_string()))?;
    let past = found.past.map(|past| beside(&past.name, past.fnv1a)).transpose()?;
    trainer.import_past(past.as_deref()).map_err(|e| damaged(e.to_string()))?;
    Ok(Some(found.cell))
}

/// The time that a killed run had taken at its last checkpoint.
pub(super) fn spent(dir: &Path) -> Timing {
    fs::read(dir.join(TIMING)).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
}

fn write(dir: &Path, name: &str, bytes: &[u8]) -> Result<(), CellError> {
    let path = dir.join(name);
    file::write(&path, bytes).map_err(CellError::file("write", &path))
}

fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("string keys, and writing to memory does not fail")
}
