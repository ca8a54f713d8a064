//! `report.html`: one file with everything, that loads nothing.

use super::costs::costs;
use super::dots::dots;
use super::film::{Scale, strip};
use super::profiles::profiles;
use super::results::{comparison, results};
use super::signals::signals;
use super::wide::scrolled;
use super::{MeasuredRow, Report, curves, narrow_curves};
use crate::markup::escape;
use crate::table::published::Published;
use crate::table::{FILMED, cell::Film};
use std::fmt::Write;

const STYLE: &str = include_str!("report.css");
/// Sorts tables and folds seeds; without it the page is whole, in the order of the table.
const SCRIPT: &str = include_str!("report.js");

/// A drawing for a screen, and one for a phone: class, width, letters of a name.
const WIDTHS: [(&str, f64, usize); 2] = [("at-width", 560.0, 40), ("narrow", 360.0, 26)];

/// The page: table, seeds, curves, every row beside the baseline, costs, recipes with their films, the papers' numbers, the
/// manifest.
#[must_use]
pub fn html(report: &Report) -> String {
    let study = report.study;
    let preset = study.preset.as_deref().map_or_else(String::new, |preset| format!(", preset {preset}"));
    let title = escape(&format!("{}{preset}", study.world));
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n<main>\n<h1>{title}</h1>\n<p>{}</p>\n",
        escape(&[&study.name, ": ", &study.setting].concat())
    );
    page += &results(report);
    _ = writeln!(page, "<p class=\"soft\">{}</p>", escape(&report.scope()));
    if !report.missing.is_empty() {
        let missing = report.missing.iter().map(|cell| format!("<li>{}</li>\n", escape(cell)));
        let (count, list) = (report.missing.len(), missing.collect::<String>());
        _ = writeln!(page, "<h2>Missing cells: {count}</h2>\n<ul class=\"notes\">\n{list}</ul>");
    }
    let of_seeds = WIDTHS.map(|width| dots(report, width) + &profiles(report, width)).concat();
    _ = writeln!(page, "<figure class=\"side\">\n{of_seeds}</figure>");
    _ = writeln!(page, "<figure>\n{}{}</figure>", curves(report), narrow_curves(report));
    page += &comparison(report);
    page += &signals(report);
    page += &costs(report);
    page += "<h2>Recipes</h2>\n";
    let filmed = report.cells().any(|cell| !cell.films.is_empty());
    if filmed {
        page += &legend(report.exhibits.exact_credit);
    }
    for row in &report.rows {
        page += &recipe(row);
        if filmed {
            page += &films(row, report);
        }
        page += "</section>\n";
    }

    page += "<h2>Notes</h2>\n<ul class=\"notes\">\n";
    for note in report.notes(true) {
        let (term, words) = note.split_once(": ").unwrap_or((&note, ""));
        let of = report.columns.iter().find(|column| column.head == term);
        let id = of.map_or_else(String::new, |column| format!(" id=\"{}\"", column.key));
        _ = writeln!(page, "<li{id}><b>{}</b>: {}</li>", escape(term), escape(words));
    }
    page += "</ul>\n";
    page += &report.exhibits.published.as_ref().map_or_else(String::new, theirs);
    let manifest = serde_json::to_string_pretty(&study.manifest).expect("a JSON value is text");
    _ = write!(
        page,
        "<h2>Everything that decides these numbers</h2>\n\
         <details><summary>study.json</summary><pre>{}</pre></details>\n</main>\n<script>\n{SCRIPT}</script>\n</html>\n",
        escape(&manifest)
    );
    page
}

/// How films are read.
fn legend(exact_credit: bool) -> String {
    let ours = "<span class=\"key ours\">the recipe's step advantage</span>";
    let bars = if exact_credit {
        format!(
            "two bars: {ours} (adv) and <span class=\"key true\">the exact credit</span> (exact), by how much the shortest \
             remaining solution got shorter"
        )
    } else {
        format!("a bar: {ours} (adv)")
    };
    format!(
        "<p class=\"soft\">Under each recipe: one solved and one failed test episode, the longest of the first {FILMED} groups. \
         Below a frame stand the step and its action, and {bars}; negative ones are pale and point down. The bars of a recipe have one \
         scale, which stands above them.</p>\n"
    )
}

/// The papers' numbers, under a heading of their own.
fn theirs(published: &Published) -> String {
    let [title, caveat, measure] = [published.title, published.caveat, published.measure].map(escape);
    let mut html = format!(
        "<h2>{title}</h2>\n<p>{caveat}</p>\n\
         {}<thead><tr><th scope=\"col\">method<th scope=\"col\">{measure}<th scope=\"col\" class=\"words\">source</thead>\n<tbody>\n",
        scrolled("The papers' numbers")
    );
    for result in published.results {
        let (method, number, source) = (escape(result.method), result.show(), escape(result.source));
        _ = writeln!(html, "<tr><th scope=\"row\">{method}<td>{number}<td class=\"words\">{source}");
    }
    html + "</tbody></table></div>\n"
}

/// The line of a row, and what it carries.
fn recipe(row: &MeasuredRow) -> String {
    let first = row.cells[0];
    let soft = |text: String| {
        if text.is_empty() { text } else { format!(" <span class=\"soft\">({})</span>", escape(&text)) }
    };
    format!(
        "<section>\n<h3>{}</h3>\n<p><code>{}</code>{}{}</p>\n\
         <details><summary>What it carries</summary><pre>{}</pre></details>\n",
        escape(row.name()),
        escape(&first.source),
        soft(row.parameters()),
        soft(row.settings()),
        escape(&first.explain)
    )
}

/// A solved and a failed episode of a row, folded until they are asked for.
fn films(row: &MeasuredRow, report: &Report) -> String {
    let all = || row.cells.iter().flat_map(|cell| cell.films.iter().map(|film| (cell.seed, film)));
    let shown = [true, false].map(|solved| all().find(|(_, film): &(u64, &Film)| film.solved == solved));
    let scale = Scale::of(shown.iter().flatten().map(|(_, film)| *film));
    let mut html = format!(
        "<details class=\"films\"><summary>Films</summary>\n<p class=\"soft\">{}</p>\n",
        scale.in_words()
    );
    for (title, shown) in ["A solved episode", "A failed episode"].into_iter().zip(shown) {
        let (remark, strip) = match shown {
            Some((seed, film)) => (format!("seed {seed}"), strip(film, scale, &report.exhibits)),
            None => (format!("none in the first {FILMED} groups of the test"), String::new()),
        };
        _ = write!(html, "<h4>{title} <span class=\"soft\">({remark})</span></h4>\n{strip}");
    }
    html + "</details>\n"
}
