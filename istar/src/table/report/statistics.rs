//! `statistics.csv`: final success of every row with its interval, and against the first row.

use super::csv::number;
use super::{Cell, MeasuredRow, Report};
use crate::markup::csv_line;
use crate::statistics::{
    Estimate, Scores, Summary, bootstrap, holm, interquartile_mean, probability_of_improvement, sign_flip,
};

const HEADS: [&str; 15] = [
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
];

/// As many as `rliable` takes.
const RESAMPLES: usize = 50_000;
/// Where there are too many pairs to flip all their signs.
const FLIPS: usize = 100_000;
/// Resamples are no part of an experiment: every report draws the same.
const SEED: u64 = 0;

/// One line per row, raw numbers (shares from 0 to 1), empty where nothing can be said: `docs/src/metrics.md` explains the
/// columns. The first row is what the others are compared with, seed by seed.
#[must_use]
pub fn statistics_csv(report: &Report) -> String {
    let against: Vec<Option<Against>> = report
        .rows
        .iter()
        .enumerate()
        .map(|(i, row)| (i > 0).then(|| Against::new(row, &report.rows[0])))
        .collect();
    let p: Vec<f64> = against.iter().flatten().filter_map(|against| against.p).collect();
    let mut corrected = holm(&p).unwrap_or_default().into_iter();
    let mut lines = vec![csv_line(HEADS.map(str::to_owned))];
    for (row, against) in report.rows.iter().zip(against) {
        let scores = scores(row);
        let summary = scores.as_ref().and_then(|scores| Summary::of(scores.values()));
        let iqm = scores.as_ref().map(interquartile_mean);
        let interval = scores
            .as_ref()
            .and_then(|scores| bootstrap([scores], |[s]| interquartile_mean(s), RESAMPLES, SEED));
        let Against { improvement, interval: of_improvement, pairs, difference, p } =
            against.unwrap_or_default();
        let area = row.measures.iter().find(|(column, _)| column.key == "area");
        let before = [summary.map(|s| s.mean), summary.and_then(|s| s.sd), iqm];
        let compared = [
            difference,
            p,
            p.and_then(|_| corrected.next()),
            area.and_then(|(_, summary)| summary.map(|summary| summary.mean)),
        ];
        let fields = [row.name().to_owned(), row.cells.len().to_string()]
            .into_iter()
            .chain(before.map(number))
            .chain(ends(interval))
            .chain([number(improvement)])
            .chain(ends(of_improvement))
            .chain([pairs.map_or_else(String::new, |pairs| pairs.to_string())])
            .chain(compared.map(number));
        lines.push(csv_line(fields));
    }
    lines.concat()
}

/// A row beside the first one.
#[derive(Default)]
struct Against {
    improvement: Option<f64>,
    interval: Option<Estimate>,
    pairs: Option<usize>,
    difference: Option<f64>,
    p: Option<f64>,
}

impl Against {
    fn new(row: &MeasuredRow, first: &MeasuredRow) -> Self {
        let both = scores(row).zip(scores(first));
        let improvement = both.as_ref().and_then(|(x, y)| probability_of_improvement(x, y));
        let interval = both
            .as_ref()
            .and_then(|(x, y)| bootstrap([x, y], |[x, y]| probability_of_improvement(x, y), RESAMPLES, SEED));
        let difference_of = |cell: &&Cell| {
            let other = first.cells.iter().find(|other| other.seed == cell.seed)?;
            Some(cell.last[0].success - other.last[0].success)
        };
        let differences: Vec<f64> = row.cells.iter().filter_map(difference_of).collect();
        Self {
            improvement,
            interval,
            pairs: Some(differences.len()),
            difference: Summary::of(&differences).map(|summary| summary.mean),
            p: sign_flip(&differences, FLIPS, SEED),
        }
    }
}

/// Final success on one task: the world. None if it is no number, where every test episode was lost.
fn scores(row: &MeasuredRow) -> Option<Scores> {
    Scores::new(1, row.cells.iter().map(|cell| cell.last[0].success).collect())
}

fn ends(interval: Option<Estimate>) -> [String; 2] {
    [interval.map(|interval| interval.low), interval.map(|interval| interval.high)].map(number)
}
