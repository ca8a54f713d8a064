//! What an objective is, before it is trained or run on a batch.

use super::Error;
use super::settings::{line, with_settings};
use crate::recipes;
use clap::Parser;
use std::io::Write;

/// Says what an objective is: its terms, what it demands, what an iteration of training does.
#[derive(Debug, Parser)]
#[command(name = "explain", version, max_term_width = 100)]
pub struct Arguments {
    /// The recipe: its name or title; `istar credit --list` lists them
    #[arg(value_name = "NAME", required_unless_present = "line", conflicts_with = "line")]
    recipe: Option<String>,
    /// A line of the language instead, such as "rl(adv = traj + 0.5 * anchor(0.95))"
    #[arg(long, value_name = "LINE")]
    line: Option<String>,
    /// Sets a parameter of the objective; may be repeated
    #[arg(long, value_name = "NAME=VALUE")]
    set: Vec<String>,
}

/// Runs the job.
///
/// # Errors
/// A recipe that there is not, a mistake in a line, a parameter that it has not, a number out of range.
pub fn job(arguments: &Arguments, out: &mut dyn Write) -> Result<(), Error> {
    let objective = match (&arguments.line, &arguments.recipe) {
        (Some(text), _) => Box::new(line(text)?),
        (None, name) => recipes::find(name.as_deref().unwrap_or_default())?.objective,
    };
    let objective = with_settings(objective, &arguments.set)?;
    objective.validate()?;
    writeln!(out, "{}", objective.explain().trim_end())?;
    Ok(())
}
