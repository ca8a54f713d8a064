//! Whole-product tests live in `tests/`; this crate is their home and holds what they share.

pub mod book;
pub mod front_end;
pub mod golden;
pub mod rollouts;

use istar::objective::AnyObjective;
use std::path::{Path, PathBuf};

/// Where reference data lies that is no part of this repository: `../shared` beside the workspace, or the folder in the
/// environment variable `ISTAR_SHARED`. `None`, and a line that says so, if it is absent; the test then passes.
pub fn shared(path: &str) -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let root = std::env::var_os("ISTAR_SHARED").map_or_else(beside, PathBuf::from);
    let file = root.join(path);
    if file.exists() {
        return Some(file);
    }
    eprintln!("skipped: ../shared is absent");
    None
}

#[cfg(doctest)]
mod blocks {
    //! The Rust blocks of the repository's front page and of the book, compiled and run.

    #[doc = include_str!("../../README.md")]
    struct Readme;

    #[doc = include_str!("../../docs/src/tutorial.md")]
    struct Tutorial;

    #[doc = include_str!("../../docs/src/worlds.md")]
    struct Worlds;

    #[doc = include_str!("../../docs/src/your-own.md")]
    struct YourOwn;

    #[doc = include_str!("../../docs/src/your-own-world.md")]
    struct YourOwnWorld;
}

/// An objective as it would be declared, with its present numbers as defaults.
#[must_use]
pub fn declared(objective: &dyn AnyObjective) -> String {
    let numbers: Vec<String> =
        objective.numbers().iter().map(|(name, value)| format!("{name} = {value:?}")).collect();
    let numbers = if numbers.is_empty() { String::new() } else { format!("<{}>", numbers.join(", ")) };
    format!("{}{numbers} = {}", objective.name(), objective.source())
}
