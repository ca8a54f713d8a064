//! Compiles the CUDA kernels to PTX, where the feature `cuda` is on; of nothing else does it know.

use std::path::{Path, PathBuf};
use std::process::{Command, exit};
use std::{env, fs, io, thread};

/// Where the kernels are. What two of them share is in headers, `.cuh`, beside this.
const KERNELS: &str = "src/kernels/cuda";

/// The least that dfdx's kernels want too; a driver translates for any newer card.
const ARCHITECTURE: &str = "--gpu-architecture=compute_80";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if env::var_os("CARGO_FEATURE_CUDA").is_none() {
        return;
    }
    println!("cargo::rerun-if-changed={KERNELS}");
    println!("cargo::rerun-if-env-changed=CUDA_ROOT");
    if let Err(reason) = compile_all() {
        eprintln!("{reason}");
        exit(1);
    }
}

fn compile_all() -> Result<(), String> {
    let mut sources = Vec::new();
    find(Path::new(KERNELS), &mut sources).map_err(|error| format!("{KERNELS}: {error}"))?;
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("no OUT_DIR: this is a build script of Cargo's")?);
    // With `ci-check` nothing is compiled and nothing can be linked, as with dfdx's own kernels.
    let checked_only = env::var_os("CARGO_FEATURE_CI_CHECK").is_some();
    thread::scope(|scope| {
        let all: Vec<_> =
            sources.iter().map(|source| scope.spawn(|| compile(source, &out, checked_only))).collect();
        all.into_iter().try_for_each(|one| one.join().map_err(|_| "a compiler's thread died".to_string())?)
    })
}

/// Every `.cu` of a folder and of those in it.
fn find(folder: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            find(&path, found)?;
        } else if path.extension().is_some_and(|extension| extension == "cu") {
            found.push(path);
        }
    }
    Ok(())
}

fn compile(source: &Path, out: &Path, checked_only: bool) -> Result<(), String> {
    let name = source.file_stem().unwrap_or_default();
    let ptx = out.join(name).with_extension("ptx");
    if checked_only {
        return fs::write(&ptx, "").map_err(|error| format!("{}: {error}", ptx.display()));
    }
    let nvcc = match env::var_os("CUDA_ROOT") {
        Some(root) => Path::new(&root).join("bin/nvcc"),
        None => PathBuf::from("nvcc"),
    };
    let mut command = Command::new(&nvcc);
    command.args(["--ptx", ARCHITECTURE, "--std=c++17", "-I", KERNELS, "-o"]).arg(&ptx).arg(source);
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{} of {}: {status}", nvcc.display(), source.display())),
        Err(error) => {
            Err(format!("{}: {error}; see docs/src/cuda.md for where it comes from", nvcc.display()))
        }
    }
}
