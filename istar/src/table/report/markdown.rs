//! `table.md`.

use super::{COLUMNS, Report, Terminal, paper};

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
        let name = || [row.name().to_owned()].into_iter();
        let (shown, hidden): (Vec<_>, Vec<_>) = row.columns().partition(|(column, _)| main(column.terminal));
        let shown = shown.into_iter().map(|(column, sample)| column.show(sample, true));
        results.push(line(name().chain(shown).chain([row.remark()])));
        let interval = COLUMNS[last].interval(row.samples[last]);
        let hidden = hidden.into_iter().map(|(column, sample)| column.show(sample, true));
        details.push(line(name().chain([interval]).chain(hidden)));
        recipes.push(line(name().chain([format!("`{}`", row.cells[0].source), row.parameters()])));
    }
    let mut theirs = vec![line(["method", "success, %", "source"].map(str::to_owned))];
    theirs.extend(
        paper::RESULTS.iter().map(|result| line([result.1.into(), paper::show(result), result.0.into()])),
    );
    let notes: Vec<_> = report.notes().into_iter().map(|note| format!("- {note}")).collect();
    format!(
        "# {}\n\n{}\n\n{}\n\n{}\n\n![Learning curves](curves.svg)\n\n## Details\n\n{}\n\n## Recipes\n\n{}\n\n\
         ## Notes\n\n{}\n\n## {}\n\n{}\n\n{}\n",
        report.study.name,
        report.study.setting,
        table(results),
        report.scope(),
        table(details),
        table(recipes),
        notes.join("\n"),
        paper::TITLE,
        paper::CAVEAT,
        table(theirs),
    )
}

fn line(cells: impl IntoIterator<Item = String>) -> Vec<String> {
    cells.into_iter().map(|cell| cell.replace('|', "\\|").replace('\n', " ")).collect()
}

/// Lines of equal length, the first one the heading; numbers, which are all but the first column, to the right.
fn table(lines: Vec<Vec<String>>) -> String {
    let rule = std::iter::once("---").chain(std::iter::repeat_n("---:", lines[0].len() - 1));
    let rule = rule.map(str::to_owned).collect();
    let mut lines = lines;
    lines.insert(1, rule);
    lines.iter().map(|cells| format!("| {} |", cells.join(" | "))).collect::<Vec<_>>().join("\n")
}
