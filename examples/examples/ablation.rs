//! Trains the recipes on VisualSokoban and prints the table; `--help` shows how.

use istar_examples as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    istar::cli::run(istar::cli::ablation::job)
}
