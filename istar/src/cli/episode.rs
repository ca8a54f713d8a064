//! What the jobs of environments in words share: files, results, somebody at a keyboard.

use super::Error;
use serde::Serialize;
use std::io::{BufRead, Write};
use std::path::Path;

/// The text of a file.
pub(super) fn read(file: &Path) -> Result<String, Error> {
    std::fs::read_to_string(file).map_err(|error| format!("cannot read {}: {error}", file.display()).into())
}

/// A JSON object on a line of its own.
pub(super) fn print(out: &mut dyn Write, line: &impl Serialize) -> Result<(), Error> {
    Ok(writeln!(out, "{}", serde_json::to_string(line)?)?)
}

/// What somebody said.
pub(super) struct Said {
    /// The line.
    pub(super) line: String,
    /// The action of that number, if it is one.
    pub(super) action: Option<String>,
}

/// Shows what can be done, by number, and waits for a line; `None` where nobody says anything more, or says `q`.
pub(super) fn ask(
    actions: &[String],
    (step, steps): (u32, u32),
    lines: &mut dyn BufRead,
    out: &mut dyn Write,
) -> Result<Option<Said>, Error> {
    for (number, action) in actions.iter().enumerate() {
        writeln!(out, "{number:>3}  {action}")?;
    }
    write!(out, "step {step} of {steps}> ")?;
    out.flush()?;
    let mut line = String::new();
    let silent = lines.read_line(&mut line)? == 0;
    if silent || line.trim() == "q" {
        writeln!(out)?;
        return Ok(None);
    }
    let line = line.trim().to_owned();
    let action = line.parse::<usize>().ok().and_then(|number| actions.get(number)).cloned();
    Ok(Some(Said { line, action }))
}
