//! What comes after an element.

/// Per element, `x` of the one after it in its unit, and `last` of it where it is the last of its unit.
///
/// `next([1, 2, 3 | 4], [9, 9, 9, 8]) = [2, 3, 9 | 8]`.
pub fn next(x: &[f64], last: &[f64], owner: &[u32]) -> Vec<f64> {
    let after = |i: usize| owner.get(i + 1).filter(|unit| **unit == owner[i]).map(|_| x[i + 1]);
    (0..x.len()).map(|i| after(i).unwrap_or(last[i])).collect()
}

#[cfg(test)]
mod tests {
    use super::next;
    use crate::credit::diff;
    use proptest::prelude::*;

    #[test]
    fn by_hand() {
        assert_eq!(next(&[1.0, 2.0, 3.0, 4.0], &[9.0, 9.0, 9.0, 8.0], &[0, 0, 0, 2]), [2.0, 3.0, 9.0, 8.0]);
        assert!(next(&[], &[], &[]).is_empty());
    }

    proptest! {
        /// The difference to the next element is what `diff` says of the next element.
        #[test]
        fn next_and_diff(x in prop::collection::vec(-5.0..5.0f64, 1..20)) {
            let owner = vec![0; x.len()];
            let (after, steps) = (next(&x, &x, &owner), diff(x.clone(), &owner));
            for i in 1..x.len() {
                prop_assert_eq!(after[i - 1] - x[i - 1], steps[i]);
            }
        }
    }
}
