//! How probable it is that one objective's run beats another's.

use super::Scores;

/// `P(X > Y) + P(X = Y) / 2` for a run of each on the same task, averaged over tasks: the average probability of
/// improvement of R. Agarwal et al., "Deep reinforcement learning at the edge of the statistical precipice", NeurIPS 2021
/// (§ 4.3), that is Mann and Whitney's `U / (n_x · n_y)` (Annals of Mathematical Statistics 18, 1947). From 0 to 1; 0.5 is
/// no difference. It compares every run of one with every run of the other, so it does not ask which seeds are the same,
/// and it says nothing about by how much one is better.
///
/// None where the two have different numbers of tasks. [`bootstrap`](super::bootstrap()) gives its interval.
#[must_use]
pub fn probability_of_improvement(x: &Scores, y: &Scores) -> Option<f64> {
    if x.tasks() != y.tasks() {
        return None;
    }
    let points = |x: f64, y: f64| if x > y { 1.0 } else { f64::from(u8::from(x == y)) / 2.0 };
    let pairs = (x.runs() * y.runs()) as f64;
    let of_task = |task| {
        let wins: f64 = x.task(task).flat_map(|x| y.task(task).map(move |y| points(x, y))).sum();
        wins / pairs
    };
    Some((0..x.tasks()).map(of_task).sum::<f64>() / x.tasks() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(tasks: usize, values: &[f64]) -> Scores {
        Scores::new(tasks, values.to_vec()).expect("a matrix")
    }

    #[test]
    fn by_hand() {
        // 2 beats 1 and ties with 2, 3 beats both: 3.5 of 4.
        assert_eq!(probability_of_improvement(&of(1, &[2.0, 3.0]), &of(1, &[1.0, 2.0])), Some(0.875));
        // All on the first task, none on the second.
        assert_eq!(probability_of_improvement(&of(2, &[9.0, 0.0, 8.0, 1.0]), &of(2, &[5.0, 5.0])), Some(0.5));
        assert_eq!(probability_of_improvement(&of(2, &[1.0, 2.0]), &of(1, &[1.0, 2.0])), None);
    }

    proptest! {
        #[test]
        fn what_one_wins_the_other_loses(
            x in prop::collection::vec(0u8..6, 1..12), y in prop::collection::vec(0u8..6, 1..12),
        ) {
            let [x, y] = [x, y].map(|side| of(1, &side.into_iter().map(f64::from).collect::<Vec<_>>()));
            let both = probability_of_improvement(&x, &y).zip(probability_of_improvement(&y, &x));
            let (one, other) = both.expect("one task each");
            prop_assert!((one + other - 1.0).abs() < 1e-12);
            prop_assert_eq!(probability_of_improvement(&x, &x), Some(0.5));
        }
    }
}
