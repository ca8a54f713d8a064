//! One study out of the directories of several machines.

use super::cell::{Cell, Timing};
use super::directory::{Directory, Failure};
use super::manifest::grow;
use super::run::{Finished, rows};
use super::study::{Study, StudyError};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What there is of a study, and what is not there.
#[derive(Clone, Debug, PartialEq)]
pub struct Merged {
    /// Cells and what they cost, each once, in the order of the rows.
    pub finished: Finished,
    /// A line for each cell of the study that is in no directory, with why, if it is known.
    pub missing: Vec<String>,
}

/// A cell, what it cost, and the directory that it is from.
type Found<'a> = (Cell, Timing, &'a Path);

/// Gathers the finished cells of directories that hold parts of one study; nothing is written. Rows and seeds may differ from
/// directory to directory, a cell may be in several if it is the same.
///
/// # Errors
/// A directory is no study's or holds another study, a file is damaged, or a cell has different numbers in two directories.
///
/// # Panics
/// Without a directory.
pub fn merge(dirs: &[PathBuf]) -> Result<Merged, StudyError> {
    let first = dirs.first().expect("a directory");
    let mut whole: Option<Study> = None;
    let mut found: BTreeMap<(String, u64), Found> = BTreeMap::new();
    let (mut failures, mut begun) = (Vec::new(), Vec::new());
    for dir in dirs {
        let (directory, study) = Directory::read(dir)?;
        whole = Some(match whole {
            None => study.clone(),
            Some(there) => {
                let manifest = grow(&there.manifest, study.manifest.clone()).map_err(|difference| {
                    StudyError::Different { one: first.clone(), other: dir.clone(), difference }
                })?;
                Study { manifest, ..there }
            }
        });
        let names = rows(&study, &[]);
        for (name, cell) in names.kept(&directory, &[])? {
            let key = (cell.row.clone(), cell.seed);
            match found.get(&key) {
                Some((there, _, one)) if *there != cell => {
                    let (one, other) = ((*one).to_owned(), dir.clone());
                    return Err(StudyError::Conflict { row: cell.row, seed: cell.seed, one, other });
                }
                Some(_) => {}
                None => _ = found.insert(key, (cell, directory.timing(&name)?, dir)),
            }
        }
        failures.extend(directory.failures()?);
        begun.extend(cells_of(&study).filter(|(row, seed)| directory.begun(&names.name(row, *seed))));
    }
    let study = whole.expect("a directory");
    let missing = cells_of(&study).filter(|cell| !found.contains_key(cell));
    let missing = missing.map(|cell| why(&cell, &failures, &begun)).collect();
    let order = rows(&study, &[]);
    let mut found: Vec<Found> = found.into_values().collect();
    found.sort_by_key(|(cell, ..)| (order.place(&cell.row), cell.seed));
    let (cells, timings) = found.into_iter().map(|(cell, timing, _)| (cell, timing)).unzip();
    Ok(Merged { finished: Finished { study, cells, timings }, missing })
}

/// Every row with every seed that the manifest speaks of.
fn cells_of(study: &Study) -> impl Iterator<Item = (String, u64)> + '_ {
    let seeds = study.manifest["seeds"].as_u64().unwrap_or(0);
    study.rows().into_iter().flat_map(move |row| (0..seeds).map(move |seed| (row.to_owned(), seed)))
}

fn why(cell: &(String, u64), failures: &[Failure], begun: &[(String, u64)]) -> String {
    let (row, seed) = cell;
    let failed = failures.iter().find(|failure| (&failure.row, &failure.seed) == (row, seed));
    let why = match failed {
        Some(failure) => format!("failed: {}", failure.reason),
        None if begun.contains(cell) => "begun, not finished".to_owned(),
        None => "not begun".to_owned(),
    };
    format!("{row}, seed {seed}: {why}")
}
