//! How far a signal can be trusted, by what a batch shows of it.

use crate::statistics::kendall;
use std::cmp::Ordering;

/// Share of the pairs of a success and a failure of one group in which the success has the larger score; an equal one counts half. One
/// score, label and group a trajectory; none without a pair.
pub fn pair_accuracy(score: &[f64], success: &[f64], group: &[u32]) -> Option<f64> {
    let (mut right, mut pairs) = (0.0, 0.0);
    for (a, won) in success.iter().enumerate().filter(|(_, success)| **success == 1.0) {
        for (b, lost) in success.iter().enumerate().filter(|(b, _)| group[*b] == group[a]) {
            if lost < won {
                pairs += 1.0;
                right += match score[a].partial_cmp(&score[b]) {
                    Some(Ordering::Greater) => 1.0,
                    Some(Ordering::Equal) => 0.5,
                    _ => 0.0,
                };
            }
        }
    }
    (pairs > 0.0).then(|| right / pairs)
}

/// By how much a score of trajectories ranks the pairs of a batch better than chance and than "the shorter one" do:
/// `2 (a − max(½, l))`, from 0 to 1, for the shares `a` and `l` of pairs that score and shortness rank right. 0 without a pair.
pub fn reliability(score: &[f64], steps: &[usize], success: &[f64], group: &[u32]) -> f64 {
    let shortness: Vec<f64> = steps.iter().map(|steps| -(*steps as f64)).collect();
    let of = |score: &[f64]| pair_accuracy(score, success, group);
    let better = of(score).zip(of(&shortness)).map_or(0.0, |(ours, length)| ours - length.max(0.5));
    (2.0 * better).max(0.0)
}

/// Kendall's τ-b of two signals over the elements of a batch, and 0 where it is below or where one of them is constant.
pub fn agreement(x: &[f64], y: &[f64]) -> f64 {
    kendall(x, y).and_then(|found| found.tau_b).map_or(0.0, |tau| tau.max(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_length_says_as_well_is_not_relied_on() {
        // Two groups of a success and two failures: four pairs.
        let (success, group) = ([1.0, 0.0, 0.0, 1.0, 0.0, 0.0], [0, 0, 0, 1, 1, 1]);
        let perfect = success;
        let reliable = |score: &[f64], steps: [usize; 6]| reliability(score, &steps, &success, &group);
        assert_eq!(reliable(&perfect, [1; 6]), 1.0, "length says nothing: all its pairs are ties");
        assert_eq!(reliable(&perfect, [9, 1, 1, 9, 1, 1]), 1.0, "length says the wrong thing");
        assert_eq!(reliable(&perfect, [1, 2, 2, 1, 2, 2]), 0.0, "length says it all");
        // Three pairs of four against two and a half: ¾ − ⅝ of the half that is above chance.
        assert_eq!(reliable(&[1.0, 0.0, 0.0, 1.0, 2.0, 0.0], [1, 2, 1, 1, 1, 1]), 0.25);
        assert_eq!(reliable(&[0.0, 1.0, 1.0, 0.0, 1.0, 1.0], [1; 6]), 0.0, "worse than chance");
        assert_eq!(reliability(&[1.0, 2.0], &[1, 1], &[1.0, 1.0], &[0, 0]), 0.0, "no pair");
        assert_eq!(pair_accuracy(&[1.0, 2.0], &[1.0, 0.0], &[0, 1]), None, "in different groups");
    }

    #[test]
    fn agreement_is_no_less_than_none() {
        assert_eq!(agreement(&[1.0, 2.0, 3.0], &[1.0, 2.0, 3.0]), 1.0);
        assert_eq!(agreement(&[1.0, 2.0, 3.0], &[3.0, 2.0, 1.0]), 0.0);
        assert_eq!(agreement(&[1.0, 1.0, 1.0], &[3.0, 2.0, 1.0]), 0.0);
    }
}
