//! The job `ablation` as a program that tests can start and kill.

use std::process::ExitCode;

fn main() -> ExitCode {
    istar::cli::exit(istar::cli::ablation::job(&mut std::io::stdout().lock()))
}
