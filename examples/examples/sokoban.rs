//! Replays, solves, paints, plays and generates Sokoban levels; `--help` shows how.

use istar_examples as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    istar::cli::run(istar::cli::sokoban::job)
}
