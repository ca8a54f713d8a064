//! Replays, plays and measures in TextCraft; `--help` shows how.

use istar_examples as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    istar::cli::run(|arguments, out| istar::cli::textcraft::job(&arguments, out))
}
