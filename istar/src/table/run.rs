//! Runs the cells of a study, each once, however often it is started.

use super::cell::{Cell, Timing};
use super::progress::Progress;
use super::study::{Directory, Study, StudyError};
use crate::slug;
use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How far a cell is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tick {
    /// Iterations of this phase done.
    pub iteration: u64,
    /// Iterations of this phase.
    pub iterations: u64,
    /// Share of solved training episodes, mean over the last five iterations; in the test, of the last validation.
    pub success: f64,
    /// Environment steps so far.
    pub env_steps: u64,
    /// What is being done: "warm start", "training", "test".
    pub phase: &'static str,
}

/// What went wrong inside a cell.
pub type CellError = Box<dyn Error + Send + Sync>;

/// Trains one objective with one seed: from a directory for checkpoints, telling how far it is.
pub type Train = dyn Fn(&Path, &(dyn Fn(Tick) + Sync)) -> Result<(Cell, Timing), CellError> + Send + Sync;

/// One cell to be run.
pub struct Work {
    /// Its row's name.
    pub row: String,
    /// Its seed.
    pub seed: u64,
    /// What fills it.
    pub run: Box<Train>,
}

/// Runs what is not there yet, `threads` cells at a time, and returns all cells in the order of `works`, with the time each
/// took. A cell that fails or panics stops no other.
///
/// With `show_bars`, and standard error a terminal, every running cell has a bar; else every finished cell is one line there.
///
/// # Errors
/// The directory cannot be used ([`Directory::open`]), a file in it is damaged, or cells failed; then the finished ones are
/// kept.
pub fn run(
    dir: &Path,
    study: &Study,
    works: &[Work],
    threads: NonZeroUsize,
    show_bars: bool,
) -> Result<(Vec<Cell>, Vec<Timing>), StudyError> {
    let names = names(works)?;
    let directory = Directory::open(dir, study)?;
    let mut cells = Vec::with_capacity(works.len());
    for (work, name) in works.iter().zip(&names) {
        cells.push(directory.cell(name, &work.row, work.seed)?.map(Ok));
    }
    let timings = Mutex::new(directory.timings()?);

    let queue: Vec<usize> = (0..works.len()).filter(|&index| cells[index].is_none()).collect();
    let progress = Progress::new(works.len(), works.len() - queue.len(), show_bars);
    let next = AtomicUsize::new(0);
    let slots: Vec<_> = cells.into_iter().map(Mutex::new).collect();
    std::thread::scope(|scope| {
        for _ in 0..threads.get().min(queue.len()) {
            scope.spawn(|| {
                while let Some(&index) = queue.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let outcome = one(&directory, &works[index], &names[index], &timings, &progress);
                    *slots[index].lock().expect("nobody panics with a slot") = Some(outcome);
                }
            });
        }
    });
    progress.finish();

    let results = slots.into_iter().map(|slot| slot.into_inner().expect("nobody panics with a slot"));
    let results: Vec<_> = results.map(|result| result.expect("the queue is worked off")).collect();
    let failures: Vec<String> = results.iter().filter_map(|result| result.as_ref().err().cloned()).collect();
    if !failures.is_empty() {
        return Err(StudyError::Cells { cells: works.len(), failures });
    }
    let timings = timings.into_inner().expect("nobody panics with the timings");
    let timings = names.iter().map(|name| timings.get(name).cloned().unwrap_or_default()).collect();
    Ok((results.into_iter().flatten().collect(), timings))
}

/// Runs one cell and keeps it; a failure comes as one line.
fn one(
    directory: &Directory,
    work: &Work,
    name: &str,
    timings: &Mutex<BTreeMap<String, Timing>>,
    progress: &Progress,
) -> Result<Cell, String> {
    let bar = progress.cell(&work.row, work.seed);
    let attempt = || -> Result<Cell, CellError> {
        let checkpoint = directory.checkpoint(name)?;
        let (cell, timing) =
            catch_unwind(AssertUnwindSafe(|| (work.run)(&checkpoint, &|tick| bar.tick(tick))))
                .map_err(|panic| format!("panicked: {}", words(&*panic)))??;
        if (cell.row.as_str(), cell.seed) != (work.row.as_str(), work.seed) {
            return Err(format!("it returned row \"{}\", seed {}", cell.row, cell.seed).into());
        }
        // The time first: a cell that is there is finished, whatever happens next.
        let mut timings = timings.lock().expect("nobody panics with the timings");
        timings.insert(name.to_owned(), timing);
        directory.keep_timings(&timings)?;
        drop(timings);
        directory.keep(name, &cell)?;
        Ok(cell)
    };
    let outcome =
        attempt().map_err(|error| format!("\"{}\", seed {}: {}", work.row, work.seed, one_line(&*error)));
    bar.done(outcome.as_ref());
    outcome
}

/// One file name a cell; a row keeps its slug for all its seeds.
fn names(works: &[Work]) -> Result<Vec<String>, StudyError> {
    let mut rows: Vec<&str> = Vec::new();
    let mut seen = BTreeSet::new();
    for work in works {
        if !rows.contains(&work.row.as_str()) {
            rows.push(&work.row);
        }
        if !seen.insert((&work.row, work.seed)) {
            return Err(StudyError::Twice { row: work.row.clone(), seed: work.seed });
        }
    }
    let slugs: BTreeMap<&str, String> =
        rows.iter().copied().zip(slug::unique(rows.iter().copied())).collect();
    Ok(works.iter().map(|work| format!("{}-s{}", slugs[work.row.as_str()], work.seed)).collect())
}

/// An error with its causes, on one line.
fn one_line(error: &(dyn Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |&error| error.source()).map(ToString::to_string);
    let mut parts: Vec<String> = Vec::new();
    for part in causes.map(|part| part.split_whitespace().collect::<Vec<_>>().join(" ")) {
        // Many errors already end in their cause.
        if !parts.last().is_some_and(|last| last.ends_with(&part)) {
            parts.push(part);
        }
    }
    parts.join(": ")
}

fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().or(panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("no message").to_owned()
}

#[cfg(test)]
#[path = "run_tests.rs"]
mod tests;
