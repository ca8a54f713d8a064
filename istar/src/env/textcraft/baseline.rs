//! What a policy is compared with: one who plans, a rule, and chance.

use super::view::standings;
use super::words::Action;
use super::{Task, TextCraft};
use crate::env::{Demonstrate, Env};
use crate::seed::stream;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use serde::Serialize;
use std::sync::Arc;

/// Somebody who crafts without learning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Baseline {
    /// Takes a shortest way.
    Expert,
    /// Counts nothing but what a recipe takes at once: crafts what is short and needed, nearest to the goal first, else gets what is.
    Rule,
    /// Any legal token.
    Random,
}

/// What came of many tasks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Outcome {
    /// How many tasks.
    pub tasks: usize,
    /// The share that was done.
    pub success: f64,
    /// Steps an episode.
    pub steps: f64,
}

impl Baseline {
    /// All, best first.
    pub const ALL: [Baseline; 3] = [Baseline::Expert, Baseline::Rule, Baseline::Random];

    /// Plays each of the tasks once, from an environment like this one. `seed` is for chance.
    ///
    /// # Panics
    /// Never: this environment cannot fail.
    pub fn play(self, env: &TextCraft, tasks: &[Arc<Task>], seed: u64) -> Outcome {
        let mut sum = Outcome { tasks: tasks.len(), ..Outcome::default() };
        for (number, task) in (0..).zip(tasks) {
            let mut env = env.clone();
            env.reset(task).unwrap_or_default();
            let random = &mut stream(seed, "baseline", number);
            let last = loop {
                let action = self.next(&env, random);
                let moved = env.take(action);
                if moved.done() {
                    break moved;
                }
            };
            sum.success += f64::from(u8::from(last.success));
            sum.steps += f64::from(env.steps());
        }
        let n = tasks.len().max(1) as f64;
        Outcome { success: sum.success / n, steps: sum.steps / n, ..sum }
    }

    fn next(self, env: &TextCraft, random: &mut ChaCha8Rng) -> Option<Action> {
        let choices = env.task().choices(env.inventory());
        match self {
            Baseline::Expert => env.action(*env.demonstrate()?.first()?),
            Baseline::Rule => rule(env, &choices),
            Baseline::Random => choices.choose(random).map(|(_, action)| *action),
        }
    }
}

fn rule(env: &TextCraft, choices: &[(u32, Action)]) -> Option<Action> {
    let task = env.task();
    let standings = standings(task, env.inventory());
    let sense = |action: &Action| match action {
        Action::Inventory => None,
        Action::Get(item, _) => Some((1, *item)),
        Action::Craft(recipe) => Some((0, task.recipes()[*recipe].makes.0)),
    };
    let useful = choices.iter().filter_map(|(_, action)| {
        let (kind, item) = sense(action)?;
        let standing = standings[item];
        (standing.short && standing.wanted).then_some(((kind, task.depth(item)?), *action))
    });
    useful.min_by_key(|(order, _)| *order).map(|(_, action)| action)
}
