//! The report of a finished study. Every format is a pure function of the cells; only the terminal's table also shows speed.

mod column;
mod csv;
mod curves;
mod film;
mod html;
mod latex;
mod markdown;
mod paper;
mod terminal;

pub use column::{COLUMNS, Column, Terminal, Unit, WIDTH};
pub use csv::{cells as cells_csv, rows as rows_csv};
pub use curves::curves;
pub use html::html;
pub use latex::latex;
pub use markdown::markdown;
pub use terminal::terminal;

use super::cell::Cell;
use super::study::{self, Study, StudyError};
use crate::statistics::Summary;
use std::collections::BTreeSet;
use std::path::Path;

/// Draws a level, given as rows of level text, as a PNG image.
pub type Frame<'a> = dyn Fn(&[String]) -> Vec<u8> + 'a;

/// The cells of a finished study, gathered in rows.
#[derive(Debug)]
pub struct Report<'a> {
    /// What was studied.
    pub study: &'a Study,
    /// The rows, in the order of the table.
    pub rows: Vec<Row<'a>>,
}

/// One row of the table: an objective over all its seeds.
#[derive(Debug)]
pub struct Row<'a> {
    /// One per seed; never empty.
    pub cells: Vec<&'a Cell>,
    /// The place of each cell among all cells of the study.
    pub places: Vec<usize>,
    /// One per entry of [`COLUMNS`].
    pub samples: [Option<Summary>; WIDTH],
    /// Mean final success is below half of mean start success.
    pub collapsed: bool,
}

impl<'a> Report<'a> {
    /// Gathers cells in rows, in the order in which their names first appear.
    #[must_use]
    pub fn new(study: &'a Study, cells: &'a [Cell]) -> Self {
        let mut groups: Vec<(Vec<&Cell>, Vec<usize>)> = Vec::new();
        for (place, cell) in cells.iter().enumerate() {
            match groups.iter_mut().find(|(group, _)| group[0].row == cell.row) {
                Some((group, places)) => {
                    group.push(cell);
                    places.push(place);
                }
                None => groups.push((vec![cell], vec![place])),
            }
        }
        let rows = groups.into_iter().map(|(cells, places)| Row::new(cells, places)).collect();
        Self { study, rows }
    }

    /// All cells, row by row.
    pub fn cells(&self) -> impl Iterator<Item = &'a Cell> {
        self.rows.iter().flat_map(|row| row.cells.iter().copied())
    }

    /// `512 test levels × 3 seeds`, how much chance is in a share of them, and what ± is.
    #[must_use]
    pub fn scope(&self) -> String {
        let levels = range(self.cells().map(|cell| cell.last[0].episodes));
        let validation =
            range(self.cells().flat_map(|cell| cell.validation.iter().map(|point| point.episodes)));
        let seeds = range(self.rows.iter().map(|row| row.cells.len() as u64));
        let fewest = self.cells().map(|cell| cell.last[0].episodes).min().unwrap_or(0);
        let chance = if fewest == 0 {
            String::new()
        } else {
            let points = 50.0 / (fewest as f64).sqrt();
            format!(
                " The choice of test levels alone puts a standard error of up to {points:.1} points on one seed's share."
            )
        };
        format!(
            "{levels} test levels × {seeds} seeds; validation on {validation} others. \
             ± is the sample standard deviation over seeds.{chance}"
        )
    }

    /// Footnotes: what each column is, with or without those of the details, how rows are marked, which cells were stopped.
    #[must_use]
    pub fn notes(&self, details: bool) -> Vec<String> {
        let columns = COLUMNS.iter().filter(|column| details || column.terminal != Terminal::Absent);
        let columns = columns.map(|column| format!("{}: {}.", column.head, column.note));
        let interval = "final, 95 % interval: of the mean over seeds, by Student's t, cut off at 0 and 100.";
        let interval = details.then(|| interval.to_owned());
        let rule =
            "collapsed: by rule, a row whose mean final success is below half of its mean start.".to_owned();
        let stopped = self.cells().filter_map(|cell| {
            let reason = cell.stopped.as_ref()?;
            Some(format!(
                "stopped: {}, seed {}, after {} iterations: {reason}.",
                cell.row, cell.seed, cell.iterations
            ))
        });
        columns.chain(interval).chain([rule]).chain(stopped).collect()
    }
}

impl<'a> Row<'a> {
    fn new(cells: Vec<&'a Cell>, places: Vec<usize>) -> Self {
        let samples = COLUMNS.map(|column| column.sample(&cells));
        let mean = |at: fn(&Cell) -> f64| cells.iter().map(|cell| at(cell)).sum::<f64>();
        let collapsed = mean(|cell| cell.last[0].success) < mean(|cell| cell.start[0].success) / 2.0;
        Self { cells, places, samples, collapsed }
    }

    /// The row's name.
    #[must_use]
    pub fn name(&self) -> &'a str {
        &self.cells[0].row
    }

    /// Every column with its sample.
    pub fn columns(&self) -> impl Iterator<Item = (&'static Column, Option<Summary>)> {
        COLUMNS.iter().zip(self.samples)
    }

    /// `collapsed`, `stopped (1 of 3)`, both, or nothing.
    #[must_use]
    pub fn remark(&self) -> String {
        let stopped = self.cells.iter().filter(|cell| cell.stopped.is_some()).count();
        let collapsed = self.collapsed.then(|| "collapsed".to_owned());
        let stopped = (stopped > 0).then(|| format!("stopped ({stopped} of {})", self.cells.len()));
        collapsed.into_iter().chain(stopped).collect::<Vec<_>>().join(", ")
    }

    /// `beta 0.05, lambda 1`.
    #[must_use]
    pub fn parameters(&self) -> String {
        let parameters = self.cells[0].parameters.iter().map(|(name, value)| format!("{name} {value}"));
        parameters.collect::<Vec<_>>().join(", ")
    }
}

/// Writes `table.md`, `table.csv`, `cells.csv`, `table.tex`, `curves.svg` and `report.html` into the study's directory.
///
/// # Errors
/// One of them cannot be written.
pub fn write(dir: &Path, report: &Report, frame: &Frame) -> Result<(), StudyError> {
    let files = [
        ("table.md", markdown(report)),
        ("table.csv", rows_csv(report)),
        ("cells.csv", cells_csv(report)),
        ("table.tex", latex(report)),
        ("curves.svg", curves(report)),
        ("report.html", html(report, frame)),
    ];
    files.iter().try_for_each(|(name, text)| study::write(&dir.join(name), text.as_bytes()))
}

/// `512`, or `500 to 512`; `no` where there is none.
fn range(values: impl Iterator<Item = u64>) -> String {
    let values: BTreeSet<u64> = values.collect();
    match (values.first(), values.last()) {
        (Some(least), Some(most)) if least == most => least.to_string(),
        (Some(least), Some(most)) => format!("{least} to {most}"),
        _ => "no".to_owned(),
    }
}

#[cfg(test)]
mod tests;
