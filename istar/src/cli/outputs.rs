//! What a table is written as, beside the files that it always is.

use super::Error;
use super::ablation::{Known, draw, terminal};
use super::settings::find_row;
use crate::table::cell::Timing;
use crate::table::export;
use crate::table::report::{self, Report};
use clap::{Args, ValueEnum};
use std::io::Write;
use std::path::Path;
use tabled::builder::Builder;

/// What is asked for.
#[derive(Clone, Debug, Default, PartialEq, Args)]
pub struct Outputs {
    /// The row that the others are compared with [default: the first]
    #[arg(long, value_name = "ROW")]
    pub baseline: Option<String>,
    /// Writes statistics.csv too: intervals over seeds and tests of every row against the baseline
    #[arg(long)]
    pub statistics: bool,
    /// Writes what was logged for other programs: event files of TensorBoard, metrics.jsonl
    #[arg(long, value_name = "A,B", value_enum, value_delimiter = ',')]
    pub export: Vec<Export>,
}

/// What another program reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Export {
    /// Event files, one per cell, beneath tensorboard/
    Tensorboard,
    /// metrics.jsonl: a line per cell and iteration
    Jsonl,
}

impl Outputs {
    /// The arguments that say the same.
    pub(super) fn arguments(&self) -> Vec<String> {
        let baseline = self.baseline.iter().flat_map(|row| ["--baseline".to_owned(), row.clone()]);
        let statistics = self.statistics.then(|| "--statistics".to_owned());
        let name = |export: &Export| export.to_possible_value().map(|value| value.get_name().to_owned());
        let exports = self.export.iter().filter_map(name).flat_map(|name| ["--export".to_owned(), name]);
        baseline.chain(statistics).chain(exports).collect()
    }

    /// The place of the baseline among these rows.
    pub(super) fn place<'a>(&self, rows: impl IntoIterator<Item = &'a str>) -> Result<usize, String> {
        let rows: Vec<Known> = rows.into_iter().map(|name| Known { name, parameters: &[] }).collect();
        let find = |given: &String| find_row(given, &rows.iter().collect::<Vec<_>>());
        let place = self.baseline.as_ref().map(find).transpose();
        Ok(place.map_err(|wrong| format!("--baseline: {wrong}"))?.unwrap_or(0))
    }

    /// Writes all files of a report and prints the table.
    pub(super) fn write(
        &self,
        dir: &Path,
        report: Report,
        timings: &[Timing],
        out: &mut dyn Write,
    ) -> Result<(), Error> {
        if report::is_off_line(report.study) {
            return self.write_off_line(dir, &report, out);
        }
        let place = self.place(report.rows.iter().map(|row| row.name()))?;
        let report = report.against(place);
        report::write(dir, &report)?;
        if self.statistics {
            report::write_statistics(dir, &report)?;
        }
        self.exports(dir, &report)?;
        writeln!(out, "{}", terminal(&report, timings))?;
        if !report.missing.is_empty() {
            writeln!(out, "missing cells: {}", report.missing.len())?;
            report.missing.iter().try_for_each(|cell| writeln!(out, "  {cell}"))?;
            writeln!(out)?;
        }
        Ok(writeln!(out, "{}", dir.join("report.html").display())?)
    }

    fn exports(&self, dir: &Path, report: &Report) -> Result<(), Error> {
        for wanted in &self.export {
            match wanted {
                Export::Tensorboard => export::write_tensorboard(dir, report)?,
                Export::Jsonl => export::write_json_lines(dir, report)?,
            }
        }
        Ok(())
    }

    /// The same of a study of PRMs off line.
    fn write_off_line(&self, dir: &Path, report: &Report, out: &mut dyn Write) -> Result<(), Error> {
        report::write_off_line(dir, report)?;
        self.exports(dir, report)?;
        let mut builder = Builder::default();
        let heads = report::off_line_heads(report).into_iter().map(|head| head.replace(' ', "\n"));
        builder.push_record(["row".to_owned()].into_iter().chain(heads));
        for row in &report.rows {
            let fields = report::off_line_fields(report, row);
            builder.push_record([row.name().to_owned()].into_iter().chain(fields));
        }
        writeln!(out, "{}, PRMs off line\n\n{}\n", report.study.name, draw(builder))?;
        report::off_line_notes(report).iter().try_for_each(|note| writeln!(out, "{note}."))?;
        Ok(writeln!(out, "\n{}", dir.join("prm.html").display())?)
    }
}
