//! The table on a terminal, at most 110 columns wide.

use crate::table::Published;
use crate::table::cell::Timing;
use crate::table::report::{MeasuredRow, Narrow, Report};
use tabled::Table;
use tabled::builder::Builder;
use tabled::settings::formatting::AlignmentStrategy;
use tabled::settings::object::{Columns, Rows};
use tabled::settings::style::HorizontalLine;
use tabled::settings::{Alignment, Padding, Style};

/// Letters of a line of a recipe's name and of a remark: with them, the widest table has 110.
const NAME: usize = 18;
const REMARK: usize = 10;

/// The table with the papers' numbers beneath, if there are some. `timings` are those of all cells in the study's order; a speed that is not
/// known is a dash.
#[must_use]
pub fn terminal(report: &Report, timings: &[Timing]) -> String {
    let mut builder = Builder::default();
    let heads = report.columns(false).map(|column| column.short);
    builder.push_record(["recipe"].into_iter().chain(heads).chain(["steps\n/s", "remark"]));
    for row in &report.rows {
        let measures = row.measures(false).map(|(column, summary)| {
            // The blanks around ± would make the table too wide.
            column.show(summary, column.narrow == Narrow::Spread).replace(" ± ", "±")
        });
        let (name, remark) = (wrap(row.name(), NAME), wrap(&row.remark(), REMARK));
        builder.push_record([name].into_iter().chain(measures).chain([speed(row, timings), remark]));
    }
    let sentences = report.scope().replace(". ", ".\n");
    let theirs = report.exhibits.published.as_ref().map_or_else(String::new, theirs);
    format!("{}\n\n{}\n\n{sentences}\n{theirs}", report.study.name, draw(builder))
}

/// The papers' numbers, under a heading of their own.
fn theirs(published: &Published) -> String {
    let mut builder = Builder::default();
    builder.push_record(["method", published.measure, "source"]);
    for result in published.results {
        builder.push_record([result.method, &result.show(), result.source]);
    }
    format!("\n{}\n{}\n\n{}\n", published.title, published.caveat, draw(builder))
}

/// Words on the left and on the right, numbers in between.
pub(in crate::cli) fn draw(builder: Builder) -> String {
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

fn speed(row: &MeasuredRow, timings: &[Timing]) -> String {
    let known =
        row.places.iter().filter_map(|&place| timings.get(place)).map(|timing| timing.steps_per_second);
    let known: Vec<f64> = known.filter(|speed| *speed > 0.0).collect();
    if known.is_empty() {
        "—".to_owned()
    } else {
        format!("{:.0}", known.iter().sum::<f64>() / known.len() as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::report::{Exhibits, Report};
    use crate::table::synthetic;
    use std::path::PathBuf;

    #[test]
    fn golden_text() {
        let (study, cells) = synthetic::tiny();
        let report = Report::new(&study, &cells, synthetic::exhibits());
        let timing = Timing { steps_per_second: 5_120.4, ..Timing::default() };
        let unknown = Timing::default();
        let text = terminal(&report, &[timing.clone(), timing, unknown.clone(), unknown]);
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/cli/ablation/golden/terminal.txt");
        synthetic::golden(&path, &text);
    }

    #[test]
    fn the_table_is_at_most_110_wide() {
        let (study, mut cells) = (synthetic::study(3), synthetic::cells(3));
        for cell in &mut cells[..3] {
            cell.row = "a recipe with Donaudampfschifffahrtsgesellschaft in its name".into();
        }
        let text = terminal(&Report::new(&study, &cells, synthetic::exhibits()), &[]);
        let table = text.lines().take_while(|line| !line.contains("test tasks"));
        let widest = table.map(|line| line.chars().count()).max().expect("lines");
        assert!((80..=110).contains(&widest), "{widest}\n{text}");
    }

    #[test]
    fn a_world_without_exhibits_has_neither_credit_nor_papers() {
        let (study, cells) = (synthetic::study(2), synthetic::cells(2));
        let text = terminal(&Report::new(&study, &cells, Exhibits::default()), &[]);
        assert!(text.contains("test tasks") && text.ends_with("share.\n"), "{text}");
        assert!(!text.contains("τ-b") && !text.contains("cred."), "{text}");
    }
}
