//! The record of what came from outside: a file of one answer a line, written before the answer is used.
//!
//! ```text
//! {"answer":{"episode":{"name":"rollout","index":3,"nth":0,"number":5},"step":0,"asked":[],"result":{"Ok":{"observation":"hello","transition":{..}}}}}
//! {"answer":{"episode":{"name":"rollout","index":3,"nth":0,"number":5},"step":1,"asked":[7],"result":{"Err":"no answer in 30 s"}}}
//! {"forget":{"name":"rollout","index":3}}
//! ```
//!
//! Here the tokens of a step are asked about, and step 0 is how an episode begins. A line replaces what stood for its step and
//! the steps after it.

use super::Episode;
use crate::env::EnvError;
use crate::file;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, VecDeque};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A record that cannot be gone on with.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The file cannot be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the file system says.
        source: io::Error,
    },
    /// A line of it is no answer.
    #[error("{} is damaged in line {line} ({problem}): delete it, and what it holds is asked again", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        problem: String,
    },
}

/// What came of one question.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Recorded<Q, A> {
    pub(super) episode: Episode,
    pub(super) step: usize,
    /// A record of before may call it so.
    #[serde(alias = "tokens")]
    pub(super) asked: Q,
    pub(super) result: Result<A, EnvError>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Line<Q, A> {
    Answer(Recorded<Q, A>),
    /// The last batch of this name and index is as if it had never been asked for.
    Forget {
        name: String,
        index: u64,
    },
}

/// A record that is open: what is left to be replayed, and the file that new answers go to.
pub(super) struct Record<Q, A> {
    path: PathBuf,
    file: Option<File>,
    /// Per episode, what it has not been told again: its next step first.
    left: HashMap<Episode, VecDeque<Recorded<Q, A>>>,
    /// How many batches of a name and index have begun.
    begun: HashMap<(String, u64), u32>,
}

impl<Q, A> Record<Q, A>
where
    Q: PartialEq + Serialize + DeserializeOwned,
    A: Serialize + DeserializeOwned,
{
    /// Opens a record, or begins one. A last line that was torn by a kill is cut off.
    pub(super) fn open(path: &Path) -> Result<Self, RecordError> {
        let failed = |source| RecordError::File { path: path.to_owned(), source };
        let mut record =
            Record { path: path.to_owned(), file: None, left: HashMap::new(), begun: HashMap::new() };
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(record),
            Err(error) => return Err(failed(error)),
        };
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        for (number, line) in bytes[..whole].split_inclusive(|byte| *byte == b'\n').enumerate() {
            let damaged = |problem| RecordError::Damaged { path: path.to_owned(), line: number + 1, problem };
            let line: Line<Q, A> =
                serde_json::from_slice(line).map_err(|error| damaged(error.to_string()))?;
            record.take(line).map_err(damaged)?;
        }
        if whole < bytes.len() {
            let file = OpenOptions::new().write(true).open(path).map_err(failed)?;
            file.set_len(whole as u64).and_then(|()| file.sync_all()).map_err(failed)?;
        }
        Ok(record)
    }

    /// Reads one line.
    fn take(&mut self, line: Line<Q, A>) -> Result<(), String> {
        match line {
            Line::Answer(answer) => {
                let steps = self.left.entry(answer.episode.clone()).or_default();
                if answer.step > steps.len() {
                    return Err(format!("step {} follows step {} of its episode", answer.step, steps.len()));
                }
                steps.truncate(answer.step);
                steps.push_back(answer);
            }
            Line::Forget { name, index } => {
                let of = |episode: &Episode| episode.name == name && episode.index == index;
                let last = self.left.keys().filter(|episode| of(episode)).map(|episode| episode.nth).max();
                self.left.retain(|episode, _| !of(episode) || Some(episode.nth) != last);
            }
        }
        Ok(())
    }

    /// Begins a batch of episodes: which one of this name and index it is, since the record was opened.
    pub(super) fn begin(&mut self, name: &str, index: u64) -> u32 {
        let begun = self.begun.entry((name.to_owned(), index)).or_default();
        *begun += 1;
        *begun - 1
    }

    /// What was answered to this question at this step, if the record has it. Where it has an answer to another, the episode
    /// has taken another way, and what it was told on the old one is forgotten.
    pub(super) fn replay(
        &mut self,
        episode: &Episode,
        step: usize,
        asked: &Q,
    ) -> Option<Result<A, EnvError>> {
        let steps = self.left.get_mut(episode)?;
        match steps.pop_front() {
            Some(answer) if answer.step == step && answer.asked == *asked => Some(answer.result),
            _ => {
                self.left.remove(episode);
                None
            }
        }
    }

    /// Writes answers down. When this returns they are on disk.
    pub(super) fn append(&mut self, answers: Vec<Recorded<Q, A>>) -> Result<(), EnvError> {
        let mut text = Vec::new();
        for answer in answers {
            let line = serde_json::to_vec(&Line::Answer(answer)).map_err(io::Error::from)?;
            text.extend(line);
            text.push(b'\n');
        }
        let file = match &mut self.file {
            Some(file) => file,
            None => {
                let file = OpenOptions::new().create(true).append(true).open(&self.path)?;
                file::sync_parent(&self.path)?;
                self.file.insert(file)
            }
        };
        let before = file.metadata()?.len();
        let written = file.write_all(&text).and_then(|()| file.sync_data());
        if written.is_err() {
            // A disk that is full may have taken half of a line.
            file.set_len(before)?;
        }
        Ok(written?)
    }
}

/// Lets the last batch of this name and index be asked for again, where there is a record: nothing came of it.
///
/// # Errors
/// The file cannot be written.
pub fn forget(path: &Path, name: &str, index: u64) -> Result<(), RecordError> {
    let failed = |source| RecordError::File { path: path.to_owned(), source };
    if !path.exists() {
        return Ok(());
    }
    let line = serde_json::to_vec(&Line::<(), ()>::Forget { name: name.to_owned(), index });
    let mut line = line.expect("names and numbers are JSON");
    line.push(b'\n');
    let mut file = OpenOptions::new().append(true).open(path).map_err(failed)?;
    file.write_all(&line).and_then(|()| file.sync_data()).map_err(failed)
}
