//! Rows in numbers that a statistician asks for, each beside the baseline.

use super::{Cell, MeasuredRow};
use crate::statistics::{
    Components, Estimate, Scores, Summary, bootstrap, first_reach, holm, interquartile_mean,
    probability_of_improvement, sign_flip, variance_components,
};

/// p-values up to this one are called significant.
pub const ALPHA: f64 = 0.05;
/// As many as `rliable` takes.
const RESAMPLES: usize = 50_000;
/// Where there are too many pairs to flip all their signs.
const FLIPS: usize = 100_000;
/// Resamples are no part of an experiment: every report draws the same.
pub(super) const SEED: u64 = 0;

/// What is said of one row beside its mean.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Compared {
    /// Mean and spread of final success over seeds.
    pub last: Option<Summary>,
    /// The same of the highest point of the validation curve.
    pub best: Option<Summary>,
    /// Interquartile mean of final success over seeds.
    pub iqm: Option<f64>,
    /// Its 95 % interval; none of a single seed.
    pub iqm_interval: Option<Estimate>,
    /// Environment steps until the validation curve is where the baseline's ends (its mean over seeds): the median over
    /// seeds, those that never get there counting as later than all others. None where that is among those.
    pub reach: Option<f64>,
    /// Seeds that get there.
    pub reached: usize,
    /// Where the noise of the mean comes from; none where results by level are not kept of two seeds.
    pub components: Option<Components>,
    /// Beside the baseline; none of the baseline itself.
    pub against: Option<Against>,
}

/// A row beside the baseline, in final success.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Against {
    /// How probable it is that a run of this row is better than one of the baseline, ties counted half.
    pub improvement: Option<f64>,
    /// Its 95 % interval.
    pub interval: Option<Estimate>,
    /// Seeds that both have.
    pub pairs: usize,
    /// Mean over them of this row less the baseline.
    pub difference: Option<f64>,
    /// Its two-sided p-value by flipping signs.
    pub p: Option<f64>,
    /// The same, corrected for the number of rows compared.
    pub p_holm: Option<f64>,
}

impl Compared {
    /// Significantly above the baseline.
    #[must_use]
    pub fn better(&self) -> bool {
        let significant = |against: &Against| against.p_holm.is_some_and(|p| p <= ALPHA);
        self.against.as_ref().is_some_and(|against| significant(against) && against.difference > Some(0.0))
    }
}

/// Every row beside that of this place.
pub(super) fn compare(rows: &[MeasuredRow], baseline: usize) -> Vec<Compared> {
    let height = rows.get(baseline).and_then(end_of_curve);
    let others = || rows.iter().enumerate().map(|(place, row)| (place != baseline).then_some(row));
    let mut all: Vec<Compared> = others()
        .zip(rows)
        .map(|(other, row)| Compared {
            against: other.map(|row| Against::new(row, &rows[baseline])),
            ..Compared::alone(row, height)
        })
        .collect();
    let tested = || all.iter().enumerate().filter_map(|(place, row)| Some((place, row.against?.p?)));
    let places: Vec<usize> = tested().map(|(place, _)| place).collect();
    let corrected = holm(&tested().map(|(_, p)| p).collect::<Vec<_>>()).unwrap_or_default();
    for (place, p) in places.into_iter().zip(corrected) {
        if let Some(against) = &mut all[place].against {
            against.p_holm = Some(p);
        }
    }
    all
}

/// The smallest p-value that so many pairs can give, after the correction for so many rows.
#[must_use]
pub fn smallest_p(pairs: usize, rows: usize) -> f64 {
    (2f64.powi(1 - i32::try_from(pairs).unwrap_or(i32::MAX)) * rows as f64).min(1.0)
}

/// The fewest pairs with which that is up to [`ALPHA`].
#[must_use]
pub fn fewest_pairs(rows: usize) -> usize {
    (1..).find(|pairs| smallest_p(*pairs, rows) <= ALPHA).expect("it halves with each pair")
}

impl Compared {
    fn alone(row: &MeasuredRow, height: Option<f64>) -> Self {
        let scores = scores(row);
        let steps = |cell: &&Cell| first_reach(&cell.curve_by_steps(), height?);
        let mut reached: Vec<f64> = row.cells.iter().filter_map(steps).collect();
        reached.sort_unstable_by(f64::total_cmp);
        let of = |key: &str| row.measures.iter().find(|(column, _)| column.key == key).and_then(|(_, s)| *s);
        Self {
            last: of("final"),
            best: of("best_validation"),
            iqm: scores.as_ref().map(interquartile_mean),
            iqm_interval: scores
                .as_ref()
                .and_then(|scores| bootstrap([scores], |[s]| interquartile_mean(s), RESAMPLES, SEED)),
            reach: median_of_first(&reached, row.cells.len()),
            reached: reached.len(),
            components: levels(row).as_ref().and_then(variance_components),
            against: None,
        }
    }
}

impl Against {
    fn new(row: &MeasuredRow, baseline: &MeasuredRow) -> Self {
        let both = scores(row).zip(scores(baseline));
        let improvement = both.as_ref().and_then(|(x, y)| probability_of_improvement(x, y));
        let interval = both
            .as_ref()
            .and_then(|(x, y)| bootstrap([x, y], |[x, y]| probability_of_improvement(x, y), RESAMPLES, SEED));
        let difference_of = |cell: &&Cell| {
            let other = baseline.cells.iter().find(|other| other.seed == cell.seed)?;
            Some(cell.last[0].success - other.last[0].success)
        };
        let differences: Vec<f64> = row.cells.iter().filter_map(difference_of).collect();
        Self {
            improvement,
            interval,
            pairs: differences.len(),
            difference: Summary::of(&differences).map(|summary| summary.mean),
            p: sign_flip(&differences, FLIPS, SEED),
            p_holm: None,
        }
    }
}

/// Final success on one task: the world. None if it is no number, where every test episode was lost.
pub(super) fn scores(row: &MeasuredRow) -> Option<Scores> {
    Scores::new(1, row.cells.iter().map(|cell| cell.last[0].success).collect())
}

/// Mean over seeds of the last point of the validation curve.
fn end_of_curve(row: &MeasuredRow) -> Option<f64> {
    let ends = row.cells.iter().filter_map(|cell| cell.validation.last()).map(|point| point.success);
    Summary::of(&ends.collect::<Vec<_>>()).map(|summary| summary.mean)
}

/// The median of so many numbers of which these are the first, in order.
fn median_of_first(sorted: &[f64], all: usize) -> Option<f64> {
    let [below, above] = [all.checked_sub(1)? / 2, all / 2].map(|place| sorted.get(place));
    Some((below? + above?) / 2.0)
}

/// Seeds × test levels, those that no seed has lost: 1 where it was solved.
fn levels(row: &MeasuredRow) -> Option<Scores> {
    let seeds: Vec<&[Option<bool>]> = row.cells.iter().map(|cell| &cell.levels[..]).collect();
    let count = seeds.first()?.len();
    if seeds.iter().any(|levels| levels.len() != count) {
        return None;
    }
    let kept: Vec<usize> =
        (0..count).filter(|level| seeds.iter().all(|seed| seed[*level].is_some())).collect();
    let solved = |seed: &[Option<bool>], level: usize| f64::from(u8::from(seed[level] == Some(true)));
    let values = seeds.iter().flat_map(|seed| kept.iter().map(|level| solved(seed, *level)));
    Scores::new(kept.len(), values.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_never_gets_there_is_later_than_all() {
        assert_eq!(median_of_first(&[], 0), None);
        assert_eq!(median_of_first(&[3.0, 5.0], 2), Some(4.0));
        assert_eq!(median_of_first(&[3.0, 5.0], 3), Some(5.0));
        assert_eq!(median_of_first(&[3.0], 2), None);
    }

    #[test]
    fn three_seeds_can_prove_nothing_and_six_can_for_one_row() {
        assert_eq!((smallest_p(3, 1), smallest_p(1, 1), smallest_p(3, 9)), (0.25, 1.0, 1.0));
        assert_eq!((fewest_pairs(1), fewest_pairs(9)), (6, 9));
        assert!(smallest_p(9, 9) <= ALPHA && smallest_p(8, 9) > ALPHA);
    }
}
