//! Files that are either there as a whole or not at all, and files of others that cannot be used.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Writes a file under a temporary name beside it, syncs it to disk and renames it: whoever is killed in between leaves
/// the old file, or none.
///
/// # Errors
/// Those of the file system.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let name = path.file_name().ok_or(io::ErrorKind::InvalidFilename)?;
    let temporary = path.with_file_name(format!(".{}.new", name.to_string_lossy()));
    let whole = File::create(&temporary).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&temporary, path)
    });
    // A disk that is full is not to stay so for the sake of half a file.
    whole.inspect_err(|_| _ = fs::remove_file(&temporary))?;
    sync_parent(path)
}

/// A file of another program that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {what}", file.display())]
pub struct Refused {
    /// The file.
    pub file: PathBuf,
    /// What is wrong with it, and where.
    pub what: String,
}

impl Refused {
    /// This is wrong with that file.
    pub fn new(file: &Path, what: impl Into<String>) -> Self {
        Refused { file: file.to_owned(), what: what.into() }
    }
}

/// The bytes of a file.
///
/// # Errors
/// Those of the file system.
pub fn read(file: &Path) -> Result<Vec<u8>, Refused> {
    fs::read(file).map_err(|error| Refused::new(file, format!("it cannot be read: {error}")))
}

/// Syncs the directory that a file is in: a file that was made or renamed lasts when its directory does.
///
/// # Errors
/// Those of the file system.
pub fn sync_parent(path: &Path) -> io::Result<()> {
    // Only Unix lets a directory be synced.
    #[cfg(unix)]
    if let Some(parent) = path.parent() {
        let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
        File::open(parent)?.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_written_leaves_nothing() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        // A name that a folder has cannot be renamed to.
        let taken = dir.path().join("taken");
        fs::create_dir(&taken).expect("made");
        assert!(write(&taken, b"bytes").is_err());
        assert_eq!(fs::read_dir(dir.path()).expect("readable").count(), 1);
    }

    #[test]
    fn replaces_the_whole_file_and_leaves_nothing_else() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let path = dir.path().join("a.json");
        write(&path, b"longer than what follows").expect("written");
        write(&path, b"short").expect("written");
        assert_eq!(fs::read(&path).expect("readable"), b"short");
        assert_eq!(fs::read_dir(dir.path()).expect("readable").count(), 1);
    }
}
