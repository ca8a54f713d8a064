//! Kendall's τ-b in `O(n log n)`.
//!
//! M. G. Kendall, "The treatment of ties in ranking problems", Biometrika 33 (1945); the counting of discordant pairs by
//! merge sort is W. R. Knight, "A computer method for calculating Kendall's tau with ungrouped data", JASA 61 (1966).

use std::cmp::Ordering;

/// Rank agreement of two measures of the same things.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kendall {
    /// `(C − D) / √((P − Tx)(P − Ty))`, from −1 to 1: concordant and discordant pairs, all pairs, pairs tied in x, in y.
    /// None where a side is constant.
    pub tau_b: Option<f64>,
    /// Share of all pairs that are tied in `x`.
    pub ties_x: f64,
    /// Share of all pairs that are tied in `y`.
    pub ties_y: f64,
}

/// Kendall's τ-b of `x` and `y`, ties counted exactly (`0 = −0`). None if the lengths differ, there are fewer than two
/// values, or one is not a number.
#[must_use]
pub fn kendall(x: &[f64], y: &[f64]) -> Option<Kendall> {
    if x.len() != y.len() || x.len() < 2 || x.iter().chain(y).any(|value| value.is_nan()) {
        return None;
    }
    let mut points: Vec<(f64, f64)> = x.iter().copied().zip(y.iter().copied()).collect();
    points.sort_unstable_by(|a, b| order(a.0, b.0).then(order(a.1, b.1)));
    let ties_x = tied_pairs(&points, |a, b| a.0 == b.0);
    let ties_both = tied_pairs(&points, |a, b| a == b);

    // Sorted by x, then y: a pair is discordant where y steps down, that is, an inversion of the y column.
    let mut column: Vec<f64> = points.iter().map(|point| point.1).collect();
    let discordant = inversions(&mut column);
    let ties_y = tied_pairs(&column, |a, b| a == b);

    let n = x.len() as u64;
    let pairs = n * (n - 1) / 2;
    // Every pair is concordant, discordant, or tied in x, in y or in both.
    let untied = pairs + ties_both - ties_x - ties_y;
    let difference = untied as f64 - 2.0 * discordant as f64;
    let scale = ((pairs - ties_x) as f64).sqrt() * ((pairs - ties_y) as f64).sqrt();
    Some(Kendall {
        tau_b: (scale > 0.0).then(|| (difference / scale).clamp(-1.0, 1.0)),
        ties_x: ties_x as f64 / pairs as f64,
        ties_y: ties_y as f64 / pairs as f64,
    })
}

fn order(a: f64, b: f64) -> Ordering {
    a.partial_cmp(&b).expect("no value is NaN")
}

/// Pairs inside the runs of equal neighbours.
fn tied_pairs<T>(sorted: &[T], same: impl Fn(&T, &T) -> bool) -> u64 {
    let pairs = |run: &[T]| run.len() as u64 * (run.len() as u64 - 1) / 2;
    sorted.chunk_by(|a, b| same(a, b)).map(pairs).sum()
}

/// Sorts, and counts the pairs `i < j` with `values[i] > values[j]`.
fn inversions(values: &mut [f64]) -> u64 {
    if values.len() < 2 {
        return 0;
    }
    let (left, right) = values.split_at_mut(values.len() / 2);
    let mut count = inversions(left) + inversions(right);
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let (mut i, mut j) = (0, 0);
    while i < left.len() && j < right.len() {
        if left[i] <= right[j] {
            merged.push(left[i]);
            i += 1;
        } else {
            merged.push(right[j]);
            j += 1;
            count += (left.len() - i) as u64;
        }
    }
    merged.extend_from_slice(&left[i..]);
    merged.extend_from_slice(&right[j..]);
    values.copy_from_slice(&merged);
    count
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn tau(x: &[f64], y: &[f64]) -> f64 {
        kendall(x, y).and_then(|kendall| kendall.tau_b).expect("neither side is constant")
    }

    #[test]
    fn by_hand() {
        assert_eq!(tau(&[1.0, 2.0, 3.0], &[10.0, 20.0, 30.0]), 1.0);
        assert_eq!(tau(&[1.0, 2.0, 3.0], &[3.0, 2.0, 1.0]), -1.0);
        // 1 2 3 4 against 1 3 2 4: five pairs agree, one does not.
        assert!((tau(&[1.0, 2.0, 3.0, 4.0], &[1.0, 3.0, 2.0, 4.0]) - 4.0 / 6.0).abs() < 1e-15);
        // Pairs of (1,1) (1,2) (2,2) (3,1): C = 1 (first, third), D = 2, one tie in x, two in y: −1/√(5·4).
        let tied = kendall(&[1.0, 1.0, 2.0, 3.0], &[1.0, 2.0, 2.0, 1.0]).expect("four values");
        assert!((tied.tau_b.expect("not constant") + 1.0 / 20f64.sqrt()).abs() < 1e-15);
        assert_eq!((tied.ties_x, tied.ties_y), (1.0 / 6.0, 2.0 / 6.0));
    }

    #[test]
    fn zero_is_zero_and_infinity_is_a_rank() {
        assert_eq!(
            kendall(&[0.0, -0.0, 1.0], &[1.0, 1.0, 2.0]).map(|kendall| kendall.ties_x),
            Some(1.0 / 3.0)
        );
        assert_eq!(tau(&[f64::NEG_INFINITY, 0.0, f64::INFINITY], &[1.0, 2.0, 3.0]), 1.0);
    }

    #[test]
    fn what_has_no_tau() {
        assert_eq!(kendall(&[1.0], &[1.0]), None);
        assert_eq!(kendall(&[1.0, 2.0], &[1.0]), None);
        assert_eq!(kendall(&[1.0, f64::NAN], &[1.0, 2.0]), None);
        let constant = kendall(&[1.0, 1.0], &[1.0, 2.0]).expect("two values");
        assert_eq!((constant.tau_b, constant.ties_x, constant.ties_y), (None, 1.0, 0.0));
    }

    fn brute_force(x: &[f64], y: &[f64]) -> Kendall {
        let (mut difference, mut ties_x, mut ties_y, mut pairs) = (0.0, 0.0, 0.0, 0.0);
        for i in 0..x.len() {
            for j in 0..i {
                let (dx, dy) = (order(x[i], x[j]) as i32, order(y[i], y[j]) as i32);
                difference += f64::from(dx * dy);
                ties_x += f64::from(u8::from(dx == 0));
                ties_y += f64::from(u8::from(dy == 0));
                pairs += 1.0;
            }
        }
        let scale = f64::sqrt(pairs - ties_x) * f64::sqrt(pairs - ties_y);
        Kendall {
            tau_b: (scale > 0.0).then(|| difference / scale),
            ties_x: ties_x / pairs,
            ties_y: ties_y / pairs,
        }
    }

    proptest! {
        #[test]
        fn agrees_with_the_definition(points in prop::collection::vec((-4i8..4, -4i8..4), 2..80)) {
            let (x, y): (Vec<f64>, Vec<f64>) = points.into_iter().map(|(x, y)| (f64::from(x), f64::from(y))).unzip();
            let (fast, slow) = (kendall(&x, &y).expect("two values"), brute_force(&x, &y));
            prop_assert_eq!((fast.ties_x, fast.ties_y), (slow.ties_x, slow.ties_y));
            match (fast.tau_b, slow.tau_b) {
                (Some(fast), Some(slow)) => prop_assert!((fast - slow).abs() < 1e-12),
                (fast, slow) => prop_assert_eq!(fast, slow),
            }
        }
    }
}
