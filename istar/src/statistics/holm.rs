//! Many tests at once.

/// p-values corrected for being many, in the order given: `max_{j ≤ i} min(1, (m − j + 1) p_(j))` for the `i`-th smallest
/// of `m` (S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6, 1979).
/// Calling those up to α significant calls a true null hypothesis so with chance α at most, however the tests depend on
/// each other. None if one is not between 0 and 1.
#[must_use]
pub fn holm(p: &[f64]) -> Option<Vec<f64>> {
    if !p.iter().all(|p| (0.0..=1.0).contains(p)) {
        return None;
    }
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
    let mut corrected = vec![0.0; p.len()];
    let mut highest: f64 = 0.0;
    for (smaller, place) in order.into_iter().enumerate() {
        highest = highest.max(p[place] * (p.len() - smaller) as f64).min(1.0);
        corrected[place] = highest;
    }
    Some(corrected)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn by_hand() {
        // Sorted 1/64, 1/32, 3/64, 1/2 times 4, 3, 2, 1.
        assert_eq!(
            holm(&[0.5, 1.0 / 64.0, 3.0 / 64.0, 1.0 / 32.0]),
            Some(vec![0.5, 4.0 / 64.0, 6.0 / 64.0, 6.0 / 64.0])
        );
        // The second may not be below the first.
        assert_eq!(holm(&[0.25, 0.3125]), Some(vec![0.5, 0.5]));
        assert_eq!(holm(&[0.75, 0.75]), Some(vec![1.0, 1.0]));
        assert_eq!(holm(&[0.03]), Some(vec![0.03]));
        assert_eq!(holm(&[]), Some(vec![]));
    }

    #[test]
    fn what_is_no_p_value() {
        assert_eq!(holm(&[0.1, 1.5]), None);
        assert_eq!(holm(&[-0.1]), None);
        assert_eq!(holm(&[f64::NAN]), None);
    }

    proptest! {
        #[test]
        fn between_none_and_bonferroni_and_in_the_same_order(p in prop::collection::vec(0f64..1.0, 1..12)) {
            let corrected = holm(&p).expect("p-values");
            for (i, (raw, holm)) in p.iter().zip(&corrected).enumerate() {
                prop_assert!(raw <= holm && *holm <= (raw * p.len() as f64).min(1.0));
                for j in 0..i {
                    prop_assert!(p[j] >= *raw || corrected[j] <= *holm);
                }
            }
        }
    }
}
