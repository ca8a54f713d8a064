//! What a world is made from, where the environment of the process names it.

use std::fmt::Display;
use std::path::Path;

/// Whether a variable has a value.
pub(super) fn is_set(variable: &str) -> bool {
    std::env::var_os(variable).is_some_and(|value| !value.is_empty())
}

/// Reads the file or folder that a variable names; `what` says what it should be.
pub(super) fn named<T, E: Display>(
    variable: &str,
    what: &str,
    read: impl FnOnce(&Path) -> Result<T, E>,
) -> Result<T, String> {
    match std::env::var_os(variable).filter(|name| !name.is_empty()) {
        Some(name) => read(Path::new(&name)).map_err(|error| format!("{variable}: {error}")),
        None => Err(format!("{variable} is not set; set it to {what}")),
    }
}
