//! A table from the directories that hold its cells.

use super::Error;
use super::outputs::Outputs;
use crate::table::report::{Exhibits, Report};
use crate::table::{Ablation, Merged, Schedule, merge};
use crate::worlds::{self, Preset, Recipes, Visit, World};
use clap::Parser;
use std::io::Write;
use std::path::PathBuf;

/// Makes the report of a study again, from one directory or from those of several machines.
///
/// Nothing is trained. Cells that are missing or failed are listed, and the report is on those that are there.
#[derive(Debug, Parser)]
#[command(name = "report", version, max_term_width = 100)]
pub struct Arguments {
    /// Directories of one study
    #[arg(required = true, value_name = "DIR")]
    dirs: Vec<PathBuf>,
    /// Where the report goes [default: the directory, if there is one]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    outputs: Outputs,
}

/// Runs the job.
///
/// # Errors
/// A directory is no study's, or of another study than the first; a file cannot be read or written; nothing is finished.
pub fn job(arguments: Arguments, out: &mut dyn Write) -> Result<(), Error> {
    let Arguments { dirs, out: target, outputs } = arguments;
    let target = match (target, &dirs[..]) {
        (Some(target), _) => target,
        (None, [dir]) => dir.clone(),
        _ => return Err("--out: several directories make one report: say where it goes".into()),
    };
    let merged = merge(&dirs)?;
    if merged.finished.cells.is_empty() {
        let first = merged.missing.first().map_or_else(String::new, |cell| format!(" ({cell})"));
        return Err(format!("no cell is finished in {}{first}: run `istar ablate`", dirs[0].display()).into());
    }
    std::fs::create_dir_all(&target)
        .map_err(|error| format!("cannot create the directory {}: {error}", target.display()))?;
    let mut write = |exhibits: Exhibits| {
        let Merged { finished, missing } = &merged;
        let report = Report::new(&finished.study, &finished.cells, exhibits).costing(&finished.timings);
        outputs.write(&target, report.lacking(missing.clone()), &finished.timings, out)
    };
    let table = merged.finished.study.manifest["table"].as_str().unwrap_or_default();
    let known = worlds::LIST.iter().find_map(|world| {
        worlds::visit(world.name, Shown { table, write: &mut write }).expect("a world of the list")
    });
    // A table of a reader's own: its pictures are known to its own program alone.
    let exact_credit = || merged.finished.cells.iter().any(|cell| cell.fidelity.is_some());
    known.unwrap_or_else(|| write(Exhibits { exact_credit: exact_credit(), ..Exhibits::default() }))
}

/// Writes the report with what the world of the table has to show.
struct Shown<'a> {
    table: &'a str,
    write: &'a mut dyn FnMut(Exhibits) -> Result<(), Error>,
}

impl Visit for Shown<'_> {
    type Output = Option<Result<(), Error>>;

    fn world<W: World, A: Ablation<W::Env>, R: Recipes<W::Env>>(
        self,
        make: fn(Preset) -> (W, Schedule),
    ) -> Self::Output {
        (A::NAME == self.table).then(|| (self.write)(Exhibits::of(&make(Preset::Smoke).0)))
    }
}
