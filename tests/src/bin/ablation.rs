//! The job `ablation` as a program that tests can start and kill.

use std::process::ExitCode;

fn main() -> ExitCode {
    istar::cli::run(istar::cli::ablation::job)
}
