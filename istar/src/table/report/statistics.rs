//! `statistics.csv`: final success of every row with its interval, and against the baseline.

use super::Report;
use super::csv::number;
use crate::markup::csv_line;
use crate::statistics::Estimate;

const HEADS: [&str; 22] = [
    "row",
    "seeds",
    "mean",
    "sd",
    "iqm",
    "iqm_low",
    "iqm_high",
    "improvement",
    "improvement_low",
    "improvement_high",
    "pairs",
    "difference",
    "p",
    "p_holm",
    "area",
    "best_validation",
    "best_validation_sd",
    "first_reach",
    "reached",
    "error_seeds",
    "error_levels",
    "error_rest",
];

/// One line per row, raw numbers (shares from 0 to 1), empty where nothing can be said: `docs/src/metrics.md` explains the
/// columns. The others are compared with the [baseline](Report::baseline), seed by seed.
#[must_use]
pub fn statistics_csv(report: &Report) -> String {
    let mut lines = vec![csv_line(HEADS.map(str::to_owned))];
    for (row, compared) in report.rows.iter().zip(report.compared()) {
        let against = compared.against.unwrap_or_default();
        let area = row.measures.iter().find(|(column, _)| column.key == "area");
        let (last, best) = (compared.last, compared.best);
        let errors = compared.components.map(|c| [c.seeds.error, c.levels.error, c.rest.error]);
        let fields = [row.name().to_owned(), row.cells.len().to_string()]
            .into_iter()
            .chain([last.map(|s| s.mean), last.and_then(|s| s.sd), compared.iqm].map(number))
            .chain(ends(compared.iqm_interval))
            .chain([number(against.improvement)])
            .chain(ends(against.interval))
            .chain([compared.against.map_or_else(String::new, |against| against.pairs.to_string())])
            .chain([against.difference, against.p, against.p_holm].map(number))
            .chain([number(area.and_then(|(_, summary)| summary.map(|summary| summary.mean)))])
            .chain([best.map(|s| s.mean), best.and_then(|s| s.sd), compared.reach].map(number))
            .chain([compared.reached.to_string()])
            .chain((0..3).map(|source| number(errors.map(|errors| errors[source]))));
        lines.push(csv_line(fields));
    }
    lines.concat()
}

fn ends(interval: Option<Estimate>) -> [String; 2] {
    [interval.map(|interval| interval.low), interval.map(|interval| interval.high)].map(number)
}
