//! The job `textcraft`: replay, play and measure in a world of recipes.

mod play;

use super::Error;
use super::episode::{print, read};
use crate::env::textcraft::{Baseline, Book, Split, TextCraft};
use crate::env::{Env, ExactCredit, StateText, Transition};
use clap::{ArgGroup, Parser};
use serde::Serialize;
use serde_json::Value;
use std::io::{self, Write};
use std::path::PathBuf;

/// Replays, plays and measures in TextCraft.
#[derive(Debug, Parser)]
#[command(name = "textcraft", version, group = ArgGroup::new("what").required(true))]
pub struct Arguments {
    /// File of tasks of platoon-textcraft, a JSON object a line. Without it, tasks of our own are made.
    #[arg(long, value_name = "FILE")]
    tasks: Option<PathBuf>,
    /// Seed of what is drawn: the made tasks, and chance.
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// Print the tasks, a JSON object a line.
    #[arg(long, group = "what")]
    list: bool,
    /// File with an action a line, `get 2 oak log`, `craft 4 oak bar using 2 oak log` or `inventory`; empty lines and lines of `#` are
    /// passed over. Prints a JSON object a step.
    #[arg(long, value_name = "FILE", group = "what")]
    script: Option<PathBuf>,
    /// Play in the terminal.
    #[arg(long, group = "what")]
    play: bool,
    /// Print success and steps of expert, rule and chance on each split, a JSON object a line.
    #[arg(long, group = "what")]
    baselines: bool,
    /// The task, by its number from 0.
    #[arg(long, value_name = "I", default_value_t = 0)]
    task: usize,
    /// The episode is cut off after so many steps [default: 20, or the most that the file gives a task]
    #[arg(long, value_name = "N", value_parser = super::at_least_one::<u32>)]
    max_steps: Option<u32>,
}

/// Does what the arguments say and prints the results on `out`.
///
/// # Errors
/// Whatever is wrong with the arguments and the files that they name.
pub fn job(arguments: &Arguments, out: &mut dyn Write) -> Result<(), Error> {
    let book = match &arguments.tasks {
        Some(file) => Book::read(file)?,
        None => Book::made(arguments.seed),
    };
    if !book.left_out().is_empty() {
        let names = book.left_out().join(", ");
        eprintln!("left out, for their own crafts do not do them: {names}");
    }
    let max_steps = arguments.max_steps.or(book.max_steps()).unwrap_or(TextCraft::MAX_STEPS);
    let mut env = TextCraft::new(&book, max_steps);
    if arguments.list {
        return list(&book, out);
    }
    if arguments.baselines {
        return baselines(&book, &env, arguments.seed, out);
    }
    let missing = || {
        format!(
            "--task {}: there are tasks 0 to {}; --list shows them",
            arguments.task,
            book.tasks().len() - 1
        )
    };
    env.reset(book.tasks().get(arguments.task).ok_or_else(missing)?)?;
    match &arguments.script {
        Some(file) => replay(env, &read(file)?, out),
        None => play::play(env, &mut io::stdin().lock(), out),
    }
}

/// What can be done now, in words.
fn actions(env: &TextCraft) -> Vec<String> {
    env.task().choices(env.inventory()).into_iter().map(|(_, action)| env.task().say(action)).collect()
}

/// The splits and their names.
const SPLITS: [(Split, &str); 3] =
    [(Split::Train, "train"), (Split::Validation, "validation"), (Split::Test, "test")];

#[derive(Serialize)]
struct Listed<'a> {
    number: usize,
    name: &'a str,
    split: &'a str,
    /// Of a shortest solution.
    steps: u32,
    text: String,
}

fn list(book: &Book, out: &mut dyn Write) -> Result<(), Error> {
    (0..).zip(book.tasks()).try_for_each(|(number, task)| {
        let of = Split::of(task.tree().as_bytes());
        let split = SPLITS.iter().find(|(split, _)| *split == of).map_or("", |(_, name)| name);
        let (name, steps, text) = (task.name(), task.steps(), task.text(task.start()));
        print(out, &Listed { number, name, split, steps, text })
    })
}

/// One line of the results of a script.
#[derive(Serialize)]
struct Step<'a> {
    step: u32,
    action: &'a str,
    valid: bool,
    reward: f64,
    done: bool,
    success: bool,
    /// Steps of a shortest solution from here; none beyond rescue.
    remaining: Option<u32>,
    observation: String,
    actions: Vec<String>,
}

fn replay(mut env: TextCraft, script: &str, out: &mut dyn Write) -> Result<(), Error> {
    let lines = script.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    for action in lines {
        let moved = env.act(action);
        let Transition { valid, reward, success, .. } = moved;
        let (remaining, actions) = (env.remaining(&mut ()), actions(&env));
        let (observation, step, done) = (env.state_text(), env.steps(), moved.done());
        print(out, &Step { step, action, valid, reward, done, success, remaining, observation, actions })?;
        if done {
            break;
        }
    }
    Ok(())
}

fn baselines(book: &Book, env: &TextCraft, seed: u64, out: &mut dyn Write) -> Result<(), Error> {
    for (split, name) in SPLITS {
        let tasks = book.tasks_of(split, u32::MAX);
        for baseline in Baseline::ALL {
            let found = serde_json::to_value(baseline.play(env, &tasks, seed))?;
            let mut line = serde_json::json!({ "split": name, "baseline": baseline });
            if let (Some(line), Value::Object(found)) = (line.as_object_mut(), found) {
                line.extend(found);
            }
            print(out, &line)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
