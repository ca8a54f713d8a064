//! Rewards scaled so that no return inside a unit exceeds 1: the `batch_norm` of PRIME (arXiv 2502.01456) and of the
//! released iStar.

use super::moments::FAR;
use super::to_go;

/// x divided by the largest absolute return to go of the batch (undiscounted, inside units) plus 1e-6.
pub fn bound(mut x: Vec<f64>, owner: &[u32]) -> Vec<f64> {
    let peak = |x: &[f64]| to_go(x.to_vec(), owner, 1.0).into_iter().map(f64::abs).fold(0.0, f64::max);
    let (mut most, mut unit) = (peak(&x), 1.0);
    if most.is_infinite() {
        // Returns overflow where what they divide does not.
        unit = FAR;
        x.iter_mut().for_each(|x| *x /= unit);
        most = peak(&x);
    }
    x.iter_mut().for_each(|x| *x /= most + 1e-6 / unit);
    x
}

#[cfg(test)]
mod tests {
    use super::bound;

    #[test]
    fn the_largest_return_divides_and_the_factor_cancels() {
        // Returns to go 3, 1 and -4.
        let found = bound(vec![2.0, 1.0, -4.0], &[0, 0, 1]);
        assert_eq!(found, [2.0, 1.0, -4.0].map(|x| x / (4.0 + 1e-6)));
        let scaled = bound(vec![200.0, 100.0, -400.0], &[0, 0, 1]);
        assert!(found.iter().zip(scaled).all(|(a, b)| (a - b).abs() < 1e-6));
    }

    #[test]
    fn returns_may_overflow() {
        let found = bound(vec![1.5e308, 1.5e308, -0.75e308], &[0, 0, 1]);
        assert!(found.iter().zip([0.5, 0.5, -0.25]).all(|(a, b)| (a - b).abs() < 1e-12), "{found:?}");
    }

    #[test]
    fn nothing_stays_nothing() {
        assert_eq!(bound(vec![0.0; 3], &[0; 3]), [0.0; 3]);
    }
}
