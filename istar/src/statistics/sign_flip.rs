//! A paired test that assumes no distribution.

use crate::seed::stream;
use rand::RngExt;

/// Up to so many differences every sign is tried; 2¹⁹ sums are some milliseconds.
const EXACT: usize = 20;

/// The two-sided p-value of the mean of paired differences by flipping their signs: the share of the 2ⁿ ways to sign them
/// whose mean is at least as far from zero. The test is exact if each difference is as probable as its opposite, which is
/// so where the two objectives of a pair could be swapped (R. A. Fisher, "The design of experiments", 1935, § 21). With
/// `n` pairs no p-value is below `2 / 2ⁿ`: five seeds cannot reach 0.05, six can.
///
/// Up to 20 differences all signs are tried. Of more, `draws` are drawn from a stream of the seed, and the share is
/// `(1 + those as far) / (1 + draws)`, which counts the signs as they are (B. Phipson and G. K. Smyth, "Permutation
/// p-values should never be zero", 2010). Means that differ by rounding alone are equal.
///
/// None without a difference, or if their sizes do not add up to a finite number.
#[must_use]
pub fn sign_flip(differences: &[f64], draws: usize, seed: u64) -> Option<f64> {
    if differences.is_empty() || !size(differences).is_finite() {
        return None;
    }
    let p = if differences.len() <= EXACT { exact(differences) } else { drawn(differences, draws, seed) };
    Some(p)
}

/// The last sign stays, since a way to sign and its mirror image are equally far.
fn exact(differences: &[f64]) -> f64 {
    let far = farther(differences);
    let ways = 1u32 << (differences.len() - 1);
    let as_far = (0..ways).filter(|way| far(&mut |place| way >> place & 1 == 1)).count();
    as_far as f64 / f64::from(ways)
}

fn drawn(differences: &[f64], draws: usize, seed: u64) -> f64 {
    let far = farther(differences);
    let mut random = stream(seed, "sign_flip", 0);
    let as_far = (0..draws).filter(|_| far(&mut |_| random.random())).count();
    (1 + as_far) as f64 / (1 + draws) as f64
}

/// Whether the sum is at least as far from zero once the signs of these places are flipped.
fn farther(differences: &[f64]) -> impl Fn(&mut dyn FnMut(usize) -> bool) -> bool {
    let rounding = 1e-12 * size(differences);
    let observed = differences.iter().sum::<f64>().abs() - rounding;
    move |flipped| {
        let sign =
            |(place, difference): (usize, &f64)| if flipped(place) { -difference } else { *difference };
        differences.iter().enumerate().map(sign).sum::<f64>().abs() >= observed
    }
}

fn size(differences: &[f64]) -> f64 {
    differences.iter().map(|difference| difference.abs()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn by_hand() {
        // Of ± 1 ± 2 ± 3, as far as 6: two of eight. As far as 1 + 3 − 2: ±6, ±4, ±2 (once each).
        assert_eq!(sign_flip(&[1.0, 2.0, 3.0], 0, 0), Some(0.25));
        assert_eq!(sign_flip(&[1.0, -2.0, 3.0], 0, 0), Some(0.75));
        assert_eq!(sign_flip(&[0.0, 0.0], 0, 0), Some(1.0));
        assert_eq!(sign_flip(&[0.3], 0, 0), Some(1.0));
        assert_eq!(sign_flip(&[0.1; 6], 0, 0), Some(2.0 / 64.0));
    }

    #[test]
    fn what_has_no_p_value() {
        assert_eq!(sign_flip(&[], 100, 0), None);
        assert_eq!(sign_flip(&[0.1, f64::NAN], 100, 0), None);
        assert_eq!(sign_flip(&[0.1, f64::INFINITY], 100, 0), None);
        assert_eq!(sign_flip(&[f64::MAX, f64::MAX], 100, 0), None);
    }

    #[test]
    fn sums_that_differ_by_rounding_are_equal() {
        // 0.1 + 0.2 − 0.3 is 5.6e-17 and 0.1 − 0.3 + 0.2 is 2.8e-17.
        for differences in [[0.1, 0.2, -0.3], [0.1, -0.3, 0.2], [-0.3, 0.2, 0.1]] {
            assert_eq!(sign_flip(&differences, 0, 0), Some(1.0));
        }
    }

    #[test]
    fn draws_approach_all_signs() {
        let differences: Vec<f64> = (0..14).map(|i| f64::from(i * 7 % 11) - 3.5).collect();
        let (all, some) = (exact(&differences), drawn(&differences, 20_000, 3));
        assert!((all - some).abs() < 0.01, "{all} {some}");
        assert_eq!(some, drawn(&differences, 20_000, 3));
    }

    #[test]
    fn beyond_twenty_signs_are_drawn() {
        assert_eq!(sign_flip(&[1.0; 21], 99, 0), Some(0.01));
    }

    proptest! {
        #[test]
        fn it_knows_neither_order_nor_side_nor_unit(mut differences in prop::collection::vec(-8i8..8, 1..9)) {
            let p = |differences: &[i8], unit: f64| {
                let scaled: Vec<f64> = differences.iter().map(|&d| f64::from(d) * unit).collect();
                sign_flip(&scaled, 0, 0).expect("a difference")
            };
            let plain = p(&differences, 1.0);
            prop_assert!(plain >= 2.0 / f64::from(1 << differences.len()));
            prop_assert_eq!(plain, p(&differences, -1.0));
            prop_assert_eq!(plain, p(&differences, 0.1));
            differences.reverse();
            prop_assert_eq!(plain, p(&differences, 1.0));
        }
    }
}
