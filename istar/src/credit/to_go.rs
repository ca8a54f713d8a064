//! Discounted returns to go.

/// `sum_{k>=t} gamma^(k-t) x_k` over the elements from t to the end of their unit.
pub fn to_go(mut x: Vec<f64>, owner: &[u32], gamma: f64) -> Vec<f64> {
    for i in (1..x.len()).rev() {
        if owner[i - 1] == owner[i] {
            x[i - 1] += gamma * x[i];
        }
    }
    x
}

#[cfg(test)]
mod tests {
    use super::to_go;

    #[test]
    fn thousands_of_steps_follow_the_sum() {
        let n = 4000;
        let x: Vec<f64> = (0..n).map(|i| f64::from(i as u32 % 7) - 3.0).collect();
        let owner: Vec<u32> = (0..n).map(|i| u32::from(i >= 2500)).collect();
        let gamma: f64 = 0.99;
        let found = to_go(x.clone(), &owner, gamma);
        for t in [0, 1, 1234, 2499, 2500, 3999] {
            let end = if t < 2500 { 2500 } else { n };
            let sum: f64 = (t..end).map(|k| gamma.powi((k - t) as i32) * x[k]).sum();
            assert!((found[t] - sum).abs() < 1e-9, "{}, expected {sum}", found[t]);
        }
    }

    #[test]
    fn no_discount_counts_all_and_gamma_0_nothing_else() {
        assert_eq!(to_go(vec![1.0, 2.0, 4.0], &[0, 0, 1], 1.0), [3.0, 2.0, 4.0]);
        assert_eq!(to_go(vec![1.0, 2.0, 4.0], &[0, 0, 1], 0.0), [1.0, 2.0, 4.0]);
        assert!(to_go(Vec::new(), &[], 1.0).is_empty());
    }
}
