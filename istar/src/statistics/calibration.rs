//! Whether probabilities are what they say.
//!
//! G. W. Brier, "Verification of forecasts expressed in terms of probability", Monthly Weather Review 78 (1950); C. Guo, G. Pleiss,
//! Y. Sun, K. Q. Weinberger, "On calibration of modern neural networks", arXiv 1706.04599, ICML 2017, eq. 2 and 3.

/// The Brier score, mean of `(p - y)²` over forecasts `(p, y)`: `p` in [0, 1] of what happened (`y = 1`) or did not (0). 0 is
/// perfect, 1/4 is what always saying one half gets. None without a forecast.
#[must_use]
pub fn brier(forecasts: &[(f64, f64)]) -> Option<f64> {
    mean(forecasts.iter().map(|(p, y)| (p - y).powi(2)))
}

/// The expected calibration error over `bins` bins of equal width on [0, 1]: the mean over forecasts `(p, y)` of the distance, in
/// the bin of the forecast, between the mean of `p` and the mean of `y`,
///
/// `Σ_b n_b / n · |mean_b p − mean_b y|`.
///
/// A bin holds its lower end and not its upper one; the last holds both. This is eq. 3 of Guo et al. for one event, of which `p` is
/// the probability, in the place of their confidence in the likeliest of several. 0 is perfect, and it is also what
/// always saying the base rate gets: beside it belongs a score that sees more, such as [`brier`]. None without a forecast or
/// without a bin.
#[must_use]
pub fn calibration_error(forecasts: &[(f64, f64)], bins: usize) -> Option<f64> {
    if forecasts.is_empty() || bins == 0 {
        return None;
    }
    let mut sums = vec![0.0; bins];
    for (p, y) in forecasts {
        sums[((p * bins as f64) as usize).min(bins - 1)] += p - y;
    }
    Some(sums.iter().map(|sum: &f64| sum.abs()).sum::<f64>() / forecasts.len() as f64)
}

/// The mean of `-log σ(m)` over margins, in nats: the log loss of Bradley and Terry's model of preferences (Biometrika 39, 1952), which
/// gives the better one of each pair the probability `σ(m) = 1 / (1 + exp(-m))`. log 2 ≈ 0.693 is what knowing nothing gets. None
/// without a margin.
#[must_use]
pub fn preference_loss(margins: &[f64]) -> Option<f64> {
    mean(margins.iter().map(|m| (-m).max(0.0) + (-m.abs()).exp().ln_1p()))
}

/// `1 / (1 + exp(-x))`.
#[must_use]
pub fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> Option<f64> {
    let n = values.len();
    (n > 0).then(|| values.sum::<f64>() / n as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: Option<f64>, expected: f64) {
        assert!(found.is_some_and(|found| (found - expected).abs() < 1e-12), "{found:?} is not {expected}");
    }

    #[test]
    fn numbers_by_hand() {
        // Two bins: 0.2 and 0.4 of which one happened, 0.5 and 0.9 of which both did.
        let forecasts = [(0.2, 0.0), (0.4, 1.0), (0.5, 1.0), (0.9, 1.0)];
        near(brier(&forecasts), (0.04 + 0.36 + 0.25 + 0.01) / 4.0);
        near(calibration_error(&forecasts, 2), 0.5 * (0.3_f64 - 0.5).abs() + 0.5 * (0.7_f64 - 1.0).abs());
        // Ten bins: each stands alone, and both ends have one.
        near(calibration_error(&forecasts, 10), (0.2 + 0.6 + 0.5 + 0.1) / 4.0);
        near(calibration_error(&[(0.0, 0.0), (1.0, 1.0)], 10), 0.0);
        near(calibration_error(&[(0.0, 1.0), (1.0, 0.0)], 10), 1.0);
        // Errors inside a bin cancel.
        near(calibration_error(&[(0.5, 0.0), (0.5, 1.0)], 10), 0.0);
        // σ(log 3) is 3/4, and σ(0) one half.
        near(preference_loss(&[3.0_f64.ln(), 0.0]), ((4.0_f64 / 3.0).ln() + 2.0_f64.ln()) / 2.0);
        near(preference_loss(&[-1000.0, 1000.0]), 500.0);
        near(Some(sigmoid(3.0_f64.ln())), 0.75);
        assert_eq!((sigmoid(0.0), sigmoid(-1000.0)), (0.5, 0.0));
    }

    #[test]
    fn of_nothing_there_is_none() {
        assert_eq!((brier(&[]), calibration_error(&[], 10), preference_loss(&[])), (None, None, None));
        assert_eq!(calibration_error(&[(0.5, 1.0)], 0), None);
    }
}
