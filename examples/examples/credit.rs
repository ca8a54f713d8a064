//! Who gets the credit in a logged batch; `--help` shows how.

use istar_examples as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    istar::cli::run(istar::cli::credit::job)
}
