//! Small batches against the formulas of the papers, written down here as loops.

use super::*;
use crate::recipes::{GiGpo, IStar, IStarPaper, Rloo};

/// Two groups; in the second all fail. Log-probabilities without a pattern.
fn fixture() -> Vec<Vec<Traj>> {
    let mut seed = 0.37_f64;
    let mut number = || {
        seed = (seed * 997.13).fract();
        -0.6 - 2.0 * seed
    };
    let mut traj = |outcome: f64, shape: &[(u8, usize)]| {
        let mut step = |(state, tokens): &(u8, usize)| {
            let tokens = (0..*tokens).map(|_| {
                let old = number();
                [
                    old,
                    old + 0.2 * (number() + 1.6),
                    old + 0.3 * (number() + 1.6),
                    old + 0.5 * (number() + 1.6),
                ]
            });
            (*state, tokens.collect())
        };
        Traj { outcome, steps: shape.iter().map(&mut step).collect() }
    };
    vec![
        vec![
            traj(10.0, &[(0, 2), (1, 3), (2, 1)]),
            traj(0.0, &[(0, 1), (1, 2)]),
            traj(4.0, &[(0, 2), (3, 2), (1, 1), (1, 2)]),
        ],
        vec![traj(0.0, &[(5, 3)]), traj(-1.0, &[(5, 1), (6, 2)])],
    ]
}

fn mean(x: &[f64]) -> f64 {
    x.iter().sum::<f64>() / x.len() as f64
}

fn std(x: &[f64]) -> f64 {
    (x.iter().map(|y| (y - mean(x)).powi(2)).sum::<f64>() / (x.len() as f64 - 1.0)).sqrt()
}

fn scores(x: &[f64]) -> Vec<f64> {
    x.iter().map(|y| (y - mean(x)) / (std(x) + 1e-6)).collect()
}

/// Per token, one advantage per step repeated.
fn repeat(groups: &[Vec<Traj>], per_step: &[f64]) -> Vec<f64> {
    let steps = groups.iter().flatten().flat_map(|traj| &traj.steps);
    steps.zip(per_step).flat_map(|((_, tokens), a)| vec![*a; tokens.len()]).collect()
}

fn same(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    for (i, (a, b)) in found.iter().zip(expected).enumerate() {
        assert!(near(*a, *b), "[{i}] is {a}, expected {b}");
    }
}

/// `beta` times the log-ratio of `prm` to the column `to`, summed over a step.
fn step_reward(tokens: &[Token], to: usize, beta: f64) -> f64 {
    beta * tokens.iter().map(|token| token[3] - token[to]).sum::<f64>()
}

/// iStar's advantage per step: outcome against the group, plus step reward against all steps of the group.
fn istar(groups: &[Vec<Traj>], to: usize, beta: f64, lambda: f64) -> Vec<f64> {
    let mut out = Vec::new();
    for group in groups {
        let outcome = scores(&group.iter().map(|traj| traj.outcome).collect::<Vec<_>>());
        let rewards: Vec<f64> = group
            .iter()
            .flat_map(|traj| &traj.steps)
            .map(|(_, tokens)| step_reward(tokens, to, beta))
            .collect();
        let mut step = scores(&rewards).into_iter();
        for (traj, outcome) in group.iter().zip(outcome) {
            out.extend(traj.steps.iter().map(|_| outcome + lambda * step.next().expect("one per step")));
        }
    }
    out
}

#[test]
fn istar_of_the_paper() {
    let groups = fixture();
    let objective = IStarPaper { beta: 0.3, lambda: 0.7 };
    let found = credit(&objective, &text(&groups)).expect("a good batch");
    let advantage = istar(&groups, 0, 0.3, 0.7);
    same(&found.advantage.expect("it has one"), &repeat(&groups, &advantage));

    // equation 2: two successes against one failure in the first group, none in the second
    let score = |traj: &Traj| -> f64 { traj.steps.iter().map(|(_, t)| step_reward(t, 0, 0.3)).sum() };
    let [a, b, c] = &groups[0][..] else { panic!("three") };
    let margins = [score(a) - score(b), score(c) - score(b)];
    let dpo = mean(&margins.map(|m| (1.0 + (-m).exp()).ln()));
    // the derivative of -log sigmoid(m) is -sigmoid(-m)
    let pull = margins.map(|m| 0.3 * -0.5 / (1.0 + m.exp()));
    let slope = [pull[0], -pull[0] - pull[1], pull[1], 0.0, 0.0];
    let trajs = groups.iter().flatten();
    let tokens = |traj: &Traj| traj.steps.iter().map(|(_, tokens)| tokens.len()).sum::<usize>();
    let dprm: Vec<f64> = trajs.zip(slope).flat_map(|(traj, slope)| vec![slope; tokens(traj)]).collect();
    same(&found.dloss_dprm.expect("it trains a PRM"), &dprm);

    // equation 6: the ratio of a step, the mean over all steps
    let steps: Vec<&Vec<Token>> =
        groups.iter().flatten().flat_map(|traj| &traj.steps).map(|(_, tokens)| tokens).collect();
    let (mut policy, mut dlogp) = (0.0, Vec::new());
    for (tokens, a) in steps.iter().zip(&advantage) {
        let ratio = tokens.iter().map(|token| token[1] - token[0]).sum::<f64>().exp();
        let (free, clipped) = (ratio * a, ratio.clamp(0.8, 1.2) * a);
        policy -= free.min(clipped) / steps.len() as f64;
        let slope = if free <= clipped { -ratio * a / steps.len() as f64 } else { 0.0 };
        dlogp.extend(vec![slope; tokens.len()]);
    }
    same(&found.dloss_dlogp.expect("it trains the policy"), &dlogp);
    let names: Vec<&str> = found.terms.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["dpo_prm", "rl"]);
    same(&[found.terms[0].1, found.terms[1].1, found.loss], &[dpo, policy, dpo + policy]);
}

#[test]
fn istar_of_the_note_measures_against_the_initial_policy() {
    let groups = fixture();
    let found = credit(&IStar { beta: 0.05, lambda: 1.0 }, &text(&groups)).expect("a good batch");
    same(&found.advantage.expect("it has one"), &repeat(&groups, &istar(&groups, 2, 0.05, 1.0)));
}

#[test]
fn leave_one_out_and_anchor_states() {
    let groups = fixture();
    let found = credit(&Rloo, &text(&groups)).expect("a good batch");
    let mut expected = Vec::new();
    for group in &groups {
        let all: f64 = group.iter().map(|traj| traj.outcome).sum();
        for traj in group {
            let others = (all - traj.outcome) / (group.len() as f64 - 1.0);
            expected.extend(vec![traj.outcome - others; traj.steps.len()]);
        }
    }
    same(&found.advantage.expect("it has one"), &repeat(&groups, &expected));

    let found = credit(&GiGpo { omega: 0.5, gamma: 0.9 }, &text(&groups)).expect("a good batch");
    let mut expected = Vec::new();
    for group in &groups {
        let outcome = scores(&group.iter().map(|traj| traj.outcome).collect::<Vec<_>>());
        let returns = |traj: &Traj, t: usize| -> f64 {
            (t..traj.steps.len())
                .map(|k| 0.9f64.powi((k - t) as i32) * f64::from(traj.steps[k].0) / 100.0)
                .sum()
        };
        for (traj, outcome) in group.iter().zip(outcome) {
            for (t, (state, _)) in traj.steps.iter().enumerate() {
                let visits: Vec<f64> = group
                    .iter()
                    .flat_map(|other| (0..other.steps.len()).map(move |k| (other, k)))
                    .filter(|(other, k)| other.steps[*k].0 == *state)
                    .map(|(other, k)| returns(other, k))
                    .collect();
                let all_equal = visits.iter().all(|x| *x == visits[0]);
                let anchor = if visits.len() < 2 || all_equal {
                    0.0
                } else {
                    (returns(traj, t) - mean(&visits)) / (std(&visits) + 1e-6)
                };
                expected.push(outcome + 0.5 * anchor);
            }
        }
    }
    same(&found.advantage.expect("it has one"), &repeat(&groups, &expected));
}

#[test]
fn derivatives_are_differences() {
    let groups = fixture();
    let objective = IStarPaper { beta: 0.3, lambda: 0.7 };
    let base = credit(&objective, &text(&groups)).expect("a good batch");
    let h = 1e-6;
    // Advantages are constants, so the PRM's column may only be moved in its own term.
    for (column, term, slopes) in [(1, 1, base.dloss_dlogp), (3, 0, base.dloss_dprm)] {
        let slopes = slopes.expect("it trains both");
        for (i, slope) in slopes.into_iter().enumerate() {
            let moved = |by: f64| {
                let mut groups = groups.clone();
                let tokens = groups.iter_mut().flatten().flat_map(|t| &mut t.steps).flat_map(|(_, t)| t);
                tokens.skip(i).take(1).for_each(|token| token[column] += by);
                credit(&objective, &text(&groups)).expect("a good batch").terms[term].1
            };
            let difference = (moved(h) - moved(-h)) / (2.0 * h);
            assert!((difference - slope).abs() < 1e-6, "token {i}: {slope}, by differences {difference}");
        }
    }
}

#[test]
fn two_terms_of_one_name_are_told_apart_and_a_weight_counts() {
    let groups = fixture();
    let twice = crate::objective!(< rl(adv = traj) + 0.5 * (rl(adv = loo)) + zero * kl(1, ref = init) >);
    let found = credit(&twice.bind([0.0]), &text(&groups)).expect("a good batch");
    let names: Vec<&str> = found.terms.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["rl", "rl#2", "kl"]);
    let alone = credit(&Rloo, &text(&groups)).expect("a good batch").loss;
    assert!(near(found.terms[1].1, 0.5 * alone) && found.terms[2].1 == 0.0, "{:?}", found.terms);
    assert!(near(found.loss, found.terms.iter().map(|term| term.1).sum()));
}
