//! Mean and spread of one measure over the seeds of a row.

use statrs::distribution::{ContinuousCDF, StudentsT};

/// A sample of values, one per seed, in three numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// How many seeds have the measure; at least one.
    pub n: usize,
    /// The mean; pooled (weighted) if the values came with weights.
    pub mean: f64,
    /// Sample standard deviation over seeds, `√(Σ (x − x̄)² / (n − 1))`; none for one seed.
    pub sd: Option<f64>,
}

impl Summary {
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

    /// Half the width of the 95 % interval of the mean over seeds: `t(0.975, n − 1) · sd / √n` with the quantile of Student's
    /// t (Student, "The probable error of a mean", Biometrika 6, 1908), exact where the values are normal. It says nothing
    /// about the sampling of tasks.
    #[must_use]
    pub fn half_width(&self) -> Option<f64> {
        let error = self.standard_error()?;
        let t = StudentsT::new(0.0, 1.0, (self.n - 1) as f64).ok()?;
        Some(t.inverse_cdf(0.975) * error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    #[test]
    fn mean_spread_and_interval_of_three_seeds() {
        let sample = Summary::of(&[1.0, 2.0, 6.0]).expect("three values");
        assert!(close(sample.mean, 3.0));
        assert!(close(sample.sd.expect("three seeds"), 7f64.sqrt()));
        assert!(close(sample.standard_error().expect("three seeds"), (7.0 / 3.0f64).sqrt()));
        // t(0.975, 2 degrees of freedom) = 4.302652729911275
        let half = sample.half_width().expect("three seeds");
        assert!((half - 4.302_652_729_911_275 * (7.0 / 3.0f64).sqrt()).abs() < 1e-6, "{half}");
    }

    #[test]
    fn one_seed_has_no_spread_and_none_has_no_mean() {
        let one = Summary::of(&[0.5]).expect("one value");
        assert_eq!((one.mean, one.sd, one.half_width()), (0.5, None, None));
        assert_eq!(Summary::of(&[]), None);
        assert_eq!(Summary::pooled(&[(0.5, 0.0)]), None);
    }

    #[test]
    fn pooling_weighs_the_mean_and_not_the_spread() {
        let sample = Summary::pooled(&[(0.0, 1.0), (1.0, 3.0)]).expect("weights");
        assert!(close(sample.mean, 0.75));
        assert!(close(sample.sd.expect("two seeds"), 0.5f64.sqrt()));
    }
}
