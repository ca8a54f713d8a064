//! Recipes against formulas, on a small batch of this file and on those of reference files: advantages, the loss of the
//! policy and its slopes. Here is what no file has, and the most important lines also without reference data.

use super::batch::{At, Batch, files, same, term};
use super::reference::*;
use istar::objective::Objective;
use istar::recipes::*;
use serde_json::{Value, json};

/// Numbers in `from..to` without a pattern.
pub fn numbers(mut seed: f64, from: f64, to: f64) -> impl FnMut() -> f64 {
    move || {
        seed = (seed * 997.13).fract();
        from + (to - from) * seed
    }
}

/// Three groups: mixed outcomes, all failed, and an odd one whose half is one. Some ratios are beyond every clip.
fn small() -> Batch {
    let mut logp = numbers(0.37, -4.0, -1.5);
    let mut moved = numbers(0.71, -1.4, 1.4);
    let mut reward = numbers(0.53, -1.0, 1.0);
    let mut traj = |outcome: f64, lengths: &[usize]| -> Value {
        let mut step = |tokens: &usize| {
            let token = |_| {
                let old = logp();
                json!({"old": old, "logp": old + moved(), "ref": old + moved(), "prm": old + moved()})
            };
            let tokens: Vec<Value> = (0..*tokens).map(token).collect();
            let reward = reward();
            json!({"state": "s", "reward": reward, "valid": reward < 0.5, "tokens": tokens})
        };
        let steps: Vec<Value> = lengths.iter().map(&mut step).collect();
        json!({"outcome": outcome, "success": outcome > 5.0, "steps": steps})
    };
    let groups = [
        vec![traj(10.0, &[2, 3, 1]), traj(0.0, &[1, 2]), traj(4.0, &[2, 2, 1, 2]), traj(9.0, &[3])],
        vec![traj(-1.0, &[3]), traj(-1.0, &[1, 2])],
        vec![traj(8.0, &[1, 1]), traj(2.0, &[4, 1, 2]), traj(3.0, &[2])],
    ];
    Batch(json!({"groups": groups.map(|trajectories| json!({"trajectories": trajectories}))}))
}

/// The small batch and those of reference files, each with what an explicit PRM and continuations would say.
pub fn batches() -> Vec<Batch> {
    let of_files = ["istar_paper_grpo", "grpo_traj"].map(files);
    let mut batches: Vec<Batch> = of_files.into_iter().flatten().map(|file| file.batch).collect();
    batches.push(small());
    for batch in &mut batches {
        let layout = batch.layout();
        let mut column = |at, n, key, mut number: Box<dyn FnMut() -> f64>| {
            batch.set(at, key, (0..n).map(|_| number()).collect::<Vec<_>>());
        };
        column(At::Step, layout.steps(), "q", Box::new(numbers(0.19, 0.05, 0.95)));
        column(At::Step, layout.steps(), "mc", Box::new(numbers(0.43, -1.0, 1.0)));
        column(At::Token, layout.tokens(), "entropy", Box::new(numbers(0.61, 0.1, 1.5)));
    }
    batches
}

/// Advantage per token, loss of the policy and its slopes are these.
fn policy<O: Objective>(columns: &Columns<'_>, objective: &O, advantage: &[f64], form: Form) {
    kept(columns, objective, advantage, form, &vec![true; advantage.len()]);
}

fn kept<O: Objective>(columns: &Columns<'_>, objective: &O, advantage: &[f64], form: Form, kept: &[bool]) {
    let found = columns.batch.credit(objective);
    let (loss, slopes) = surrogate(columns, advantage, form, kept);
    same(&format!("{}: advantage", O::NAME), &found.advantage.clone().expect("an advantage"), advantage);
    same(&format!("{}: rl", O::NAME), &[term(&found, "rl")], &[loss]);
    same(&format!("{}: dloss_dlogp", O::NAME), &found.dloss_dlogp.expect("it trains the policy"), &slopes);
}

#[test]
fn outcomes_alone() {
    for batch in batches() {
        let c = Columns::new(&batch);
        let of = |pool| c.tokens_from_trajs(&c.outcomes(pool));
        policy(&c, &Grpo, &of(scores), PLAIN);
        policy(&c, &Rloo, &of(loo), PLAIN);
        policy(
            &c,
            &DrGrpo { max_tokens: 96.0 },
            &of(centred),
            Form { reduce: Reduce::Constant(96.0), ..PLAIN },
        );
        policy(&c, &ReinforcePlusPlusBaseline, &whiten(&of(centred)), PLAIN);
        let gspo = Form { clip: (0.0003, 0.0004), ratio: Ratio::MeanOfStep, reduce: Reduce::Steps, ..PLAIN };
        policy(&c, &Gspo, &of(scores), gspo);
        // DAPO: a group whose outcomes are equal is not there.
        let outcome = c.traj("outcome");
        let mixed = c.trajs().into_iter().zip(c.tokens_of_groups()).flat_map(|(trajs, tokens)| {
            vec![outcome[trajs.clone()].iter().any(|x| *x != outcome[trajs.start]); tokens.len()]
        });
        let mixed: Vec<bool> = mixed.collect();
        kept(&c, &Dapo, &of(scores), Form { clip: (0.2, 0.28), ..PLAIN }, &mixed);
        // REINFORCE++: what is still to come of the outcome and of what leaving the initial policy costs.
        let (eta, gamma) = (0.05, 0.9);
        let mut to_go = plus(&c.token("old"), -1.0, &c.token("ref"));
        to_go.iter_mut().for_each(|x| *x *= -eta);
        for (tokens, outcome) in c.tokens_of_trajs().into_iter().zip(&outcome) {
            to_go[tokens.end - 1] += outcome;
            (tokens.start..tokens.end - 1).rev().for_each(|i| to_go[i] += gamma * to_go[i + 1]);
        }
        policy(&c, &ReinforcePlusPlus { eta, gamma }, &whiten(&to_go), PLAIN);
    }
}

#[test]
fn step_rewards() {
    let (beta, lambda) = (0.2, 0.7);
    for batch in batches() {
        let c = Columns::new(&batch);
        let both = |outcome, rewards: &[f64], pool| {
            let outcome = c.steps_from_trajs(&c.outcomes(outcome));
            let steps = pooled(rewards, &c.steps_of_groups(), pool);
            c.tokens_from_steps(&plus(&outcome, lambda, &steps))
        };
        let old = c.step_reward(beta, "old");
        policy(&c, &IStarPaper { beta, lambda }, &both(scores, &old, scores), STEPWISE);
        policy(&c, &IStarPaperRloo { beta, lambda }, &both(loo, &old, loo), STEPWISE);
        policy(&c, &IStarStable { beta, lambda }, &both(scores, &old, centred), STEPWISE);
        policy(&c, &IStarEnvReward { lambda }, &both(scores, &c.step("reward"), scores), STEPWISE);
        policy(&c, &IStar { beta, lambda }, &both(scores, &c.step_reward(beta, "ref"), scores), PLAIN);
        let alone = c.tokens_from_steps(&pooled(&old, &c.steps_of_groups(), scores));
        policy(&c, &PrmOnly { beta }, &alone, STEPWISE);
        // Merged: a step's reward and the outcome first, then the score over all steps of the group.
        let merged = plus(&c.steps_from_trajs(&c.traj("outcome")), lambda, &old);
        let merged = c.tokens_from_steps(&pooled(&merged, &c.steps_of_groups(), scores));
        policy(&c, &IStarMerged { beta, lambda }, &merged, STEPWISE);
        // Token by token, over all tokens of the group.
        let tokens = pooled(&c.token_reward(beta, "old"), &c.tokens_of_groups(), scores);
        let tokens = plus(&c.tokens_from_trajs(&c.outcomes(scores)), lambda, &tokens);
        policy(&c, &IStarToken { beta, lambda }, &tokens, Form { reduce: Reduce::Steps, ..PLAIN });
    }
}

/// The note's preference: the best half of each group against the worst half, by outcome, equals left out.
#[test]
fn the_best_half_against_the_worst() {
    let beta = 0.3;
    for batch in batches() {
        let c = Columns::new(&batch);
        let outcome = c.traj("outcome");
        let mut pairs = Vec::new();
        for trajs in c.trajs() {
            let mut ranked: Vec<usize> = trajs.collect();
            ranked.sort_by(|a, b| outcome[*b].total_cmp(&outcome[*a]));
            let (half, n) = (ranked.len() / 2, ranked.len());
            for better in &ranked[..half] {
                pairs.extend(ranked[n - half..].iter().map(|worse| (*better, *worse)));
            }
        }
        pairs.retain(|(better, worse)| outcome[*better] > outcome[*worse]);
        assert!(!pairs.is_empty(), "a batch without a pair shows nothing");
        let score = sums(&c.token_reward(beta, "ref"), &c.tokens_of_trajs());
        let (loss, slopes) = preference(&score, &pairs);
        let found = batch.credit(&IStar { beta, lambda: 1.0 });
        same("IStar: dpo_prm", &[term(&found, "dpo_prm")], &[loss]);
        let slopes: Vec<f64> = c.tokens_from_trajs(&slopes).iter().map(|slope| beta * slope).collect();
        same("IStar: dloss_dprm", &found.dloss_dprm.expect("it trains a PRM"), &slopes);
    }
}

/// The released line: baselines of first rows, the largest step reward as the unit, a PRM that stays, a second bound.
#[test]
fn istar_as_released() {
    let (beta, lambda) = (0.2, 0.7);
    for batch in batches().into_iter().filter(|batch| !batch.lone()) {
        let c = Columns::new(&batch);
        let penalised = plus(&c.steps_from_trajs(&c.traj("outcome")), 0.1, &c.step("valid"));
        let penalised: Vec<f64> = penalised.iter().map(|x| x - 0.1).collect();
        let mut rewards = c.step_reward(beta, "old");
        let largest = rewards.iter().fold(0.0f64, |most, x| most.max(x.abs()));
        rewards.iter_mut().for_each(|x| *x /= largest + 1e-6);
        // n/(n-1) (x - mean of the first rows)
        let against_first = |rows: &[f64]| -> Vec<f64> {
            let mut out = Vec::new();
            for trajs in c.trajs() {
                let n = trajs.len() as f64;
                let steps = c.steps()[trajs].to_vec();
                let baseline = mean(&steps.iter().map(|steps| rows[steps.start]).collect::<Vec<_>>());
                out.extend(steps.into_iter().flatten().map(|i| n / (n - 1.0) * (rows[i] - baseline)));
            }
            out
        };
        let advantage = plus(&against_first(&penalised), lambda, &against_first(&rewards));
        let recipe = IStarReleased { beta, lambda };
        let form = Form { dual: Some(3.0), ..PLAIN };
        policy(&c, &recipe, &c.tokens_from_steps(&advantage), form);
        let found = batch.credit(&recipe);
        same("IStarReleased: entropy", &[term(&found, "entropy")], &[-0.001 * mean(&c.token("entropy"))]);
        assert_eq!(term(&found, "dpo_prm"), 0.0, "it is carried, not trained");
        assert!(found.dloss_dprm.expect("it is carried").iter().all(|slope| *slope == 0.0));
    }
}

/// VinePPO: the reward, and the change of what continuations return on average; after the last step nothing.
#[test]
fn continuations() {
    for batch in batches() {
        let c = Columns::new(&batch);
        let (reward, value) = (c.step("reward"), c.step("mc"));
        let mut advantage = plus(&reward, -1.0, &value);
        for steps in c.steps() {
            (steps.start..steps.end - 1).for_each(|i| advantage[i] += value[i + 1]);
        }
        policy(&c, &VinePpo::default(), &c.tokens_from_steps(&advantage), PLAIN);
    }
}

#[test]
fn explicit_prms() {
    let (gamma, lam, progress, lambda) = (0.9, 0.8, 0.6, 0.7);
    for batch in batches() {
        let c = Columns::new(&batch);
        let (q, success) = (c.step("q"), c.traj("success"));
        let n = q.len() as f64;
        let outcome = c.steps_from_trajs(&c.outcomes(scores));
        // The progress of a step is what its reading adds to that of the step before.
        let mut change = vec![0.0; q.len()];
        for steps in c.steps() {
            steps.skip(1).for_each(|i| change[i] = q[i] - q[i - 1]);
        }
        let advantage = c.tokens_from_steps(&plus(&outcome, lambda, &change));
        let (mut to_go, mut absolute) = (vec![0.0; q.len()], vec![0.0; q.len()]);
        for (steps, success) in c.steps().into_iter().zip(&success) {
            for i in steps.clone() {
                to_go[i] = success * f64::powi(gamma, (steps.end - 1 - i) as i32);
                absolute[i] =
                    0.5 * (1.0 + (2.0 * success - 1.0) * f64::powi(gamma, (i - steps.start) as i32));
            }
        }
        let entropy = |label: &[f64]| -> (f64, Vec<f64>) {
            let loss = |(q, y): (&f64, &f64)| -(y * q.ln() + (1.0 - y) * (1.0 - q).ln()) / n;
            let slope = |(q, y): (&f64, &f64)| ((1.0 - y) / (1.0 - q) - y / q) / n;
            (q.iter().zip(label).map(loss).sum(), q.iter().zip(label).map(slope).collect())
        };
        let taught = |name: &str, found: istar::logged::Assigned, (loss, slopes): (f64, Vec<f64>)| {
            same(name, &[term(&found, name)], &[loss]);
            same(name, &found.dloss_dq.expect("it trains an explicit PRM"), &slopes);
        };
        let recipe = AgentPrmMc { rollouts: 0.0, gamma, lambda };
        policy(&c, &recipe, &advantage, PLAIN);
        taught("mc_prm", batch.credit(&recipe), entropy(&to_go));

        // As released: readings against those of the other visits of the state.
        let states = batch.words(At::Step, "state");
        let mut visits = vec![0.0; q.len()];
        for steps in c.steps_of_groups() {
            for i in steps.clone() {
                let there: Vec<f64> =
                    steps.clone().filter(|j| states[*j] == states[i]).map(|j| q[j]).collect();
                visits[i] = if there.len() < 2 { 0.0 } else { q[i] - mean(&there) };
            }
        }
        let recipe = AgentPrmMcReleased { rollouts: 0.0, gamma, lambda };
        policy(&c, &recipe, &c.tokens_from_steps(&plus(&outcome, lambda, &visits)), PLAIN);
        taught("mc_prm", batch.credit(&recipe), entropy(&absolute));

        // Promise and progress: labels are constants, so at the readings themselves the first error is the estimate.
        let mut estimate = vec![0.0; q.len()];
        for (steps, success) in c.steps().into_iter().zip(&success) {
            for i in steps.clone().rev() {
                let last = i + 1 == steps.end;
                let delta = if last { success - q[i] } else { gamma * q[i + 1] - q[i] };
                estimate[i] = delta + if last { 0.0 } else { gamma * lam * estimate[i + 1] };
            }
        }
        let (mut loss, mut slopes) = (mean(&estimate.iter().map(|a| a * a).collect::<Vec<_>>()), Vec::new());
        slopes.extend(estimate.iter().map(|a| -2.0 * a / n));
        let followers: Vec<usize> = c.steps().into_iter().flat_map(|steps| steps.skip(1)).collect();
        for i in &followers {
            let (off, m) = (change[*i] - estimate[*i], followers.len() as f64);
            loss += progress * off * off / m;
            slopes[*i] += progress * 2.0 * off / m;
            slopes[*i - 1] -= progress * 2.0 * off / m;
        }
        let recipe = AgentPrm { gamma, lam, progress, lambda };
        policy(&c, &recipe, &advantage, PLAIN);
        taught("td_prm", batch.credit(&recipe), (loss, slopes));
    }
}

/// Implicit rewards in HiPER's hierarchy: a step's for its decision and its move, a segment's for the subgoal named at its
/// first step.
#[test]
fn implicit_rewards_by_role() {
    let (beta, lambda) = (0.2, 0.7);
    for file in files("hiper_hae") {
        let c = Columns::new(&file.batch);
        let rewards = c.step_reward(beta, "old");
        let starts = c.step("segment_start");
        let steps = pooled(&rewards, &c.steps_of_groups(), scores);
        let mut subgoal = vec![0.0; rewards.len()];
        for steps in c.steps_of_groups() {
            let firsts: Vec<usize> = steps.clone().filter(|i| starts[*i] > 0.0).collect();
            let ends = firsts.iter().skip(1).copied().chain([steps.end]);
            let totals: Vec<f64> =
                firsts.iter().zip(ends).map(|(a, b)| rewards[*a..b].iter().sum()).collect();
            firsts.iter().zip(scores(&totals)).for_each(|(i, score)| subgoal[*i] = score);
        }
        let outcome = c.tokens_from_trajs(&c.outcomes(scores));
        let (steps, subgoal) = (c.tokens_from_steps(&steps), c.tokens_from_steps(&subgoal));
        let roles = file.batch.words(At::Token, "role");
        let expected: Vec<f64> = (0..roles.len())
            .map(|i| match roles[i].as_str() {
                "subgoal" => outcome[i] + lambda * subgoal[i],
                "action" | "switch" => outcome[i] + lambda * steps[i],
                _ => 0.0,
            })
            .collect();
        let found = file.batch.credit(&HiPerIStar { beta, lambda }).advantage.expect("an advantage");
        same(&format!("{}: HiPerIStar", file.name), &found, &expected);
    }
}
