//! `table.md`.

use super::Report;
use crate::table::published::Published;
use std::ops::Range;

/// The whole report without pictures of its own: tables, notes, recipes.
#[must_use]
pub fn markdown(report: &Report) -> String {
    let heads = |details| report.columns(details).map(|column| column.head.to_owned());
    let mut results =
        vec![line(["recipe".to_owned()].into_iter().chain(heads(false)).chain(["remark".to_owned()]))];
    let mut details =
        vec![line(["recipe", "final, 95 % interval"].map(str::to_owned).into_iter().chain(heads(true)))];
    let mut recipes = vec![line(["recipe", "objective", "parameters"].map(str::to_owned))];
    for (place, row) in report.rows.iter().enumerate() {
        let name = || [plain(row.name())].into_iter();
        let measures = |details| row.measures(details).map(|(column, summary)| column.show(summary, true));
        let bold = row.measures(false).map(|(column, summary)| {
            let text = column.show(summary, true);
            if report.bold(place, column) { format!("**{text}**") } else { text }
        });
        results.push(line(name().chain(bold).chain([row.remark()])));
        details.push(line(name().chain([row.final_interval()]).chain(measures(true))));
        recipes.push(line(name().chain([format!("`{}`", row.cells[0].source), row.parameters()])));
    }
    let shown = report.columns(false).count();
    let notes: Vec<_> = report.notes(true).into_iter().map(|note| format!("- {note}")).collect();
    let theirs = report.exhibits.published.as_ref().map_or_else(String::new, theirs);
    format!(
        "# {}\n\n{}\n\n{}\n\n{}\n\n![Learning curves](curves.svg)\n\n## Details\n\n{}\n\n## Recipes\n\n{}\n\n\
         ## Notes\n\n{}\n{theirs}",
        plain(&report.study.name),
        plain(&report.study.described()),
        table(results, 1..1 + shown),
        report.scope(),
        table(details, 1..1 + report.columns.len()),
        table(recipes, 0..0),
        notes.join("\n"),
    )
}

/// The papers' numbers, under a heading of their own.
fn theirs(published: &Published) -> String {
    let mut lines = vec![line(["method", published.measure, "source"].map(str::to_owned))];
    let result = |r: &crate::table::PublishedResult| line([r.method.into(), r.show(), r.source.into()]);
    lines.extend(published.results.iter().map(result));
    format!("\n## {}\n\n{}\n\n{}\n", published.title, published.caveat, table(lines, 1..2))
}

/// Text that must not be read as HTML.
fn plain(text: &str) -> String {
    text.replace('<', "\\<")
}

fn line(cells: impl IntoIterator<Item = String>) -> Vec<String> {
    cells.into_iter().map(|cell| cell.replace('|', "\\|").replace('\n', " ")).collect()
}

/// Lines of equal length, the first one the heading; these columns are numbers and stand to the right.
fn table(lines: Vec<Vec<String>>, numbers: Range<usize>) -> String {
    let rule = |column| if numbers.contains(&column) { "---:" } else { "---" }.to_owned();
    let rule: Vec<String> = (0..lines[0].len()).map(rule).collect();
    let (head, body) = lines.split_at(1);
    let lines = head.iter().chain([&rule]).chain(body);
    lines.map(|cells| format!("| {} |", cells.join(" | "))).collect::<Vec<_>>().join("\n")
}
