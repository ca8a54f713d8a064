//! All jobs as subcommands of one program.

use super::{
    Error, ablation, credit, dialogue, explain, lm, paper, prm, report, slurm, sokoban, textcraft,
    throughput, webshop,
};
use crate::kernels::cuda::probe;
use crate::kernels::instructions;
use clap::{CommandFactory, Parser, Subcommand};
use std::io::Write;

/// Composable objectives of reinforcement learning: who gets the credit, and what becomes of it in training.
#[derive(Debug, Parser)]
#[command(name = "istar", max_term_width = 100)]
pub struct Arguments {
    /// Print version
    #[arg(short = 'V', long)]
    version: bool,

    /// With --version: what the kernels run with too
    #[arg(long, requires = "version")]
    verbose: bool,

    #[command(subcommand)]
    job: Option<Job>,
}

/// The first line of each is the first line of its arguments.
#[derive(Debug, Subcommand)]
enum Job {
    Ablate(Box<ablation::Arguments>),
    Credit(credit::Arguments),
    Dialogue(dialogue::Arguments),
    Explain(explain::Arguments),
    Lm(lm::Arguments),
    Paper(paper::Arguments),
    Prm(Box<prm::Arguments>),
    Report(report::Arguments),
    Slurm(slurm::Arguments),
    Sokoban(sokoban::Arguments),
    Textcraft(textcraft::Arguments),
    Throughput(throughput::Arguments),
    Webshop(webshop::Arguments),
}

/// Runs the job that is asked for.
///
/// # Errors
/// Those of the job, and no job.
// Inline for the same reason as `ablation::job`.
#[inline]
pub fn job(arguments: Arguments, out: &mut dyn Write) -> Result<(), Error> {
    if arguments.version {
        writeln!(out, "istar {}", env!("CARGO_PKG_VERSION"))?;
        if arguments.verbose {
            writeln!(out, "kernels: {}", instructions())?;
            writeln!(out, "cores: {}", std::thread::available_parallelism().map_or(1, usize::from))?;
            let cuda = probe().map_or_else(|reason| reason.to_string(), |()| "a device is there".to_owned());
            writeln!(out, "cuda: {cuda}")?;
        }
        return Ok(());
    }
    match arguments.job {
        None => {
            let command = Arguments::command();
            let jobs: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
            Err(format!("which job? There are {}; `istar help` shows them", jobs.join(", ")).into())
        }
        Some(Job::Ablate(arguments)) => ablation::job(*arguments, out),
        Some(Job::Credit(arguments)) => credit::job(arguments, out),
        Some(Job::Dialogue(arguments)) => dialogue::job(&arguments, out),
        Some(Job::Explain(arguments)) => explain::job(&arguments, out),
        Some(Job::Lm(arguments)) => lm::job(&arguments, out),
        Some(Job::Paper(arguments)) => paper::job(&arguments, out),
        Some(Job::Prm(arguments)) => prm::job(*arguments, out),
        Some(Job::Report(arguments)) => report::job(arguments, out),
        Some(Job::Slurm(arguments)) => slurm::job(&arguments, out),
        Some(Job::Sokoban(arguments)) => sokoban::job(arguments, out),
        Some(Job::Textcraft(arguments)) => textcraft::job(&arguments, out),
        Some(Job::Throughput(arguments)) => throughput::job(arguments, out),
        Some(Job::Webshop(arguments)) => webshop::job(&arguments, out),
    }
}
