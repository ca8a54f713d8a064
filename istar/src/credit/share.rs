//! A number of a unit split over its elements.

/// `x[u]` split over the elements of unit u in proportion to their weights, or to the softmax of these at a temperature; `owner[i]` is the
/// unit of element i. A weight below 0 counts as 0; where all are 0, the parts are equal. The parts of a unit add up to its number, to
/// rounding; the number of a unit without elements is lost.
pub fn share(x: &[f64], weights: &[f64], owner: &[u32], temperature: Option<f64>) -> Vec<f64> {
    let mut out = Vec::with_capacity(owner.len());
    for unit in owner.chunk_by(|a, b| a == b) {
        let (value, inside) = (x[unit[0] as usize], out.len()..out.len() + unit.len());
        let most = weights[inside.clone()].iter().copied().fold(f64::NEG_INFINITY, f64::max);
        // In proportion to the largest, so that no sum overflows.
        let part = |weight: f64| match temperature {
            Some(temperature) => ((weight - most) / temperature).exp(),
            None if most > 0.0 => weight.max(0.0) / most,
            None => 1.0,
        };
        let total: f64 = weights[inside.clone()].iter().map(|weight| part(*weight)).sum();
        out.extend(weights[inside].iter().map(|weight| value * (part(*weight) / total)));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::share;
    use proptest::prelude::*;

    #[test]
    fn in_proportion() {
        let owner = [0, 0, 0, 2, 2];
        let of = |weights: &[f64], temperature| share(&[6.0, 5.0, -8.0], weights, &owner, temperature);
        assert_eq!(of(&[1.0, 2.0, 0.0, 1.0, 3.0], None), [2.0, 4.0, 0.0, -2.0, -6.0]);
        assert_eq!(of(&[0.0, -1.0, 0.0, -3.0, 1.0], None), [2.0, 2.0, 2.0, 0.0, -8.0]);
        let even = of(&[1e300, 1e300, 1e300, 7.0, 7.0], Some(0.5));
        assert_eq!(even, [2.0, 2.0, 2.0, -4.0, -4.0]);
    }

    proptest! {
        #[test]
        fn parts_add_up(
            x in -10.0..10.0f64,
            weights in prop::collection::vec(-1.0..9.0f64, 1..20),
            temperature in prop::option::of(0.1..5.0f64),
        ) {
            let parts = share(&[x], &weights, &vec![0; weights.len()], temperature);
            prop_assert!((parts.iter().sum::<f64>() - x).abs() <= 1e-12 * x.abs());
            prop_assert!(parts.iter().all(|part| part * x >= 0.0));
        }
    }
}
