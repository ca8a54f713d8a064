//! What holds for every batch.

use super::*;
use crate::logged::write;
use crate::recipes::{GiGpo, Grpo, IStarPaper, Rloo};
use proptest::prelude::*;

/// Any batch: groups, trajectories and steps may be empty. Outcomes are whole numbers, so that equal ones are frequent.
pub(super) fn batches() -> impl Strategy<Value = Vec<Vec<Traj>>> {
    let token = prop::array::uniform4(-3.0..-0.01f64);
    let step = (0..3u8, prop::collection::vec(token, 0..3));
    let traj = (-2..4i32, prop::collection::vec(step, 0..4))
        .prop_map(|(outcome, steps)| Traj { outcome: f64::from(outcome), steps });
    prop::collection::vec(prop::collection::vec(traj, 0..5), 0..4)
}

fn advantage<O: Objective>(objective: &O, groups: &[Vec<Traj>]) -> Vec<f64> {
    credit(objective, &text(groups)).expect("a good batch").advantage.expect("it has one")
}

/// Per trajectory of a group, the advantages of its tokens.
fn split(groups: &[Vec<Traj>], flat: &[f64]) -> Vec<Vec<Vec<f64>>> {
    let mut rest = flat;
    let mut take = |traj: &Traj| {
        let (head, tail) = rest.split_at(traj.steps.iter().map(|(_, tokens)| tokens.len()).sum());
        rest = tail;
        head.to_vec()
    };
    groups.iter().map(|group| group.iter().map(&mut take).collect()).collect()
}

/// A shuffled list of the numbers below n, a function of the seed.
fn order(n: usize, seed: u64) -> Vec<usize> {
    use rand::seq::SliceRandom;
    let mut order: Vec<usize> = (0..n).collect();
    order.shuffle(&mut crate::seed::stream(seed, "order", n as u64));
    order
}

fn close(a: &[f64], b: &[f64], tolerance: f64) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() <= tolerance * (1.0 + b.abs()))
}

fn order_does_not_matter<O: Objective>(objective: &O, groups: &[Vec<Traj>], seed: u64) {
    let before = split(groups, &advantage(objective, groups));
    let outer = order(groups.len(), seed);
    let inner: Vec<Vec<usize>> = groups.iter().map(|group| order(group.len(), seed + 1)).collect();
    let moved: Vec<Vec<Traj>> =
        outer.iter().map(|g| inner[*g].iter().map(|t| groups[*g][*t].clone()).collect()).collect();
    let after = split(&moved, &advantage(objective, &moved));
    for (g, group) in outer.iter().zip(&after) {
        for (t, found) in inner[*g].iter().zip(group) {
            assert!(close(found, &before[*g][*t], 1e-6), "{}: {found:?}, {:?}", O::NAME, before[*g][*t]);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_order_of_groups_and_trajectories_does_not_matter(groups in batches(), seed in 0..1000u64) {
        order_does_not_matter(&Grpo, &groups, seed);
        order_does_not_matter(&Rloo, &groups, seed);
        order_does_not_matter(&GiGpo::default(), &groups, seed);
        order_does_not_matter(&IStarPaper::default(), &groups, seed);
    }

    #[test]
    fn a_group_sums_to_zero_and_a_group_of_one_is_zero(groups in batches()) {
        // one token a trajectory, so that a sum over tokens is one over trajectories
        let groups: Vec<Vec<Traj>> = groups
            .iter()
            .map(|g| g.iter().map(|t| Traj { outcome: t.outcome, steps: vec![(0, vec![[-1.0; 4]])] }).collect())
            .collect();
        for found in [advantage(&Grpo, &groups), advantage(&Rloo, &groups)] {
            for group in split(&groups, &found) {
                let flat = group.concat();
                prop_assert!(flat.iter().sum::<f64>().abs() < 1e-9 * (1.0 + flat.len() as f64), "{flat:?}");
                prop_assert!(flat.len() != 1 || flat[0] == 0.0);
            }
        }
    }

    #[test]
    fn scores_ignore_scale_and_offset_and_differences_scale(
        groups in batches(), scale in 0.5..20.0f64, offset in -5.0..5.0f64,
    ) {
        let moved: Vec<Vec<Traj>> = groups
            .iter()
            .map(|g| g.iter().map(|t| Traj { outcome: scale * t.outcome + offset, ..t.clone() }).collect())
            .collect();
        // 1e-6 beside the standard deviation does not scale
        prop_assert!(close(&advantage(&Grpo, &moved), &advantage(&Grpo, &groups), 1e-4));
        let scaled: Vec<f64> = advantage(&Rloo, &groups).iter().map(|a| scale * a).collect();
        prop_assert!(close(&advantage(&Rloo, &moved), &scaled, 1e-9));
    }

    #[test]
    fn what_is_written_has_the_batch_s_shape_and_the_same_bits(groups in batches()) {
        let batch = Logged::read(&text(&groups)).expect("a good batch");
        let credit = assign(&IStarPaper::default(), &batch).expect("a good batch");
        let mut line = Vec::new();
        write(&mut line, &batch, &credit).expect("into memory");
        prop_assert_eq!(line.iter().filter(|byte| **byte == b'\n').count(), 1);
        let found: Value = serde_json::from_slice(&line).expect("JSON");
        let columns = [
            ("advantage", &credit.advantage),
            ("dloss_dlogp", &credit.dloss_dlogp),
            ("dloss_dprm", &credit.dloss_dprm),
        ];
        for (key, column) in columns {
            let nested: Vec<Vec<Vec<Vec<f64>>>> = serde_json::from_value(found[key].clone()).expect("nested");
            let shape: Vec<Vec<Vec<usize>>> =
                nested.iter().map(|g| g.iter().map(|t| t.iter().map(Vec::len).collect()).collect()).collect();
            let expected: Vec<Vec<Vec<usize>>> = groups
                .iter()
                .map(|g| g.iter().map(|t| t.steps.iter().map(|(_, tokens)| tokens.len()).collect()).collect())
                .collect();
            prop_assert_eq!(shape, expected);
            let flat: Vec<u64> = nested.concat().concat().concat().iter().map(|x| x.to_bits()).collect();
            let bits: Vec<u64> = column.iter().flatten().map(|x| x.to_bits()).collect();
            prop_assert_eq!(flat, bits);
        }
        prop_assert_eq!(found["loss"]["total"].as_f64().map(f64::to_bits), Some(credit.loss.to_bits()));
    }
}

#[test]
fn nothing_at_all_costs_nothing() {
    for text in ["{\"groups\": []}", "{\"groups\": [{\"trajectories\": []}]}"] {
        let found = credit(&IStarPaper::default(), text.as_bytes()).expect("an empty batch is one");
        assert_eq!((found.loss, found.advantage), (0.0, Some(Vec::new())));
    }
}

#[test]
fn trajectories_of_thousands_of_steps() {
    let traj = |outcome: f64, n: usize| {
        let step =
            |i: usize| ((i % 7) as u8, vec![[-1.0 - (i % 5) as f64 / 10.0, -1.1, -1.2, -0.9]; 1 + i % 2]);
        Traj { outcome, steps: (0..n).map(step).collect() }
    };
    let groups = vec![vec![traj(1.0, 3000), traj(0.0, 1), traj(0.0, 2500)]];
    let found = credit(&IStarPaper::default(), &text(&groups)).expect("a good batch");
    let advantage = found.advantage.expect("it has one");
    assert_eq!(advantage.len(), 4500 + 1 + 3750);
    // step scores have mean 0 over the 5501 steps, so what is left is the outcomes' share
    let outcome = assign(&Grpo, &Logged::read(&text(&groups)).expect("a good batch"));
    let outcome = outcome.expect("a good batch").advantage.expect("it has one");
    let mut sum = 0.0;
    let mut at = 0;
    for (_, tokens) in groups[0].iter().flat_map(|traj| &traj.steps) {
        sum += advantage[at] - outcome[at];
        at += tokens.len();
    }
    assert!(sum.abs() < 1e-6, "{sum}");
}
