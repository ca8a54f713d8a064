//! The jobs behind the program `istar` and the programs in `examples/`. A job reads arguments, prints results on stdout, and
//! answers a mistake with one line on stderr and exit code 2.

pub mod ablation;
pub mod credit;
mod device;
pub mod dialogue;
mod episode;
pub mod explain;
pub mod lm;
pub mod outputs;
pub mod paper;
pub mod prm;
pub mod program;
pub mod report;
mod settings;
pub mod slurm;
pub mod sokoban;
#[cfg(test)]
mod testing;
pub mod textcraft;
pub mod throughput;
pub mod webshop;

use std::io::{self, Write};
use std::process::ExitCode;
use std::str::FromStr;

use clap::Parser;
use clap::builder::{PossibleValue, PossibleValuesParser};

/// Whatever stops a job. Its text is what the user reads, so it names the offending value and the way out.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

/// Exit code of a job that was stopped by a mistake in what it was given.
pub const MISTAKE: u8 = 2;

/// Runs a job on the arguments of the program, with stdout to print its results on.
pub fn run<A: Parser>(job: impl FnOnce(A, &mut dyn Write) -> Result<(), Error>) -> ExitCode {
    let arguments = match A::try_parse() {
        Ok(arguments) => arguments,
        Err(answer) if !answer.use_stderr() => return exit(answer.print().map_err(Error::from)),
        Err(mistake) => {
            return exit(Err(one_line(&mistake.to_string()).into()));
        }
    };
    exit(job(arguments, &mut io::stdout().lock()))
}

/// The worlds of the list as values of `--env`.
fn worlds() -> PossibleValuesParser {
    crate::worlds::LIST.iter().map(|world| PossibleValue::new(world.name).help(world.what)).into()
}

/// The same, or all of them.
fn worlds_or_all() -> PossibleValuesParser {
    let all = "All of these in turn, each in a folder of its own; those made from a file or a server where it is named";
    let each = crate::worlds::LIST.iter().map(|world| PossibleValue::new(world.name).help(world.what));
    each.chain([PossibleValue::new(ablation::ALL).help(all)]).into()
}

/// A number of things of which there must be one.
fn at_least_one<N: FromStr + PartialOrd + From<u8>>(text: &str) -> Result<N, String> {
    match text.parse() {
        Ok(number) if number >= N::from(1) => Ok(number),
        _ => Err("a whole number from 1 is wanted".into()),
    }
}

/// What a value is called on the command line.
fn word(value: &impl clap::ValueEnum) -> Option<String> {
    Some(value.to_possible_value()?.get_name().to_owned())
}

/// What clap says of a mistake, on one line: the mistake, what is possible, what may have been meant.
fn one_line(text: &str) -> String {
    let lines = text.lines().map(str::trim).take_while(|line| !line.starts_with("Usage:"));
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with("For more information"));
    let line = lines.collect::<Vec<_>>().join("; ").replace(":; ", ": ").replace("; [", " [");
    line.strip_prefix("error: ").unwrap_or(&line).to_owned()
}

/// The exit code of a job; an error is printed on stderr in one line.
pub fn exit(result: Result<(), Error>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads the results has seen enough of them (`| head`).
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            match error.downcast_ref::<istar_lang::Report>() {
                // It has its own lines, with a mark under each mistake.
                Some(report) => eprint!("{report}"),
                None => eprintln!("error: {}", error.to_string().replace('\n', " ")),
            }
            ExitCode::from(MISTAKE)
        }
    }
}

fn is_broken_pipe(error: &Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
