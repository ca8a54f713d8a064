//! Jobs in tests: run on arguments, with what they print.

use super::Error;
use clap::Parser;
use serde_json::Value;
use std::io::Write;

/// What a job prints, or the one line that says why not.
pub(super) fn run<A: Parser>(
    job: impl FnOnce(&A, &mut dyn Write) -> Result<(), Error>,
    arguments: &[&str],
) -> Result<String, String> {
    let arguments = A::try_parse_from([&["job"], arguments].concat());
    let mut out = Vec::new();
    job(&arguments.map_err(|error| error.to_string())?, &mut out).map_err(|error| error.to_string())?;
    Ok(String::from_utf8(out).expect("results are text"))
}

/// JSON objects, one a line.
pub(super) fn objects(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("one object a line")).collect()
}

/// A file of this text, in a folder that stays as long as it is held.
pub(super) fn file(text: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("file");
    std::fs::write(&path, text).expect("writable");
    let path = path.to_str().expect("a readable name").to_owned();
    (folder, path)
}
