//! Whole-product tests live in `tests/`; this crate is their home and holds what they share.

pub mod golden;

use std::path::{Path, PathBuf};

/// Reference data beside the workspace: `../shared`, or the folder that `ISTAR_SHARED` names. `None`, with a line that
/// says so, where it is absent.
pub fn shared(path: &str) -> Option<PathBuf> {
    let root = std::env::var_os("ISTAR_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join("..").join("shared"),
        PathBuf::from,
    );
    if !root.is_dir() {
        eprintln!("skipped: ../shared is absent");
        return None;
    }
    Some(root.join(path))
}
