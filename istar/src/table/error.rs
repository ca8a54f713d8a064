//! Why a table cannot be made, and why a cell of it was not filled.

use crate::env::remote::RecordError;
use crate::objective::OutOfRange;
use crate::policy::weights::WeightsError;
use crate::rollout::SampleError;
use crate::trainer::{PastError, Stop};
use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};

/// Why a table cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The world cannot give its tasks.
    #[error(transparent)]
    Tasks(Box<dyn Error + Send + Sync>),
    /// The world gives a set without a task.
    #[error("the world has no task to {0}")]
    NoTasks(&'static str),
    /// A warm start is wanted, and there is nobody to imitate.
    #[error(
        "the schedule has a warm start, but the world has no expert to imitate: leave the warm start out"
    )]
    NoExpert,
    /// Outcomes are to be scores, and there are none.
    #[error("the outcome is to be a score, and the world states none: the outcome can be reward or success")]
    NoScore,
    /// A number of a row is out of range.
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
    /// There are not the batches that PRMs are to be taught on off line.
    #[error("{0}")]
    Frozen(String),
    /// A row is to teach its PRM off line, and has none.
    #[error("\"{name}\" has no PRM that could be taught off line; {}", taught(known))]
    NoPrm {
        /// Its name.
        name: String,
        /// The rows that have one.
        known: Vec<String>,
    },
    /// A row is to teach its PRM off line, and types of one's own stand in its line, which a text does not have.
    #[error(
        "the line of \"{0}\" has types of its own, and what a PRM says off line is read from the text: leave the row out"
    )]
    NotAText(String),
    /// A row was named that the table has not.
    #[error("\"{name}\" is no row of the table; its rows are {}", known.join(", "))]
    NoSuchRow {
        /// The name that was given.
        name: String,
        /// Those that there are.
        known: Vec<String>,
    },
    /// The world or the schedule cannot be written into a manifest.
    #[error("the world's settings are no JSON: {0}")]
    Manifest(#[from] serde_json::Error),
}

/// Which rows have a PRM.
fn taught(known: &[String]) -> String {
    match known {
        [] => "no row of this table has one: write a line with `dpo_prm`, `ce_prm`, `mc_prm` or `td_prm`"
            .to_owned(),
        known => format!("these rows have one: {}", known.join(", ")),
    }
}

/// Why a cell was not filled.
#[derive(Debug, thiserror::Error)]
pub enum CellError {
    /// A number of the objective is out of range.
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
    /// The warm start did not come to its end.
    #[error("the warm start: {0}")]
    WarmStart(Stop),
    /// The policy that frozen batches are sampled under learns from their outcomes, and broke.
    #[error("the policy that frozen batches are sampled under: {0}")]
    Actor(Stop),
    /// There was no batch to go on with: what was computed until then is kept, and the same command goes on from it.
    #[error(transparent)]
    Sample(#[from] SampleError),
    /// What was told from outside cannot be told again.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The file system said no.
    #[error("cannot {action} {}: {source}", path.display())]
    File {
        /// What was tried.
        action: &'static str,
        /// On which file or directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Parameters could not be written or read.
    #[error(transparent)]
    Weights(#[from] WeightsError),
    /// Batches that are to be replayed could not be written.
    #[error(transparent)]
    Past(#[from] PastError),
    /// A checkpoint is not what was written.
    #[error("{} is damaged ({reason}): delete its directory, and the cell starts again", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// Training broke off, and the checkpoint to go back to is not there any more.
    #[error("the checkpoint in {} is gone: start the cell again", .0.display())]
    Lost(PathBuf),
    /// What work of a reader's own says.
    #[error(transparent)]
    Other(#[from] Box<dyn Error + Send + Sync>),
}

impl CellError {
    /// For `map_err`: what was tried on which path.
    pub(super) fn file(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { action, path, source }
    }
}
