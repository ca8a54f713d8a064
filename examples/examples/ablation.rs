//! Trains the recipes on VisualSokoban and prints the table; `--help` shows how.

use std::process::ExitCode;

fn main() -> ExitCode {
    istar::cli::exit(istar::cli::ablation::job(&mut std::io::stdout().lock()))
}
