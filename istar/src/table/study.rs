//! What a table is a study of, and why it cannot be run.

use super::manifest;
use serde_json::{Value, json};
use std::io;
use std::path::{Path, PathBuf};

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
    pub preset: Option<String>,
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
        manifest::rows(&self.manifest).iter().filter_map(manifest::name).collect()
    }

    /// What the titles of a report are made of, for a report that is made of the directory alone.
    pub(super) fn about(&self) -> Value {
        json!({ "name": self.name, "world": self.world, "setting": self.setting, "preset": self.preset })
    }

    /// The study of this manifest, whose titles are these; of a study that has kept none, the table's name alone.
    pub(super) fn of(manifest: Value, about: &Value) -> Self {
        let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let name = about.get("name").unwrap_or(&manifest["table"]);
        Study {
            name: word(name),
            world: word(&about["world"]),
            setting: word(&about["setting"]),
            preset: about["preset"].as_str().map(str::to_owned),
            manifest,
        }
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
    /// A directory that is to be read has no `study.json`.
    #[error("{} is no study: there is no study.json", .0.display())]
    NoStudy(PathBuf),
    /// The directory is that of a study with another manifest.
    #[error("{} holds another study ({difference}): choose another --out, or repeat its settings", dir.display())]
    Another {
        /// The directory.
        dir: PathBuf,
        /// The first difference of the manifests.
        difference: String,
    },
    /// Directories that are to be one report are of studies with other manifests.
    #[error("{} and {} hold different studies ({difference}, if the first is \"there\"): report each by itself", one.display(), other.display())]
    Different {
        /// The first directory.
        one: PathBuf,
        /// The one that differs.
        other: PathBuf,
        /// The first difference of the manifests.
        difference: String,
    },
    /// Two directories have one cell with different numbers.
    #[error("row \"{row}\", seed {seed} has other numbers in {} than in {}: one of them is of other code or of another type of processor", other.display(), one.display())]
    Conflict {
        /// The row.
        row: String,
        /// The seed.
        seed: u64,
        /// The first directory.
        one: PathBuf,
        /// The one that differs.
        other: PathBuf,
    },
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
