//! Importance weights and ratios as lines: truncated, masked, of a token, a step and a trajectory, against their formulas in `f64`.

use istar::Line;
use istar::logged::{Logged, assign};
use istar::objective::{AnyObjective, Together};
use serde_json::json;

/// Per token: `old`, `logp`, `sampler`. A group of two trajectories, the first of two steps, the second of one.
const TOKENS: [[f64; 3]; 5] =
    [[-0.5, -0.45, -0.9], [-1.2, -1.5, -1.0], [-0.3, -0.2, -1.9], [-0.7, -0.7, -0.6], [-2.0, -1.4, -2.2]];
const STEP: [usize; 5] = [0, 0, 1, 2, 2];
const TRAJ: [usize; 5] = [0, 0, 0, 1, 1];

/// The batch with other log-probabilities of the policy.
fn batch(logp: &[f64; 5]) -> Logged {
    let token = |i: usize| json!({"old": TOKENS[i][0], "logp": logp[i], "sampler": TOKENS[i][2]});
    let step =
        |which: usize| json!({"tokens": (0..5).filter(|i| STEP[*i] == which).map(token).collect::<Vec<_>>()});
    let text = json!({"groups": [{"trajectories": [
        {"outcome": 1, "success": true, "steps": [step(0), step(1)]},
        {"outcome": 0, "success": false, "steps": [step(2)]},
    ]}]});
    Logged::read(text.to_string().as_bytes()).unwrap_or_else(|error| panic!("{error}"))
}

fn now() -> [f64; 5] {
    TOKENS.map(|token| token[1])
}

/// Loss, slope and advantage of a line.
fn found(line: &str, logp: &[f64; 5]) -> (f64, Vec<f64>, Vec<f64>) {
    let line = Line::parse(line).unwrap_or_else(|report| panic!("{report}"));
    let found = assign(&line, &batch(logp)).unwrap_or_else(|error| panic!("{error}"));
    (found.loss, found.dloss_dlogp.expect("it trains the policy"), found.advantage.expect("it has one"))
}

/// `-mean_i w_i min(r_i A_i, clip(r_i, 0.8, 1.2) A_i)` with RLOO's advantages 1 and -1.
fn formula(weight: &[f64], logp: &[f64; 5]) -> f64 {
    let each = (0..5).map(|i| {
        let (ratio, advantage) = ((logp[i] - TOKENS[i][0]).exp(), if TRAJ[i] == 0 { 1.0 } else { -1.0 });
        -weight[i] * f64::min(ratio * advantage, ratio.clamp(0.8, 1.2) * advantage)
    });
    each.sum::<f64>() / 5.0
}

/// Per token, what `f` makes of the log-ratios of its unit, added up.
fn weights(unit: &[usize; 5], f: impl Fn(f64) -> f64) -> Vec<f64> {
    let log = |i: usize| TOKENS[i][0] - TOKENS[i][2];
    (0..5).map(|i| f((0..5).filter(|j| unit[*j] == unit[i]).map(log).sum())).collect()
}

#[test]
fn weights_of_every_level() {
    let truncated = |log: f64| log.exp().min(2.0);
    let masked = |log: f64| f64::from(u8::from((0.5..=2.0).contains(&log.exp())));
    let weighed = |log: f64| masked(log) * log.exp();
    let own = [0, 1, 2, 3, 4];
    for (weight, expected) in [
        ("clip(exp(log_ratio(old, sampler)), 0, 2)", weights(&own, truncated)),
        ("keep(exp(log_ratio(old, sampler)), 0.5, 2)", weights(&own, masked)),
        ("keep(exp(log_ratio(old, sampler)), 0.5, 2) * exp(log_ratio(old, sampler))", weights(&own, weighed)),
        ("clip(exp(sum(log_ratio(old, sampler), per = step)), 0, 2)", weights(&STEP, truncated)),
        ("clip(exp(sum(log_ratio(old, sampler), per = traj)), 0, 2)", weights(&TRAJ, truncated)),
        ("keep(exp(sum(log_ratio(old, sampler), per = traj)), 0.5, 2)", weights(&TRAJ, masked)),
        ("0.5", vec![0.5; 5]),
    ] {
        let line = format!("rl(adv = loo, weight = {weight})");
        let (loss, slope, advantage) = found(&line, &now());
        assert!((loss - formula(&expected, &now())).abs() < 1e-12, "{line}: {loss}");
        assert_eq!(advantage, [1.0, 1.0, 1.0, -1.0, -1.0], "{line}: the weight is none of the advantage's");
        for i in 0..5 {
            let moved = |by: f64| {
                let mut logp = now();
                logp[i] += by;
                formula(&expected, &logp)
            };
            let difference = (moved(1e-6) - moved(-1e-6)) / 2e-6;
            assert!((slope[i] - difference).abs() < 1e-8, "{line}: token {i}: {} {difference}", slope[i]);
        }
    }
}

/// The ratio of a unit: `exp` of the sum, or of the mean, of its tokens' log-ratios.
#[test]
fn ratios_of_every_level() {
    let own = [0, 1, 2, 3, 4];
    for (ratio, unit, mean) in [
        ("token", own, false),
        ("sum(step)", STEP, false),
        ("mean(step)", STEP, true),
        ("sum(traj)", TRAJ, false),
        ("mean(traj)", TRAJ, true),
    ] {
        let formula = |logp: &[f64; 5]| {
            let each = (0..5).map(|i| {
                let of_unit: Vec<f64> =
                    (0..5).filter(|j| unit[*j] == unit[i]).map(|j| logp[j] - TOKENS[j][0]).collect();
                let sum: f64 = of_unit.iter().sum();
                let ratio = if mean { sum / of_unit.len() as f64 } else { sum }.exp();
                let advantage = if TRAJ[i] == 0 { 1.0 } else { -1.0 };
                -f64::min(ratio * advantage, ratio.clamp(0.5, 1.5) * advantage)
            });
            each.sum::<f64>() / 5.0
        };
        let line = format!("rl(adv = loo, clip = 0.5, ratio = {ratio})");
        let (loss, slope, _) = found(&line, &now());
        assert!((loss - formula(&now())).abs() < 1e-12, "{line}: {loss}");
        for i in 0..5 {
            let moved = |by: f64| {
                let mut logp = now();
                logp[i] += by;
                formula(&logp)
            };
            let difference = (moved(1e-6) - moved(-1e-6)) / 2e-6;
            assert!((slope[i] - difference).abs() < 1e-8, "{line}: token {i}: {} {difference}", slope[i]);
        }
        let plan = Line::parse(&line).expect("a line").plan(0);
        assert_eq!(plan.together == Together::Traj, ratio.contains("traj"), "{line}");
    }
}

#[test]
fn without_what_the_engine_reported_there_is_no_weight() {
    let line = Line::parse("rl(adv = traj, weight = exp(log_ratio(old, sampler)))").expect("a line");
    assert!(line.demand().sampler_ref);
    let text = r#"{"groups": [{"trajectories": [
        {"outcome": 1, "success": true, "steps": [{"tokens": [{"old": -0.5, "logp": -0.5}]}]}]}]}"#;
    let error = assign(&line, &Logged::read(text.as_bytes()).expect("a batch"))
        .expect_err("a field is missing")
        .to_string();
    assert!(
        error.contains("`sampler` is missing: `line` reads what the sampling engine reported"),
        "{error}"
    );
}
