//! All jobs as subcommands of one program.

use super::{Error, ablation, credit, sokoban, throughput};
use clap::{Parser, Subcommand};
use std::io::Write;

/// Composable objectives of reinforcement learning: who gets the credit, and what becomes of it in training.
#[derive(Debug, Parser)]
#[command(name = "istar", version, max_term_width = 100)]
pub struct Arguments {
    #[command(subcommand)]
    job: Job,
}

/// The first line of each is the first line of its arguments.
#[derive(Debug, Subcommand)]
enum Job {
    Ablate(ablation::Arguments),
    Credit(credit::Arguments),
    Sokoban(sokoban::Arguments),
    Throughput(throughput::Arguments),
}

/// Runs the job that is asked for.
///
/// # Errors
/// Those of the job.
pub fn job(arguments: Arguments, out: &mut dyn Write) -> Result<(), Error> {
    match arguments.job {
        Job::Ablate(arguments) => ablation::job(arguments, out),
        Job::Credit(arguments) => credit::job(arguments, out),
        Job::Sokoban(arguments) => sokoban::job(arguments, out),
        Job::Throughput(arguments) => throughput::job(arguments, out),
    }
}
