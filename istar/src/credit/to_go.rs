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
