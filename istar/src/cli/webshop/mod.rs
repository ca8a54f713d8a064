//! The job `webshop`: replay, search, score, play and measure in a shop.

mod play;

use super::Error;
use super::episode::{print, read};
use crate::env::Transition;
use crate::env::webshop::{Baseline, Catalogue, Goal, Hit, Parts, RESULTS, Score, Split, WebShop, score};
use clap::{ArgGroup, Parser};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Replays, searches, scores, plays and measures in WebShop.
#[derive(Debug, Parser)]
#[command(name = "webshop", version, group = ArgGroup::new("what").required(true))]
pub struct Arguments {
    /// File of WebShop's small catalogue, a JSON list of products, plain or gzip. Without it, a WebShop-like one is made.
    #[arg(long, value_name = "FILE")]
    catalogue: Option<PathBuf>,
    /// Seed of what is drawn: the made catalogue, prices out of ranges, the limits of prices, and chance.
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// Print what can be wanted, a JSON object a line.
    #[arg(long, group = "what")]
    goals: bool,
    /// File with an action a line, `search[words]` or `click[text]`; empty lines and lines of `#` are passed over. Prints a JSON
    /// object a step.
    #[arg(long, value_name = "FILE", group = "what")]
    script: Option<PathBuf>,
    /// Play in the terminal.
    #[arg(long, group = "what")]
    play: bool,
    /// JSON file of purchases: id, goal, purchased_asin, options and price each. Prints reward and parts, a JSON object a line.
    #[arg(long, value_name = "FILE", group = "what")]
    score: Option<PathBuf>,
    /// File with a query a line, `{"q": "words"}`. Prints the products that are found, a JSON object a line.
    #[arg(long, value_name = "FILE", group = "what")]
    search: Option<PathBuf>,
    /// Print success and score of expert, rule and chance on each split, a JSON object a line.
    #[arg(long, group = "what")]
    baselines: bool,
    /// What is wanted, by its number from 0.
    #[arg(long, value_name = "I", default_value_t = 0)]
    goal: usize,
    /// The episode is done after so many steps.
    #[arg(long, value_name = "N", default_value_t = WebShop::MAX_STEPS, value_parser = super::at_least_one::<u32>)]
    max_steps: u32,
}

/// Does what the arguments say and prints the results on `out`.
///
/// # Errors
/// Whatever is wrong with the arguments and the files that they name.
pub fn job(arguments: &Arguments, out: &mut dyn Write) -> Result<(), Error> {
    let catalogue = match &arguments.catalogue {
        Some(file) => Catalogue::read(file, arguments.seed)?,
        None => Catalogue::made(arguments.seed),
    };
    let catalogue = Arc::new(catalogue);
    if let Some(file) = &arguments.search {
        return search(&catalogue, file, out);
    }
    if let Some(file) = &arguments.score {
        return score_cases(&catalogue, file, out);
    }
    if arguments.goals {
        return (0..)
            .zip(catalogue.goals())
            .try_for_each(|(number, goal)| print(out, &Numbered { number, goal }));
    }
    if arguments.baselines {
        return baselines(&catalogue, arguments, out);
    }
    let env = begin(&catalogue, arguments)?;
    match &arguments.script {
        Some(file) => replay(env, &read(file)?, out),
        None => play::play(env, &mut io::stdin().lock(), out),
    }
}

/// A visit for the goal that is asked for.
fn begin(catalogue: &Arc<Catalogue>, arguments: &Arguments) -> Result<WebShop, Error> {
    let goals = catalogue.goals();
    let missing =
        || format!("--goal {}: there are goals 0 to {}; --goals shows them", arguments.goal, goals.len() - 1);
    let goal = goals.get(arguments.goal).ok_or_else(missing)?;
    let mut env = WebShop::new(catalogue.clone(), arguments.max_steps);
    crate::env::Env::reset(&mut env, &Arc::new(goal.clone()))?;
    Ok(env)
}

#[derive(Serialize)]
struct Numbered<'a> {
    number: usize,
    #[serde(flatten)]
    goal: &'a Goal,
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
    score: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parts: Option<Parts>,
    observation: String,
    actions: Vec<String>,
}

fn replay(mut env: WebShop, script: &str, out: &mut dyn Write) -> Result<(), Error> {
    let lines = script.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    for action in lines {
        let moved = env.act(action);
        let Transition { valid, reward, success, score, .. } = moved;
        let parts = env.shop().score().filter(|_| moved.ended).map(|score| score.parts);
        let (observation, actions) = (env.shop().text(), env.shop().actions());
        let step = env.steps();
        print(
            out,
            &Step {
                step,
                action,
                valid,
                reward,
                done: moved.done(),
                success,
                score,
                parts,
                observation,
                actions,
            },
        )?;
        if moved.done() {
            break;
        }
    }
    Ok(())
}

/// What `--search` reads in a line.
#[derive(Deserialize)]
struct Query {
    q: String,
}

#[derive(Serialize)]
struct Found<'a> {
    q: &'a str,
    hits: Vec<(&'a str, f32)>,
}

fn search(catalogue: &Catalogue, file: &Path, out: &mut dyn Write) -> Result<(), Error> {
    for (number, line) in (1..).zip(read(file)?.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        let Query { q } = serde_json::from_str(line).map_err(|error| {
            let line_of = error.to_string();
            format!("{}, line {number}: {line_of}; a line is {{\"q\": \"words\"}}", file.display())
        })?;
        let hit = |hit: &Hit| (catalogue.products()[hit.document as usize].asin.as_str(), hit.score);
        print(out, &Found { q: &q, hits: catalogue.search(&q).iter().take(RESULTS).map(hit).collect() })?;
    }
    Ok(())
}

/// A purchase, in the form of the reference cases.
#[derive(Deserialize)]
struct Case {
    id: Value,
    goal: Goal,
    purchased_asin: String,
    /// Name of an option and the value that was chosen.
    options: BTreeMap<String, String>,
    /// What was paid; without it, what the catalogue says.
    price: Option<f64>,
}

/// Purchases, by themselves or under `cases`.
#[derive(Deserialize)]
#[serde(untagged)]
enum Cases {
    Under { cases: Vec<Value> },
    Alone(Vec<Value>),
}

#[derive(Serialize)]
struct Scored {
    id: Value,
    #[serde(flatten)]
    score: Score,
}

fn score_cases(catalogue: &Catalogue, file: &Path, out: &mut dyn Write) -> Result<(), Error> {
    let no_cases =
        |error: serde_json::Error| format!("{}: {error}; a list of purchases is wanted", file.display());
    let cases = match serde_json::from_str(&read(file)?).map_err(no_cases)? {
        Cases::Under { cases } | Cases::Alone(cases) => cases,
    };
    for (number, case) in cases.into_iter().enumerate() {
        let at = |what: String| format!("{}, purchase {number}: {what}", file.display());
        let case: Case = serde_json::from_value(case).map_err(|error| at(error.to_string()))?;
        let find = |asin: &str| {
            let missing =
                || at(format!("product {asin} is not in the catalogue; --catalogue FILE reads another"));
            catalogue.find(asin).ok_or_else(missing)
        };
        let (wanted, bought) = (find(&case.goal.asin)?, find(&case.purchased_asin)?);
        if case.goal.attributes.is_empty() {
            return Err(at("the goal has no attributes, so there is no reward".into()).into());
        }
        let price = case.price.unwrap_or_else(|| catalogue.price(bought));
        let (nouns, product) = (&catalogue.products()[wanted].nouns, &catalogue.products()[bought]);
        let score = score(&case.goal, nouns, product, case.options.values().map(String::as_str), price);
        print(out, &Scored { id: case.id, score })?;
    }
    Ok(())
}

fn baselines(catalogue: &Arc<Catalogue>, arguments: &Arguments, out: &mut dyn Write) -> Result<(), Error> {
    for (split, name) in [(Split::Train, "train"), (Split::Validation, "validation"), (Split::Test, "test")] {
        let goals = catalogue.goals_of(split);
        for baseline in Baseline::ALL {
            let found =
                serde_json::to_value(baseline.play(catalogue, &goals, arguments.max_steps, arguments.seed))?;
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
