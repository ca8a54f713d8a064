//! Where crates for lines are kept: a folder a text, and one folder for what is compiled, so that what they share is compiled once.

use super::crate_text::{Source, key, manifest};
use crate::cli::Error;
use crate::file;
use crate::kernels::Place;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

/// A crate that is written.
pub(super) struct Written {
    /// Its folder.
    pub dir: PathBuf,
    /// Where its toolchain is chosen: beside istar's source, so that both are compiled alike.
    pub beside: PathBuf,
    /// What is compiled goes here.
    pub target: PathBuf,
}

impl Written {
    /// Writes the crate of this program into the cache; what is there is left as it is.
    pub(super) fn new(program: &str, source: &Source, place: Place) -> Result<Self, Error> {
        let cache = folder()?;
        let (beside, lock) = match source {
            Source::Folder(path) => (Some(path.to_path_buf()), lock(path)),
            Source::Published => (None, lock(Path::new(env!("CARGO_MANIFEST_DIR")))),
        };
        let name = format!(
            "istar-lines-{}",
            key(&[program, &manifest("", source, place), lock.as_deref().unwrap_or_default()])
        );
        let dir = cache.join("lines").join(&name);
        make(&dir.join("src"))?;
        keep(&dir.join("src/main.rs"), program)?;
        keep(&dir.join("Cargo.toml"), &manifest(&name, source, place))?;
        // Cargo makes it its own; what is locked stays.
        let locked = dir.join("Cargo.lock");
        if let Some(lock) = lock.filter(|_| !locked.exists()) {
            keep(&locked, &lock)?;
        }
        let target = env::var_os("CARGO_TARGET_DIR").filter(|dir| !dir.is_empty());
        let target = std::path::absolute(target.map_or_else(|| cache.join("target"), PathBuf::from))?;
        Ok(Written { beside: beside.unwrap_or_else(|| dir.clone()), dir, target })
    }

    /// The program that was made of it last, if that is still there.
    pub(super) fn made(&self) -> Option<PathBuf> {
        let path = fs::read_to_string(self.dir.join("program")).ok().map(PathBuf::from);
        path.filter(|path| path.is_file())
    }

    /// Remembers what was made of it.
    pub(super) fn remember(&self, program: &Path) -> Result<(), Error> {
        keep(&self.dir.join("program"), &program.display().to_string())
    }
}

/// The versions of the workspace that a package lies in, or its own.
fn lock(package: &Path) -> Option<String> {
    let places = [package.join("Cargo.lock"), package.join("../Cargo.lock")];
    places.iter().find_map(|path| fs::read_to_string(path).ok())
}

/// `$ISTAR_CACHE`, or the folder `istar` where this system keeps such things.
fn folder() -> Result<PathBuf, Error> {
    let cache = place(|name| env::var_os(name).filter(|value| !value.is_empty()), env::home_dir());
    let cache = cache
        .ok_or("lines are compiled in a cache, and there is no home for one: set ISTAR_CACHE to a folder")?;
    Ok(std::path::absolute(cache)?)
}

fn place(of: impl Fn(&str) -> Option<OsString>, home: Option<PathBuf>) -> Option<PathBuf> {
    let absolute = |name| of(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let own = of("ISTAR_CACHE").map(PathBuf::from);
    own.or_else(|| {
        let cache = match () {
            () if cfg!(windows) => absolute("LOCALAPPDATA"),
            () if cfg!(target_os = "macos") => home.map(|home| home.join("Library/Caches")),
            () => absolute("XDG_CACHE_HOME").or_else(|| home.map(|home| home.join(".cache"))),
        };
        cache.map(|cache| cache.join("istar"))
    })
}

fn make(dir: &Path) -> Result<(), Error> {
    fs::create_dir_all(dir).map_err(|error| {
        format!("cannot create {}: {error}; ISTAR_CACHE names another place", dir.display()).into()
    })
}

/// Writes a file unless it says so already: what is not touched is not compiled again.
fn keep(path: &Path, text: &str) -> Result<(), Error> {
    if fs::read_to_string(path).is_ok_and(|there| there == text) {
        return Ok(());
    }
    file::write(path, text.as_bytes()).map_err(|error| {
        format!("cannot write {}: {error}; ISTAR_CACHE names another place", path.display()).into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cache_is_where_it_is_said_or_where_the_system_keeps_them() {
        let of = |known: &[(&str, &str)], name: &str| {
            known.iter().find(|(known, _)| *known == name).map(|(_, value)| OsString::from(value))
        };
        let home = || Some(PathBuf::from("/home/a"));
        let own = [("ISTAR_CACHE", "here"), ("XDG_CACHE_HOME", "/x")];
        assert_eq!(place(|name| of(&own, name), home()), Some("here".into()));
        #[cfg(target_os = "linux")]
        for (known, home, expected) in [
            (&own[1..], home(), Some("/x/istar")),
            (&[("XDG_CACHE_HOME", "relative")], home(), Some("/home/a/.cache/istar")),
            (&[], home(), Some("/home/a/.cache/istar")),
            (&[], None, None),
        ] {
            assert_eq!(place(|name| of(known, name), home), expected.map(PathBuf::from));
        }
    }
}
