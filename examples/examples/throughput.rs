//! Environment steps per second of the whole training loop: rollout and updates, without level generation and evaluation.
//!
//! `cargo run --release --example throughput -- --objective grpo --iterations 20 --threads 2 --seed 0`
//!
//! Prints one JSON line. `istar/benches/throughput/compare.py` runs it in turn with a PyTorch loop of the same network.
//! The policy starts at random; an observation that occurs several times in a batch is forwarded once (the PyTorch loop
//! forwards it each time), `distinct` is the share of observations that are.

use istar_examples as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    istar::cli::run(istar::cli::throughput::job)
}
