//! What there is to be named: worlds and rows.

use super::choice::runs_in;
use super::{Choice, Known};
use crate::cli::Error;
use crate::slug::unique;
use crate::worlds::LIST;
use std::io::Write;

/// The worlds, then the rows in one of them, then the recipes that it cannot run.
pub(super) fn list(env: &str, choice: &Choice, out: &mut dyn Write) -> Result<(), Error> {
    writeln!(out, "worlds, for --env")?;
    let worlds = LIST.iter().map(|world| [world.name.to_owned(), world.what.to_owned()]);
    columns(&worlds.collect::<Vec<_>>(), out)?;
    writeln!(out, "\nrows in {env}, for --recipes; without it those with a star are run")?;
    let slugs = unique(choice.rows.iter().map(|row| row.name));
    let row = |(place, (row, slug)): (usize, (&Known, &String))| {
        let star = if place < choice.unasked { "*" } else { " " };
        [format!("{star} {slug}"), row.name.to_owned(), row.parameters.join(", ")]
    };
    columns(&choice.rows.iter().zip(&slugs).enumerate().map(row).collect::<Vec<_>>(), out)?;
    let others = choice.others();
    if !others.is_empty() {
        writeln!(out, "\nrecipes that are no rows in {env}, and where they are")?;
        let rows = others.iter().map(|recipe| [recipe.title.to_owned(), runs_in(recipe).join(", ")]);
        columns(&rows.collect::<Vec<_>>(), out)?;
    }
    Ok(())
}

fn columns<const N: usize>(rows: &[[String; N]], out: &mut dyn Write) -> Result<(), Error> {
    let width = |at: usize| rows.iter().map(|row| row[at].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..N).map(width).collect();
    for row in rows {
        let line: String =
            row.iter().zip(&widths).map(|(text, width)| format!("  {text:width$}", width = *width)).collect();
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}
