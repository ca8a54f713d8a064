//! The table on a terminal, at most 110 columns wide.

use super::{COLUMNS, Report, Row, Terminal, paper};
use crate::table::cell::Timing;
use tabled::Table;
use tabled::builder::Builder;
use tabled::settings::object::{Columns, Rows};
use tabled::settings::peaker::Priority;
use tabled::settings::style::HorizontalLine;
use tabled::settings::{Alignment, Padding, Style, Width};

const WIDE: usize = 110;

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
        builder.push_record(
            [row.name().to_owned()].into_iter().chain(measures).chain([speed(row, timings), row.remark()]),
        );
    }
    let mut table = builder.build();
    plain(&mut table);
    table.modify(Columns::one(0), Width::wrap(18).keep_words(true));
    table.modify(Columns::last(), (Alignment::left(), Width::wrap(14).keep_words(true)));
    table.with(Width::wrap(WIDE).keep_words(true).priority(Priority::max(true)));

    let mut builder = Builder::default();
    builder.push_record([paper::TITLE, "", ""]);
    for result in &paper::RESULTS {
        builder.push_record([result.1, &paper::show(result), result.0]);
    }
    let mut theirs = builder.build();
    plain(&mut theirs);
    theirs.modify(Columns::last(), Alignment::left());
    let sentences = report.scope().replace(". ", ".\n");
    format!("{}\n\n{table}\n\n{sentences}\n\n{theirs}\n{}\n", report.study.name, paper::CAVEAT)
}

fn plain(table: &mut Table) {
    table.with(Style::empty().horizontals([(1, HorizontalLine::new('─'))]));
    table.with((Padding::new(0, 2, 0, 0), Alignment::right()));
    table.modify(Columns::one(0), Alignment::left());
    table.modify(Rows::first(), Alignment::bottom());
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
