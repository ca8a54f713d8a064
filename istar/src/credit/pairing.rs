//! Preference pairs inside a group, and the weight of a step in the score of its trajectory.

use crate::batch::{Columns, Layout};

/// How trajectories of a group become pairs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pairing {
    /// So many best against as many worst by outcome, at most half of the group each; `None` is half. Ties stand in
    /// batch order, and no pair has equal outcomes.
    TopBottom(Option<usize>),
    /// Every successful trajectory against every unsuccessful one.
    Success,
    /// Every trajectory with an outcome above this against every other one.
    Threshold(f64),
    /// Every two trajectories of different outcomes.
    All,
}

/// The pairs of a batch, the preferred trajectory first, in batch order of groups.
pub fn pairs(batch: &Columns<'_>, rule: Pairing) -> Vec<(u32, u32)> {
    let mut out = Vec::new();
    for group in 0..batch.layout.groups() {
        let trajs: Vec<u32> = batch.layout.trajs_of(group).map(|traj| traj as u32).collect();
        let outcome = |traj: u32| batch.outcome[traj as usize];
        let higher = |pair: &(u32, u32)| outcome(pair.0) > outcome(pair.1);
        let split =
            |good: &dyn Fn(u32) -> bool| -> (Vec<u32>, Vec<u32>) { trajs.iter().partition(|t| good(**t)) };
        match rule {
            Pairing::TopBottom(k) => {
                let mut ranked = trajs.clone();
                ranked.sort_by(|a, b| outcome(*b).total_cmp(&outcome(*a)));
                let half = ranked.len() / 2;
                let k = k.map_or(half, |k| k.min(half));
                let (best, worst) = (&ranked[..k], &ranked[ranked.len() - k..]);
                out.extend(product(best, worst).filter(higher));
            }
            Pairing::Success => {
                let (best, worst) = split(&|traj| batch.success[traj as usize] > 0.5);
                out.extend(product(&best, &worst));
            }
            Pairing::Threshold(x) => {
                let (best, worst) = split(&|traj| outcome(traj) > x);
                out.extend(product(&best, &worst));
            }
            Pairing::All => out.extend(product(&trajs, &trajs).filter(higher)),
        }
    }
    out
}

/// Each of the one with each of the other.
fn product<'a>(a: &'a [u32], b: &'a [u32]) -> impl Iterator<Item = (u32, u32)> + use<'a> {
    a.iter().flat_map(move |a| b.iter().map(move |b| (*a, *b)))
}

/// Per step `t = 0..T-1` of a trajectory of `T` steps, `(1 - gamma^(T-t)) / (1 - gamma^T)`, which tends to `(T-t) / T`
/// as gamma tends to 1 (DMPO, arXiv 2406.14868).
pub fn dmpo(layout: &Layout, gamma: f64) -> Vec<f64> {
    // `exp_m1` keeps the digits that `1 - gamma^n` loses near 1
    let mass = |n: usize| if gamma == 1.0 { n as f64 } else { -(n as f64 * gamma.ln()).exp_m1() };
    (0..layout.trajs())
        .flat_map(|traj| {
            let steps = layout.steps_of(traj).len();
            (0..steps).map(move |t| mass(steps - t) / mass(steps))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(groups: &[&[f64]], rule: Pairing) -> Vec<(u32, u32)> {
        let outcome: Vec<f64> = groups.concat();
        let success: Vec<f64> = outcome.iter().map(|x| f64::from(*x >= 10.0)).collect();
        let nothing = std::iter::repeat_n(0, outcome.len());
        let layout = Layout::from_lengths(groups.iter().map(|group| group.len()), nothing, []);
        let batch = Columns::of_outcomes(&layout, &[], &outcome, &success);
        pairs(&batch, rule)
    }

    #[test]
    fn the_best_half_against_the_worst_half() {
        let pairs = of(&[&[1.0, 10.0, 3.0, 2.0, 10.0]], Pairing::TopBottom(None));
        assert_eq!(pairs, [(1, 3), (1, 0), (4, 3), (4, 0)]);
        assert_eq!(of(&[&[1.0, 10.0, 3.0, 2.0, 10.0]], Pairing::TopBottom(Some(1))), [(1, 0)]);
        assert_eq!(of(&[&[1.0, 2.0, 3.0]], Pairing::TopBottom(Some(9))), [(2, 0)]);
    }

    #[test]
    fn ties_stand_in_batch_order_and_equals_are_no_pair() {
        assert_eq!(of(&[&[2.0, 2.0, 2.0, 2.0]], Pairing::TopBottom(None)), []);
        // ranked 0 1 | 2 3: (1, 2) would be a pair of equals
        assert_eq!(of(&[&[5.0, 2.0, 2.0, 1.0]], Pairing::TopBottom(None)), [(0, 2), (0, 3), (1, 3)]);
        assert_eq!(of(&[&[2.0, 2.0, 1.0]], Pairing::All), [(0, 2), (1, 2)]);
    }

    #[test]
    fn pairs_stay_inside_their_group() {
        let groups: [&[f64]; 4] = [&[10.0, 0.0], &[], &[10.0], &[0.0, 10.0, 0.0]];
        assert_eq!(of(&groups, Pairing::Success), [(0, 1), (4, 3), (4, 5)]);
        assert_eq!(of(&groups, Pairing::Threshold(5.0)), of(&groups, Pairing::Success));
        assert_eq!(of(&groups, Pairing::Threshold(10.0)), []);
    }

    #[test]
    fn early_steps_weigh_most() {
        let layout = Layout::new(vec![0, 3], vec![0, 3, 3, 4], vec![0; 5]);
        let linear = [1.0, 2.0 / 3.0, 1.0 / 3.0, 1.0];
        let close = |gamma, expect: [f64; 4]| {
            let weights = dmpo(&layout, gamma);
            assert!(weights.iter().zip(expect).all(|(a, b)| (a - b).abs() < 1e-12), "{weights:?}");
        };
        assert_eq!(dmpo(&layout, 1.0), linear);
        assert_eq!(dmpo(&layout, 0.0), [1.0; 4]);
        close(0.5, [1.0, 0.75 / 0.875, 0.5 / 0.875, 1.0]);
        close(1.0 - 1e-13, linear);
    }
}
