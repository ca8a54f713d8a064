//! Pearson's correlation.

/// `Σ (x − x̄)(y − ȳ) / √(Σ (x − x̄)² Σ (y − ȳ)²)`, from −1 to 1; none where a side is constant, or without a value.
///
/// # Panics
/// When the lengths differ.
#[must_use]
pub fn correlation(x: &[f64], y: &[f64]) -> Option<f64> {
    assert_eq!(x.len(), y.len(), "two measures of the same things");
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let (of_x, of_y) = (mean(x), mean(y));
    let sum = |a: &[f64], of_a: f64, b: &[f64], of_b: f64| -> f64 {
        a.iter().zip(b).map(|(a, b)| (a - of_a) * (b - of_b)).sum()
    };
    let both = (sum(x, of_x, x, of_x) * sum(y, of_y, y, of_y)).sqrt();
    (both > 0.0).then(|| (sum(x, of_x, y, of_y) / both).clamp(-1.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_lines_and_of_what_has_none() {
        assert_eq!(correlation(&[1.0, 2.0, 4.0], &[3.0, 5.0, 9.0]), Some(1.0));
        assert_eq!(correlation(&[1.0, 2.0], &[1.0, 0.0]), Some(-1.0));
        assert_eq!(correlation(&[-1.0, 0.0, 1.0], &[1.0, 0.0, 1.0]), Some(0.0));
        assert_eq!(correlation(&[1.0, 1.0], &[0.0, 1.0]), None);
        assert_eq!(correlation(&[], &[]), None);
    }
}
