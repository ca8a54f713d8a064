//! Lines of the literature that read what a log has under a name, or divide: recipes and texts, against formulas.

use super::batch::{At, Batch, same};
use super::formulas::{batches, numbers};
use super::reference::*;
use super::second::by_state;
use istar::Line;
use istar::recipes::{Gdpo, GrpoSdpo, Hgpo};
use std::ops::Range;

const GAMMA: f64 = 0.9;

/// The batches with what these lines read beside the usual columns.
fn logs() -> Vec<Batch> {
    let mut batches = batches();
    for batch in &mut batches {
        let layout = batch.layout();
        let random = |n: usize, seed, lo, hi| {
            let mut next = numbers(seed, lo, hi);
            (0..n).map(|_| next()).collect::<Vec<_>>()
        };
        for (key, seed) in [("greedy", 0.31), ("correct", 0.57), ("format", 0.83)] {
            batch.name(At::Traj, key, random(layout.trajs(), seed, 0.0, 1.0));
        }
        for (key, seed) in [("gain", 0.17), ("flag", 0.71), ("gold", 0.39)] {
            batch.name(At::Step, key, random(layout.steps(), seed, -1.0, 1.0));
        }
        batch.name(At::Token, "feedback", random(layout.tokens(), 0.23, -3.0, -0.1));
        batch.set(At::Token, "old_entropy", random(layout.tokens(), 0.47, 0.1, 1.5));
        batch.name(At::Traj, "tree", (0..layout.trajs()).map(|traj| traj as f64 % 2.0));
    }
    batches
}

/// What is left of a trajectory, discounted, from each of its steps on.
fn to_go(c: &Columns<'_>, reward: &[f64]) -> Vec<f64> {
    let mut sums = reward.to_vec();
    for steps in c.steps() {
        (steps.start..steps.end.saturating_sub(1)).rev().for_each(|i| sums[i] += GAMMA * sums[i + 1]);
    }
    sums
}

/// Per element, the members of its range that are alike.
fn alike(ranges: &[Range<usize>], is: impl Fn(usize, usize) -> bool) -> Vec<Vec<usize>> {
    let of = |range: &Range<usize>, i: usize| range.clone().filter(|j| is(i, *j)).collect();
    ranges.iter().flat_map(|range| range.clone().map(|i| of(range, i)).collect::<Vec<_>>()).collect()
}

fn mean_of(x: &[f64], members: &[usize]) -> f64 {
    members.iter().map(|i| x[*i]).sum::<f64>() / members.len() as f64
}

#[test]
fn recipes_that_read_columns_or_divide() {
    for batch in logs() {
        let c = Columns::new(&batch);
        let named = |key: &str| c.tokens_from_trajs(&pooled(&c.traj(key), &c.trajs(), scores));
        let gdpo = whiten(&plus(&named("correct"), 0.5, &named("format")));
        same("Gdpo", &batch.credit(&Gdpo { second: 0.5 }).advantage.expect("an advantage"), &gdpo);

        let other = plus(&c.token("feedback"), -1.0, &c.token("old"));
        let half = c.tokens_from_trajs(&c.outcomes(scores)).iter().map(|x| 0.3 * x).collect::<Vec<_>>();
        let mixed = plus(&half, 0.7, &other);
        same("GrpoSdpo", &batch.credit(&GrpoSdpo { lambda: 0.3 }).advantage.expect("an advantage"), &mixed);

        // The same k + 1 states, the present one last; a trajectory begins with none.
        let (state, steps, returns) =
            (batch.words(At::Step, "state"), c.steps(), to_go(&c, &c.step("reward")));
        let first = |i: usize| steps.iter().find(|steps| steps.contains(&i)).expect("a trajectory").start;
        let seen = |i: usize, back: usize| (i >= first(i) + back).then(|| &state[i - back]);
        let mut advantage = vec![0.0; returns.len()];
        let mut weights = vec![0.0; returns.len()];
        for (history, weight) in [(0, 1.0), (1, 2.0), (2, 3.0)] {
            let pools =
                alike(&c.steps_of_groups(), |i, j| (0..=history).all(|back| seen(i, back) == seen(j, back)));
            for (i, pool) in pools.iter().enumerate().filter(|(_, pool)| pool.len() > 1) {
                let mean = mean_of(&returns, pool);
                let spread =
                    pool.iter().map(|j| (returns[*j] - mean).powi(2)).sum::<f64>() / pool.len() as f64;
                weights[i] += weight;
                if pool.iter().any(|j| returns[*j] != returns[i]) {
                    advantage[i] += weight * (returns[i] - mean) / (spread.sqrt() + 1e-6);
                }
            }
        }
        let divided = advantage.iter().zip(&weights).map(|(a, w)| if *w == 0.0 { 0.0 } else { a / w });
        let hgpo = Hgpo { gamma: GAMMA, ..Hgpo::default() };
        let found = batch.credit(&hgpo).advantage.expect("an advantage");
        same("Hgpo", &found, &c.tokens_from_steps(&divided.collect::<Vec<_>>()));
    }
}

/// An advantage, behind `|` what it names, and what it is per token.
type Case = (&'static str, fn(&Columns<'_>) -> Vec<f64>);

const CASES: &[Case] = &[
    // ReMax: against the answer that was decoded greedily.
    ("outcome - outcome(greedy)", |c| {
        c.tokens_from_trajs(&plus(&c.traj("outcome"), -1.0, &c.traj("greedy")))
    }),
    // IGPO: what each turn tells of the answer, against the group, discounted to go.
    ("to_go(norm(reward(gain)), 0.9)", |c| {
        let normed = pooled(&c.step("gain"), &c.steps_of_groups(), scores);
        c.tokens_from_steps(&to_go(c, &normed))
    }),
    // TRACE: by how much each step makes the right answer likelier.
    ("traj + diff(column(gold, step, value))", |c| {
        let mut gold = c.step("gold");
        for steps in c.steps() {
            steps
                .clone()
                .rev()
                .for_each(|i| gold[i] = if i == steps.start { 0.0 } else { gold[i] - gold[i - 1] });
        }
        plus(&c.tokens_from_trajs(&c.outcomes(scores)), 1.0, &c.tokens_from_steps(&gold))
    }),
    // ADCA-GRPO: a judge's flags, against the group and added up, beside the outcome.
    ("to_go(norm(reward(flag)), 0.9) + traj", |c| {
        let flags = to_go(c, &pooled(&c.step("flag"), &c.steps_of_groups(), scores));
        plus(&c.tokens_from_steps(&flags), 1.0, &c.tokens_from_trajs(&c.outcomes(scores)))
    }),
    // ECPO: a mean of few visits is shrunk.
    (
        "(r - pool(r, within = state)) * (pool(r, stat = count, within = state) / (pool(r, stat = count, within = state) + 4)) | r = to_go(reward, 0.9)",
        |c| {
            let (returns, ones) = (to_go(c, &c.step("reward")), vec![1.0; c.step("reward").len()]);
            let (mean, state) = (by_state(c.batch, c, &returns), c.batch.words(At::Step, "state"));
            let visits = alike(&c.steps_of_groups(), |i, j| state[i] == state[j]);
            let shrunk = (0..ones.len()).map(|i| {
                let n = visits[i].len() as f64;
                (returns[i] - mean[i]) * (n / (n + 4.0))
            });
            c.tokens_from_steps(&shrunk.collect::<Vec<_>>())
        },
    ),
    // Tree-GRPO: against the prompt and against the tree.
    ("traj + norm(outcome, within = key(tree, traj))", |c| {
        let (outcome, tree) = (c.traj("outcome"), c.traj("tree"));
        let trees = alike(&c.trajs(), |i, j| tree[i] == tree[j]);
        let normed = (0..outcome.len()).map(|i| {
            let scored = scores(&trees[i].iter().map(|j| outcome[*j]).collect::<Vec<_>>());
            scored[trees[i].iter().position(|j| *j == i).expect("its own tree")]
        });
        c.tokens_from_trajs(&plus(&c.outcomes(scores), 1.0, &normed.collect::<Vec<_>>()))
    }),
    // pass@2, arXiv 2508.10751, without its deviation: what a success and a failure change of "one of two succeeds".
    (
        "outcome * a + (1 - outcome) * (a - (n - 1) / (k - 1)) | k = pool(success, stat = count), n = (1 - pool(success)) * k, a = n * (n - 1) / (k * (k - 1))",
        |c| {
            let (success, outcome) = (c.traj("success"), c.traj("outcome"));
            let of_group = c.trajs().into_iter().flat_map(|group| {
                let (all, lost) =
                    (group.len() as f64, group.len() as f64 - success[group.clone()].iter().sum::<f64>());
                let share = |a: f64, b: f64| if b == 0.0 { 0.0 } else { a / b };
                let a = share(lost * (lost - 1.0), all * (all - 1.0));
                let outcome = outcome[group].to_vec();
                outcome.into_iter().map(move |r| r * a + (1.0 - r) * (a - share(lost - 1.0, all - 1.0)))
            });
            c.tokens_from_trajs(&of_group.collect::<Vec<_>>())
        },
    ),
    // GPG: rows over rows that scored.
    (
        "traj(scale = none) * (pool(success, stat = count, within = batch) / pool(success, stat = count, within = batch, where = success))",
        |c| {
            let (all, won) = (c.traj("success").len() as f64, c.traj("success").iter().sum::<f64>());
            let factor = if won == 0.0 { 0.0 } else { all / won };
            c.tokens_from_trajs(&c.outcomes(centred).iter().map(|x| x * factor).collect::<Vec<_>>())
        },
    ),
    // OPO: weighed by length, and a lone answer keeps its reward.
    ("norm(outcome, count = token, scale = none, min = traj(1))", |c| {
        let (outcome, tokens) = (c.traj("outcome"), c.tokens_of_trajs());
        let of_group = c.trajs().into_iter().flat_map(|group| {
            let weigh = |traj: usize| tokens[traj].len() as f64;
            let all: f64 = group.clone().map(weigh).sum();
            let mean = group.clone().map(|traj| weigh(traj) * outcome[traj]).sum::<f64>() / all;
            let base = if group.len() == 1 { 0.0 } else { mean };
            group.map(|traj| outcome[traj] - base).collect::<Vec<_>>()
        });
        c.tokens_from_trajs(&of_group.collect::<Vec<_>>())
    }),
    // EMPG and its like: less where the policy was undecided.
    ("traj * exp(-1 * mean(entropy, per = step))", |c| {
        let entropy = c.token("old_entropy");
        let calm: Vec<f64> = c.tokens().into_iter().map(|step| (-mean(&entropy[step])).exp()).collect();
        let outcome = c.tokens_from_trajs(&c.outcomes(scores));
        outcome.iter().zip(c.tokens_from_steps(&calm)).map(|(a, calm)| a * calm).collect()
    }),
];

#[test]
fn lines_of_the_literature() {
    for batch in logs() {
        let c = Columns::new(&batch);
        for (adv, formula) in CASES {
            let (adv, named) = adv
                .split_once(" | ")
                .map_or((*adv, String::new()), |(adv, named)| (adv, format!(" where {named}")));
            let line =
                Line::parse(&format!("rl(adv = {adv}){named}")).unwrap_or_else(|report| panic!("{report}"));
            same(adv, &batch.credit(&line).advantage.expect("an advantage"), &formula(&c));
        }
    }
}

/// Weights of mean 1, and bounds that a signal sets: the loss of each token by hand.
#[test]
fn weights_and_bounds_of_tokens() {
    let line = "rl(adv = traj, weight = w / pool(w, within = batch), clip = band(0.1, 0.1 + 0.2 * entropy))
        where w = exp(log_ratio(old, column(feedback)))";
    let line = Line::parse(line).unwrap_or_else(|report| panic!("{report}"));
    for batch in logs() {
        let c = Columns::new(&batch);
        let [logp, old, feedback, entropy] =
            ["logp", "old", "feedback", "old_entropy"].map(|key| c.token(key));
        let weights: Vec<f64> = old.iter().zip(&feedback).map(|(old, other)| (old - other).exp()).collect();
        let advantage = c.tokens_from_trajs(&c.outcomes(scores));
        let each = (0..logp.len()).map(|i| {
            let (ratio, a) = ((logp[i] - old[i]).exp(), advantage[i] * weights[i] / mean(&weights));
            f64::max(-ratio * a, -ratio.clamp(0.9, 1.1 + 0.2 * entropy[i]) * a)
        });
        let loss = each.sum::<f64>() / logp.len() as f64;
        same("loss", &[batch.credit(&line).loss], &[loss]);
    }
}
