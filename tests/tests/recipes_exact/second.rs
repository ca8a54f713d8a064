//! The recipes of the language's second edition against formulas: shapes of the loss, weights, grouped values.

use super::batch::{At, Batch, same, term};
use super::formulas::batches;
use super::reference::*;
use istar::objective::Objective;
use istar::recipes::*;

/// Advantage, loss and slopes; `token(i, ratio of its trajectory)` is a token's loss and slope.
fn shaped<O: Objective>(
    columns: &Columns<'_>,
    objective: &O,
    advantage: &[f64],
    by_traj: bool,
    token: impl Fn(usize, f64) -> (f64, f64),
) {
    let found = columns.batch.credit(objective);
    let logs = plus(&columns.token("logp"), -1.0, &columns.token("old"));
    let trajs = columns.tokens_of_trajs();
    let n = trajs.len() as f64;
    let (mut loss, mut slopes) = (0.0, vec![0.0; logs.len()]);
    for tokens in trajs {
        let weight = if by_traj { 1.0 / (n * tokens.len() as f64) } else { 1.0 / logs.len() as f64 };
        let whole = mean(&logs[tokens.clone()]);
        for i in tokens {
            let (value, slope) = token(i, whole);
            loss += weight * value;
            slopes[i] += weight * slope;
        }
    }
    same(&format!("{}: advantage", O::NAME), &found.advantage.clone().expect("an advantage"), advantage);
    same(&format!("{}: rl", O::NAME), &[term(&found, "rl")], &[loss]);
    same(&format!("{}: dloss_dlogp", O::NAME), &found.dloss_dlogp.expect("it trains the policy"), &slopes);
}

#[test]
fn shapes() {
    for batch in batches() {
        let c = Columns::new(&batch);
        let advantage = c.tokens_from_trajs(&c.outcomes(scores));
        let (logp, old) = (c.token("logp"), c.token("old"));
        let (a, log) = (|i: usize| advantage[i], |i: usize| logp[i] - old[i]);
        shaped(&c, &Cispo { hi: 1.5 }, &advantage, false, |i, _| {
            let weight = log(i).exp().min(2.5);
            (-weight * a(i) * logp[i], -weight * a(i))
        });
        shaped(&c, &Sapo::default(), &advantage, true, |i, _| {
            let (ratio, heat) = (log(i).exp(), if a(i) > 0.0 { 1.0 } else { 1.05 });
            let gate = 1.0 / (1.0 + (-heat * (ratio - 1.0)).exp());
            (-4.0 / heat * gate * a(i), -4.0 * gate * (1.0 - gate) * ratio * a(i))
        });
        shaped(&c, &GspoTrajectory, &advantage, true, |i, whole| {
            let ratio = whole.exp();
            let (free, clipped) = (-ratio * a(i), -ratio.clamp(1.0 - 0.0003, 1.0 + 0.0004) * a(i));
            if free >= clipped { (free, free) } else { (clipped, 0.0) }
        });
        // Held token by token, then the mean.
        let held = |i: usize| match a(i) {
            up if up > 0.0 => log(i).min(0.4),
            down if down < 0.0 => log(i).max(-0.4),
            _ => log(i),
        };
        let means: Vec<f64> = c
            .tokens_of_trajs()
            .into_iter()
            .map(|tokens| mean(&tokens.map(held).collect::<Vec<_>>()))
            .collect();
        let means = c.tokens_from_trajs(&means);
        shaped(&c, &Gmpo::default(), &advantage, true, |i, _| {
            let loss = -means[i].exp() * a(i);
            (loss, if held(i) == log(i) { loss } else { 0.0 })
        });
    }
}

#[test]
fn weights_and_means() {
    for mut batch in batches() {
        let (old, reference) = (batch.get(At::Token, "old"), batch.get(At::Token, "ref"));
        batch.set(At::Token, "sampler", reference.clone());
        let c = Columns::new(&batch);
        let advantage = c.tokens_from_trajs(&c.outcomes(scores));
        let (logp, most) = (c.token("logp"), 1.2);
        shaped(&c, &GrpoTis { most }, &advantage, false, |i, _| {
            let (weight, ratio) = ((old[i] - reference[i]).exp().min(most), (logp[i] - old[i]).exp());
            let (free, clipped) = (-ratio * advantage[i], -ratio.clamp(0.8, 1.2) * advantage[i]);
            if free >= clipped { (weight * free, weight * free) } else { (weight * clipped, 0.0) }
        });
        let over_mean = |x: &[f64]| -> Vec<f64> {
            let lone = x.len() < 2 || mean(x) == 0.0;
            x.iter().map(|x_i| if lone { 0.0 } else { (x_i - mean(x)) / (mean(x) + 1e-6) }).collect()
        };
        let found = batch.credit(&MaxRl).advantage.expect("an advantage");
        same("MaxRl: advantage", &found, &c.tokens_from_trajs(&c.outcomes(over_mean)));
        let rows = plus(&c.steps_from_trajs(&c.traj("outcome")), 0.1, &c.step("valid"));
        let rows: Vec<f64> = rows.iter().map(|row| row - 0.1).collect();
        let keeps_lone = |x: &[f64]| if x.len() == 1 { vec![x[0] / (1.0 + 1e-6)] } else { scores(x) };
        let rows = c.tokens_from_steps(&pooled(&rows, &c.steps_of_groups(), keeps_lone));
        same("GrpoRows: advantage", &batch.credit(&GrpoRows).advantage.expect("an advantage"), &rows);
    }
}

/// Per step, the mean of a number over the steps of the group that met the same state.
pub fn by_state(batch: &Batch, c: &Columns<'_>, x: &[f64]) -> Vec<f64> {
    let state = batch.words(At::Step, "state");
    let mut out = vec![0.0; x.len()];
    for steps in c.steps_of_groups() {
        for i in steps.clone() {
            let same: Vec<f64> = steps.clone().filter(|j| state[*j] == state[i]).map(|j| x[j]).collect();
            out[i] = mean(&same);
        }
    }
    out
}

#[test]
fn grouped_values() {
    let (gamma, lam, omega) = (0.9, 0.8, 0.7);
    for batch in batches() {
        let c = Columns::new(&batch);
        let (reward, outcome) = (c.step("reward"), c.traj("outcome"));
        let mut to_go = reward.clone();
        let mut discounted = c.steps_from_trajs(&outcome);
        for steps in c.steps() {
            for i in (steps.start..steps.end - 1).rev() {
                to_go[i] += gamma * to_go[i + 1];
                discounted[i] = gamma * discounted[i + 1];
            }
        }
        let value = by_state(&batch, &c, &to_go);
        let mut advantage = vec![0.0; reward.len()];
        for steps in c.steps() {
            let mut after = 0.0;
            for i in steps.clone().rev() {
                let next = if i + 1 < steps.end { value[i + 1] } else { 0.0 };
                after = reward[i] + gamma * next - value[i] + gamma * lam * after;
                advantage[i] = after;
            }
        }
        let found = batch.credit(&Gagpo { gamma, lam }).advantage.expect("an advantage");
        same("Gagpo: advantage", &found, &c.tokens_from_steps(&advantage));

        let before = by_state(&batch, &c, &discounted);
        let mut after = c.steps_from_trajs(&outcome);
        for steps in c.steps() {
            (steps.start..steps.end - 1).for_each(|i| after[i] = before[i + 1]);
        }
        let state = batch.words(At::Step, "state");
        let mut among = vec![0.0; after.len()];
        for steps in c.steps_of_groups() {
            for i in steps.clone() {
                let met: Vec<usize> = steps.clone().filter(|j| state[*j] == state[i]).collect();
                let scored = scores(&met.iter().map(|j| after[*j]).collect::<Vec<_>>());
                among[i] = scored[met.iter().position(|j| *j == i).expect("it met its own")];
            }
        }
        let gained = pooled(&plus(&after, -1.0, &before), &c.steps_of_groups(), scores);
        let advantage = plus(&c.steps_from_trajs(&c.outcomes(scores)), omega, &plus(&among, 1.0, &gained));
        let found = batch.credit(&G2po { omega, gamma }).advantage.expect("an advantage");
        same("G2po: advantage", &found, &c.tokens_from_steps(&advantage));
    }
}
