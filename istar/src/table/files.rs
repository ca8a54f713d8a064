//! Files of a study: read, and written as a whole.

use super::study::StudyError;
use crate::file;
use serde::{Serialize, de::DeserializeOwned};
use std::fs::{self, File};
use std::io;
use std::path::Path;

/// Waits until nobody else writes what all processes of a study write, and keeps them away while it lives.
pub(super) fn alone(root: &Path) -> Result<File, StudyError> {
    let path = root.join(".lock");
    let file = File::create(&path).map_err(StudyError::file("write", &path))?;
    file.lock().map_err(StudyError::file("lock", &path))?;
    Ok(file)
}

/// Writes a file of a study as a whole.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), StudyError> {
    file::write(path, bytes).map_err(StudyError::file("write", path))
}

/// The value that a file of JSON holds, if it is there.
pub(super) fn read<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, StudyError> {
    text(path)?.map(|text| parse(path, text.as_bytes())).transpose()
}

/// What a file holds, if it is there.
pub(super) fn text(path: &Path) -> Result<Option<String>, StudyError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(StudyError::file("read", path)(error)),
    }
}

/// A value of JSON, or the damage of its file.
pub(super) fn parse<T: DeserializeOwned>(path: &Path, bytes: &[u8]) -> Result<T, StudyError> {
    serde_json::from_slice(bytes)
        .map_err(|error| StudyError::Damaged { path: path.to_owned(), reason: error.to_string() })
}

/// JSON for readers.
pub(super) fn pretty(value: &impl Serialize) -> Vec<u8> {
    let mut text =
        serde_json::to_vec_pretty(value).expect("string keys, and writing to memory does not fail");
    text.push(b'\n');
    text
}

/// Hidden files are not counted: a lock, or a file whose writer was killed.
pub(super) fn is_empty(dir: &Path) -> Result<bool, StudyError> {
    let entries = fs::read_dir(dir).map_err(StudyError::file("read the directory", dir))?;
    let hidden = |entry: &fs::DirEntry| entry.file_name().to_string_lossy().starts_with('.');
    Ok(entries.flatten().all(|entry| hidden(&entry)))
}
