//! The tables of the page: results with the seeds of each row beneath it, details, and every row beside the baseline.

use super::wide::scrolled;
use super::{Column, MeasuredRow, Report, Unit};
use crate::markup::escape;
use crate::statistics::Estimate;
use std::fmt::Write;

/// A heading that leads to its note.
fn head(column: &Column) -> String {
    let head = escape(column.head).replace('-', "\u{2011}");
    format!("<th scope=\"col\"><a href=\"#{}\">{head}</a>", column.key)
}

/// The main table, and the details folded beneath it.
pub(super) fn results(report: &Report) -> String {
    let heads = |detail| report.columns(detail).map(head).collect::<String>();
    let mut table = scrolled("Results");
    table += "<thead><tr><th scope=\"col\">recipe";
    table += &heads(false);
    table += "<th scope=\"col\" class=\"words\">remark</thead>\n";
    for (place, row) in report.rows.iter().enumerate() {
        let marked = if row.remark().is_empty() { "" } else { " class=\"marked\"" };
        _ = write!(table, "<tbody><tr{marked}><th scope=\"row\">{}", escape(row.name()));
        for (column, summary) in row.measures(false) {
            let text = spread(&column.show(summary, true));
            let (on, off) = if report.bold(place, column) { ("<b>", "</b>") } else { ("", "") };
            _ = write!(table, "<td>{on}{text}{off}");
        }
        _ = writeln!(table, "<td class=\"words\">{}", escape(&row.remark()));
        table += &seeds(row);
        table += "</tbody>\n";
    }
    table += "</table></div>\n<details><summary>Details</summary>";
    table += &scrolled("Details");
    table += "<thead><tr><th scope=\"col\">recipe<th scope=\"col\">final, 95 % interval";
    table += &heads(true);
    table += "</thead>\n";
    for row in &report.rows {
        _ = write!(table, "<tbody><tr><th scope=\"row\">{}<td>{}", escape(row.name()), row.final_interval());
        for (column, summary) in row.measures(true) {
            _ = write!(table, "<td>{}", spread(&column.show(summary, true)));
        }
        table += "</tbody>\n";
    }
    table + "</table></div></details>\n"
}

/// `62.3 ± 1.4` with the spread set back.
fn spread(text: &str) -> String {
    let text = escape(text);
    text.split_once(" ± ").map_or(text.clone(), |(mean, sd)| format!("{mean} <small>± {sd}</small>"))
}

/// A line a seed, hidden until it is asked for.
fn seeds(row: &MeasuredRow) -> String {
    let mut lines = String::new();
    for cell in &row.cells {
        _ = write!(lines, "<tr class=\"seed\" hidden><th scope=\"row\">seed {}", cell.seed);
        for (column, _) in row.measures(false) {
            _ = write!(lines, "<td>{}", column.show(column.summary(&[cell]), false));
        }
        let stopped = cell.stopped.as_deref().unwrap_or_default();
        _ = writeln!(lines, "<td class=\"words\">{}", escape(stopped));
    }
    lines
}

/// Every row beside the baseline.
pub(super) fn comparison(report: &Report) -> String {
    let Some(baseline) = report.rows.get(report.baseline) else { return String::new() };
    let mut html = format!(
        "<h2>Against {name}</h2>\n\
         <p class=\"soft\">Final success over seeds. IQM: the interquartile mean, with its 95 % interval by resampling seeds, which is too \
         narrow for a few of them. Better: how probable it is that a run beats one of {name}. p: two-sided, by flipping the signs of \
         the differences between runs of one seed; beside it after Holm's correction. There after: environment steps until \
         validation success is where that of {name} ends, median over seeds. Errors: standard errors of the mean in points, from \
         the choice of seeds, the choice of test levels, and the rest.</p>\n",
        name = escape(baseline.name())
    );
    html += &scrolled("Against the baseline");
    html += "<thead><tr>";
    for head in [
        "recipe",
        "final, %",
        "best validation, %",
        "IQM, %",
        "better, %",
        "difference, points",
        "p",
        "p, Holm",
        "there after",
        "errors, points",
    ] {
        _ = write!(html, "<th scope=\"col\">{head}");
    }
    html += "</thead>\n";
    for (row, compared) in report.rows.iter().zip(report.compared()) {
        let column = |key: &str| row.measures.iter().find(|(column, _)| column.key == key);
        let show =
            |key| column(key).map_or_else(dash, |(column, summary)| spread(&column.show(*summary, true)));
        let against = compared.against.unwrap_or_default();
        let p = |p: Option<f64>| p.map_or_else(dash, |p| format!("{p:.3}"));
        let steps = compared.reach.map_or_else(dash, |steps| format!("{steps:.0}"));
        let errors = compared.components.map_or_else(dash, |c| {
            [c.seeds, c.levels, c.rest].map(|c| format!("{:.1}", 100.0 * c.error)).join(" / ")
        });
        let (on, off) = if compared.better() { ("<b>", "</b>") } else { ("", "") };
        let points = |points: f64| format!("{:+.1}", 100.0 * points).replace('-', "−");
        let fields = [
            format!("{on}{}{off}", show("final")),
            show("best_validation"),
            interval(compared.iqm, compared.iqm_interval),
            interval(against.improvement, against.interval),
            against.difference.map_or_else(dash, points),
            p(against.p),
            p(against.p_holm),
            format!("{steps} <small>({} of {})</small>", compared.reached, row.cells.len()),
            errors,
        ];
        _ = writeln!(
            html,
            "<tbody><tr><th scope=\"row\">{}<td>{}</tbody>",
            escape(row.name()),
            fields.join("<td>")
        );
    }
    html + "</table></div>\n"
}

fn dash() -> String {
    "—".to_owned()
}

/// `62.3 [58.9, 65.7]` in percent.
fn interval(value: Option<f64>, ends: Option<Estimate>) -> String {
    let percent = |share: f64| super::column::number(Unit::Percent, share);
    let ends = ends.map(|e| format!(" <small>[{}, {}]</small>", percent(e.low), percent(e.high)));
    value.map_or_else(dash, |value| percent(value) + &ends.unwrap_or_default())
}
