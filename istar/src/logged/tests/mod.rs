//! The door as a whole: text in, credit out.

mod arrays;
mod cut_off;
mod formula;
mod malformed;
mod object;
mod padded;
mod properties;
mod refused;

use super::{Assigned, Logged, LoggedError, assign};
use crate::objective::Objective;
use serde_json::{Value, json};

/// A token: `old`, `logp`, `ref`, `prm`.
type Token = [f64; 4];

/// A trajectory: its outcome, and its steps as state and tokens. It succeeded if its outcome is above 0.
#[derive(Clone, Debug)]
struct Traj {
    outcome: f64,
    steps: Vec<(u8, Vec<Token>)>,
}

fn token(token: &Token) -> Value {
    let [old, logp, init, prm] = token;
    json!({"old": old, "logp": logp, "ref": init, "prm": prm})
}

/// The batch as text. The reward of a step is a hundredth of its state.
fn text(groups: &[Vec<Traj>]) -> Vec<u8> {
    let step = |(state, tokens): &(u8, Vec<Token>)| {
        let reward = f64::from(*state) / 100.0;
        let tokens: Vec<Value> = tokens.iter().map(token).collect();
        json!({"state": format!("s{state}"), "reward": reward, "valid": true, "tokens": tokens})
    };
    let traj = |traj: &Traj| {
        let steps: Vec<Value> = traj.steps.iter().map(step).collect();
        json!({"outcome": traj.outcome, "success": traj.outcome > 0.0, "steps": steps})
    };
    let group = |group: &Vec<Traj>| json!({"trajectories": group.iter().map(traj).collect::<Vec<_>>()});
    json!({"groups": groups.iter().map(group).collect::<Vec<_>>()}).to_string().into_bytes()
}

fn credit<O: Objective>(objective: &O, text: &[u8]) -> Result<Assigned, LoggedError> {
    assign(objective, &Logged::read(text)?)
}

/// Two floats that agree but for rounding.
fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 + 1e-9 * b.abs()
}
