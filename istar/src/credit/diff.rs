//! Differences along a trajectory.

/// `x_t - x_{t-1}` inside each unit. The first element of a unit has nothing before it to differ from and gets 0.
pub fn diff(mut x: Vec<f64>, owner: &[u32]) -> Vec<f64> {
    for i in (0..x.len()).rev() {
        x[i] = if i > 0 && owner[i - 1] == owner[i] { x[i] - x[i - 1] } else { 0.0 };
    }
    x
}

/// `x_t - x_{t-1}` inside each unit, where `x` is counted from 0: the first element of a unit is kept as it is.
///
/// `increments([1, 3, 2 | 5]) = [1, 2, -1 | 5]`.
pub fn increments(mut x: Vec<f64>, owner: &[u32]) -> Vec<f64> {
    for i in (1..x.len()).rev() {
        if owner[i - 1] == owner[i] {
            x[i] -= x[i - 1];
        }
    }
    x
}

#[cfg(test)]
mod tests {
    use super::{diff, increments};
    use crate::credit::to_go;
    use proptest::prelude::*;

    #[test]
    fn each_unit_begins_anew() {
        assert_eq!(diff(vec![1.0, 4.0, 9.0, 2.0, 1.0], &[0, 0, 0, 2, 2]), [0.0, 3.0, 5.0, 0.0, -1.0]);
        assert!(diff(Vec::new(), &[]).is_empty());
    }

    #[test]
    fn increments_count_from_0() {
        assert_eq!(increments(vec![1.0, 3.0, 2.0, 5.0, 5.0], &[0, 0, 0, 1, 1]), [1.0, 2.0, -1.0, 5.0, 0.0]);
        assert!(increments(Vec::new(), &[]).is_empty());
    }

    proptest! {
        #[test]
        fn differences_to_go_lead_from_the_element_before_to_the_last(
            x in prop::collection::vec(-5.0..5.0f64, 1..20)
        ) {
            let owner = vec![0; x.len()];
            let found = to_go(diff(x.clone(), &owner), &owner, 1.0);
            for t in 1..x.len() {
                prop_assert!((found[t] - (x[x.len() - 1] - x[t - 1])).abs() < 1e-9);
            }
        }
    }
}
