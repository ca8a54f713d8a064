//! Numbers kept inside an interval.

/// The nearest number in `[lo, hi]`; with `lo > hi` it is `hi`.
pub fn clip(mut x: Vec<f64>, lo: f64, hi: f64) -> Vec<f64> {
    x.iter_mut().for_each(|x| *x = x.max(lo).min(hi));
    x
}

#[cfg(test)]
mod tests {
    #[test]
    fn ends_are_inside() {
        assert_eq!(super::clip(vec![-2.0, -1.0, 0.5, 3.0], -1.0, 1.0), [-1.0, -1.0, 0.5, 1.0]);
    }
}
