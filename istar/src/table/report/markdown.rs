//! `table.md`.

use super::{COLUMNS, Report, Terminal, paper};
use std::ops::Range;

/// The whole report without pictures of its own: tables, notes, recipes.
#[must_use]
pub fn markdown(report: &Report) -> String {
    let main = |terminal| terminal != Terminal::Absent;
    let heads = COLUMNS.iter().filter(|column| main(column.terminal)).map(|column| column.head.to_owned());
    let mut results = vec![line(["recipe".to_owned()].into_iter().chain(heads).chain(["remark".to_owned()]))];
    let heads = COLUMNS.iter().filter(|column| !main(column.terminal)).map(|column| column.head.to_owned());
    let mut details =
        vec![line(["recipe", "final, 95 % interval"].map(str::to_owned).into_iter().chain(heads))];
    let mut recipes = vec![line(["recipe", "objective", "parameters"].map(str::to_owned))];
    let last = COLUMNS.iter().position(|column| column.key == "final").expect("a column of the table");
    for row in &report.rows {
        let name = || [plain(row.name())].into_iter();
        let (shown, hidden): (Vec<_>, Vec<_>) = row.columns().partition(|(column, _)| main(column.terminal));
        let shown = shown.into_iter().map(|(column, sample)| column.show(sample, true));
        results.push(line(name().chain(shown).chain([row.remark()])));
        let interval = COLUMNS[last].interval(row.samples[last]);
        let hidden = hidden.into_iter().map(|(column, sample)| column.show(sample, true));
        details.push(line(name().chain([interval]).chain(hidden)));
        recipes.push(line(name().chain([format!("`{}`", row.cells[0].source), row.parameters()])));
    }
    let shown = COLUMNS.iter().filter(|column| main(column.terminal)).count();
    let mut theirs = vec![line(["method", "success, %", "source"].map(str::to_owned))];
    theirs.extend(
        paper::RESULTS.iter().map(|result| line([result.1.into(), paper::show(result), result.0.into()])),
    );
    let notes: Vec<_> = report.notes(true).into_iter().map(|note| format!("- {note}")).collect();
    format!(
        "# {}\n\n{}\n\n{}\n\n{}\n\n![Learning curves](curves.svg)\n\n## Details\n\n{}\n\n## Recipes\n\n{}\n\n\
         ## Notes\n\n{}\n\n## {}\n\n{}\n\n{}\n",
        plain(&report.study.name),
        plain(&report.study.setting),
        table(results, 1..1 + shown),
        report.scope(),
        table(details, 1..1 + COLUMNS.len()),
        table(recipes, 0..0),
        notes.join("\n"),
        paper::TITLE,
        paper::CAVEAT,
        table(theirs, 1..2),
    )
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
