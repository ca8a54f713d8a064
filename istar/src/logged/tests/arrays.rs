//! Flat arrays in: the batch is that of the JSON which they stand for, and so is what is said of mistakes.

use super::properties::batches;
use super::*;
use crate::batch::Layout;
use crate::logged::Arrays;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn arrays_are_the_batch_that_they_stand_for(groups in batches()) {
        let trajs: Vec<&Traj> = groups.iter().flatten().collect();
        let steps: Vec<&(u8, Vec<Token>)> = trajs.iter().flat_map(|traj| &traj.steps).collect();
        let tokens: Vec<&Token> = steps.iter().flat_map(|(_, tokens)| tokens).collect();
        let layout = Layout::from_lengths(
            groups.iter().map(Vec::len),
            trajs.iter().map(|traj| traj.steps.len()),
            steps.iter().map(|(_, tokens)| tokens.len()),
        );
        let outcome: Vec<f64> = trajs.iter().map(|traj| traj.outcome).collect();
        let success: Vec<bool> = outcome.iter().map(|outcome| *outcome > 0.0).collect();
        let named: Vec<String> = steps.iter().map(|(state, _)| format!("s{state}")).collect();
        let state: Vec<&str> = named.iter().map(String::as_str).collect();
        let reward: Vec<f64> = steps.iter().map(|(state, _)| f64::from(*state) / 100.0).collect();
        let column = |i: usize| tokens.iter().map(|token| token[i]).collect::<Vec<f64>>();
        let [old, logp, init, prm] = [0, 1, 2, 3].map(column);
        let arrays = Arrays::new(&layout)
            .traj("outcome", &outcome)
            .traj("success", &success)
            .step("state", &state)
            .step("reward", &reward)
            .step("valid", &vec![1.0; steps.len()])
            .token("old", &old)
            .token("logp", &logp)
            .token("ref", &init)
            .token("prm", &prm)
            .read();
        prop_assert_eq!(arrays.expect("good arrays"), Logged::read(&text(&groups)).expect("a good batch"));
    }
}

/// One trajectory of two steps, of one token and of two.
fn layout() -> Layout {
    Layout::from_owners(&[0], &[0, 0], &[0, 1, 1]).expect("owners in order")
}

#[test]
fn every_kind_of_field() {
    let layout = layout();
    let list = [json!({"turns": [{"items": [{"weight": 1}]}]})];
    let found = Arrays::new(&layout)
        .group("prompt", &["p"])
        .group("checklist", &list)
        .traj("outcome", &[1.0])
        .traj("success", &[1.0])
        .traj("done", &[false])
        .traj("final_value", &[0.5])
        .step("turn", &[0u32, 0])
        .step("agent", &[7u32, 3])
        .step("tag", &["a", "b"])
        .step("values", &[("low", &[0.1, 0.2][..]), ("high", &[0.3, 0.4])])
        .step("items", &[json!([false]), json!([true])])
        .token("old", &[-0.5, -0.6, -0.7])
        .token("role", &["switch", "subgoal", "action"])
        .token("text", &["a", "b", "c"])
        .read();
    let token = |old: f64, role: &str, text: &str| json!({"old": old, "role": role, "text": text});
    let step = |agent: u8, tag: &str, values: [f64; 2], done: bool, tokens: Value| {
        json!({"turn": 0, "agent": agent, "tag": tag, "values": {"low": values[0], "high": values[1]},
            "items": [done], "tokens": tokens})
    };
    let steps = [
        step(7, "a", [0.1, 0.3], false, json!([token(-0.5, "switch", "a")])),
        step(3, "b", [0.2, 0.4], true, json!([token(-0.6, "subgoal", "b"), token(-0.7, "action", "c")])),
    ];
    let traj = json!({"outcome": 1, "success": true, "done": false, "final_value": 0.5, "steps": steps});
    let group = json!({"prompt": "p", "checklist": list[0], "trajectories": [traj]});
    let text = json!({"groups": [group]}).to_string();
    assert_eq!(found.expect("good arrays"), Logged::read(text.as_bytes()).expect("a good batch"));
}

#[test]
fn mistakes_are_named() {
    let layout = layout();
    let first = "group 0, trajectory 0, step 0";
    let refused = |arrays: Arrays<'_>, message: &str| {
        assert_eq!(arrays.read().expect_err(message).to_string(), message);
    };
    let arrays = || Arrays::new(&layout);
    refused(
        arrays().token("lopg", &[0.0; 3]),
        "the batch: `lopg` is no field of a token (did you mean \"logp\"?)",
    );
    refused(arrays().step("old", &[0.0; 2]), "the batch: `old` is no field of a step");
    refused(arrays().step("tokens", &[0.0; 2]), "the batch: `tokens` is no field of a step");
    refused(arrays().token("old", &[0.0; 2]), "the batch: `old` has length 2, and there are 3 tokens");
    refused(
        arrays().step("values", &[("low", &[0.0; 2][..]), ("high", &[0.0])]),
        "the batch: `values` has length 1, and there are 2 steps",
    );
    refused(
        arrays().step("reward", &[0.0, f64::INFINITY]),
        "group 0, trajectory 0, step 1: `reward` is floating point `inf`, expected a finite number",
    );
    refused(
        arrays().step("state", &[0.5, 1.0]),
        &format!("{first}: `state` is floating point `0.5`, expected a text or an integer"),
    );
    refused(
        arrays().step("switch", &[2u32, 0]),
        &format!("{first}: `switch` is integer `2`, expected true or false"),
    );
    refused(
        arrays().step("reward", &[0.0; 2]).step("reward", &[0.0; 2]),
        &format!("{first}: `reward` stands twice"),
    );
    refused(arrays().step("turn", &[1u32, 0]), "group 0, trajectory 0, step 1: `turn` falls from 1 to 0");
}
