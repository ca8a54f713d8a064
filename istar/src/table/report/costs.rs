//! What the cells cost, and where they were filled: the part of a report that depends on clock and machine.

use super::csv::number;
use super::wide::scrolled;
use super::{Cell, MeasuredRow, Report, Timing};
use crate::markup::{csv_line, escape};
use crate::table::Origin;
use std::collections::BTreeMap;
use std::fmt::Write;

/// One cost: its name in `costs.csv`, its heading and how it is shown.
struct Cost {
    key: &'static str,
    head: &'static str,
    of: fn(&Cell, &Timing) -> Option<f64>,
    show: fn(f64) -> String,
}

const COSTS: [Cost; 6] = [
    Cost {
        key: "env_steps",
        head: "environment steps",
        of: |cell, _| Some(cell.env_steps() as f64),
        show: whole,
    },
    Cost { key: "forward_passes", head: "forward passes", of: |cell, _| cell.forward_passes(), show: whole },
    Cost {
        key: "train_seconds",
        head: "training, s",
        of: |_, timing| known(timing.train_seconds),
        show: seconds,
    },
    Cost { key: "seconds", head: "everything, s", of: |_, timing| known(timing.seconds), show: seconds },
    Cost { key: "cpu_seconds", head: "processor, s", of: |_, timing| timing.cpu_seconds, show: seconds },
    Cost {
        key: "peak_memory",
        head: "peak memory, MiB",
        of: |_, timing| timing.peak_memory.map(|bytes| bytes as f64),
        show: |bytes| format!("{:.0}", bytes / f64::from(1 << 20)),
    },
];

/// Of a study of version 0.1.0 that has lost its clocks there is none.
fn known(seconds: f64) -> Option<f64> {
    (seconds > 0.0).then_some(seconds)
}

fn seconds(seconds: f64) -> String {
    format!("{seconds:.1}")
}

/// With blanks between thousands.
fn whole(number: f64) -> String {
    let digits = format!("{number:.0}");
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
    groups.join("\u{202f}")
}

/// One line per cell: environment steps (continuations included) and observations passed forward in training, wall seconds of
/// training and of everything, processor seconds, bytes of memory at the most, and where it was filled. Empty where it is not
/// known.
#[must_use]
pub fn costs_csv(report: &Report) -> String {
    let heads = ["row", "seed"].into_iter().chain(COSTS.iter().map(|cost| cost.key));
    let mut text = csv_line(heads.chain(["commit", "machine", "command"]).map(str::to_owned));
    for row in &report.rows {
        for (cell, timing) in cells(row, report) {
            let fixed = [cell.row.clone(), cell.seed.to_string()];
            let costs = COSTS.iter().map(|cost| number((cost.of)(cell, &timing)));
            let Origin { commit, machine, command, .. } = timing.origin.clone().unwrap_or_default();
            text += &csv_line(fixed.into_iter().chain(costs).chain([
                commit.unwrap_or_default(),
                machine,
                command,
            ]));
        }
    }
    text
}

fn cells<'a>(row: &'a MeasuredRow, report: &'a Report) -> impl Iterator<Item = (&'a Cell, Timing)> {
    let timing = |place: &usize| report.timings.get(*place).cloned().unwrap_or_default();
    row.cells.iter().copied().zip(row.places.iter().map(timing))
}

/// The section of the page: a line a row, mean over seeds, and of memory the most.
pub(super) fn costs(report: &Report) -> String {
    let mut html = String::from(
        "<section id=\"costs\">\n<h2>Costs</h2>\n<p class=\"soft\">Mean over seeds; of memory the most, that of the whole process. \
         Environment steps and forward passes are those of training, continuations included; a forward pass is an observation that a network \
         looks at. Seconds and memory depend on the machine and on what else it did.</p>\n",
    );
    html += &scrolled("Costs");
    html += "<thead><tr><th scope=\"col\">recipe";
    for cost in &COSTS {
        _ = write!(html, "<th scope=\"col\">{}", cost.head);
    }
    html += "</thead>\n";
    let mut origins: BTreeMap<Origin, usize> = BTreeMap::new();
    for row in &report.rows {
        _ = write!(html, "<tbody><tr><th scope=\"row\">{}", escape(row.name()));
        for cost in &COSTS {
            let values = cells(row, report).filter_map(|(cell, timing)| (cost.of)(cell, &timing));
            let values: Vec<f64> = values.collect();
            let value = match cost.key {
                "peak_memory" => values.iter().copied().reduce(f64::max),
                _ => (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64),
            };
            _ = write!(html, "<td>{}", value.map_or("—".to_owned(), cost.show));
        }
        html += "</tbody>\n";
        for origin in cells(row, report).filter_map(|(_, timing)| timing.origin) {
            *origins.entry(origin).or_default() += 1;
        }
    }
    html += "</table></div>\n";
    if !origins.is_empty() {
        html += "<ul class=\"notes\">\n";
        for (Origin { istar, commit, command, machine }, cells) in origins {
            let commit = commit.map_or_else(String::new, |commit| format!(", commit {commit}"));
            _ = writeln!(
                html,
                "<li>{cells} {}: <code>{}</code> (istar {istar}{}) on {}</li>",
                if cells == 1 { "cell" } else { "cells" },
                escape(&command),
                escape(&commit),
                escape(&machine)
            );
        }
        html += "</ul>\n";
    }
    html + "</section>\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        assert_eq!([0.0, 999.0, 1_234_567.0].map(whole), ["0", "999", "1\u{202f}234\u{202f}567"]);
    }
}
