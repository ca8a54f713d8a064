//! What fresh continuations say a state is worth.

use crate::batch::Continued;

/// Per step, the mean over the continuations from the state before it of `sum_k gamma^k r_k`: the Monte Carlo value of
/// the state in which the step acts (VinePPO, arXiv 2410.01679). 0 without continuations.
pub fn continued(continued: &Continued, steps: usize, gamma: f64) -> Vec<f64> {
    let value = |continuation: usize| {
        continued.rewards(continuation).iter().rev().fold(0.0, |to_go, reward| reward + gamma * to_go)
    };
    let of_step = |step| continued.before(step).map(value).sum::<f64>() / continued.rollouts().max(1) as f64;
    (0..steps).map(of_step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn means_of_discounted_returns_by_hand() {
        let each = [(vec![1.0, 2.0, 4.0], 1.0), (vec![8.0], 0.0), (vec![], 0.0), (vec![-1.0, 1.0], 1.0)];
        let c = Continued::new(2, each);
        assert_eq!(continued(&c, 2, 0.5), [(1.0 + 1.0 + 1.0 + 8.0) / 2.0, (-1.0 + 0.5) / 2.0]);
        assert_eq!(continued(&c, 2, 1.0), [7.5, 0.0]);
        assert_eq!(continued(&Continued::default(), 3, 0.9), [0.0; 3]);
    }

    proptest! {
        #[test]
        fn returns_follow_their_sum(
            rewards in prop::collection::vec(prop::collection::vec(-2.0..2.0f64, 0..9), 6), gamma in 0.0..=1.0f64
        ) {
            let c = Continued::new(3, rewards.iter().map(|rewards| (rewards.clone(), 0.0)));
            for (step, found) in continued(&c, 2, gamma).into_iter().enumerate() {
                let powers = |r: &Vec<f64>| -> f64 { (0..).zip(r).map(|(k, r)| gamma.powi(k) * r).sum() };
                let sum: f64 = rewards[3 * step..3 * step + 3].iter().map(powers).sum();
                prop_assert!((found - sum / 3.0).abs() < 1e-9);
            }
        }
    }
}
