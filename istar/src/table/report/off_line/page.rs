//! `prm.html`: a page that loads nothing.

use super::curves::drawing;
use super::{QUANTITIES, off_line_fields, off_line_heads, off_line_notes};
use crate::markup::escape;
use crate::table::report::Report;
use crate::table::report::wide::scrolled;
use std::fmt::Write;

const STYLE: &str = include_str!("../report.css");

/// What is drawn, with the title of each drawing.
const DRAWN: [(&str, &str); 4] = [
    ("tau_exact", "τ-b of the PRM's step signal with the exact credit"),
    ("tau_on_policy", "τ-b with the on-policy advantage"),
    ("pair_accuracy", "Share of pairs of a success and a failure ranked right"),
    ("ece", "Expected calibration error"),
];

/// The page: curves by update, the table, its notes, the manifest.
#[must_use]
pub fn html(report: &Report) -> String {
    let study = report.study;
    let title = escape(&format!("{}: PRMs off line", study.world));
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n<main>\n<h1>{title}</h1>\n<p>{}</p>\n",
        escape(&[&study.name, ": ", &study.setting].concat())
    );
    page += &scrolled("PRMs off line");
    page += "<thead><tr><th scope=\"col\">row";
    off_line_heads(report).iter().for_each(|head| page += &format!("<th scope=\"col\">{}", escape(head)));
    page += "</thead>\n<tbody>\n";
    for row in &report.rows {
        _ = write!(page, "<tr><th scope=\"row\">{}", escape(row.name()));
        off_line_fields(report, row).iter().for_each(|field| page += &format!("<td>{field}"));
        page += "\n";
    }
    page += "</tbody></table></div>\n<ul class=\"notes\">\n";
    off_line_notes(report).iter().for_each(|note| page += &format!("<li>{}.</li>\n", escape(note)));
    page += "</ul>\n";
    for (key, title) in DRAWN {
        let quantity = QUANTITIES.iter().find(|quantity| quantity.key == key);
        let drawn = quantity.map_or_else(String::new, |quantity| drawing(report, quantity, title));
        if !drawn.is_empty() {
            _ = writeln!(page, "<figure>\n{drawn}</figure>");
        }
    }
    let manifest = serde_json::to_string_pretty(&study.manifest).expect("a JSON value is text");
    _ = write!(
        page,
        "<h2>Everything that decides these numbers</h2>\n\
         <details><summary>study.json</summary><pre>{}</pre></details>\n</main>\n</html>\n",
        escape(&manifest)
    );
    page
}
