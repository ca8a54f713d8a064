//! Where a cell was filled: by which command, of which commit, on what machine.

use crate::kernels::instructions;
use serde::{Deserialize, Serialize};
use std::fs;
use std::process::{Command, Stdio};

/// What a report says of where a cell comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Origin {
    /// The version of istar.
    pub istar: String,
    /// The commit that the directory is at in which the program was started, with `-dirty` where files differ from it.
    pub commit: Option<String>,
    /// The program and its arguments, as a shell reads them.
    pub command: String,
    /// Processor, the instructions that kernels run with on it, number of its threads, system.
    pub machine: String,
}

impl Origin {
    /// That of this process.
    #[must_use]
    pub fn here() -> Self {
        Origin {
            istar: env!("CARGO_PKG_VERSION").to_owned(),
            commit: commit(),
            command: command(std::env::args()),
            machine: machine(),
        }
    }
}

fn commit() -> Option<String> {
    let git = ["describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"];
    let output = Command::new("git").args(git).stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    Some(text.trim().to_owned()).filter(|text| output.status.success() && !text.is_empty())
}

/// The program without its folder, and its arguments.
fn command(mut words: impl Iterator<Item = String>) -> String {
    let program = words.next().unwrap_or_default();
    let program = program.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
    [program].into_iter().chain(words).map(|word| quoted(&word)).collect::<Vec<_>>().join(" ")
}

/// A word as a shell reads it.
pub(crate) fn quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./=:,+@%".contains(letter);
    match !word.is_empty() && word.chars().all(plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', "'\\''")),
    }
}

fn machine() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let processor = model.map_or(std::env::consts::ARCH, |(_, name)| name.trim());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{processor} with {}, {threads} threads, {}", instructions(), std::env::consts::OS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_one_that_a_shell_reads() {
        let words = ["/opt/bin/istar", "ablate", "--recipes", "GRPO,iStar (note)", "--out", "it's", ""];
        let expected = "istar ablate --recipes 'GRPO,iStar (note)' --out 'it'\\''s' ''";
        assert_eq!(command(words.into_iter().map(str::to_owned)), expected);
        let here = Origin::here();
        assert!(here.machine.contains("threads") && !here.istar.is_empty());
    }
}
