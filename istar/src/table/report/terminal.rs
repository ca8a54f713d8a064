//! The table on a terminal, at most 110 columns wide.

use super::{COLUMNS, Report, Row, Terminal, paper};
use crate::table::cell::Timing;
use tabled::Table;
use tabled::builder::Builder;
use tabled::settings::formatting::AlignmentStrategy;
use tabled::settings::object::{Columns, Rows};
use tabled::settings::style::HorizontalLine;
use tabled::settings::{Alignment, Padding, Style};

/// Letters of a line of a recipe's name and of a remark: with them, the widest table has 110.
const NAME: usize = 18;
const REMARK: usize = 10;

/// The table with the paper's numbers beneath. `timings` are those of all cells in the study's order; a speed that is not
/// known is a dash.
#[must_use]
pub fn terminal(report: &Report, timings: &[Timing]) -> String {
    let mut builder = Builder::default();
    let heads =
        COLUMNS.iter().filter(|column| column.terminal != Terminal::Absent).map(|column| column.short);
    builder.push_record(["recipe"].into_iter().chain(heads).chain(["steps\n/s", "remark"]));
    for row in &report.rows {
        let measures = row.columns().filter(|(column, _)| column.terminal != Terminal::Absent);
        let measures = measures.map(|(column, sample)| {
            // The blanks around ± would make the table too wide.
            column.show(sample, column.terminal == Terminal::Spread).replace(" ± ", "±")
        });
        let (name, remark) = (wrap(row.name(), NAME), wrap(&row.remark(), REMARK));
        builder.push_record([name].into_iter().chain(measures).chain([speed(row, timings), remark]));
    }
    let ours = draw(builder);

    let mut builder = Builder::default();
    builder.push_record(["method", "success, %", "source"]);
    for result in &paper::RESULTS {
        builder.push_record([result.1, &paper::show(result), result.0]);
    }
    let theirs = draw(builder);
    let sentences = report.scope().replace(". ", ".\n");
    let (name, title, caveat) = (&report.study.name, paper::TITLE, paper::CAVEAT);
    format!("{name}\n\n{ours}\n\n{sentences}\n\n{title}\n{caveat}\n\n{theirs}\n")
}

/// Words on the left and on the right, numbers in between.
fn draw(builder: Builder) -> String {
    let mut table: Table = builder.build();
    table.with(Style::empty().horizontals([(1, HorizontalLine::new('─'))]));
    table.with((Padding::new(0, 2, 0, 0), Alignment::right(), AlignmentStrategy::PerLine));
    table.modify(Columns::one(0), Alignment::left());
    table.modify(Columns::last(), (Alignment::left(), Padding::zero()));
    table.modify(Rows::first(), Alignment::bottom());
    table.to_string().lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

/// Breaks lines at blanks, and inside words that are longer than a line.
fn wrap(text: &str, most: usize) -> String {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let letters: Vec<char> = word.chars().collect();
        for (part, chunk) in letters.chunks(most).enumerate() {
            let line = lines.last_mut().expect("never empty");
            let used = line.chars().count();
            let blank = usize::from(used > 0 && part == 0);
            if part > 0 || used + blank + chunk.len() > most && used > 0 {
                lines.push(chunk.iter().collect());
            } else {
                line.extend(std::iter::repeat_n(' ', blank).chain(chunk.iter().copied()));
            }
        }
    }
    lines.join("\n")
}

fn speed(row: &Row, timings: &[Timing]) -> String {
    let known =
        row.places.iter().filter_map(|&place| timings.get(place)).map(|timing| timing.steps_per_second);
    let known: Vec<f64> = known.filter(|speed| *speed > 0.0).collect();
    if known.is_empty() {
        "—".to_owned()
    } else {
        format!("{:.0}", known.iter().sum::<f64>() / known.len() as f64)
    }
}
