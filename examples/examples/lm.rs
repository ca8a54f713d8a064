//! Shows what a language model thinks of a text, or continues it; `--help` shows how.

use istar_examples as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    istar::cli::run(|arguments, out| istar::cli::lm::job(&arguments, out))
}
