//! Trajectories that were cut off: what stands for the rest of them, and what is said where nothing does.

use super::*;
use crate::objective;

/// Two trajectories of two steps of reward 1, both with values 0 and 4; the first was cut off.
fn batch(final_value: Option<Value>) -> Vec<u8> {
    let step = |value: u8| json!({"reward": 1, "tokens": [{"old": -0.5, "logp": -0.5, "value": value}]});
    let mut trajs = [false, true]
        .map(|done| json!({"outcome": 2, "success": false, "done": done, "steps": [step(0), step(4)]}));
    if let Some(value) = final_value {
        trajs[0]["value_after"] = value;
    }
    json!({"groups": [{"trajectories": trajs}]}).to_string().into_bytes()
}

#[test]
fn the_rest_is_worth_what_the_critic_says_after_the_last_step() {
    let line = objective!(< rl(adv = gae(reward, 0.5, 1, cut = value)) + critic(1, clip = none) >);
    for value in [json!(8), json!({"any": 8.0}), json!({"": 8})] {
        let found = credit(&line, &batch(Some(value))).expect("it is there");
        // 1 + 0.5 (1 + 0.5 * 8) - 0 and 1 + 0.5 * 8 - 4; ended, nothing follows: 1 + 0.5 * 1 - 0 and 1 - 4
        assert_eq!(found.advantage.as_deref(), Some(&[3.5, 1.0, 1.5, -3.0][..]));
        // the critic is short of its targets by its advantages
        let squares = (3.5f64.powi(2) + 1.0 + 1.5f64.powi(2) + 9.0) / 4.0;
        assert!(near(found.terms[1].1, squares), "{:?}, expected {squares}", found.terms);
    }
    let before = objective!(< rl(adv = gae(reward, 0.5, 1, cut = last(value, per = traj))) + critic(1) >);
    let found = credit(&before, &batch(None)).expect("no field is read");
    assert_eq!(found.advantage.as_deref(), Some(&[2.5, -1.0, 1.5, -3.0][..]));
}

#[test]
fn what_is_missing_is_named() {
    let refused = |found: Result<Assigned, LoggedError>| found.expect_err("refused").to_string();
    let line = objective!(< rl(adv = gae(reward, 0.5, 1, cut = value)) + critic(1) >);
    assert_eq!(
        refused(credit(&line, &batch(None))),
        "group 0, trajectory 0: `value_after` is missing: `objective` reads a critic there, `done` being false"
    );
    let heads = objective!(<
        rl(adv = gae(reward, 0.5, 1, value = value(low), cut = value(low))
            + gae(reward, 0.5, 1, value = value(high))) + critic(1, heads = (low, high))
    >);
    let step = json!({"reward": 1, "values": {"low": 0, "high": 0}, "tokens": [{"old": -0.5, "logp": -0.5}]});
    let traj =
        json!({"outcome": 2, "success": false, "done": false, "steps": [step], "value_after": {"high": 1}});
    let text = json!({"groups": [{"trajectories": [traj]}]}).to_string().into_bytes();
    assert_eq!(
        refused(credit(&heads, &text)),
        "group 0, trajectory 0: `value_after` lacks `low`: `objective` reads a critic there, `done` being false"
    );
    assert_eq!(
        refused(credit(&line, &batch(Some(json!("much"))))),
        "group 0, trajectory 0: `value_after` is string \"much\", expected a finite number, or one by head"
    );
    let gone = objective!(< rl(adv = gae(reward, 0.5, 1)) + critic(1) >);
    assert!(credit(&gone, &batch(None)).is_ok(), "what nobody reads may be missing");
}
