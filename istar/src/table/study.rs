//! The directory of a study, and who may write into it.
//!
//! ```text
//! study.json                    everything that decides the numbers
//! cells/<row>-s<seed>.json      one per finished cell: data only, the same bytes from run to run
//! metrics/<row>-s<seed>.csv     what it logged, an iteration a line: made from it
//! checkpoints/<row>-s<seed>/    what the cells keep for themselves
//! starts/s<seed>.safetensors    what the rows of a seed start from, after a warm start
//! timing.json                   the one file that depends on the clock
//! ```

use super::cell::{Cell, Timing};
use super::metrics::metrics_csv;
use crate::file;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// Where starts are kept.
pub(super) const STARTS: &str = "starts";

/// What a table is a study of.
#[derive(Clone, Debug, PartialEq)]
pub struct Study {
    /// The table's name: the title of the report.
    pub name: String,
    /// Environment and sizes in a few words.
    pub world: String,
    /// How much was trained, and how, in a sentence or two.
    pub setting: String,
    /// The preset that the sizes are of, if they are of one.
    pub preset: Option<&'static str>,
    /// Everything that decides the numbers: environment, rows with sources and parameters, seeds, settings, version. Two
    /// studies are the same if their manifests are equal but for `seeds`, a number, and for rows that one of them has in
    /// `rows` and the other has not.
    pub manifest: Value,
}

impl Study {
    /// World and setting, for the line under a title.
    pub(super) fn described(&self) -> String {
        let parts = [&self.world, &self.setting].into_iter().filter(|part| !part.is_empty());
        parts.map(String::as_str).collect::<Vec<_>>().join("; ")
    }

    /// The names of the rows in the manifest, in the order in which they were added.
    pub(super) fn rows(&self) -> Vec<&str> {
        rows(&self.manifest).iter().filter_map(name).collect()
    }
}

/// Why a study cannot be run, or not to its end.
#[derive(Debug, thiserror::Error)]
pub enum StudyError {
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
    /// The directory has files, and no `study.json` among them.
    #[error("{} holds files but no study.json: choose another --out, or empty it", .0.display())]
    NotAStudy(PathBuf),
    /// The directory is that of a study with another manifest.
    #[error("{} holds another study ({difference}): choose another --out, or repeat its settings", dir.display())]
    Another {
        /// The directory.
        dir: PathBuf,
        /// The first difference of the manifests.
        difference: String,
    },
    /// Somebody else is running the study.
    #[error("another process is running the study in {}: wait for it, or choose another --out", .0.display())]
    Busy(PathBuf),
    /// A file of the study is not what was written.
    #[error("{} is damaged ({reason}): delete it, and the same command makes it again", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// Two cells would write the same file.
    #[error(
        "row \"{row}\", seed {seed} is there twice: give the rows different names and the seeds different numbers"
    )]
    Twice {
        /// The row.
        row: String,
        /// The seed.
        seed: u64,
    },
    /// Some cells failed; the others are done and kept.
    #[error("{} of {cells} cells failed: {}; the others are kept, and the same command runs only these again", failures.len(), failures.join("; "))]
    Cells {
        /// How many cells the study has.
        cells: usize,
        /// Row, seed and reason of each failed cell, in the order of the table.
        failures: Vec<String>,
    },
}

impl StudyError {
    /// For `map_err`: what was tried on which path.
    pub(super) fn file(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { action, path, source }
    }
}

/// An open study: nobody else writes into its directory while this lives.
#[derive(Debug)]
pub struct Directory {
    root: PathBuf,
    manifest: Value,
    /// Holds the lock; the system drops it with the process, however that ends.
    _lock: File,
}

impl Directory {
    /// Opens the directory of a study, or makes it. The manifest of a study that is there grows by the rows and seeds that are
    /// new.
    ///
    /// # Errors
    /// The directory cannot be written, is not a study's, is another study's, or is in use.
    pub fn open(root: &Path, study: &Study) -> Result<Self, StudyError> {
        fs::create_dir_all(root).map_err(StudyError::file("create the directory", root))?;
        let manifest = root.join("study.json");
        // Before the lock, which is a file: what is no study's stays untouched.
        if !manifest.exists() && !is_empty(root)? {
            return Err(StudyError::NotAStudy(root.to_owned()));
        }
        let lock = root.join(".lock");
        let file = File::create(&lock).map_err(StudyError::file("write", &lock))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(fs::TryLockError::WouldBlock) => return Err(StudyError::Busy(root.to_owned())),
            Err(fs::TryLockError::Error(error)) => return Err(StudyError::file("lock", &lock)(error)),
        }
        // Through text, so that only what is written is compared.
        let here: Value = parse(&manifest, &pretty(&study.manifest))?;
        let there: Option<Value> = read(&manifest)?;
        let grown = match &there {
            None => here,
            Some(there) => grow(there, here)
                .map_err(|difference| StudyError::Another { dir: root.to_owned(), difference })?,
        };
        if there.as_ref() != Some(&grown) {
            write(&manifest, &pretty(&grown))?;
        }
        let directory = Self { root: root.to_owned(), manifest: grown, _lock: file };
        for part in ["cells", "checkpoints", "metrics", STARTS] {
            let path = directory.root.join(part);
            fs::create_dir_all(&path).map_err(StudyError::file("create the directory", &path))?;
        }
        Ok(directory)
    }

    /// The manifest, with all rows and seeds that the study has come to.
    #[must_use]
    pub fn manifest(&self) -> &Value {
        &self.manifest
    }

    /// The names of the finished cells.
    ///
    /// # Errors
    /// The directory cannot be read.
    pub fn finished(&self) -> Result<Vec<String>, StudyError> {
        let dir = self.root.join("cells");
        let entries = fs::read_dir(&dir).map_err(StudyError::file("read the directory", &dir))?;
        let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
        let mut names: Vec<String> =
            names.filter_map(|name| Some(name.strip_suffix(".json")?.to_owned())).collect();
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

    /// The finished cell of that name, if it is there.
    ///
    /// # Errors
    /// It is there and cannot be read, or is not a cell of this row and seed.
    pub fn cell(&self, name: &str, row: &str, seed: u64) -> Result<Option<Cell>, StudyError> {
        let path = self.cell_path(name);
        let cell: Option<Cell> = read(&path)?;
        match &cell {
            Some(cell) if (cell.row.as_str(), cell.seed) != (row, seed) => {
                let reason =
                    format!("it holds row \"{}\", seed {}, not \"{row}\", seed {seed}", cell.row, cell.seed);
                Err(StudyError::Damaged { path, reason })
            }
            _ => {
                // A study of version 0.1.0 has none.
                if let Some(cell) = cell.as_ref().filter(|_| !self.metrics_path(name).exists()) {
                    self.keep_metrics(name, cell)?;
                }
                Ok(cell)
            }
        }
    }

    /// Keeps a finished cell, and what it logged before it: a cell that is there is finished, whatever happens next.
    ///
    /// # Errors
    /// It cannot be written, or would not be read back as it is (JSON has no infinities).
    pub fn keep(&self, name: &str, cell: &Cell) -> Result<(), StudyError> {
        let path = self.cell_path(name);
        let text = pretty(cell);
        if serde_json::from_slice::<Cell>(&text).ok().as_ref() != Some(cell) {
            let source =
                io::Error::new(io::ErrorKind::InvalidData, "the cell holds a number that is not finite");
            return Err(StudyError::File { action: "write", path, source });
        }
        self.keep_metrics(name, cell)?;
        write(&path, &text)
    }

    fn keep_metrics(&self, name: &str, cell: &Cell) -> Result<(), StudyError> {
        write(&self.metrics_path(name), metrics_csv(cell).as_bytes())
    }

    fn metrics_path(&self, name: &str) -> PathBuf {
        self.root.join("metrics").join(format!("{name}.csv"))
    }

    /// How long the finished cells took, by cell name; empty before the first.
    ///
    /// # Errors
    /// `timing.json` is there and cannot be read.
    pub fn timings(&self) -> Result<BTreeMap<String, Timing>, StudyError> {
        Ok(read(&self.root.join("timing.json"))?.unwrap_or_default())
    }

    /// Keeps how long the finished cells took.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn keep_timings(&self, timings: &BTreeMap<String, Timing>) -> Result<(), StudyError> {
        write(&self.root.join("timing.json"), &pretty(timings))
    }

    fn cell_path(&self, name: &str) -> PathBuf {
        self.root.join("cells").join(format!("{name}.json"))
    }
}

/// Writes a file of a study as a whole.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), StudyError> {
    file::write(path, bytes).map_err(StudyError::file("write", path))
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, StudyError> {
    match fs::read(path) {
        Ok(bytes) => parse(path, &bytes).map(Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(StudyError::file("read", path)(error)),
    }
}

fn parse<T: DeserializeOwned>(path: &Path, bytes: &[u8]) -> Result<T, StudyError> {
    serde_json::from_slice(bytes)
        .map_err(|error| StudyError::Damaged { path: path.to_owned(), reason: error.to_string() })
}

fn pretty(value: &impl Serialize) -> Vec<u8> {
    let mut text =
        serde_json::to_vec_pretty(value).expect("string keys, and writing to memory does not fail");
    text.push(b'\n');
    text
}

/// Hidden files are not counted: a lock, or a file whose writer was killed.
fn is_empty(dir: &Path) -> Result<bool, StudyError> {
    let entries = fs::read_dir(dir).map_err(StudyError::file("read the directory", dir))?;
    let hidden = |entry: &fs::DirEntry| entry.file_name().to_string_lossy().starts_with('.');
    Ok(entries.flatten().all(|entry| hidden(&entry)))
}

/// The manifest of a study that goes on as it is asked to: what is there, and beneath it the rows and seeds that are new. Else
/// the first difference.
fn grow(there: &Value, mut here: Value) -> Result<Value, String> {
    let mut grown = there.clone();
    if let (Some(old), Some(asked)) = (there["seeds"].as_u64(), here["seeds"].as_u64()) {
        for manifest in [&mut grown, &mut here] {
            manifest["seeds"] = old.max(asked).into();
        }
    }
    let both = (grown.get_mut("rows"), here.get_mut("rows"));
    if let (Some(Value::Array(old)), Some(Value::Array(asked))) = both {
        let as_asked = |row: &Value| asked.iter().find(|new| same(new, row)).unwrap_or(row).clone();
        let kept: Vec<Value> = old.iter().map(as_asked).collect();
        let new: Vec<Value> =
            asked.iter().filter(|row| !old.iter().any(|old| same(old, row))).cloned().collect();
        *asked = [&kept[..], &new].concat();
        old.extend(new);
    }
    difference("", &grown, &here).map_or(Ok(grown), Err)
}

/// Two rows of one name.
fn same(a: &Value, b: &Value) -> bool {
    name(a).map_or(a == b, |a| name(b) == Some(a))
}

/// The rows of a manifest.
fn rows(manifest: &Value) -> &[Value] {
    manifest["rows"].as_array().map_or(&[], Vec::as_slice)
}

fn name(row: &Value) -> Option<&str> {
    row["name"].as_str().or(row.as_str())
}

/// The first difference of two JSON values, by path: `settings.beta: 0.05 there, 0.1 here`.
fn difference(path: &str, there: &Value, here: &Value) -> Option<String> {
    let under = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match (there, here) {
        (Value::Object(a), Value::Object(b)) => {
            a.keys().chain(b.keys().filter(|key| !a.contains_key(*key))).find_map(|key| {
                difference(
                    &under(key),
                    a.get(key).unwrap_or(&Value::Null),
                    b.get(key).unwrap_or(&Value::Null),
                )
            })
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => a
            .iter()
            .zip(b)
            .enumerate()
            .find_map(|(index, (a, b))| difference(&under(&index.to_string()), a, b)),
        _ => (there != here).then(|| {
            format!(
                "{}: {} there, {} here",
                if path.is_empty() { "manifest" } else { path },
                brief(there),
                brief(here)
            )
        }),
    }
}

/// A value in a message: whole if short, else how many it holds or its beginning.
fn brief(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::Array(items) if value.to_string().len() > 60 => format!("{} items", items.len()),
        _ => {
            let text = value.to_string();
            if text.chars().count() <= 60 { text } else { text.chars().take(59).chain(['…']).collect() }
        }
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
    fn first_difference_is_named() {
        let a = json!({ "seeds": 3, "rows": [{ "name": "GRPO", "beta": 0.05 }], "gone": 1 });
        for (b, expected) in [
            (json!({ "seeds": 5, "rows": a["rows"], "gone": 1 }), "seeds: 3 there, 5 here"),
            (
                json!({ "seeds": 3, "rows": [{ "name": "GRPO", "beta": 0.1 }], "gone": 1 }),
                "rows.0.beta: 0.05 there, 0.1 here",
            ),
            (json!({ "seeds": 3, "rows": a["rows"] }), "gone: 1 there, nothing here"),
            (
                json!({ "seeds": 3, "rows": a["rows"], "gone": 1, "new": "x" }),
                "new: nothing there, \"x\" here",
            ),
            (
                json!([]),
                "manifest: {\"gone\":1,\"rows\":[{\"beta\":0.05,\"name\":\"GRPO\"}],\"seeds\":3} there, [] here",
            ),
        ] {
            assert_eq!(difference("", &a, &b).as_deref(), Some(expected));
        }
        assert_eq!(difference("", &a, &a.clone()), None);
    }

    #[test]
    fn a_manifest_grows_by_rows_and_seeds_and_by_nothing_else() {
        let row = |name: &str, beta: f64| json!({ "name": name, "beta": beta });
        let manifest = |seeds: u64, rows: &[Value]| json!({ "seeds": seeds, "rows": rows, "size": 6 });
        let (a, b, c) = (row("a", 0.1), row("b", 0.1), row("c", 0.1));
        let there = manifest(2, &[a.clone(), b.clone()]);
        for (here, expected) in [
            (there.clone(), Ok(there.clone())),
            (manifest(5, &[b.clone(), a.clone()]), Ok(manifest(5, &[a.clone(), b.clone()]))),
            (manifest(1, &[c.clone(), b.clone()]), Ok(manifest(2, &[a.clone(), b.clone(), c]))),
            (manifest(2, &[row("b", 0.2)]), Err("rows.1.beta: 0.1 there, 0.2 here".to_owned())),
            (json!({ "seeds": 2, "rows": [a] }), Err("size: 6 there, nothing here".to_owned())),
            (json!([]), Err(difference("", &there, &json!([])).expect("they differ"))),
        ] {
            assert_eq!(grow(&there, here), expected);
        }
        assert_eq!(grow(&json!([]), there).expect_err("not a study").split(':').next(), Some("manifest"));
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
    fn one_process_at_a_time() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let first = Directory::open(dir.path(), &study(json!({}))).expect("made");
        assert!(matches!(Directory::open(dir.path(), &study(json!({}))), Err(StudyError::Busy(_))));
        drop(first);
        Directory::open(dir.path(), &study(json!({}))).expect("free again");
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
