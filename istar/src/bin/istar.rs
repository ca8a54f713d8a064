//! The jobs as one program; `istar help` lists them.

use std::process::ExitCode;

fn main() -> ExitCode {
    istar::cli::run(istar::cli::program::job)
}
