//! Runs the cells of a study, each once, however often it is started.

use super::cell::{Cell, Timing};
use super::directory::{Directory, Failure};
use super::error::CellError;
use super::origin::Origin;
use super::study::{Study, StudyError};
use super::train::Tick;
use crate::slug;
use std::any::Any;
use std::collections::BTreeSet;
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
/// Other processes may run the same study in the same directory at the same time: each cell is filled by one of them. Those
/// that others are at are left to the end and waited for; if their process dies, they are filled here.
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
    let names = rows(&Study { manifest: directory.manifest().clone(), ..study.clone() }, works);
    let names: Vec<String> = works.iter().map(|work| names.name(&work.row, work.seed)).collect();
    let mut cells = Vec::with_capacity(works.len());
    for (work, name) in works.iter().zip(&names) {
        let cell = directory.cell(name, &work.row, work.seed)?;
        cell.iter().try_for_each(|cell| directory.complete(name, cell))?;
        cells.push(cell.map(Ok));
    }

    let left = |cells: &[Option<Result<Cell, String>>]| -> Vec<usize> {
        (0..works.len()).filter(|&index| cells[index].is_none()).collect()
    };
    let queue = left(&cells);
    tell(Event::Begun { cells: works.len(), done: works.len() - queue.len() });
    let (slots, grid) = (cells.into_iter().map(Mutex::new).collect::<Vec<_>>(), Grid::new(&directory, tell));
    let fill = |queue: &[usize], wait: bool| {
        let next = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..threads.get().min(queue.len()) {
                scope.spawn(|| {
                    while let Some(&index) = queue.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let outcome = grid.fill(&works[index], &names[index], wait);
                        *slots[index].lock().expect("nobody panics with a slot") = outcome;
                    }
                });
            }
        });
    };
    fill(&queue, false);
    let taken = |index: &usize| slots[*index].lock().expect("nobody panics with a slot").is_none();
    fill(&queue.into_iter().filter(taken).collect::<Vec<_>>(), true);
    tell(Event::Over);

    let results = slots.into_iter().map(|slot| slot.into_inner().expect("nobody panics with a slot"));
    let results: Vec<_> = results.map(|result| result.expect("the queue is worked off")).collect();
    let failures: Vec<String> = results.iter().filter_map(|result| result.as_ref().err().cloned()).collect();
    if !failures.is_empty() {
        return Err(StudyError::Cells { cells: works.len(), failures });
    }
    let asked = names.into_iter().zip(results.into_iter().flatten()).collect();
    gather(&directory, study, works, asked)
}

/// The cells that were asked for and those that were finished before, or by others meanwhile, in the order of the rows.
fn gather(
    directory: &Directory,
    study: &Study,
    works: &[Work],
    asked: Vec<(String, Cell)>,
) -> Result<Finished, StudyError> {
    let study = Study { manifest: directory.manifest_now()?, ..study.clone() };
    let rows = rows(&study, works);
    let names: Vec<&str> = asked.iter().map(|(name, _)| name.as_str()).collect();
    let kept = rows.kept(directory, &names)?;
    kept.iter().try_for_each(|(name, cell)| directory.complete(name, cell))?;
    let mut cells: Vec<(String, Cell)> = asked.into_iter().chain(kept).collect();
    cells.sort_by_key(|(_, cell)| (rows.place(&cell.row), cell.seed));
    let timings = cells.iter().map(|(name, _)| directory.timing(name)).collect::<Result<_, _>>()?;
    Ok(Finished { study, cells: cells.into_iter().map(|(_, cell)| cell).collect(), timings })
}

/// Fills cells, from any thread.
struct Grid<'a> {
    directory: &'a Directory,
    origin: Origin,
    tell: &'a (dyn Fn(Event<'_>) + Sync),
}

impl<'a> Grid<'a> {
    fn new(directory: &'a Directory, tell: &'a (dyn Fn(Event<'_>) + Sync)) -> Self {
        Grid { directory, origin: Origin::here(), tell }
    }

    /// Runs one cell and keeps it; a failure comes as one line. None if another process is at it and it is not waited for.
    fn fill(&self, work: &Work, name: &str, wait: bool) -> Option<Result<Cell, String>> {
        let (row, seed) = (work.row.as_str(), work.seed);
        let outcome = self.attempt(work, name, wait).transpose()?;
        let outcome = outcome.map_err(|error| {
            let reason = one_line(&*error);
            // Where even this cannot be written, the line below still says why.
            let _ = self
                .directory
                .keep_failure(name, &Failure { row: row.to_owned(), seed, reason: reason.clone() });
            format!("\"{row}\", seed {seed}: {reason}")
        });
        (self.tell)(Event::Ended { row, seed, outcome: outcome.as_ref().map_err(String::as_str) });
        Some(outcome)
    }

    fn attempt(
        &self,
        work: &Work,
        name: &str,
        wait: bool,
    ) -> Result<Option<Cell>, Box<dyn Error + Send + Sync>> {
        let (row, seed, directory) = (work.row.as_str(), work.seed, self.directory);
        let Some(_claim) = directory.claim(name, wait)? else { return Ok(None) };
        // Whoever had it before may have finished it.
        if let Some(cell) = directory.cell(name, row, seed)? {
            return Ok(Some(cell));
        }
        let checkpoint = directory.checkpoint(name)?;
        let tick = |tick| (self.tell)(Event::Advanced { row, seed, tick });
        let (cell, mut timing) = catch_unwind(AssertUnwindSafe(|| (work.run)(&checkpoint, &tick)))
            .map_err(|panic| format!("panicked: {}", words(&*panic)))??;
        if (cell.row.as_str(), cell.seed) != (row, seed) {
            return Err(format!("it returned row \"{}\", seed {}", cell.row, cell.seed).into());
        }
        timing.origin = Some(self.origin.clone());
        directory.keep(name, &cell, &timing)?;
        Ok(Some(cell))
    }
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
    pub(super) fn place(&self, row: &str) -> Option<usize> {
        self.0.iter().position(|(known, _)| known == row)
    }

    /// The file name of a cell.
    pub(super) fn name(&self, row: &str, seed: u64) -> String {
        let place = self.place(row).expect("the rows of all works are there");
        format!("{}-s{seed}", self.0[place].1)
    }

    /// The finished cells that are not among these.
    pub(super) fn kept(
        &self,
        directory: &Directory,
        asked: &[&str],
    ) -> Result<Vec<(String, Cell)>, StudyError> {
        let mut kept = Vec::new();
        for name in directory.finished()?.into_iter().filter(|name| !asked.contains(&name.as_str())) {
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
