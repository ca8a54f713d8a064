//! `table.csv` and `cells.csv`: raw numbers (shares from 0 to 1), empty where nothing was measured.

use super::Report;
use crate::markup::csv_line;
use crate::statistics::highest;

/// One line per row (`test_levels` is the number of test tasks): of every measure the mean, the standard deviation over seeds, half the 95 % interval of the mean and
/// the number of seeds.
#[must_use]
pub fn rows(report: &Report) -> String {
    let measures = report
        .columns
        .iter()
        .flat_map(|column| ["mean", "sd", "ci95", "seeds"].map(|what| format!("{}_{what}", column.key)));
    let fixed =
        ["row", "objective", "parameters", "seeds", "test_levels", "collapsed", "stopped"].map(str::to_owned);
    let mut lines = vec![csv_line(fixed.into_iter().chain(measures))];
    for row in &report.rows {
        let stopped = row.cells.iter().filter(|cell| cell.stopped.is_some()).count();
        let fixed = [
            row.name().to_owned(),
            row.cells[0].source.clone(),
            row.parameters(),
            row.cells.len().to_string(),
            row.cells[0].last[0].episodes.to_string(),
            row.collapsed.to_string(),
            stopped.to_string(),
        ];
        let measures = row.measures.iter().flat_map(|(_, summary)| {
            let seeds = summary.map_or(0, |summary| summary.n);
            let numbers =
                [summary.map(|s| s.mean), summary.and_then(|s| s.sd), summary.and_then(|s| s.half_width())];
            numbers.map(number).into_iter().chain([seeds.to_string()])
        });
        lines.push(csv_line(fixed.into_iter().chain(measures)));
    }
    lines.concat()
}

/// One line per cell: every measure, and what it was measured on.
#[must_use]
pub fn cells(report: &Report) -> String {
    // What credit is compared on has no meaning without exact credit.
    let compared = || report.exhibits.exact_credit.then_some("compared_steps");
    let fixed = ["row", "seed", "iterations", "env_steps", "test_levels"].into_iter().chain(compared());
    let fixed = fixed.chain(["pairs", "stopped"]);
    let more = ["start_cool", "start_outcome", "final_outcome", "start_entropy", "best_validation_iteration"];
    let measures = report.columns.iter().map(|column| column.key);
    let mut lines = vec![csv_line(fixed.chain(measures).chain(more).map(str::to_owned))];
    for cell in report.cells() {
        let fixed = [
            cell.row.clone(),
            cell.seed.to_string(),
            cell.iterations.to_string(),
            cell.points.last().map_or(0, |point| point.env_steps).to_string(),
            cell.last[0].episodes.to_string(),
        ];
        let compared = compared().map(|_| cell.fidelity.map_or(0, |fidelity| fidelity.steps).to_string());
        let counted = [
            cell.pair_accuracy.map_or(0, |pairs| pairs.pairs).to_string(),
            cell.stopped.clone().unwrap_or_default(),
        ];
        let [start, cool] = &cell.start;
        let best = highest(&cell.learning_curve());
        let more = [
            Some(cool.success),
            Some(start.outcome),
            Some(cell.last[0].outcome),
            Some(start.entropy),
            best.map(|(iteration, _)| iteration as f64),
        ];
        let measures = report.columns.iter().map(|column| (column.value)(cell)).chain(more).map(number);
        lines.push(csv_line(fixed.into_iter().chain(compared).chain(counted).chain(measures)));
    }
    lines.concat()
}

/// The shortest digits that read back as the same number.
pub(super) fn number(value: Option<f64>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}
