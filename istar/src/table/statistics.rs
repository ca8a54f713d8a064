//! Small-sample statistics of a table: plain functions of slices, in `f64`, with a fixed order of additions.

mod kendall;

pub use kendall::{Kendall, kendall};

use super::cell::Evaluation;
use statrs::distribution::{ContinuousCDF, StudentsT};

/// Mean and spread of one measure over the seeds of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// How many seeds have the measure; at least one.
    pub n: usize,
    /// The mean; pooled (weighted) if the values came with weights.
    pub mean: f64,
    /// Sample standard deviation over seeds (denominator `n − 1`); none for one seed.
    pub sd: Option<f64>,
}

impl Sample {
    /// Of values that count alike; none without a value.
    #[must_use]
    pub fn of(values: &[f64]) -> Option<Self> {
        let weighted: Vec<_> = values.iter().map(|&value| (value, 1.0)).collect();
        Self::pooled(&weighted)
    }

    /// Of `(value, weight)` pairs: the mean is `Σ w·v / Σ w`, the spread counts every seed alike. None where the weights
    /// add up to nothing.
    #[must_use]
    pub fn pooled(weighted: &[(f64, f64)]) -> Option<Self> {
        let n = weighted.len();
        let weight: f64 = weighted.iter().map(|&(_, weight)| weight).sum();
        if weight <= 0.0 {
            return None;
        }
        let mean = weighted.iter().map(|&(value, weight)| value * weight).sum::<f64>() / weight;
        let centre = weighted.iter().map(|&(value, _)| value).sum::<f64>() / n as f64;
        let squares: f64 = weighted.iter().map(|&(value, _)| (value - centre).powi(2)).sum();
        let sd = (n > 1).then(|| (squares / (n - 1) as f64).sqrt());
        Some(Self { n, mean, sd })
    }

    /// Standard error of the mean over seeds, `sd / √n`.
    #[must_use]
    pub fn standard_error(&self) -> Option<f64> {
        self.sd.map(|sd| sd / (self.n as f64).sqrt())
    }

    /// Half the width of the 95 % interval of the mean over seeds: Student's t with `n − 1` degrees of freedom. It says
    /// nothing about the sampling of levels.
    #[must_use]
    pub fn half_width(&self) -> Option<f64> {
        let error = self.standard_error()?;
        let t = StudentsT::new(0.0, 1.0, (self.n - 1) as f64).ok()?;
        Some(t.inverse_cdf(0.975) * error)
    }

    /// The same measure in another unit.
    #[must_use]
    pub fn scaled(&self, factor: f64) -> Self {
        Self { n: self.n, mean: self.mean * factor, sd: self.sd.map(|sd| sd * factor.abs()) }
    }
}

/// Mean height of the validation curve: trapezoids over iterations, divided by the iterations covered. A curve of one
/// point has that point's height; an empty one has none.
#[must_use]
pub fn area(curve: &[Evaluation]) -> Option<f64> {
    let (first, last) = (curve.first()?, curve.last()?);
    let width = last.iteration.saturating_sub(first.iteration);
    if width == 0 {
        return Some(last.success);
    }
    let trapezoid = |pair: &[Evaluation]| {
        let step = pair[1].iteration.saturating_sub(pair[0].iteration) as f64;
        step * (pair[0].success + pair[1].success) / 2.0
    };
    Some(curve.windows(2).map(trapezoid).sum::<f64>() / width as f64)
}

/// The highest point of the validation curve, the first of equals.
#[must_use]
pub fn best(curve: &[Evaluation]) -> Option<&Evaluation> {
    curve.iter().reduce(|best, point| if point.success > best.success { point } else { best })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curve(points: &[(u64, f64)]) -> Vec<Evaluation> {
        let point =
            |&(iteration, success): &(u64, f64)| Evaluation { iteration, success, ..Evaluation::default() };
        points.iter().map(point).collect()
    }

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    #[test]
    fn mean_spread_and_interval_of_three_seeds() {
        let sample = Sample::of(&[1.0, 2.0, 6.0]).expect("three values");
        assert!(close(sample.mean, 3.0));
        assert!(close(sample.sd.expect("three seeds"), 7f64.sqrt()));
        assert!(close(sample.standard_error().expect("three seeds"), (7.0 / 3.0f64).sqrt()));
        // t(0.975, 2 degrees of freedom) = 4.302652729911275
        let half = sample.half_width().expect("three seeds");
        assert!((half - 4.302_652_729_911_275 * (7.0 / 3.0f64).sqrt()).abs() < 1e-6, "{half}");
    }

    #[test]
    fn one_seed_has_no_spread_and_none_has_no_mean() {
        let one = Sample::of(&[0.5]).expect("one value");
        assert_eq!((one.mean, one.sd, one.half_width()), (0.5, None, None));
        assert_eq!(Sample::of(&[]), None);
        assert_eq!(Sample::pooled(&[(0.5, 0.0)]), None);
    }

    #[test]
    fn pooling_weighs_the_mean_and_not_the_spread() {
        let sample = Sample::pooled(&[(0.0, 1.0), (1.0, 3.0)]).expect("weights");
        assert!(close(sample.mean, 0.75));
        assert!(close(sample.sd.expect("two seeds"), 0.5f64.sqrt()));
    }

    #[test]
    fn area_is_the_mean_height() {
        assert_eq!(area(&[]), None);
        assert_eq!(area(&curve(&[(7, 0.25)])), Some(0.25));
        // 10 iterations at a mean of 0.3, then 30 at a mean of 0.5: (3 + 15) / 40.
        assert!(close(area(&curve(&[(0, 0.2), (10, 0.4), (40, 0.6)])).expect("a curve"), 0.45));
    }

    #[test]
    fn best_is_the_first_of_the_highest() {
        assert_eq!(best(&[]), None);
        let points = curve(&[(0, 0.2), (10, 0.6), (20, 0.6), (30, 0.1)]);
        assert_eq!(best(&points).map(|point| point.iteration), Some(10));
    }
}
