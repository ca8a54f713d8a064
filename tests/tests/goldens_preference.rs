//! What is learnt from preferences, labels and weights, against the released code of each method or its paper's formula.
//! Each line is a recipe, or a text of the language.

use istar::credit::Credit;
use istar::graph::Phase;
use istar::objective::{Evaluated, Leaf, Numbers, Objective, evaluate};
use istar::{objective, recipes};
use istar_tests::golden::Golden;

/// What the files ask of double precision.
const ABSOLUTE: f64 = 1e-9;
const RELATIVE: f64 = 1e-6;

objective! { PrimeOld<beta, process, verified> =
    ce_prm(beta, net = separate, ref = old) + rl(adv = whiten(
        process * to_go(norm(implicit, center = loo, scale = none, count = mean(traj)))
            + verified * norm(success, center = loo, scale = none)))
}
objective! { PrimeRecipeOld<beta, process, verified> =
    ce_prm(beta, net = separate, ref = old) + rl(adv = whiten(
        process * to_go(norm(r, center = loo, scale = none, count = mean(traj)))
            + verified * norm(success, center = loo, scale = none)))
    where r = bound(implicit - place(last(implicit, per = traj), at = token))
}
objective! { ReleasedCe<beta> = ce_prm(beta, net = separate, ref = old, per = step) }
objective! { TrajectoryDpo<beta> = dpo(beta, ref = init, pairs = success) }
objective! { Dar<beta, alpha, weight_clip> =
    dar(beta, alpha, adv = norm(norm(outcome, scale = none), within = batch, eps = 1e-8), clip = weight_clip)
}

/// The number of a case that a hyper-parameter stands for.
fn number(golden: &Golden, hyper: &str) -> f64 {
    golden.number(match hyper {
        "process" => "reward_dpo_coef",
        "verified" => "reward_gt_coef",
        same => same,
    })
}

/// Trains the line on a leaf, with the numbers of the case.
fn train<O: Objective>(golden: &Golden, phase: Phase, leaf: &[f64]) -> Evaluated {
    let numbers = Numbers::new(O::PARAMS.iter().map(|param| (param.name, number(golden, param.name))));
    let cx = Credit { batch: golden.columns(), at: numbers.scope(0) };
    evaluate::<O::Graph>(&cx, &Leaf::new(phase, leaf))
}

fn holds(found: &Evaluated, golden: &Golden, gradient: &str) {
    golden.compare("loss", &[found.loss.unwrap_or(0.0)], ABSOLUTE, RELATIVE);
    golden.compare(gradient, &found.slope, ABSOLUTE, RELATIVE);
}

fn process_reward<Init: Objective, Old: Objective>(case: &str) {
    fn check<O: Objective>(golden: &Golden) {
        holds(&train::<O>(golden, Phase::Reward, &golden.prm), golden, "dloss_dprm");
        let acting = train::<O>(golden, Phase::Policy, &golden.logp);
        let advantage = acting.advantage.expect("the line has an advantage");
        golden.compare("advantage", &advantage, ABSOLUTE, RELATIVE);
    }
    for golden in Golden::all(case) {
        match golden.text("reference") {
            "old" => check::<Old>(&golden),
            _ => check::<Init>(&golden),
        }
    }
}

#[test]
fn prime() {
    process_reward::<recipes::Prime, PrimeOld>("prime");
    process_reward::<recipes::PrimeRecipe, PrimeRecipeOld>("prime_recipe");
}

#[test]
fn released_cross_entropy() {
    for golden in Golden::all("istar_code_ce") {
        holds(&train::<ReleasedCe>(&golden, Phase::Reward, &golden.prm), &golden, "dloss_dprm");
    }
}

#[test]
fn preferences_of_the_policy() {
    fn check<O: Objective>(case: &str) {
        for golden in Golden::all(case) {
            let found = train::<O>(&golden, Phase::Policy, &golden.logp);
            holds(&found, &golden, "dloss_dlogp");
            let pairs = found.metric("charts/policy_pairs").unwrap_or(0.0);
            golden.compare("pairs", &[pairs], 0.0, 0.0);
        }
    }
    check::<TrajectoryDpo>("dpo_trajectory");
    check::<recipes::Dmpo>("dmpo");
}

#[test]
fn dar() {
    for golden in Golden::all("dar") {
        let found = train::<Dar>(&golden, Phase::Policy, &golden.logp);
        holds(&found, &golden, "dloss_dlogp");
        golden.compare("advantage", found.advantage.as_ref().expect("an advantage"), ABSOLUTE, RELATIVE);
        // the slope of the loss in a trajectory's log-probability is its share of the weight
        let layout = &golden.layout;
        let first = |traj| layout.tokens_of(layout.steps_of(traj).start).start;
        let share = |traj| -found.slope[first(traj)] * layout.trajs() as f64;
        let weights: Vec<f64> = (0..layout.trajs()).map(share).collect();
        golden.compare("weight", &weights, ABSOLUTE, RELATIVE);
    }
}
