//! One number of a matrix of scores, as in R. Agarwal et al., "Deep reinforcement learning at the edge of the statistical
//! precipice", NeurIPS 2021 (§ 4.3), and in their package `rliable`. Each has the unit of the scores.

use super::Scores;

/// The mean of all scores. A single outlying run moves it.
#[must_use]
pub fn mean(scores: &Scores) -> f64 {
    mean_of(scores.values())
}

/// The median over tasks of the mean over runs. With one task this is the mean.
#[must_use]
pub fn median(scores: &Scores) -> f64 {
    let runs = scores.runs() as f64;
    let means = sorted((0..scores.tasks()).map(|task| scores.task(task).sum::<f64>() / runs).collect());
    let middle = means.len() / 2;
    if means.len() % 2 == 1 { means[middle] } else { (means[middle - 1] + means[middle]) / 2.0 }
}

/// The interquartile mean (IQM): the mean of all `n` scores of all runs and tasks but the lowest and the highest
/// `⌊n / 4⌋`. With fewer than four scores nothing is cut off.
#[must_use]
pub fn interquartile_mean(scores: &Scores) -> f64 {
    let values = sorted(scores.values().to_vec());
    let cut = values.len() / 4;
    mean_of(&values[cut..values.len() - cut])
}

/// By how much the scores miss `target` on average, `target − mean(min(score, target))`: lower is better, and what is
/// above the target does not make up for what is below.
#[must_use]
pub fn optimality_gap(scores: &Scores, target: f64) -> f64 {
    target - scores.values().iter().map(|score| score.min(target)).sum::<f64>() / scores.values().len() as f64
}

/// The share of runs (of all tasks) that score more than τ, for each τ: the performance profile by score distributions
/// (§ 4.2, equation 2 of the paper). From 0 to 1, falling in τ.
#[must_use]
pub fn performance_profile(scores: &Scores, taus: &[f64]) -> Vec<f64> {
    let values = scores.values();
    let share = |tau: &f64| values.iter().filter(|score| *score > tau).count() as f64 / values.len() as f64;
    taus.iter().map(share).collect()
}

fn sorted(mut values: Vec<f64>) -> Vec<f64> {
    values.sort_unstable_by(f64::total_cmp);
    values
}

/// Of at least one value.
fn mean_of(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
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
        // Task means 1.5, 15 and 300; sorted 1 2 10 20 100 500, of which one is cut off at either end.
        let scores = of(3, &[1.0, 20.0, 500.0, 2.0, 10.0, 100.0]);
        assert_eq!(mean(&scores), 633.0 / 6.0);
        assert_eq!(median(&scores), 15.0);
        assert_eq!(interquartile_mean(&scores), 132.0 / 4.0);
        // 15 is missed by 14, 13 and 5.
        assert!((optimality_gap(&scores, 15.0) - 32.0 / 6.0).abs() < 1e-12);
        assert_eq!(performance_profile(&scores, &[0.0, 2.0, 20.0, 500.0]), [1.0, 4.0 / 6.0, 2.0 / 6.0, 0.0]);
        assert_eq!(median(&of(2, &[1.0, 4.0])), 2.5);
    }

    #[test]
    fn few_scores_are_all_in_the_middle() {
        assert_eq!(interquartile_mean(&of(1, &[5.0])), 5.0);
        assert_eq!(interquartile_mean(&of(1, &[0.0, 0.0, 9.0])), 3.0);
        assert_eq!(interquartile_mean(&of(1, &[-90.0, 1.0, 3.0, 70.0])), 2.0);
    }

    proptest! {
        #[test]
        fn an_aggregate_is_between_the_extremes_and_moves_with_the_scores(
            values in prop::collection::vec(-1f64..1.0, 1..40), shift in -5f64..5.0,
        ) {
            let scores = of(1, &values);
            let moved = of(1, &values.iter().map(|value| value + shift).collect::<Vec<_>>());
            let [low, high] = [f64::min as fn(f64, f64) -> f64, f64::max].map(|end| values.iter().copied().reduce(end));
            for aggregate in [mean as fn(&Scores) -> f64, median, interquartile_mean] {
                let value = aggregate(&scores);
                prop_assert!(low.expect("a value") - 1e-12 <= value && value <= high.expect("a value") + 1e-12);
                prop_assert!((aggregate(&moved) - value - shift).abs() < 1e-12);
            }
            // Below a target that nobody reaches the gap is the distance of the mean.
            prop_assert!((optimality_gap(&scores, 1.0) - (1.0 - mean(&scores))).abs() < 1e-12);
        }
    }
}
