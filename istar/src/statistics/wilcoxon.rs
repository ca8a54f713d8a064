//! Wilcoxon's signed-rank test of paired differences.

use statrs::distribution::{ContinuousCDF, Normal};

/// Up to so many differences the distribution of the rank sum is exact.
const EXACT: usize = 50;

/// What the signed-rank test says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SignedRank {
    /// Sum of the ranks of the positive differences, by size from 1; equal sizes share their mean rank.
    pub positive: f64,
    /// The same of the negative ones.
    pub negative: f64,
    /// The two-sided p-value.
    pub p: f64,
}

/// Of paired differences: whether they lie symmetrically about zero (F. Wilcoxon, "Individual comparisons by ranking
/// methods", Biometrics Bulletin 1, 1945). Differences of zero are left out.
///
/// Up to 50 that are left, the p-value is exact, given the ranks as they are: without ties as of scipy's
/// `wilcoxon(method="exact")`, with ties as of its `PermutationMethod`. Of more it is that of the normal distribution with
/// the same mean and variance, without correction for continuity. Sizes are tied if they are equal to the bit: differences
/// of shares of `n` levels may need rounding to multiples of `1 / n`.
///
/// None without a difference, or if one is not a number.
#[must_use]
pub fn signed_rank(differences: &[f64]) -> Option<SignedRank> {
    if differences.is_empty() || differences.iter().any(|difference| difference.is_nan()) {
        return None;
    }
    let mut left: Vec<f64> = differences.iter().copied().filter(|&difference| difference != 0.0).collect();
    left.sort_unstable_by(|a, b| a.abs().total_cmp(&b.abs()));
    let ranks = doubled_ranks(&left);
    let total: usize = ranks.iter().sum();
    let positive =
        ranks.iter().zip(&left).filter(|(_, difference)| **difference > 0.0).map(|(rank, _)| rank).sum();
    let p = if left.len() <= EXACT { exact(&ranks, positive) } else { normal(&ranks, positive) };
    Some(SignedRank { positive: positive as f64 / 2.0, negative: (total - positive) as f64 / 2.0, p })
}

/// Twice the mean ranks, which are whole.
fn doubled_ranks(sorted: &[f64]) -> Vec<usize> {
    let mut ranks = Vec::with_capacity(sorted.len());
    for run in sorted.chunk_by(|a, b| a.abs() == b.abs()) {
        // From rank n + 1 to rank n + k: their mean is (2n + k + 1) / 2.
        let doubled = 2 * ranks.len() + run.len() + 1;
        ranks.extend(std::iter::repeat_n(doubled, run.len()));
    }
    ranks
}

/// The chance of a sum at least as far from its mean, if each rank is in it with chance one half.
fn exact(ranks: &[usize], observed: usize) -> f64 {
    let total: usize = ranks.iter().sum();
    let mut chance = vec![0.0; total + 1];
    chance[0] = 1.0;
    for &rank in ranks {
        for sum in (0..=total).rev() {
            let with = if sum >= rank { chance[sum - rank] } else { 0.0 };
            chance[sum] = (chance[sum] + with) / 2.0;
        }
    }
    let distance = |sum: usize| (2 * sum).abs_diff(total);
    let as_far = (0..=total).filter(|&sum| distance(sum) >= distance(observed));
    as_far.map(|sum| chance[sum]).sum()
}

fn normal(ranks: &[usize], observed: usize) -> f64 {
    let mean = ranks.iter().sum::<usize>() as f64 / 2.0;
    let variance = ranks.iter().map(|&rank| (rank as f64).powi(2)).sum::<f64>() / 4.0;
    2.0 * Normal::standard().sf((observed as f64 - mean).abs() / variance.sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn p(differences: &[f64]) -> f64 {
        signed_rank(differences).expect("a difference").p
    }

    #[test]
    fn by_hand() {
        let test = signed_rank(&[0.5, -0.1, 0.2, 0.9]).expect("four differences");
        // Ranks 3 −1 2 4: of the 16 sums those of 9, 10, 0 and 1 are as far from 5.
        assert_eq!((test.positive, test.negative, test.p), (9.0, 1.0, 4.0 / 16.0));
        // A zero counts for nothing; ±1 share rank 1.5: of the sums 0 1.5 1.5 3 3 4.5 4.5 6 all but 3 are as far from 3 as 4.5.
        let tied = signed_rank(&[1.0, 0.0, -1.0, 2.0]).expect("four differences");
        assert_eq!((tied.positive, tied.negative, tied.p), (4.5, 1.5, 6.0 / 8.0));
        assert_eq!(p(&[0.3; 6]), 2.0 / 64.0);
        assert_eq!(p(&[0.0, 0.0]), 1.0);
        assert_eq!(p(&[f64::INFINITY]), 1.0);
    }

    #[test]
    fn what_has_no_p_value() {
        assert_eq!(signed_rank(&[]), None);
        assert_eq!(signed_rank(&[1.0, f64::NAN]), None);
    }

    #[test]
    fn the_normal_distribution_takes_over_where_it_is_near() {
        let differences: Vec<f64> =
            (1..=50).map(|i| f64::from(i) * if i % 3 == 0 { -1.0 } else { 1.0 }).collect();
        let ranks = doubled_ranks(&differences);
        let positive = ranks.iter().zip(&differences).filter(|(_, d)| **d > 0.0).map(|(rank, _)| rank).sum();
        let (exact, normal) = (exact(&ranks, positive), normal(&ranks, positive));
        assert!((exact - normal).abs() < 2e-3, "{exact} {normal}");
    }

    proptest! {
        #[test]
        fn agrees_with_all_signs(differences in prop::collection::vec(-5i8..5, 1..10)) {
            let differences: Vec<f64> = differences.into_iter().map(f64::from).collect();
            let test = signed_rank(&differences).expect("a difference");
            let far = |test: SignedRank| (test.positive - test.negative).abs();
            let ways = 1u32 << differences.len();
            let as_far = (0..ways).filter(|way| {
                let sign = |(i, d): (usize, &f64)| if way >> i & 1 == 1 { -d } else { *d };
                let flipped: Vec<f64> = differences.iter().enumerate().map(sign).collect();
                far(signed_rank(&flipped).expect("a difference")) >= far(test)
            });
            prop_assert!((test.p - as_far.count() as f64 / f64::from(ways)).abs() < 1e-12);
        }
    }
}
