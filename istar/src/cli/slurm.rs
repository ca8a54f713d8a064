//! A table as an array job of Slurm: a task a cell, and the report at the end.

use super::{Error, ablation};
use crate::table::quoted;
use clap::Parser;
use std::fmt::Write as _;
use std::io::Write;
use std::path::PathBuf;

/// Writes an array job for Slurm that fills a table, a task a cell, and reports at the end.
///
/// The directory of the study must be one that all nodes share. `bash FILE` submits it: the array, and after it the report,
/// which lists what is missing. Submitted again, it goes on.
#[derive(Debug, Parser)]
#[command(name = "slurm", version, max_term_width = 100)]
pub struct Arguments {
    /// Tasks that run at a time
    #[arg(long, value_name = "K", value_parser = super::at_least_one::<u32>)]
    limit: Option<u32>,
    /// Time limit of a cell, as Slurm writes it; a cell that runs into it goes on when it is submitted again
    #[arg(long, value_name = "HH:MM:SS")]
    time: Option<String>,
    /// Memory of a cell, as Slurm writes it
    #[arg(long, value_name = "SIZE")]
    mem: Option<String>,
    /// Partition
    #[arg(long, value_name = "NAME")]
    partition: Option<String>,
    /// Where the job is written [default: stdout]
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// What `istar ablate` is asked for, after `--`
    #[arg(last = true, value_name = "ARGUMENTS")]
    ablate: Vec<String>,
}

/// Runs the job.
///
/// # Errors
/// What `istar ablate` is to be asked for is wrong; the file cannot be written.
// Inline for the same reason as `ablation::job`.
#[inline]
pub fn job(arguments: &Arguments, out: &mut dyn Write) -> Result<(), Error> {
    let words = ["ablate".to_owned()].into_iter().chain(arguments.ablate.iter().cloned());
    let parsed = ablation::Arguments::try_parse_from(words);
    let parsed = parsed.map_err(|wrong| format!("after --: {}", super::one_line(&wrong.to_string())))?;
    let script = script(arguments, &ablation::grid(parsed)?);
    let Some(file) = &arguments.file else { return Ok(out.write_all(script.as_bytes())?) };
    std::fs::write(file, script).map_err(|error| format!("--file {}: {error}", file.display()))?;
    Ok(writeln!(out, "bash {}", file.display())?)
}

/// The job, which submits itself when it is run by hand.
#[must_use]
pub fn script(arguments: &Arguments, grid: &ablation::Grid) -> String {
    let cells = grid.rows.len() as u64 * grid.seeds;
    let limit = arguments.limit.map_or_else(String::new, |limit| format!("%{limit}"));
    let out = grid.out.display().to_string();
    let mut options = vec![
        "--job-name=istar".to_owned(),
        format!("--array=0-{}{limit}", cells.saturating_sub(1)),
        "--ntasks=1".to_owned(),
        "--cpus-per-task=1".to_owned(),
        "--requeue".to_owned(),
        "--open-mode=append".to_owned(),
        "--output=slurm-%x-%A_%a.out".to_owned(),
    ];
    let own = [("time", &arguments.time), ("mem", &arguments.mem), ("partition", &arguments.partition)];
    options.extend(own.into_iter().filter_map(|(name, value)| Some(format!("--{name}={}", value.as_ref()?))));
    let options = options.iter().fold(String::new(), |mut text, option| {
        _ = writeln!(text, "#SBATCH {option}");
        text
    });
    let asked = arguments.ablate.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ");
    let (program, out, seeds) = (quoted(&program()), quoted(&out), grid.seeds);
    let outputs = grid.outputs.iter().map(|word| format!(" {}", quoted(word))).collect::<String>();
    format!(
        "#!/bin/bash\n{options}\
         # {rows} rows × {seeds} seeds. By hand, `bash` submits the array, and after it the report; each task fills a cell.\n\
         set -euo pipefail\n\
         istar={program}\n\
         out={out}\n\
         if [ \"${{1:-}}\" = report ]; then\n    exec \"$istar\" report \"$out\"{outputs}\n\
         elif [ -n \"${{SLURM_ARRAY_TASK_ID:-}}\" ]; then\n    \
         exec \"$istar\" ablate {asked} --threads 1 --quiet --cell \"$((SLURM_ARRAY_TASK_ID / {seeds}))/$((SLURM_ARRAY_TASK_ID % {seeds}))\"\n\
         fi\n\
         job=$(sbatch --parsable \"$0\")\n\
         sbatch --dependency=\"afterany:${{job%%;*}}\" --array=0 --output=slurm-%x-report.out \"$0\" report\n",
        rows = grid.rows.len(),
    )
}

/// This program, where it is known.
fn program() -> String {
    let path = std::env::current_exe().ok();
    path.map_or_else(|| "istar".to_owned(), |path| path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_a_cell_and_the_report_after_them() {
        let words = [
            "slurm",
            "--limit",
            "4",
            "--time",
            "02:00:00",
            "--",
            "--seeds",
            "3",
            "--recipes",
            "GRPO,iStar (note)",
        ];
        let arguments = Arguments::try_parse_from(words).expect("good");
        let grid = ablation::Grid {
            rows: vec!["GRPO".into(), "iStar (note)".into()],
            seeds: 3,
            out: "runs/it's".into(),
            outputs: vec!["--statistics".into()],
        };
        let text = script(&arguments, &grid);
        for line in [
            "#SBATCH --array=0-5%4",
            "#SBATCH --time=02:00:00",
            "out='runs/it'\\''s'",
            "    exec \"$istar\" report \"$out\" --statistics",
            "ablate --seeds 3 --recipes 'GRPO,iStar (note)' --threads 1 --quiet --cell \"$((SLURM_ARRAY_TASK_ID / 3))/$((SLURM_ARRAY_TASK_ID % 3))\"",
        ] {
            assert!(text.contains(line), "{text}");
        }
        // Directives stand before the first command, or Slurm passes over them.
        assert!(text.find("set -euo").expect("there") > text.rfind("#SBATCH").expect("there"));
    }
}
