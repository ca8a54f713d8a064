//! A logged batch in, credit out.

mod lines;
mod recipe;
mod synthetic;

use super::Error;
use crate::logged::formats::{self, Format, Step};
use crate::logged::{Assigned, FieldNames, Logged, LoggedError, advantage, assign, cases};
use crate::objective::AnyObjective;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{ArgGroup, Parser};
use lines::{Sink, Source};
use std::io::Write;
use std::path::PathBuf;

/// Assigns credit to rollouts from elsewhere: advantages per token, the loss of each term, its derivatives.
///
/// The input is one batch as JSON, or JSON Lines with one batch per line; the output has one line per batch. The schema
/// is in docs/src/credit.md. Nothing is trained.
#[derive(Debug, Parser)]
#[command(name = "credit", version, max_term_width = 100, group = ArgGroup::new("objective").args(["recipe", "line"]))]
pub struct Arguments {
    /// The objective: a recipe's name or title, see --list
    #[arg(long, value_name = "NAME", requires = "input")]
    recipe: Option<String>,
    /// The objective as a line of the language, such as "rl(adv = traj + 0.5 * anchor(0.95)) + kl(0.01)"; repeated, each batch is
    /// read once and has a result a line, in their order
    #[arg(long, value_name = "LINE", requires = "input")]
    line: Vec<String>,
    /// The batch, or batches line by line; `-` is stdin
    #[arg(long, value_name = "FILE", requires = "objective")]
    input: Option<PathBuf>,
    /// A reference file, which says by `case` and `params` what the objective is
    #[arg(long, value_name = "FILE", conflicts_with_all = ["recipe", "line", "input"])]
    golden: Option<PathBuf>,
    /// Sets a parameter of the objective; may be repeated
    #[arg(long, value_name = "NAME=VALUE")]
    set: Vec<String>,
    /// Only the advantage: what the losses read and it does not, such as `logp`, may be missing
    #[arg(long)]
    advantage: bool,
    /// Reads a field of the batch under another name, such as old=rollout_log_probs; may be repeated
    #[arg(long, value_name = "FIELD=NAME")]
    map: Vec<String>,
    /// Reads rollouts as another program writes them, and writes them back with columns added: see docs/src/credit.md
    #[arg(long, value_name = "FORMAT", requires = "objective", value_parser = formats())]
    from: Option<&'static Format>,
    /// What a step is in such rows: row, run (of tokens that the policy wrote) or token [default: what the format says]
    #[arg(long, value_name = "STEP", requires = "from", value_parser = step)]
    step: Option<Step>,
    /// Where the result goes [default: stdout]; untouched if the first batch is refused
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Draws the batch on a page of its own, for a browser, under one objective or two lines side by side; then the result itself
    /// only goes where --output says
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Lists the recipes with their parameters and defaults
    #[arg(long, exclusive = true)]
    list: bool,
    /// Writes a batch of random numbers instead, to measure with
    #[arg(long, value_name = "GROUPS,TRAJECTORIES,STEPS,TOKENS", conflicts_with_all = ["recipe", "line", "input", "golden", "set", "html", "advantage", "map"])]
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
        return Err("give --recipe or --line and --input, or --golden; --list shows the recipes".into());
    };
    if arguments.html.is_some() && arguments.output.is_none() {
        sink.mute();
    }
    let objectives = recipe::objectives(&arguments)?;
    let source = match arguments.from {
        Some(format) => Source::rows(input, format, arguments.step, &names(&arguments.map)?)?,
        None => Source::open(input, names(&arguments.map)?)?,
    };
    if arguments.line.len() > 1 && arguments.from.is_some() {
        return Err(
            "several lines have several results, and --from makes one of a batch: give one --line".into()
        );
    }
    if arguments.line.len() > 2 && arguments.html.is_some() {
        return Err("--html draws two lines side by side at the most: give one --line or two".into());
    }
    if !source.is_text() && arguments.output.is_none() {
        return Err("the result is Parquet as the input is: give --output".into());
    }
    let alone = arguments.advantage || arguments.from.is_some_and(|format| format.advantage_only);
    let assign = if alone { advantage } else { assign };
    let run = Run { source, sink, assign, set: &arguments.set, html: arguments.html.as_deref() };
    if objectives.is_empty() { run.golden() } else { run.each(&objectives) }
}

/// The formats as values of `--from`.
fn formats() -> impl TypedValueParser<Value = &'static Format> {
    let known = formats::FORMATS.iter().map(|format| PossibleValue::new(format.name).help(format.what));
    PossibleValuesParser::new(known).try_map(|name| formats::find(&name))
}

fn step(text: &str) -> Result<Step, String> {
    match text {
        "row" => Ok(Step::Row),
        "run" => Ok(Step::Run),
        "token" => Ok(Step::Token),
        _ => Err("row, run or token is wanted".into()),
    }
}

/// The names that fields have in the input.
fn names(map: &[String]) -> Result<FieldNames, Error> {
    let mut names = FieldNames::default();
    for entry in map {
        let parts = entry.split_once('=').map(|(field, name)| (field.trim(), name.trim()));
        let Some((field, name)) = parts.filter(|(_, name)| !name.is_empty()) else {
            return Err(format!("--map {entry}: FIELD=NAME is wanted, such as old=rollout_log_probs").into());
        };
        names.name(field, name).map_err(|error| format!("--map {entry}: {error}"))?;
    }
    Ok(names)
}

/// What is made of a batch: [`assign`] or [`advantage`].
type Assign = fn(&dyn AnyObjective, &Logged) -> Result<Assigned, LoggedError>;

/// What a run reads and writes.
struct Run<'a> {
    source: Source,
    sink: Sink<'a>,
    assign: Assign,
    set: &'a [String],
    html: Option<&'a std::path::Path>,
}
