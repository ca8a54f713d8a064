//! The report of a study of PRMs off line: what each said of held-out groups, update by update.

mod curves;
mod page;

pub use page::html as off_line_html;

use super::csv::number;
use super::{MeasuredRow, Report};
use crate::markup::csv_line;
use crate::statistics::Summary;
use crate::table::cell::{Cell, Point};
use crate::table::files;
use crate::table::study::{Study, StudyError};
use std::path::Path;

/// A number of the PRM: its name in `prm.csv`, which is that of its metric without `prm/`.
pub struct Quantity {
    /// The name.
    pub key: &'static str,
    /// Its heading; none where it stands in `prm.csv` alone.
    pub head: Option<&'static str>,
    /// Whether the highest is the best. Of a calibration none is: a PRM that knows nothing, and says so, has no error.
    best: bool,
}

const fn shown(key: &'static str, head: &'static str, best: bool) -> Quantity {
    Quantity { key, head: Some(head), best }
}

const fn kept(key: &'static str) -> Quantity {
    Quantity { key, head: None, best: false }
}

/// In the order of `prm.csv` and of every table.
pub static QUANTITIES: [Quantity; 13] = [
    shown("tau_exact", "τ exact", true),
    shown("tau_on_policy", "τ on-policy", true),
    shown("pair_accuracy", "pairs", true),
    shown("length_accuracy", "by length", false),
    shown("fluency", "fluency", false),
    shown("ece", "ece", false),
    kept("loss"),
    kept("log_loss"),
    kept("brier"),
    kept("used_tau_exact"),
    kept("used_tau_on_policy"),
    kept("on_policy_tau_exact"),
    kept("pairs"),
];

impl Quantity {
    /// Its value at a point, where it was measured.
    #[must_use]
    pub fn at(&self, point: &Point) -> Option<f64> {
        point.metrics.get(&format!("prm/{}", self.key)).copied()
    }

    /// Over the seeds of a row, at the last update that it was measured after.
    #[must_use]
    pub fn last(&self, row: &MeasuredRow) -> Option<Summary> {
        let last = |cell: &&Cell| cell.points.iter().rev().find_map(|point| self.at(point));
        Summary::of(&row.cells.iter().filter_map(last).collect::<Vec<_>>())
    }

    /// Over the seeds of a row, at the update at which each seed is at its best; none where none is better.
    #[must_use]
    pub fn best(&self, row: &MeasuredRow) -> Option<Summary> {
        let best =
            |cell: &&Cell| cell.points.iter().filter_map(|point| self.at(point)).max_by(f64::total_cmp);
        if !self.best {
            return None;
        }
        Summary::of(&row.cells.iter().filter_map(best).collect::<Vec<_>>())
    }
}

/// Mean and spread over seeds, `0.41 ± 0.02`; a dash where there is none.
#[must_use]
pub fn mean_and_spread(summary: Option<Summary>) -> String {
    match summary {
        None => "—".to_owned(),
        Some(Summary { mean, sd: None, .. }) => format!("{mean:.3}"),
        Some(Summary { mean, sd: Some(sd), .. }) => format!("{mean:.3} ± {sd:.3}"),
    }
}

/// Whether a study teaches PRMs off line.
#[must_use]
pub fn is_off_line(study: &Study) -> bool {
    !study.manifest["setup"]["schedule"]["frozen"].is_null()
}

/// The headings of a table, after that of the rows: each quantity that is there at the last update, and those that have a best at
/// theirs.
#[must_use]
pub fn off_line_heads(report: &Report) -> Vec<String> {
    columns(report).map(|(quantity, best)| head(quantity, best)).collect()
}

/// The numbers of a row beneath [`off_line_heads`].
#[must_use]
pub fn off_line_fields(report: &Report, row: &MeasuredRow) -> Vec<String> {
    let field = |(quantity, best): (&Quantity, bool)| {
        mean_and_spread(if best { quantity.best(row) } else { quantity.last(row) })
    };
    columns(report).map(field).collect()
}

fn head(quantity: &Quantity, best: bool) -> String {
    let name = quantity.head.unwrap_or(quantity.key);
    if best { format!("{name}, best") } else { name.to_owned() }
}

/// Quantities that some row has, at the last update or at the best.
fn columns<'a>(report: &'a Report<'_>) -> impl Iterator<Item = (&'static Quantity, bool)> + 'a {
    let there = |quantity: &&Quantity| {
        quantity.head.is_some() && report.rows.iter().any(|row| quantity.last(row).is_some())
    };
    let each = QUANTITIES.iter().filter(there);
    each.flat_map(|quantity| {
        let best = quantity.best.then_some((quantity, true));
        [(quantity, false)].into_iter().chain(best)
    })
}

/// What stands beneath a table.
#[must_use]
pub fn off_line_notes(report: &Report) -> Vec<String> {
    let mut notes = vec![
        "mean ± standard deviation over seeds, at the last update that was measured and, chosen by looking, at the best one of each seed"
            .to_owned(),
        "τ: Kendall's τ-b, over the steps of whole groups of test tasks, of what the PRM says of a step with the exact credit, and with the \
         advantage under the policy that acted, from 16 continuations of each state"
            .to_owned(),
        "pairs: share of the pairs of a success and a failure of one task that the PRM ranks right; by length: that the shorter one does; \
         fluency: τ-b with the log-probability of the step; ece: expected calibration error in ten bins"
            .to_owned(),
    ];
    let known = QUANTITIES.iter().find(|quantity| quantity.key == "on_policy_tau_exact");
    let ceiling = known.and_then(|known| report.rows.iter().find_map(|row| known.last(row)));
    notes.extend(ceiling.map(|tau| {
        format!(
            "the on-policy advantage itself has a τ of {} with the exact credit",
            mean_and_spread(Some(tau))
        )
    }));
    let stopped = report.cells().filter_map(|cell| {
        let reason = cell.stopped.as_ref()?;
        Some(format!("stopped: {}, seed {}: {reason}", cell.row, cell.seed))
    });
    notes.extend(stopped);
    notes.extend(report.missing.iter().map(|cell| format!("missing: {cell}")));
    notes
}

/// A line per cell and measured update; empty where something was not measured.
#[must_use]
pub fn off_line_csv(report: &Report) -> String {
    let heads = ["row", "seed", "update"].into_iter().chain(QUANTITIES.iter().map(|quantity| quantity.key));
    let mut text = csv_line(heads.map(str::to_owned));
    for cell in report.cells() {
        let measured = |point: &&Point| {
            point.iteration == 0 || point.metrics.keys().any(|name| name.starts_with("prm/"))
        };
        for point in cell.points.iter().filter(measured) {
            let fixed = [cell.row.clone(), cell.seed.to_string(), point.iteration.to_string()];
            let numbers = QUANTITIES.iter().map(|quantity| number(quantity.at(point)));
            text += &csv_line(fixed.into_iter().chain(numbers));
        }
    }
    text
}

/// The table with its notes.
#[must_use]
pub fn off_line_markdown(report: &Report) -> String {
    let line = |fields: Vec<String>| {
        let fields: Vec<String> = fields.iter().map(|field| field.replace('|', "\\|")).collect();
        format!("| {} |\n", fields.join(" | "))
    };
    let heads = off_line_heads(report);
    let study = report.study;
    let mut text = format!("# {}, PRMs off line\n\n{}\n\n", study.name, study.described());
    text += &line([vec!["row".to_owned()], heads.clone()].concat());
    text += &line([vec!["---".to_owned()], vec!["---:".to_owned(); heads.len()]].concat());
    for row in &report.rows {
        text += &line([vec![row.name().to_owned()], off_line_fields(report, row)].concat());
    }
    text += "\n";
    off_line_notes(report).iter().for_each(|note| text += &format!("- {note}.\n"));
    text
}

/// Writes `prm.csv`, `prm.md`, `prm.html` and `costs.csv` into a directory, one process at a time. The last one depends on the
/// clock.
///
/// # Errors
/// One of them cannot be written.
pub fn write_off_line(dir: &Path, report: &Report) -> Result<(), StudyError> {
    let _alone = files::alone(dir)?;
    let files = [
        ("prm.csv", off_line_csv(report)),
        ("prm.md", off_line_markdown(report)),
        ("prm.html", off_line_html(report)),
        ("costs.csv", super::costs_csv(report)),
    ];
    files.iter().try_for_each(|(name, text)| files::write(&dir.join(name), text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::report::Exhibits;
    use crate::table::synthetic;
    use serde_json::json;
    use std::collections::BTreeMap;

    #[test]
    fn the_last_and_the_best_update_of_each_seed() {
        let (mut study, mut cells) = synthetic::tiny();
        assert!(!is_off_line(&study));
        study.manifest["setup"]["schedule"]["frozen"] = json!({ "batches": 2 });
        assert!(is_off_line(&study));
        let point = |iteration: u64, numbers: &[(&str, f64)]| {
            let metrics = numbers.iter().map(|(name, value)| ((*name).to_owned(), *value));
            Point { iteration, env_steps: 10, metrics: metrics.collect::<BTreeMap<_, _>>() }
        };
        for (cell, peak) in cells.iter_mut().zip([0.5, 0.25, 0.5, 0.25]) {
            cell.points = vec![
                point(0, &[("prm/tau_exact", 0.0), ("prm/ece", 0.25)]),
                point(1, &[("losses/prm", 0.5)]),
                point(2, &[("prm/tau_exact", peak), ("prm/ece", 0.125)]),
                point(4, &[("prm/tau_exact", 0.125), ("prm/ece", 0.5)]),
            ];
        }
        let report = Report::new(&study, &cells, Exhibits::default());
        assert_eq!(off_line_heads(&report), ["τ exact", "τ exact, best", "ece"]);
        let fields = off_line_fields(&report, &report.rows[0]);
        assert_eq!(fields, ["0.125 ± 0.000", "0.375 ± 0.177", "0.500 ± 0.000"]);
        let csv = off_line_csv(&report);
        assert!(csv.starts_with("row,seed,update,tau_exact,tau_on_policy,pair_accuracy"), "{csv}");
        assert_eq!(csv.lines().count(), 1 + 4 * 3, "update 1 was not measured: {csv}");
        assert!(csv.contains("GRPO,1,2,0.5,,,,,0.125,,,,,,,\n"), "{csv}");
        let text = off_line_markdown(&report);
        assert!(text.contains("| GRPO | 0.125 ± 0.000 | 0.375 ± 0.177 |"), "{text}");
        let page = off_line_html(&report);
        assert!(page.contains("<svg") && page.contains("<td>0.375 ± 0.177"), "{page}");
        assert!(
            !page.contains("http://") || page.matches("http://").count() == page.matches("xmlns").count()
        );
    }
}
