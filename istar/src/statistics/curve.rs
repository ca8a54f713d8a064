//! Learning curves: points `(x, y)` in order of x.

/// Mean height of a curve: `Σ (x_{k+1} − x_k)(y_k + y_{k+1}) / 2`, the trapezoids between its points, divided by the
/// width `x_n − x_1` that they cover. A curve without width has the height of its last point; an empty one has none.
#[must_use]
pub fn mean_height(curve: &[(u64, f64)]) -> Option<f64> {
    let (first, last) = (curve.first()?, curve.last()?);
    let width = last.0.saturating_sub(first.0);
    if width == 0 {
        return Some(last.1);
    }
    let trapezoid = |pair: &[(u64, f64)]| {
        let step = pair[1].0.saturating_sub(pair[0].0) as f64;
        step * (pair[0].1 + pair[1].1) / 2.0
    };
    Some(curve.windows(2).map(trapezoid).sum::<f64>() / width as f64)
}

/// The highest point of a curve, the first of equals. A maximum over noisy points flatters: its expectation is above the
/// highest expectation.
#[must_use]
pub fn highest(curve: &[(u64, f64)]) -> Option<(u64, f64)> {
    curve.iter().copied().reduce(|best, point| if point.1 > best.1 { point } else { best })
}

/// Where a curve first reaches `height`, on the straight line between the points around it, in the unit of x (environment
/// steps, say): its first x if it starts there, none if it never gets there. A single lucky point counts.
#[must_use]
pub fn first_reach(curve: &[(u64, f64)], height: f64) -> Option<f64> {
    let reached = curve.iter().position(|&(_, y)| y >= height)?;
    let (x, y) = curve[reached];
    let before = reached.checked_sub(1).map(|before| curve[before]).filter(|(_, below)| below.is_finite());
    let Some((before, below)) = before else { return Some(x as f64) };
    Some(before as f64 + x.saturating_sub(before) as f64 * (height - below) / (y - below))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_area_is_the_mean_height() {
        assert_eq!(mean_height(&[]), None);
        assert_eq!(mean_height(&[(7, 0.25)]), Some(0.25));
        // 10 iterations at a mean of 0.3, then 30 at a mean of 0.5: (3 + 15) / 40.
        let area = mean_height(&[(0, 0.2), (10, 0.4), (40, 0.6)]).expect("a curve");
        assert!((area - 0.45).abs() < 1e-9, "{area}");
    }

    #[test]
    fn the_first_of_the_highest() {
        assert_eq!(highest(&[]), None);
        assert_eq!(highest(&[(0, 0.2), (10, 0.6), (20, 0.6), (30, 0.1)]), Some((10, 0.6)));
    }

    #[test]
    fn the_first_crossing() {
        let curve = [(0, 0.25), (100, 0.5), (200, 0.25), (400, 1.0)];
        assert_eq!(first_reach(&curve, 0.25), Some(0.0));
        assert_eq!(first_reach(&curve, 0.375), Some(50.0));
        assert_eq!(first_reach(&curve, 0.5), Some(100.0));
        // On the second rise, 0.5 of 0.75 on the way from 200 to 400.
        assert_eq!(first_reach(&curve, 0.625), Some(300.0));
        assert_eq!(first_reach(&curve, 1.0), Some(400.0));
        assert_eq!(first_reach(&curve, 1.5), None);
        assert_eq!(first_reach(&[], 0.0), None);
        assert_eq!(first_reach(&curve, f64::NAN), None);
        assert_eq!(first_reach(&[(7, 0.5)], 0.1), Some(7.0));
        assert_eq!(first_reach(&[(0, f64::NAN), (10, 0.5)], 0.5), Some(10.0));
    }
}
