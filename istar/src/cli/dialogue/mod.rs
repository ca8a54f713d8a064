//! The job `dialogue`: replay, play and measure in social dialogues.

mod play;

use super::Error;
use super::episode::{print, read};
use crate::env::dialogue::{
    Baseline, Dialogue, NoisyJudge, Scenario, Scenes, Scores, Split, Task, Temperament, scores,
};
use crate::env::{Env, Transition};
use clap::{ArgGroup, Parser};
use serde::Serialize;
use serde_json::Value;
use std::io::{self, Write};
use std::path::PathBuf;

/// Replays, plays and measures in social dialogues.
#[derive(Debug, Parser)]
#[command(name = "dialogue", version, group = ArgGroup::new("what").required(true))]
pub struct Arguments {
    /// Folder with SOTOPIA's environment_profiles.jsonl, agent_profiles.jsonl and env_agent_combo_storages.jsonl. Without it, scenarios
    /// of our own are made.
    #[arg(long, value_name = "DIR")]
    scenarios: Option<PathBuf>,
    /// Seed of what is drawn: the made scenarios, tasks, partners, judges, and chance.
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// Print the scenarios, a JSON object a line.
    #[arg(long, group = "what")]
    list: bool,
    /// File with an action a line, such as `offer 2 books, 1 lamp`, `ask lamps`, `appeal facts` or `accept`; empty lines and lines of `#`
    /// are passed over. Prints a JSON object a step.
    #[arg(long, value_name = "FILE", group = "what")]
    script: Option<PathBuf>,
    /// Talk in the terminal.
    #[arg(long, group = "what")]
    play: bool,
    /// Print the true goal, success and what judges see of expert, rule and chance on each split, a JSON object a line.
    #[arg(long, group = "what")]
    baselines: bool,
    /// The scenario, by its number from 0.
    #[arg(long, value_name = "I", default_value_t = 0)]
    task: usize,
    /// The party to speak for: 0 speaks first.
    #[arg(long, value_name = "0|1", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=1))]
    side: u8,
    /// What the partner is like [default: each in turn with --baselines, else conceder]
    #[arg(long, value_name = "NAME", value_enum)]
    partner: Option<Temperament>,
    /// Noise of the judges, as a share of a score's range, 0 to 0.4.
    #[arg(long, value_name = "X", default_value_t = NoisyJudge::NOISE, value_parser = noise)]
    noise: f64,
}

fn noise(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(noise) if (0.0..=0.4).contains(&noise) => Ok(noise),
        _ => Err("a number from 0 to 0.4 is wanted".into()),
    }
}

/// Does what the arguments say and prints the results on `out`.
///
/// # Errors
/// Whatever is wrong with the arguments and the files that they name.
pub fn job(arguments: &Arguments, out: &mut dyn Write) -> Result<(), Error> {
    let scenes = match &arguments.scenarios {
        Some(folder) => Scenes::read(folder)?,
        None => Scenes::made(arguments.seed),
    };
    for (name, reason) in scenes.left_out() {
        eprintln!("left out: {name}: {reason}");
    }
    if arguments.list {
        return list(&scenes, out);
    }
    let mut env = Dialogue::new(&scenes, arguments.noise);
    if arguments.baselines {
        return baselines(&scenes, &env, arguments, out);
    }
    let missing = || {
        let last = scenes.scenarios().len() - 1;
        format!("--task {}: there are scenarios 0 to {last}; --list shows them", arguments.task)
    };
    let scenario = scenes.scenarios().get(arguments.task).ok_or_else(missing)?.clone();
    let temperament = arguments.partner.unwrap_or_default();
    let (side, seed) = (usize::from(arguments.side), arguments.seed);
    env.reset(&Task { scenario, side, temperament, seed, held_out: true })?;
    match &arguments.script {
        Some(file) => replay(env, &read(file)?, out),
        None => play::play(env, &mut io::stdin().lock(), out),
    }
}

/// The splits and their names.
const SPLITS: [(Split, &str); 3] =
    [(Split::Train, "train"), (Split::Validation, "validation"), (Split::Test, "test")];

#[derive(Serialize)]
struct Listed<'a> {
    number: usize,
    name: &'a str,
    family: &'a str,
    split: &'a str,
    setting: &'a str,
    goals: [&'a str; 2],
}

fn list(scenes: &Scenes, out: &mut dyn Write) -> Result<(), Error> {
    (0..).zip(scenes.scenarios()).try_for_each(|(number, scenario)| {
        let Scenario { name, family, setting, key, parties, .. } = scenario.as_ref();
        let of = Split::of(key.as_bytes());
        let split = SPLITS.iter().find(|(split, _)| *split == of).map_or("", |(_, name)| name);
        let goals = [0, 1].map(|side: usize| parties[side].goal.as_str());
        print(out, &Listed { number, name, family: family.name(), split, setting, goals })
    })
}

/// How a dialogue is scored when all is said.
#[derive(Serialize)]
struct Verdict {
    truth: Scores,
    judge: Scores,
    second: Scores,
}

fn verdict(env: &Dialogue) -> Result<Verdict, Error> {
    let side = env.side();
    let [judge, second] = env.verdicts(side)?;
    Ok(Verdict { truth: scores(env.talk(), side), judge, second })
}

/// One line of the results of a script.
#[derive(Serialize)]
struct Step<'a> {
    step: usize,
    action: &'a str,
    valid: bool,
    reward: f64,
    done: bool,
    success: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    scores: Option<Verdict>,
    observation: String,
    actions: Vec<String>,
}

fn replay(mut env: Dialogue, script: &str, out: &mut dyn Write) -> Result<(), Error> {
    let lines = script.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    for action in lines {
        let moved = env.act(action)?;
        let Transition { valid, reward, success, .. } = moved;
        let (step, done) = (env.steps(), moved.done());
        let scores = if done { Some(verdict(&env)?) } else { None };
        let (observation, actions) = (env.seat().text(), env.seat().actions());
        print(out, &Step { step, action, valid, reward, done, success, scores, observation, actions })?;
        if done {
            break;
        }
    }
    Ok(())
}

/// Tasks of a split that baselines are measured on, at most.
const MEASURED: usize = 512;

fn baselines(
    scenes: &Scenes,
    env: &Dialogue,
    arguments: &Arguments,
    out: &mut dyn Write,
) -> Result<(), Error> {
    let partners = arguments.partner.map_or_else(|| Temperament::ALL.to_vec(), |partner| vec![partner]);
    for (split, name) in SPLITS {
        for partner in &partners {
            let tasks = scenes.draw(split, &[*partner], arguments.seed, MEASURED);
            for baseline in Baseline::ALL {
                let found = baseline.play(env, &tasks, arguments.noise, arguments.seed)?;
                let mut line = serde_json::json!({ "split": name, "partner": partner, "baseline": baseline });
                if let (Some(line), Value::Object(found)) =
                    (line.as_object_mut(), serde_json::to_value(found)?)
                {
                    line.extend(found);
                }
                print(out, &line)?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
