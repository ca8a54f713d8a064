//! Intervals by resampling runs: the stratified percentile bootstrap of R. Agarwal et al., "Deep reinforcement learning at
//! the edge of the statistical precipice", NeurIPS 2021 (§ 4.1), as their package `rliable` does it; the percentile method
//! is B. Efron, "Bootstrap methods: another look at the jackknife", Annals of Statistics 7 (1979).
//!
//! A percentile interval of few runs is too narrow: that of the mean of three runs on one task goes from the lowest to the
//! highest, which misses the median of the runs' distribution one time in four.
//! [`Summary::half_width`](super::Summary::half_width) is the wider one, exact where values are normal.

use super::Scores;
use crate::seed::stream;
use rand::RngExt;
use rayon::prelude::*;

/// A statistic of a sample, and its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The statistic of the sample itself.
    pub value: f64,
    /// The lower end of the interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// A statistic of one or more samples with its 95 % interval over runs: `resamples` times each sample's runs are drawn
/// anew with replacement, task by task and sample by sample, and the ends are the 2.5 and 97.5 percentiles of the statistic
/// of what was drawn. Resample `i` draws from the stream `("bootstrap", i)` of the seed, so the same seed gives the same
/// bits whatever the threads.
///
/// None where a sample has a single run, nothing is resampled, or the statistic is none or not a number.
pub fn bootstrap<const N: usize, T: Into<Option<f64>>>(
    samples: [&Scores; N],
    statistic: impl Fn([&Scores; N]) -> T + Sync,
    resamples: usize,
    seed: u64,
) -> Option<Estimate> {
    if samples.iter().any(|sample| sample.runs() < 2) {
        return None;
    }
    let picks = |resample: usize| {
        let mut random = stream(seed, "bootstrap", resample as u64);
        samples.map(|sample| {
            let draw = |_| random.random_range(0..sample.runs());
            (0..sample.values().len()).map(draw).collect()
        })
    };
    bootstrap_of_picks(samples, statistic, resamples, picks)
}

/// The same for runs that the caller picks: of resample `i`, for each sample, what [`Scores::resampled`] takes.
///
/// None where nothing is resampled, a pick is no run of its sample, or the statistic is none or not a number.
pub fn bootstrap_of_picks<const N: usize, T: Into<Option<f64>>>(
    samples: [&Scores; N],
    statistic: impl Fn([&Scores; N]) -> T + Sync,
    resamples: usize,
    picks: impl Fn(usize) -> [Vec<usize>; N] + Sync,
) -> Option<Estimate> {
    let value = statistic(samples).into()?;
    let once = |resample| {
        let picks = picks(resample);
        let drawn: Vec<Scores> = samples
            .iter()
            .zip(&picks)
            .map(|(sample, picks)| sample.resampled(picks))
            .collect::<Option<_>>()?;
        statistic(std::array::from_fn(|sample| &drawn[sample])).into()
    };
    let mut drawn = (0..resamples).into_par_iter().map(once).collect::<Option<Vec<f64>>>()?;
    if value.is_nan() || drawn.iter().any(|value| value.is_nan()) {
        return None;
    }
    drawn.sort_unstable_by(f64::total_cmp);
    Some(Estimate { value, low: quantile(&drawn, 0.025)?, high: quantile(&drawn, 0.975)? })
}

/// The quantile of sorted values, by linear interpolation between the two around place `share · (n − 1)`: type 7 of R. J.
/// Hyndman and Y. Fan, "Sample quantiles in statistical packages", American Statistician 50 (1996).
fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let place = share * sorted.len().checked_sub(1)? as f64;
    let [below, above] = [place.floor(), place.ceil()].map(|place| sorted[place as usize]);
    Some(below + (above - below) * place.fract())
}

#[cfg(test)]
mod tests {
    use super::super::{interquartile_mean, mean, probability_of_improvement};
    use super::*;
    use proptest::prelude::*;

    fn of(tasks: usize, values: &[f64]) -> Scores {
        Scores::new(tasks, values.to_vec()).expect("a matrix")
    }

    #[test]
    fn quantiles_by_hand() {
        assert_eq!(quantile(&[], 0.5), None);
        assert_eq!(quantile(&[3.0], 0.975), Some(3.0));
        assert_eq!(quantile(&[0.0, 1.0, 2.0, 4.0], 0.5), Some(1.5));
        assert!((quantile(&[0.0, 1.0, 2.0, 4.0], 0.975).expect("values") - 3.85).abs() < 1e-12);
    }

    #[test]
    fn a_resample_is_what_was_picked() {
        let scores = of(1, &[1.0, 2.0, 6.0]);
        // Means 3 times 1, 2 and 6 sorted; places 0.05 and 1.95 of the three.
        let estimate = bootstrap_of_picks([&scores], |[scores]| mean(scores), 3, |i| [vec![2 - i; 3]]);
        let estimate = estimate.expect("three resamples");
        assert_eq!(estimate.value, 3.0);
        assert!((estimate.low - 1.05).abs() < 1e-12 && (estimate.high - 5.8).abs() < 1e-12, "{estimate:?}");
        assert_eq!(bootstrap_of_picks([&scores], |[scores]| mean(scores), 3, |_| [vec![3; 3]]), None);
    }

    #[test]
    fn what_has_no_interval() {
        let (one, two) = (of(1, &[0.5]), of(1, &[0.5, 0.7]));
        assert_eq!(bootstrap([&one], |[scores]| mean(scores), 100, 0), None);
        assert_eq!(bootstrap([&two], |[scores]| mean(scores), 0, 0), None);
        assert_eq!(bootstrap([&two], |_| f64::NAN, 100, 0), None);
        assert_eq!(bootstrap([&two, &one], |[x, y]| probability_of_improvement(x, y), 100, 0), None);
    }

    #[test]
    fn the_same_bits_whatever_the_threads() {
        let scores = of(2, &[0.1, 0.9, 0.3, 0.7, 0.2, 0.4, 0.6, 0.5, 0.8, 0.05]);
        let on = |threads, seed| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
            pool.install(|| bootstrap([&scores], |[scores]| interquartile_mean(scores), 500, seed))
        };
        assert_eq!(on(1, 7), on(4, 7));
        assert_ne!(on(1, 7), on(1, 8));
    }

    #[test]
    fn it_approaches_the_distribution_that_it_samples() {
        // The mean of two draws out of {0, 1} is 0 or 1 with chance 1/4 each: both ends are beyond 2.5 %.
        let coin = of(1, &[0.0, 1.0]);
        let ends = bootstrap([&coin], |[scores]| mean(scores), 2000, 0).expect("two runs");
        assert_eq!((ends.value, ends.low, ends.high), (0.5, 0.0, 1.0));
        // The mean of 100 such draws: 0.5 ± 1.96 · 0.05.
        let coins = of(1, &[0.0, 1.0].repeat(50));
        let ends = bootstrap([&coins], |[scores]| mean(scores), 4000, 0).expect("100 runs");
        assert!((ends.low - 0.402).abs() < 0.015 && (ends.high - 0.598).abs() < 0.015, "{ends:?}");
    }

    #[test]
    fn tasks_are_strata() {
        // Each task has one value in all runs, so no resample moves the mean: only unstratified ones would.
        let scores = of(2, &[0.0, 1.0].repeat(4));
        let still = bootstrap([&scores], |[scores]| mean(scores), 200, 0).expect("four runs");
        assert_eq!((still.low, still.high), (0.5, 0.5));
    }

    proptest! {
        #[test]
        fn ends_are_in_order_and_in_range(values in prop::collection::vec(0f64..1.0, 2..12), seed: u64) {
            let scores = of(1, &values);
            let ends = bootstrap([&scores], |[scores]| interquartile_mean(scores), 50, seed).expect("two runs");
            prop_assert!(0.0 <= ends.low && ends.low <= ends.high && ends.high <= 1.0);
        }
    }
}
