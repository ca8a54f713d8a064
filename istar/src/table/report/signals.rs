//! What each signal of a row's line is worth by itself.

use super::Report;
use super::csv::number;
use super::wide::scrolled;
use crate::markup::{csv_line, escape};
use crate::table::{Measured, SignalFidelity, Signals};
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

/// One line per cell, time and summand of its advantage, see [`Signals`]; empty where it is not known.
#[must_use]
pub fn signals_csv(report: &Report) -> String {
    let fixed = ["row", "seed", "measured", "iteration", "stalled", "density", "signal"];
    let heads = fixed.into_iter().chain(MEASURES.iter().map(|measure| measure.key));
    let mut text = csv_line(heads.map(str::to_owned));
    for cell in report.cells() {
        for along in &cell.along {
            for signal in &along.each {
                let fixed = [cell.row.clone(), cell.seed.to_string(), word(along.measured).to_owned()];
                let of_steps = [number(along.stalled), number(along.density), signal.signal.clone()];
                let measures = MEASURES.iter().map(|measure| number((measure.of)(signal)));
                let fixed = fixed.into_iter().chain([along.iteration.to_string()]).chain(of_steps);
                text += &csv_line(fixed.chain(measures));
            }
        }
    }
    text
}

fn word(measured: Measured) -> &'static str {
    match measured {
        Measured::Training => "training",
        Measured::Test => "test",
    }
}

/// The section of the page, a line a summand, mean over seeds; nothing where no cell has one.
pub(super) fn signals(report: &Report) -> String {
    if report.cells().all(|cell| cell.along.iter().all(|along| along.each.is_empty())) {
        return String::new();
    }
    let mut html = String::from(
        "<section id=\"signals\">\n<h2>Signals</h2>\n<p class=\"soft\">The summands of each advantage by themselves, over the steps of the groups \
         that credit is judged on, after training; mean over seeds. Size: spread over steps beside that of the whole advantage. Kurtosis: 3 of \
         normal numbers, more where a few steps have most of it. Pairs: a solved and a failed episode of one group, by the sum over steps; by \
         length: the shorter one. Fluency: rank correlation with the policy's own log-probability. Conservation: correlation of an episode's sum with its \
         outcome. Stalled: the share of steps that changes nothing.",
    );
    if report.exhibits.exact_credit {
        html += " In training: τ-b in the batches that were trained on, mean over the times that it was measured. Density: the share of steps that \
                 matters, whose exact credit is not 0.";
    }
    html += "</p>\n";
    html += &scrolled("Signals");
    html += "<thead><tr><th scope=\"col\">recipe<th scope=\"col\">signal";
    for Shown { head, .. } in shown(report) {
        _ = write!(html, "<th scope=\"col\">{head}");
    }
    html += "</thead>\n<tbody>\n";
    for row in &report.rows {
        let first = row.cells.iter().flat_map(|cell| &cell.along).find(|along| !along.each.is_empty());
        for (place, signal) in first.into_iter().flat_map(|along| &along.each).enumerate() {
            _ = write!(
                html,
                "<tr><th scope=\"row\">{}<td><code>{}</code>",
                escape(row.name()),
                escape(&signal.signal)
            );
            for Shown { measured, of, .. } in shown(report) {
                let values = row.cells.iter().filter_map(|cell| {
                    let along = cell.along.iter().filter(|along| along.measured == measured);
                    mean(along.filter_map(|along| of(along, along.each.get(place)?)))
                });
                let text = mean(values).map_or_else(|| "—".to_owned(), |mean| format!("{mean:.2}"));
                _ = write!(html, "<td>{text}");
            }
            html += "\n";
        }
    }
    html + "</tbody></table></div>\n</section>\n"
}

/// A column of the page.
struct Shown {
    head: &'static str,
    measured: Measured,
    of: Box<dyn Fn(&Signals, &SignalFidelity) -> Option<f64>>,
}

/// The columns that there are in this world.
fn shown(report: &Report) -> impl Iterator<Item = Shown> {
    let exact = report.exhibits.exact_credit;
    let of_signal = |measure: &'static Measure, head, measured| Shown {
        head,
        measured,
        of: Box::new(|_, signal| (measure.of)(signal)),
    };
    let of_steps = |head, of: fn(&Signals) -> Option<f64>| Shown {
        head,
        measured: Measured::Test,
        of: Box::new(move |along, _| of(along)),
    };
    let [tau, others @ ..] = &MEASURES;
    let in_training = |measure| of_signal(measure, "in training", Measured::Training);
    let of_exact = exact.then(|| [of_signal(tau, tau.head, Measured::Test), in_training(tau)]);
    let others = others.iter().map(move |measure| of_signal(measure, measure.head, Measured::Test));
    let density = exact.then(|| of_steps("density", |along| along.density));
    let stalled = of_steps("stalled", |along| along.stalled);
    of_exact.into_iter().flatten().chain(others).chain(density).chain([stalled])
}

/// Of those that are there.
fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
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
        let heads = "row,seed,measured,iteration,stalled,density,signal,tau_b,size,kurtosis,pair_accuracy,length_only,fluency,conservation\n";
        assert_eq!(report(&cells), (heads.to_owned(), String::new()));
        for (cell, size) in cells[..2].iter_mut().zip([0.5, 1.0]) {
            let of = |measured, iteration, tau_b| Signals {
                measured,
                iteration,
                stalled: Some(0.25),
                density: Some(0.5),
                each: vec![SignalFidelity {
                    signal: "norm(a < b)".to_owned(),
                    tau_b: Some(tau_b),
                    size: Some(size),
                    ..SignalFidelity::default()
                }],
            };
            cell.along = vec![
                of(Measured::Training, 0, 0.5),
                of(Measured::Training, 5, 0.0),
                of(Measured::Test, 7, 1.0),
            ];
        }
        assert_eq!([&cells[0].row, &cells[1].row], ["GRPO", "GRPO"]);
        let (text, page) = report(&cells);
        let lines = |seed: u64, size: &str| {
            let line =
                |at: &str, tau: &str| format!("GRPO,{seed},{at},0.25,0.5,norm(a < b),{tau},{size},,,,,\n");
            line("training,0", "0.5") + &line("training,5", "0") + &line("test,7", "1")
        };
        assert_eq!(text, heads.to_owned() + &lines(1, "0.5") + &lines(2, "1"));
        let cells = "<code>norm(a &lt; b)</code><td>1.00<td>0.25<td>0.75<td>—";
        assert!(page.contains(cells) && page.contains("<td>0.50<td>0.25\n"), "{page}");
    }
}
