//! What a recipe is, before it is trained or run on a batch.

use super::Error;
use super::settings::with_settings;
use crate::recipes;
use clap::Parser;
use std::io::Write;

/// Says what an objective is: its terms, what it demands, what an iteration of training does.
#[derive(Debug, Parser)]
#[command(name = "explain", version, max_term_width = 100)]
pub struct Arguments {
    /// The recipe: its name or title; `istar credit --list` lists them
    #[arg(value_name = "NAME")]
    recipe: String,
    /// Sets a parameter of the recipe; may be repeated
    #[arg(long, value_name = "NAME=VALUE")]
    set: Vec<String>,
}

/// Runs the job.
///
/// # Errors
/// A recipe that there is not, a parameter that it has not, a number out of range.
pub fn job(arguments: &Arguments, out: &mut dyn Write) -> Result<(), Error> {
    let recipe = recipes::find(&arguments.recipe)?;
    let objective = with_settings(recipe.objective, &arguments.set)?;
    objective.validate()?;
    writeln!(out, "{}", objective.explain().trim_end())?;
    Ok(())
}
