//! The directory of a study. Any number of processes may fill it at once, on any number of machines that share it: a cell
//! is filled by whoever holds its lock, and the system drops a lock with the process, however that ends.
//!
//! ```text
//! study.json                    everything that decides the numbers
//! about.json                    the words of a report's titles
//! cells/<row>-s<seed>.json      one per finished cell: data only, the same bytes from run to run
//! metrics/<row>-s<seed>.csv     what it logged, an iteration a line: made from it
//! levels/<row>-s<seed>.csv      which test tasks its last policy solved
//! timing/<row>-s<seed>.json     what it cost and where it was filled: all that depends on the clock
//! failed/<row>-s<seed>.json     why a cell could not be filled when it was last tried
//! checkpoints/<row>-s<seed>/    what the cells keep for themselves, and their locks
//! starts/s<seed>.safetensors    what the rows of a seed start from, after a warm start
//! ```

use super::cell::{Cell, Timing};
use super::checkpoint::CHECKPOINT;
use super::files::{alone, is_empty, parse, pretty, read, text, write};
use super::levels;
use super::manifest::grow;
use super::metrics::metrics_csv;
use super::study::{Study, StudyError};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// Where starts are kept.
pub(super) const STARTS: &str = "starts";
/// Both decide nothing: the one has the titles of a report, the other the times of a study of version 0.1.0.
const ABOUT: &str = "about.json";
const TIMES_BEFORE: &str = "timing.json";

/// The directory of a study.
#[derive(Debug)]
pub struct Directory {
    root: PathBuf,
    manifest: Value,
}

/// A cell that nobody else fills while this lives.
#[derive(Debug)]
pub struct Claim(#[expect(dead_code, reason = "it holds the lock")] File);

/// Why a cell could not be filled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Its row's name.
    pub row: String,
    /// Its seed.
    pub seed: u64,
    /// On one line.
    pub reason: String,
}

impl Directory {
    /// Opens the directory of a study, or makes it. The manifest of a study that is there grows by the rows and seeds that are
    /// new.
    ///
    /// # Errors
    /// The directory cannot be written, is not a study's, or is another study's.
    pub fn open(root: &Path, study: &Study) -> Result<Self, StudyError> {
        fs::create_dir_all(root).map_err(StudyError::file("create the directory", root))?;
        let path = root.join("study.json");
        // Before the lock, which is a file: what is no study's stays untouched.
        if !path.exists() && !is_empty(root)? {
            return Err(StudyError::NotAStudy(root.to_owned()));
        }
        let alone = alone(root)?;
        // Through text, so that only what is written is compared.
        let here: Value = parse(&path, &pretty(&study.manifest))?;
        let there: Option<Value> = read(&path)?;
        let manifest = match &there {
            None => here,
            Some(there) => grow(there, here)
                .map_err(|difference| StudyError::Another { dir: root.to_owned(), difference })?,
        };
        // The manifest first: a directory with anything else in it is no study's.
        for (name, new) in [("study.json", &manifest), (ABOUT, &study.about())] {
            if read::<Value>(&root.join(name))?.as_ref() != Some(new) {
                write(&root.join(name), &pretty(new))?;
            }
        }
        drop(alone);
        for part in ["cells", "checkpoints", "levels", "metrics", "timing", STARTS] {
            let path = root.join(part);
            fs::create_dir_all(&path).map_err(StudyError::file("create the directory", &path))?;
        }
        Ok(Self { root: root.to_owned(), manifest })
    }

    /// Opens the directory of a study to read it, and the study as it is kept there.
    ///
    /// # Errors
    /// It is no study's, or cannot be read.
    pub fn read(root: &Path) -> Result<(Self, Study), StudyError> {
        let manifest: Option<Value> = read(&root.join("study.json"))?;
        let manifest = manifest.ok_or_else(|| StudyError::NoStudy(root.to_owned()))?;
        let about: Value = read(&root.join(ABOUT))?.unwrap_or_default();
        Ok((Self { root: root.to_owned(), manifest: manifest.clone() }, Study::of(manifest, &about)))
    }

    /// The manifest, with all rows and seeds that the study had come to when it was opened.
    #[must_use]
    pub fn manifest(&self) -> &Value {
        &self.manifest
    }

    /// The same as it is now: other processes may have added to it.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn manifest_now(&self) -> Result<Value, StudyError> {
        let path = self.root.join("study.json");
        read(&path)?.ok_or_else(|| StudyError::NoStudy(self.root.clone()))
    }

    /// The names of the finished cells.
    ///
    /// # Errors
    /// The directory cannot be read.
    pub fn finished(&self) -> Result<Vec<String>, StudyError> {
        self.names("cells")
    }

    /// The cells that failed when they were last tried, and have not been filled since.
    ///
    /// # Errors
    /// The directory cannot be read, or a file in it is damaged.
    pub fn failures(&self) -> Result<Vec<Failure>, StudyError> {
        let names = self.names("failed")?;
        let failures = names.iter().map(|name| read(&self.file("failed", name, "json")));
        Ok(failures.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    }

    fn names(&self, part: &str) -> Result<Vec<String>, StudyError> {
        let dir = self.root.join(part);
        let entries = match fs::read_dir(&dir) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && part == "failed" => {
                return Ok(Vec::new());
            }
            entries => entries.map_err(StudyError::file("read the directory", &dir))?,
        };
        let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
        let names = names.filter_map(|name| Some(name.strip_suffix(".json")?.to_owned()));
        let mut names: Vec<String> = names.filter(|name| !name.starts_with('.')).collect();
        names.sort();
        Ok(names)
    }

    /// Where a cell keeps its checkpoints; made if it is not there.
    ///
    /// # Errors
    /// The directory cannot be made.
    pub fn checkpoint(&self, name: &str) -> Result<PathBuf, StudyError> {
        let path = self.root.join("checkpoints").join(name);
        fs::create_dir_all(&path).map_err(StudyError::file("create the directory", &path))?;
        Ok(path)
    }

    /// Whether a cell has got to its first checkpoint.
    #[must_use]
    pub fn begun(&self, name: &str) -> bool {
        self.root.join("checkpoints").join(name).join(CHECKPOINT).exists()
    }

    /// The right to fill a cell; `None` if somebody else has it, unless one waits for it.
    ///
    /// # Errors
    /// The file system refuses the file, or knows no locks.
    pub fn claim(&self, name: &str, wait: bool) -> Result<Option<Claim>, StudyError> {
        let path = self.checkpoint(name)?.join(".lock");
        let file = File::create(&path).map_err(StudyError::file("write", &path))?;
        let locked = if wait { file.lock().map_err(TryLockError::Error) } else { file.try_lock() };
        match locked {
            Ok(()) => Ok(Some(Claim(file))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(StudyError::file("lock", &path)(error)),
        }
    }

    /// The finished cell of that name, if it is there.
    ///
    /// # Errors
    /// It is there and cannot be read, or is not a cell of this row and seed.
    pub fn cell(&self, name: &str, row: &str, seed: u64) -> Result<Option<Cell>, StudyError> {
        let path = self.file("cells", name, "json");
        let Some(mut cell) = read::<Cell>(&path)? else { return Ok(None) };
        if (cell.row.as_str(), cell.seed) != (row, seed) {
            let reason =
                format!("it holds row \"{}\", seed {}, not \"{row}\", seed {seed}", cell.row, cell.seed);
            return Err(StudyError::Damaged { path, reason });
        }
        let path = self.file("levels", name, "csv");
        if let Some(text) = text(&path)? {
            let damaged = |reason| StudyError::Damaged { path, reason };
            cell.levels = levels::parse(&text).map_err(damaged)?;
        }
        Ok(Some(cell))
    }

    /// Makes what is made of a finished cell, where it is not there: a study of version 0.1.0 has no metrics.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn complete(&self, name: &str, cell: &Cell) -> Result<(), StudyError> {
        let path = self.file("metrics", name, "csv");
        if path.exists() { Ok(()) } else { write(&path, metrics_csv(cell).as_bytes()) }
    }

    /// Keeps a finished cell, and what is made of it before it: a cell that is there is finished, whatever happens next.
    ///
    /// # Errors
    /// It cannot be written, or would not be read back as it is (JSON has no infinities).
    pub fn keep(&self, name: &str, cell: &Cell, timing: &Timing) -> Result<(), StudyError> {
        let path = self.file("cells", name, "json");
        let text = pretty(cell);
        let back = serde_json::from_slice::<Cell>(&text).ok();
        if back.map(|back| Cell { levels: cell.levels.clone(), ..back }).as_ref() != Some(cell) {
            let source =
                io::Error::new(io::ErrorKind::InvalidData, "the cell holds a number that is not finite");
            return Err(StudyError::File { action: "write", path, source });
        }
        write(&self.file("timing", name, "json"), &pretty(timing))?;
        write(&self.file("metrics", name, "csv"), metrics_csv(cell).as_bytes())?;
        if !cell.levels.is_empty() {
            write(&self.file("levels", name, "csv"), levels::csv(&cell.levels).as_bytes())?;
        }
        write(&path, &text)?;
        let failed = self.file("failed", name, "json");
        match fs::remove_file(&failed) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(StudyError::file("remove", &failed)(error))
            }
            _ => Ok(()),
        }
    }

    /// Keeps why a cell could not be filled.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn keep_failure(&self, name: &str, failure: &Failure) -> Result<(), StudyError> {
        let dir = self.root.join("failed");
        fs::create_dir_all(&dir).map_err(StudyError::file("create the directory", &dir))?;
        write(&self.file("failed", name, "json"), &pretty(failure))
    }

    /// What a finished cell cost; of one that has kept nothing, nothing.
    ///
    /// # Errors
    /// It is there and cannot be read.
    pub fn timing(&self, name: &str) -> Result<Timing, StudyError> {
        if let Some(timing) = read(&self.file("timing", name, "json"))? {
            return Ok(timing);
        }
        let all: Option<BTreeMap<String, Timing>> = read(&self.root.join(TIMES_BEFORE))?;
        Ok(all.and_then(|mut all| all.remove(name)).unwrap_or_default())
    }

    fn file(&self, part: &str, name: &str, end: &str) -> PathBuf {
        self.root.join(part).join(format!("{name}.{end}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn study(manifest: Value) -> Study {
        Study { name: "T".into(), world: String::new(), setting: String::new(), preset: None, manifest }
    }

    #[test]
    fn other_directories_are_refused_untouched() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let root = dir.path();
        fs::write(root.join("thesis.tex"), "…").expect("written");
        let refused = Directory::open(root, &study(json!({}))).expect_err("no study").to_string();
        assert!(refused.contains("no study.json") && refused.contains("--out"), "{refused}");
        assert_eq!(fs::read_dir(root).expect("readable").count(), 1);

        let root = root.join("new/deep");
        drop(Directory::open(&root, &study(json!({ "size": 3 }))).expect("made"));
        let refused = Directory::open(&root, &study(json!({ "size": 5 }))).expect_err("another").to_string();
        assert!(refused.contains("(size: 3 there, 5 here)") && refused.contains("--out"), "{refused}");
        drop(Directory::open(&root, &study(json!({ "size": 3 }))).expect("the same study"));

        fs::write(root.join("study.json"), "{").expect("written");
        let refused = Directory::open(&root, &study(json!({ "size": 3 }))).expect_err("damaged").to_string();
        assert!(refused.contains("study.json is damaged"), "{refused}");
    }

    #[test]
    fn a_leftover_of_a_killed_start_is_no_obstacle() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        fs::write(dir.path().join(".study.json.new"), "{").expect("written");
        Directory::open(dir.path(), &study(json!({}))).expect("as good as empty");
    }

    #[test]
    fn a_cell_is_claimed_once_and_free_when_its_owner_is_gone() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let [one, two] = [0, 1].map(|_| Directory::open(dir.path(), &study(json!({}))).expect("shared"));
        let claim = one.claim("a-s0", false).expect("a file").expect("free");
        assert!(two.claim("a-s0", false).expect("a file").is_none());
        assert!(two.claim("a-s1", false).expect("a file").is_some());
        let waiting = std::thread::spawn(move || two.claim("a-s0", true).expect("a file").is_some());
        drop(claim);
        assert!(waiting.join().expect("no panic"));
    }

    #[test]
    fn a_study_is_read_with_its_titles_and_a_failure_is_forgotten_when_the_cell_is_there() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let refused = Directory::read(dir.path()).expect_err("empty").to_string();
        assert!(refused.contains("no study.json"), "{refused}");
        let study = Study {
            world: "a world".into(),
            preset: Some("smoke".into()),
            ..study(json!({ "table": "T", "rows": ["a"] }))
        };
        let open = Directory::open(dir.path(), &study).expect("made");
        let failure = Failure { row: "a".into(), seed: 0, reason: "the disk is full".into() };
        open.keep_failure("a-s0", &failure).expect("written");
        let (read, found) = Directory::read(dir.path()).expect("a study");
        assert_eq!((found, read.failures().expect("readable")), (study, vec![failure]));
        let cell = Cell { row: "a".into(), levels: vec![Some(true), None, Some(false)], ..Cell::default() };
        open.keep("a-s0", &cell, &Timing::default()).expect("written");
        assert_eq!(read.failures().expect("readable"), []);
        assert_eq!(read.cell("a-s0", "a", 0).expect("readable"), Some(cell));
    }

    #[test]
    fn unwritable_places_are_named() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let file = dir.path().join("file");
        fs::write(&file, "").expect("written");
        let refused =
            Directory::open(&file.join("study"), &study(json!({}))).expect_err("below a file").to_string();
        assert!(
            refused.starts_with("cannot create the directory") && refused.contains("file/study"),
            "{refused}"
        );
    }
}
