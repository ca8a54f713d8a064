//! `credit --line`: objectives that nobody compiled.

use super::job::{credit, text};
use serde_json::Value;
use std::fs;

const BATCH: &str = r#"{"groups": [{"trajectories": [
    {"outcome": 1, "success": true, "steps": [{"state": "a", "reward": 1, "tokens": [{"old": -0.5, "logp": -0.4, "ref": -0.6}]}]},
    {"outcome": 0, "success": false, "steps": [{"state": "a", "reward": 0, "tokens": [{"old": -0.7, "logp": -0.7, "ref": -0.5}]}]}]}]}"#;

fn results(arguments: &[&str]) -> Vec<Value> {
    let folder = tempfile::tempdir().expect("a folder");
    let input = folder.path().join("batch.json");
    fs::write(&input, BATCH).expect("a file");
    let output = credit(&[arguments, &["--input", text(&input)]].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let stdout = String::from_utf8(output.stdout).expect("text");
    stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

/// What a program that was refused says on standard error.
fn refused(arguments: &[&str]) -> String {
    let output = credit(arguments);
    assert_eq!(output.status.code(), Some(2));
    String::from_utf8(output.stderr).expect("text")
}

#[test]
fn a_line_gives_what_its_recipe_gives() {
    let line = "<omega = 1, gamma = 0.95> rl(adv = traj + omega * anchor(gamma))";
    for (line, recipe) in [("rl(adv = traj)", "Grpo"), ("rl(adv = loo)", "Rloo")] {
        let [line, recipe] = [["--line", line], ["--recipe", recipe]].map(|arguments| results(&arguments));
        for key in ["loss", "advantage", "dloss_dlogp", "metrics"] {
            assert_eq!(line[0][key], recipe[0][key], "{key}");
        }
    }
    let [half, one] = [["--set", "omega=0.5"], ["--set", "omega=1"]]
        .map(|set| results(&[&["--line", line][..], &set].concat())[0]["advantage"].clone());
    assert_ne!(half, one);
}

#[test]
fn several_lines_have_a_result_each_in_their_order() {
    let found = results(&["--line", "rl(adv = loo)", "--line", "2 * rl(adv = loo) + kl(0.01)"]);
    let terms = |result: &Value| result["loss"]["terms"].as_object().map_or(0, serde_json::Map::len);
    assert_eq!((found.len(), terms(&found[1]) - terms(&found[0])), (2, 1));
}

#[test]
fn mistakes_are_shown_where_they_stand() {
    let error = refused(&["--line", "rl(adv = traj + setp)", "--input", "nowhere.json"]);
    assert_eq!(
        error,
        "\
error: unknown signal `setp`
       help: did you mean `step`?
 --> 1:17
  |
1 | rl(adv = traj + setp)
  |                 ^^^^
"
    );
    let missing =
        refused(&["--line", "rl(adv = lambda * traj)", "--set", "lamda=1", "--input", "nowhere.json"]);
    assert!(
        missing.contains("the objective has no parameter \"lamda\" (did you mean \"lambda\"?)"),
        "{missing}"
    );
}
