//! The jobs as one program; `istar help` lists them.

use std::process::ExitCode;

/// A training step asks for the same large buffers again and again; this one keeps them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    istar::cli::run(istar::cli::program::job)
}
