//! Runs the cells of a study, each once, however often it is started.

use super::cell::{Cell, Timing};
use super::error::CellError;
use super::study::{Directory, Study, StudyError};
use super::train::Tick;
use crate::slug;
use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Fills one cell: from a directory for checkpoints, telling how far it is.
pub type Fill = dyn Fn(&Path, &(dyn Fn(Tick) + Sync)) -> Result<(Cell, Timing), CellError> + Send + Sync;

/// One cell to be filled.
pub struct Work {
    /// Its row's name.
    pub row: String,
    /// Its seed.
    pub seed: u64,
    /// What fills it.
    pub run: Box<Fill>,
}

/// What happens while a study runs; cells are told apart by row and seed.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// It begins: so many cells, of which some are there already.
    Begun {
        /// All cells.
        cells: usize,
        /// Those of an earlier run.
        done: usize,
    },
    /// A cell has got so far.
    Advanced {
        /// Its row's name.
        row: &'a str,
        /// Its seed.
        seed: u64,
        /// How far.
        tick: Tick,
    },
    /// A cell is filled, or failed for a reason of one line.
    Ended {
        /// Its row's name.
        row: &'a str,
        /// Its seed.
        seed: u64,
        /// What came of it.
        outcome: Result<&'a Cell, &'a str>,
    },
    /// Nothing is left to do.
    Over,
}

/// The cells of a finished study.
#[derive(Clone, Debug, PartialEq)]
pub struct Finished {
    /// In the order of the works.
    pub cells: Vec<Cell>,
    /// How long each took.
    pub timings: Vec<Timing>,
}

/// Runs what is not there yet, `threads` cells at a time, and returns all cells in the order of `works`. A cell that fails or
/// panics stops no other. `tell` hears how it goes, from any of the threads.
///
/// # Errors
/// The directory cannot be used ([`Directory::open`]), a file in it is damaged, or cells failed; then the finished ones are
/// kept.
pub fn run(
    dir: &Path,
    study: &Study,
    works: &[Work],
    threads: NonZeroUsize,
    tell: &(dyn Fn(Event<'_>) + Sync),
) -> Result<Finished, StudyError> {
    let names = names(works)?;
    let directory = Directory::open(dir, study)?;
    let mut cells = Vec::with_capacity(works.len());
    for (work, name) in works.iter().zip(&names) {
        cells.push(directory.cell(name, &work.row, work.seed)?.map(Ok));
    }
    let timings = Mutex::new(directory.timings()?);

    let queue: Vec<usize> = (0..works.len()).filter(|&index| cells[index].is_none()).collect();
    tell(Event::Begun { cells: works.len(), done: works.len() - queue.len() });
    let next = AtomicUsize::new(0);
    let slots: Vec<_> = cells.into_iter().map(Mutex::new).collect();
    std::thread::scope(|scope| {
        for _ in 0..threads.get().min(queue.len()) {
            scope.spawn(|| {
                while let Some(&index) = queue.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let outcome = one(&directory, &works[index], &names[index], &timings, tell);
                    *slots[index].lock().expect("nobody panics with a slot") = Some(outcome);
                }
            });
        }
    });
    tell(Event::Over);

    let results = slots.into_iter().map(|slot| slot.into_inner().expect("nobody panics with a slot"));
    let results: Vec<_> = results.map(|result| result.expect("the queue is worked off")).collect();
    let failures: Vec<String> = results.iter().filter_map(|result| result.as_ref().err().cloned()).collect();
    if !failures.is_empty() {
        return Err(StudyError::Cells { cells: works.len(), failures });
    }
    let timings = timings.into_inner().expect("nobody panics with the timings");
    let timings = names.iter().map(|name| timings.get(name).cloned().unwrap_or_default()).collect();
    Ok(Finished { cells: results.into_iter().flatten().collect(), timings })
}

/// Runs one cell and keeps it; a failure comes as one line.
fn one(
    directory: &Directory,
    work: &Work,
    name: &str,
    timings: &Mutex<BTreeMap<String, Timing>>,
    tell: &(dyn Fn(Event<'_>) + Sync),
) -> Result<Cell, String> {
    let (row, seed) = (work.row.as_str(), work.seed);
    let attempt = || -> Result<Cell, Box<dyn Error + Send + Sync>> {
        let checkpoint = directory.checkpoint(name)?;
        let tick = |tick| tell(Event::Advanced { row, seed, tick });
        let (cell, timing) = catch_unwind(AssertUnwindSafe(|| (work.run)(&checkpoint, &tick)))
            .map_err(|panic| format!("panicked: {}", words(&*panic)))??;
        if (cell.row.as_str(), cell.seed) != (row, seed) {
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
    let outcome = attempt().map_err(|error| format!("\"{row}\", seed {seed}: {}", one_line(&*error)));
    tell(Event::Ended { row, seed, outcome: outcome.as_ref().map_err(String::as_str) });
    outcome
}

/// One file name a cell; a row keeps its slug for all its seeds.
pub(super) fn names(works: &[Work]) -> Result<Vec<String>, StudyError> {
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
