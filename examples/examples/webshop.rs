//! Replays, searches, scores, plays and measures in WebShop; `--help` shows how.

use istar_examples as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    istar::cli::run(|arguments, out| istar::cli::webshop::job(&arguments, out))
}
