//! The report of a finished study. Every format is a pure function of the cells and of what the world has to show.

mod column;
mod compare;
mod costs;
mod csv;
mod curves;
mod dots;
mod exhibits;
mod film;
mod html;
mod latex;
mod markdown;
mod off_line;
mod profiles;
mod results;
mod signals;
mod statistics;
mod wide;

pub use column::{COLUMNS, Column, Narrow, Unit};
pub use compare::{ALPHA, Against, Compared, fewest_pairs, smallest_p};
pub use costs::costs_csv;
pub use csv::{cells as cells_csv, rows as rows_csv};
pub use curves::curves;
use curves::narrow as narrow_curves;
pub use exhibits::{Exhibits, Image, Words};
pub use html::html;
pub use latex::latex;
pub use markdown::markdown;
pub use off_line::{
    Quantity, is_off_line, off_line_csv, off_line_fields, off_line_heads, off_line_html, off_line_markdown,
    off_line_notes, write_off_line,
};
pub use signals::signals_csv;
pub use statistics::statistics_csv;

use super::cell::{Cell, Timing};
use super::files;
use super::study::{Study, StudyError};
use crate::statistics::Summary;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::OnceLock;

/// The cells of a finished study, gathered in rows.
pub struct Report<'a> {
    /// What was studied.
    pub study: &'a Study,
    /// The measures that there are in this world, from left to right.
    pub columns: Vec<&'static Column>,
    /// The rows, in the order of the table.
    pub rows: Vec<MeasuredRow<'a>>,
    /// What the world has to show beside numbers.
    pub exhibits: Exhibits<'a>,
    /// The place of the row that the others are compared with.
    pub baseline: usize,
    /// What each cell cost, in the order of the study; empty where it is not known.
    pub timings: &'a [Timing],
    /// A line for each cell that is not there.
    pub missing: Vec<String>,
    compared: OnceLock<Vec<Compared>>,
}

/// One row of the table: an objective over all its seeds.
#[derive(Debug)]
pub struct MeasuredRow<'a> {
    /// One per seed; never empty.
    pub cells: Vec<&'a Cell>,
    /// The place of each cell among all cells of the study.
    pub places: Vec<usize>,
    /// One per column of the report.
    pub measures: Vec<Measure>,
    /// Mean final success is below half of mean start success.
    pub collapsed: bool,
}

/// A column with its value in a row; none where no seed has one.
pub type Measure = (&'static Column, Option<Summary>);

impl<'a> Report<'a> {
    /// Gathers cells in rows, in the order in which their names first appear.
    #[must_use]
    pub fn new(study: &'a Study, cells: &'a [Cell], exhibits: Exhibits<'a>) -> Self {
        let columns: Vec<&Column> =
            COLUMNS.iter().filter(|column| column.is_shown(cells, exhibits.exact_credit)).collect();
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
        let row = |(cells, places)| MeasuredRow::new(cells, places, &columns);
        let rows = groups.into_iter().map(row).collect();
        let (timings, missing) = (&[][..], Vec::new());
        Self { study, columns, rows, exhibits, baseline: 0, timings, missing, compared: OnceLock::new() }
    }

    /// With what each cell cost, in the same order.
    #[must_use]
    pub fn costing(mut self, timings: &'a [Timing]) -> Self {
        self.timings = timings;
        self
    }

    /// With a line for each cell that is not there.
    #[must_use]
    pub fn lacking(mut self, missing: Vec<String>) -> Self {
        self.missing = missing;
        self
    }

    /// With the row of this place, instead of the first, as the one that the others are compared with.
    #[must_use]
    pub fn against(mut self, baseline: usize) -> Self {
        (self.baseline, self.compared) = (baseline, OnceLock::new());
        self
    }

    /// Every row beside the baseline; computed once.
    pub fn compared(&self) -> &[Compared] {
        self.compared.get_or_init(|| compare::compare(&self.rows, self.baseline))
    }

    /// Whether a row's number in a column is to be bold: final success, significantly above the baseline's.
    #[must_use]
    pub fn bold(&self, place: usize, column: &Column) -> bool {
        column.key == "final" && self.compared()[place].better()
    }

    /// When a number is bold, and whether one can be: with few seeds none can.
    fn when_bold(&self) -> Option<String> {
        let (rows, baseline) = (self.rows.len().checked_sub(1)?, self.rows.get(self.baseline)?);
        let pairs = self.compared().iter().filter_map(|row| Some(row.against?.pairs)).max()?;
        let (p, fewest) = (smallest_p(pairs, rows), fewest_pairs(rows));
        let can = if p <= ALPHA {
            format!("the smallest that {pairs} seeds can give is {p:.2}")
        } else {
            format!(
                "with {pairs} seeds none can be below {p:.2}, so nothing is bold; it takes {fewest} seeds"
            )
        };
        let of = if rows == 1 { String::new() } else { format!(" after Holm's correction for {rows} rows") };
        Some(format!(
            "bold: final success significantly above that of {}: two-sided sign-flip test over the seeds that both have, \
             p up to {ALPHA}{of}; {can}.",
            baseline.name()
        ))
    }

    /// All cells, row by row.
    pub fn cells(&self) -> impl Iterator<Item = &'a Cell> {
        self.rows.iter().flat_map(|row| row.cells.iter().copied())
    }

    /// The columns that are details, which stand in a second table; or the others.
    pub fn columns(&self, details: bool) -> impl Iterator<Item = &'static Column> {
        self.columns.iter().copied().filter(move |column| column.is_detail() == details)
    }

    /// `512 test tasks × 3 seeds`, how much chance is in a share of them, and what ± is.
    #[must_use]
    pub fn scope(&self) -> String {
        let tasks = range(self.cells().map(|cell| cell.last[0].episodes));
        let validation =
            range(self.cells().flat_map(|cell| cell.validation.iter().map(|point| point.episodes)));
        let seeds = range(self.rows.iter().map(|row| row.cells.len() as u64));
        let fewest = self.cells().map(|cell| cell.last[0].episodes).min().unwrap_or(0);
        let chance = if fewest == 0 {
            String::new()
        } else {
            let points = 50.0 / (fewest as f64).sqrt();
            format!(
                " The choice of test tasks alone puts a standard error of up to {points:.1} points on one seed's share."
            )
        };
        format!(
            "{tasks} test tasks × {seeds} seeds; validation on {validation} others. \
             ± is the sample standard deviation over seeds.{chance}"
        )
    }

    /// Footnotes: what each column is, with or without those of the details, how rows are marked, which cells were
    /// stopped, which rows fell silent before they learnt, which have lost episodes, which rows have settings of their own.
    #[must_use]
    pub fn notes(&self, details: bool) -> Vec<String> {
        let columns = self.columns.iter().filter(|column| details || !column.is_detail());
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
        let own = self.rows.iter().filter(|row| !row.settings().is_empty());
        let own = own.map(|row| format!("own settings: {} has {}.", row.name(), row.settings()));
        let lost = self.cells().filter_map(|cell| {
            let lost = cell.all_lost();
            let reason = lost.reason?;
            let n = lost.episodes;
            Some(format!(
                "lost: {}, seed {}, left out {n} of its episodes; the first one: {reason}.",
                cell.row, cell.seed
            ))
        });
        let collapsing = self.rows.iter().filter_map(|row| {
            let of = |cell: &&'a Cell| Some((cell.seed, cell.collapse()?));
            let collapses: Vec<_> = row.cells.iter().filter_map(of).collect();
            let (seed, first) = collapses.first()?;
            let (n, seeds) = (collapses.len(), row.cells.len());
            Some(format!("silent early: {}, {n} of {seeds} seeds; with seed {seed} {first}.", row.name()))
        });
        columns
            .chain(interval)
            .chain([rule])
            .chain(self.when_bold())
            .chain(self.missing.iter().map(|cell| format!("missing: {cell}.")))
            .chain(stopped)
            .chain(collapsing)
            .chain(lost)
            .chain(own)
            .collect()
    }
}

impl<'a> MeasuredRow<'a> {
    fn new(cells: Vec<&'a Cell>, places: Vec<usize>, columns: &[&'static Column]) -> Self {
        let measures = columns.iter().map(|column| (*column, column.summary(&cells))).collect();
        let sum = |at: fn(&Cell) -> f64| cells.iter().map(|cell| at(cell)).sum::<f64>();
        let collapsed = sum(|cell| cell.last[0].success) < sum(|cell| cell.start[0].success) / 2.0;
        Self { cells, places, measures, collapsed }
    }

    /// The row's name.
    #[must_use]
    pub fn name(&self) -> &'a str {
        &self.cells[0].row
    }

    /// The measures that are details, or the others.
    pub fn measures(&self, details: bool) -> impl Iterator<Item = Measure> {
        self.measures.iter().copied().filter(move |(column, _)| column.is_detail() == details)
    }

    /// The 95 % interval of the mean final success over seeds.
    #[must_use]
    pub fn final_interval(&self) -> String {
        let last = self.measures.iter().find(|(column, _)| column.key == "final");
        last.map_or_else(String::new, |(column, summary)| column.interval(*summary))
    }

    /// `collapsed`, `stopped (1 of 3)`, `lost 12 episodes`, `own settings`: all that apply.
    #[must_use]
    pub fn remark(&self) -> String {
        let stopped = self.cells.iter().filter(|cell| cell.stopped.is_some()).count();
        let collapsed = self.collapsed.then(|| "collapsed".to_owned());
        let stopped = (stopped > 0).then(|| format!("stopped ({stopped} of {})", self.cells.len()));
        let lost = self.cells.iter().map(|cell| cell.all_lost().episodes).sum::<u64>();
        let lost = (lost > 0).then(|| format!("lost {lost} episodes"));
        let own = (!self.cells[0].settings.is_empty()).then(|| "own settings".to_owned());
        collapsed.into_iter().chain(stopped).chain(lost).chain(own).collect::<Vec<_>>().join(", ")
    }

    /// `beta 0.05, lambda 1`.
    #[must_use]
    pub fn parameters(&self) -> String {
        let parameters = self.cells[0].parameters.iter().map(|(name, value)| format!("{name} {value}"));
        parameters.collect::<Vec<_>>().join(", ")
    }

    /// `prm_steps 4`: the settings that are this row's own.
    #[must_use]
    pub fn settings(&self) -> String {
        let settings = self.cells[0].settings.iter().map(|(name, value)| format!("{name} {value}"));
        settings.collect::<Vec<_>>().join(", ")
    }
}

/// Writes `table.md`, `table.csv`, `cells.csv`, `table.tex`, `curves.svg`, `report.html`, `costs.csv` and `signals.csv` into a
/// directory, one process at a time. Of these `costs.csv` depends on the clock, and of the page the part about costs.
///
/// # Errors
/// One of them cannot be written.
pub fn write(dir: &Path, report: &Report) -> Result<(), StudyError> {
    let _alone = files::alone(dir)?;
    let files = [
        ("table.md", markdown(report)),
        ("table.csv", rows_csv(report)),
        ("cells.csv", cells_csv(report)),
        ("table.tex", latex(report)),
        ("curves.svg", curves(report)),
        ("report.html", html(report)),
        ("costs.csv", costs_csv(report)),
        ("signals.csv", signals_csv(report)),
    ];
    files.iter().try_for_each(|(name, text)| files::write(&dir.join(name), text.as_bytes()))
}

/// Writes `statistics.csv` beside them.
///
/// # Errors
/// It cannot be written.
pub fn write_statistics(dir: &Path, report: &Report) -> Result<(), StudyError> {
    files::write(&dir.join("statistics.csv"), statistics_csv(report).as_bytes())
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
