//! A logged batch in, credit out.

mod lines;
mod recipe;
mod synthetic;

use super::Error;
use crate::logged::{cases, page};
use clap::Parser;
use lines::{Sink, Source};
use std::io::Write;
use std::path::PathBuf;

/// Assigns credit to rollouts from elsewhere: advantages per token, the loss of each term, its derivatives.
///
/// The input is one batch as JSON, or JSON Lines with one batch per line; the output has one line per batch. The schema
/// is in docs/src/credit.md. Nothing is trained.
#[derive(Debug, Parser)]
#[command(name = "credit", version, max_term_width = 100)]
pub struct Arguments {
    /// The objective: a recipe's name or title, see --list
    #[arg(long, value_name = "NAME", requires = "input")]
    recipe: Option<String>,
    /// The batch, or batches line by line; `-` is stdin
    #[arg(long, value_name = "FILE", requires = "recipe")]
    input: Option<PathBuf>,
    /// A reference file, which says by `case` and `params` what the objective is
    #[arg(long, value_name = "FILE", conflicts_with_all = ["recipe", "input"])]
    golden: Option<PathBuf>,
    /// Sets a parameter of the objective; may be repeated
    #[arg(long, value_name = "NAME=VALUE")]
    set: Vec<String>,
    /// Where the result goes [default: stdout]; untouched if the first batch is refused
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Draws the batch on a page of its own, for a browser; then the result itself only goes where --output says
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Lists the recipes with their parameters and defaults
    #[arg(long, exclusive = true)]
    list: bool,
    /// Writes a batch of random numbers instead, to measure with
    #[arg(long, value_name = "GROUPS,TRAJECTORIES,STEPS,TOKENS", conflicts_with_all = ["recipe", "input", "golden", "set", "html"])]
    synthetic: Option<synthetic::Sizes>,
}

/// Runs the job.
///
/// # Errors
/// A wrong argument, a file that cannot be used, a batch that is refused: the first one, by its place. Results of lines
/// before it are kept.
pub fn job(arguments: Arguments, out: &mut dyn Write) -> Result<(), Error> {
    if arguments.list {
        return recipe::list(out);
    }
    let input = arguments.golden.as_deref().or(arguments.input.as_deref());
    let mut sink = Sink::new(arguments.output.as_deref(), input, out)?;
    if let Some(sizes) = arguments.synthetic {
        return sink.line(|out| synthetic::write(sizes, out));
    }
    let Some(input) = input else {
        return Err("give --recipe and --input, or --golden; --list shows the recipes".into());
    };
    if arguments.html.is_some() && arguments.output.is_none() {
        sink.mute();
    }
    let source = Source::open(input)?;
    let run = Run { source, sink, set: &arguments.set, html: arguments.html.as_deref() };
    match &arguments.recipe {
        Some(name) => run.recipe(name),
        None => run.golden(),
    }
}

/// What a run reads and writes.
struct Run<'a> {
    source: Source,
    sink: Sink<'a>,
    set: &'a [String],
    html: Option<&'a std::path::Path>,
}
