//! Compiled modules on disk, by what they were made of.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::translate::VERSION;

/// The folder of compiled modules; one in the system's folder for temporary files if it is not set.
pub const FOLDER: &str = "ISTAR_EMULATOR_CACHE";

/// What the compiler is told. Floating-point numbers are those that the text says: nothing is contracted, and rounding may
/// be changed.
const FLAGS: [&str; 8] = [
    "-O1",
    "-w",
    "-fwrapv",
    "-fno-strict-aliasing",
    "-frounding-math",
    "-ffp-contract=off",
    "-shared",
    "-fPIC",
];

/// The flags for instructions of this processor that translated code uses much.
fn processor_flags() -> Vec<&'static str> {
    let mut flags = Vec::new();
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("fma") {
            flags.push("-mfma");
        }
        if is_x86_feature_detected!("f16c") {
            flags.push("-mf16c");
        }
        if is_x86_feature_detected!("sse4.1") {
            flags.push("-msse4.1");
        }
    }
    flags
}

/// The library made of a text; `translate` says its C if there is none yet. Processes that make the same one at once do not
/// disturb each other: each writes under a name of its own, and the last rename wins.
pub(crate) fn library(
    text: &str,
    translate: impl FnOnce() -> Result<String, String>,
) -> Result<PathBuf, String> {
    let flags: Vec<&str> = FLAGS.into_iter().chain(processor_flags()).collect();
    let folder = match std::env::var_os(FOLDER) {
        Some(folder) => PathBuf::from(folder),
        None => std::env::temp_dir().join("istar-emulator"),
    };
    let key = hash(&[text, &flags.join(" "), &VERSION.to_string(), env!("CARGO_PKG_VERSION")]);
    let path = folder.join(format!("{key:032x}.so"));
    if path.exists() {
        return Ok(path);
    }
    let source = translate()?;
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    compile(&source, &flags, &path)?;
    Ok(path)
}

fn compile(source: &str, flags: &[&str], path: &Path) -> Result<(), String> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let own = format!("{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    let (c, so) = (path.with_extension(format!("{own}.c")), path.with_extension(format!("{own}.so")));
    fs::write(&c, source).map_err(|error| format!("{}: {error}", c.display()))?;
    let compiler = std::env::var_os("CC").unwrap_or_else(|| "cc".into());
    // The folder of this library must not hide libraries of the compiler.
    let run = Command::new(&compiler)
        .env_remove("LD_LIBRARY_PATH")
        .env_remove("LD_PRELOAD")
        .args(flags)
        .arg(&c)
        .arg("-o")
        .arg(&so)
        .arg("-lm")
        .output();
    let output = run.map_err(|error| format!("{}: {error}", compiler.display()))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let first = said.lines().find(|line| line.contains("error")).unwrap_or("no reason given");
        return Err(format!("the compiler of C refused {}: {first}", c.display()));
    }
    fs::rename(&so, path).map_err(|error| format!("{}: {error}", path.display()))?;
    // Kept only where it failed, for a look at it.
    let _ = fs::remove_file(&c);
    Ok(())
}

/// FNV-1a of 128 bits, over parts that are kept apart.
fn hash(parts: &[&str]) -> u128 {
    let mut state = 0x6C62_272E_07BB_0142_62B8_2175_6295_C58D_u128;
    for part in parts {
        for byte in part.bytes().chain([0xFF]) {
            state = (state ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013B);
        }
    }
    state
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_keep_parts_apart() {
        assert_ne!(hash(&["ab", "c"]), hash(&["a", "bc"]));
        assert_eq!(hash(&["ab", "c"]), hash(&["ab", "c"]));
    }
}
