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
    /// The study with all rows and seeds that it has come to.
    pub study: Study,
    /// In the order of its rows, seed by seed: those that were asked for, and those that were finished before.
    pub cells: Vec<Cell>,
    /// How long each took.
    pub timings: Vec<Timing>,
}

/// Runs what is not there yet, `threads` cells at a time, and returns all cells. A cell that fails or panics stops no other. A
/// study that is there may be given rows and seeds that it has not: what it has stays. `tell` hears how it goes, from any of
/// the threads.
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
    distinct(works)?;
    let directory = Directory::open(dir, study)?;
    let study = Study { manifest: directory.manifest().clone(), ..study.clone() };
    let rows = rows(&study, works);
    let names: Vec<String> = works.iter().map(|work| rows.name(&work.row, work.seed)).collect();
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
    let kept = rows.kept(&directory, &names)?;
    let mut cells: Vec<(String, Cell)> =
        names.into_iter().zip(results.into_iter().flatten()).chain(kept).collect();
    cells.sort_by_key(|(_, cell)| (rows.place(&cell.row), cell.seed));
    let timings = cells.iter().map(|(name, _)| timings.get(name).cloned().unwrap_or_default()).collect();
    Ok(Finished { study, cells: cells.into_iter().map(|(_, cell)| cell).collect(), timings })
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

/// No cell is there twice.
fn distinct(works: &[Work]) -> Result<(), StudyError> {
    let mut seen = BTreeSet::new();
    match works.iter().find(|work| !seen.insert((&work.row, work.seed))) {
        None => Ok(()),
        Some(work) => Err(StudyError::Twice { row: work.row.clone(), seed: work.seed }),
    }
}

/// The rows of a study in the order in which they were added, each with its name as in file names: a row keeps it for all
/// its seeds, whatever is added later.
pub(super) struct Rows(Vec<(String, String)>);

pub(super) fn rows(study: &Study, works: &[Work]) -> Rows {
    let mut rows = study.rows();
    for work in works {
        if !rows.contains(&work.row.as_str()) {
            rows.push(&work.row);
        }
    }
    let slugs = slug::unique(rows.iter().copied());
    Rows(rows.into_iter().map(str::to_owned).zip(slugs).collect())
}

impl Rows {
    fn place(&self, row: &str) -> Option<usize> {
        self.0.iter().position(|(known, _)| known == row)
    }

    /// The file name of a cell.
    pub(super) fn name(&self, row: &str, seed: u64) -> String {
        let place = self.place(row).expect("the rows of all works are there");
        format!("{}-s{seed}", self.0[place].1)
    }

    /// The finished cells that are not among these.
    fn kept(&self, directory: &Directory, asked: &[String]) -> Result<Vec<(String, Cell)>, StudyError> {
        let mut kept = Vec::new();
        for name in directory.finished()?.into_iter().filter(|name| !asked.contains(name)) {
            let Some((slug, seed)) = name.rsplit_once("-s") else { continue };
            let row = self.0.iter().find(|(_, known)| known == slug);
            if let (Some((row, _)), Ok(seed)) = (row, seed.parse())
                && let Some(cell) = directory.cell(&name, row, seed)?
            {
                kept.push((name, cell));
            }
        }
        Ok(kept)
    }
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
