//! What each signal of a row's line is worth by itself.

use super::csv::number;
use super::wide::scrolled;
use super::{MeasuredRow, Report};
use crate::markup::{csv_line, escape};
use crate::table::SignalFidelity;
use std::fmt::Write;

/// A measure of a signal: its name in `signals.csv`, its heading, and its value.
struct Measure {
    key: &'static str,
    head: &'static str,
    of: fn(&SignalFidelity) -> Option<f64>,
}

const MEASURES: [Measure; 7] = [
    Measure { key: "tau_b", head: "credit τ-b", of: |signal| signal.tau_b },
    Measure { key: "size", head: "size", of: |signal| signal.size },
    Measure { key: "kurtosis", head: "kurtosis", of: |signal| signal.kurtosis },
    Measure { key: "pair_accuracy", head: "pairs", of: |signal| signal.pair_accuracy },
    Measure { key: "length_only", head: "by length", of: |signal| signal.length_only },
    Measure { key: "fluency", head: "fluency", of: |signal| signal.fluency },
    Measure { key: "conservation", head: "conservation", of: |signal| signal.conservation },
];

/// One line per cell and summand of its advantage, see [`SignalFidelity`]; empty where it is not known.
#[must_use]
pub fn signals_csv(report: &Report) -> String {
    let heads = ["row", "seed", "signal"].into_iter().chain(MEASURES.iter().map(|measure| measure.key));
    let mut text = csv_line(heads.map(str::to_owned));
    for cell in report.cells() {
        for signal in &cell.signals {
            let fixed = [cell.row.clone(), cell.seed.to_string(), signal.signal.clone()];
            let measures = MEASURES.iter().map(|measure| number((measure.of)(signal)));
            text += &csv_line(fixed.into_iter().chain(measures));
        }
    }
    text
}

/// The section of the page, a line a summand, mean over seeds; nothing where no cell has one.
pub(super) fn signals(report: &Report) -> String {
    if report.cells().all(|cell| cell.signals.is_empty()) {
        return String::new();
    }
    let mut html = String::from(
        "<section id=\"signals\">\n<h2>Signals</h2>\n<p class=\"soft\">The summands of each advantage by themselves, over the steps of the groups \
         that credit is judged on, after training; mean over seeds. Size: spread over steps beside that of the whole advantage. Kurtosis: 3 of \
         normal numbers, more where a few steps have most of it. Pairs: a solved and a failed episode of one group, by the sum over steps; by \
         length: the shorter one. Fluency: rank correlation with the policy's own log-probability. Conservation: correlation of an episode's sum with its \
         outcome.</p>\n",
    );
    html += &scrolled("Signals");
    html += "<thead><tr><th scope=\"col\">recipe<th scope=\"col\">signal";
    for Measure { head, .. } in shown(report) {
        _ = write!(html, "<th scope=\"col\">{head}");
    }
    html += "</thead>\n<tbody>\n";
    for row in &report.rows {
        let first = row.cells.iter().map(|cell| &cell.signals).find(|signals| !signals.is_empty());
        for (place, signal) in first.into_iter().flatten().enumerate() {
            _ = write!(
                html,
                "<tr><th scope=\"row\">{}<td><code>{}</code>",
                escape(row.name()),
                escape(&signal.signal)
            );
            for Measure { of, .. } in shown(report) {
                let text = mean(row, place, *of).map_or_else(|| "—".to_owned(), |mean| format!("{mean:.2}"));
                _ = write!(html, "<td>{text}");
            }
            html += "\n";
        }
    }
    html + "</tbody></table></div>\n</section>\n"
}

/// The measures that there are in this world.
fn shown(report: &Report) -> impl Iterator<Item = &'static Measure> {
    let exact = report.exhibits.exact_credit;
    MEASURES.iter().filter(move |measure| exact || measure.key != "tau_b")
}

/// Over the seeds that have it.
fn mean(row: &MeasuredRow, place: usize, of: fn(&SignalFidelity) -> Option<f64>) -> Option<f64> {
    let values = row.cells.iter().filter_map(|cell| of(cell.signals.get(place)?));
    let values: Vec<f64> = values.collect();
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{cell::Cell, synthetic};

    #[test]
    fn a_line_a_summand_and_means_on_the_page() {
        let (study, mut cells) = synthetic::tiny();
        let report = |cells: &[Cell]| {
            let report = Report::new(&study, cells, synthetic::exhibits());
            (signals_csv(&report), signals(&report))
        };
        let heads = "row,seed,signal,tau_b,size,kurtosis,pair_accuracy,length_only,fluency,conservation\n";
        assert_eq!(report(&cells), (heads.to_owned(), String::new()));
        for (cell, size) in cells[..2].iter_mut().zip([0.5, 1.0]) {
            let signal = "norm(a < b)".to_owned();
            cell.signals = vec![SignalFidelity {
                signal,
                tau_b: Some(0.25),
                size: Some(size),
                ..SignalFidelity::default()
            }];
        }
        assert_eq!([&cells[0].row, &cells[1].row], ["GRPO", "GRPO"]);
        let (text, page) = report(&cells);
        assert_eq!(
            text,
            format!("{heads}GRPO,1,norm(a < b),0.25,0.5,,,,,\nGRPO,2,norm(a < b),0.25,1,,,,,\n")
        );
        assert!(page.contains("<code>norm(a &lt; b)</code><td>0.25<td>0.75<td>—"), "{page}");
    }
}
