//! Replays, solves, paints, plays and generates Sokoban levels; `--help` shows how.

use std::process::ExitCode;

fn main() -> ExitCode {
    istar::cli::run(istar::cli::sokoban::job)
}
