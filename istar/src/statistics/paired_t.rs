//! Student's test of paired differences.

use super::Summary;
use statrs::distribution::{ContinuousCDF, StudentsT};

/// What the paired t-test says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PairedT {
    /// `mean / (sd / √n)`, with `n − 1` degrees of freedom.
    pub t: f64,
    /// The two-sided p-value.
    pub p: f64,
}

/// Of paired differences: whether their mean is zero, exact where they are normal (Student, "The probable error of a mean",
/// Biometrika 6, 1908). None with fewer than two, or where they have no spread (beyond rounding) or are not finite.
#[must_use]
pub fn paired_t(differences: &[f64]) -> Option<PairedT> {
    let summary = Summary::of(differences)?;
    let error = summary.standard_error()?;
    let t = summary.mean / error;
    // Equal differences that were computed from unequal numbers differ by rounding.
    if !t.is_finite() || error <= 1e-12 * summary.mean.abs() {
        return None;
    }
    let student = StudentsT::new(0.0, 1.0, (summary.n - 1) as f64).ok()?;
    Some(PairedT { t, p: 2.0 * student.sf(t.abs()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        // Mean 2, sd 1: t = 2√3 with two degrees of freedom, where P(|T| > t) = 1 − t / √(t² + 2).
        let test = paired_t(&[1.0, 2.0, 3.0]).expect("three differences");
        assert!((test.t - 12f64.sqrt()).abs() < 1e-12);
        assert!((test.p - (1.0 - (12.0 / 14.0f64).sqrt())).abs() < 1e-10, "{test:?}");
        let other = paired_t(&[-1.0, -2.0, -3.0]).expect("three differences");
        assert_eq!((other.t, other.p), (-test.t, test.p));
        // With one degree of freedom, Cauchy's distribution: t = 3, P(|T| > 3) = 1 − 2 atan(3) / π.
        let cauchy = paired_t(&[1.0, 2.0]).expect("two differences");
        assert!((cauchy.p - (1.0 - 2.0 * 3f64.atan() / std::f64::consts::PI)).abs() < 1e-10);
    }

    #[test]
    fn what_has_no_t() {
        assert_eq!(paired_t(&[]), None);
        assert_eq!(paired_t(&[1.0]), None);
        assert_eq!(paired_t(&[0.0, 0.0]), None);
        assert_eq!(paired_t(&[0.5, 0.5]), None);
        assert_eq!(paired_t(&[0.3 - 0.2, 0.4 - 0.3, 0.2 - 0.1]), None);
        assert_eq!(paired_t(&[1.0, f64::NAN]), None);
        assert_eq!(paired_t(&[1.0, f64::INFINITY]), None);
    }
}
