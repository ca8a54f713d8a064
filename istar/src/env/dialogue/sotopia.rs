//! SOTOPIA's profile files: those scenarios whose goals can be computed from their text.
//!
//! | file | is read for |
//! |---|---|
//! | `environment_profiles.jsonl` | scenario, goals, source |
//! | `agent_profiles.jsonl` | names, who they are |
//! | `env_agent_combo_storages.jsonl` | who plays what |
//!
//! Of three sources the goals are numbers: `deal-or-no-deal`, `craigslist_bargains`, `mutual_friends`. The others ("make your friend
//! cry on cue") have none; they are left out, each with the reason.

use super::act::{Appeal, OFFERS, TOPICS};
use super::scenario::{Friend, Party, Scenario};
use super::scenes::Scenes;
use super::settle;
use regex::Regex;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::path::Path;

/// Why there are no scenarios.
#[derive(Debug, thiserror::Error)]
pub enum ScenesError {
    /// A file cannot be read.
    #[error(
        "cannot read {file}: {error}; a folder with SOTOPIA's environment_profiles.jsonl, agent_profiles.jsonl and \
         env_agent_combo_storages.jsonl is wanted"
    )]
    Unreadable {
        /// Its name.
        file: String,
        /// Why.
        error: std::io::Error,
    },
    /// A line is not what it should be.
    #[error("{file}, line {line}: {error}")]
    Line {
        /// The file.
        file: String,
        /// From 1.
        line: usize,
        /// What is wrong.
        error: String,
    },
    /// Nothing to talk about.
    #[error("{0}: there is no scenario whose goals can be computed")]
    Empty(String),
}

#[derive(Deserialize)]
struct Environment {
    env_id: String,
    codename: String,
    source: String,
    scenario: String,
    agent_goals: Vec<String>,
}

#[derive(Deserialize)]
struct Agent {
    agent_id: String,
    first_name: String,
    #[serde(default)]
    last_name: String,
    #[serde(default)]
    public_info: String,
    #[serde(default)]
    decision_making_style: String,
    #[serde(default)]
    moral_values: Vec<String>,
}

#[derive(Deserialize)]
struct Combo {
    env_id: String,
    agent_ids: Vec<String>,
}

fn lines<T: DeserializeOwned>(folder: &Path, name: &str) -> Result<Vec<T>, ScenesError> {
    let path = folder.join(name);
    let file = path.display().to_string();
    let text = std::fs::read_to_string(&path)
        .map_err(|error| ScenesError::Unreadable { file: file.clone(), error })?;
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    let read = |(line, text): (usize, &str)| {
        serde_json::from_str(text).map_err(|error| ScenesError::Line {
            file: file.clone(),
            line,
            error: error.to_string(),
        })
    };
    lines.map(read).collect()
}

impl Scenes {
    /// The scenarios of SOTOPIA's files in a folder, one for each combination of an environment with two agents. Combinations of one
    /// environment are of one split.
    ///
    /// # Errors
    /// A file is missing or damaged, or no goal can be computed.
    pub fn read(folder: &Path) -> Result<Self, ScenesError> {
        let environments: Vec<Environment> = lines(folder, "environment_profiles.jsonl")?;
        let agents: Vec<Agent> = lines(folder, "agent_profiles.jsonl")?;
        let combos: Vec<Combo> = lines(folder, "env_agent_combo_storages.jsonl")?;
        let agents: BTreeMap<&str, &Agent> =
            agents.iter().map(|agent| (agent.agent_id.as_str(), agent)).collect();
        let (mut scenarios, mut left_out) = (Vec::new(), Vec::new());
        for environment in &environments {
            let own = combos.iter().filter(|combo| combo.env_id == environment.env_id);
            let pairs = own.filter_map(|combo| match combo.agent_ids.as_slice() {
                [first, second] => Some([*agents.get(first.as_str())?, *agents.get(second.as_str())?]),
                _ => None,
            });
            let name = format!("{} ({}, {})", environment.env_id, environment.codename, environment.source);
            let made: Result<Vec<Scenario>, String> = pairs.map(|pair| scenario(environment, pair)).collect();
            match made {
                Ok(made) if made.is_empty() => left_out.push((name, "no two agents play it".into())),
                Ok(made) => scenarios.extend(made),
                Err(reason) => left_out.push((name, reason)),
            }
        }
        if scenarios.is_empty() {
            return Err(ScenesError::Empty(folder.display().to_string()));
        }
        Ok(Scenes::with(scenarios, left_out))
    }
}

/// Who they are, without a goal.
fn party(agent: &Agent) -> Party {
    let name = format!("{} {}", agent.first_name, agent.last_name).trim().to_owned();
    // What moves somebody is ours: those who decide by analysis look at facts, those who value fairness at what is fair.
    let moved_by = if agent.decision_making_style.to_lowercase().contains("analy") {
        Appeal::Facts
    } else if agent.moral_values.iter().any(|value| value.trim() == "Fairness") {
        Appeal::Fairness
    } else {
        Appeal::Feeling
    };
    let profile = settle::profile(&name, moved_by);
    let profile = match agent.public_info.trim() {
        "" => profile,
        known => format!("{} {profile}", known.trim_end_matches('.').to_owned() + "."),
    };
    Party {
        profile: profile.trim_end_matches('.').to_owned(),
        name,
        goal: String::new(),
        values: Vec::new(),
        friends: Vec::new(),
        moved_by,
        secret: None,
    }
}

fn scenario(environment: &Environment, agents: [&Agent; 2]) -> Result<Scenario, String> {
    let [first, second] = environment.agent_goals.as_slice() else {
        return Err("there are not two goals".into());
    };
    let (goals, parties) = ([first.as_str(), second.as_str()], agents.map(party));
    let made = match environment.source.as_str() {
        "deal-or-no-deal" => bargain(&environment.scenario, goals, parties),
        "craigslist_bargains" => price(&environment.scenario, goals, parties),
        "mutual_friends" => acquaintance(&environment.scenario, goals, parties),
        _ => Err("its goals cannot be computed from their text".into()),
    }?;
    let name = format!("{} {}", environment.codename, environment.env_id);
    Ok(Scenario { name, key: environment.env_id.clone(), ..made })
}

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a pattern of this file")
}

/// `3 books, 2 hats, and 1 ball`, and what each is worth after its name in a goal.
fn bargain(setting: &str, goals: [&str; 2], mut parties: [Party; 2]) -> Result<Scenario, String> {
    let counted = pattern(r"([0-9]+) ([a-z]+)");
    let kinds: Vec<(u32, &str)> = counted
        .captures_iter(setting)
        .filter_map(|found| Some((found[1].parse().ok()?, found.get(2)?.as_str())))
        .collect();
    if !(1..=TOPICS).contains(&kinds.len()) {
        return Err(format!("{} kinds of things are counted in its text", kinds.len()));
    }
    for (party, goal) in parties.iter_mut().zip(goals) {
        let goal = goal.to_lowercase();
        let worth = |(_, kind): &(u32, &str)| {
            let stem = kind.trim_end_matches('s');
            let after = &goal[goal.find(stem)? + stem.len()..];
            pattern(r"[0-9]+").find(after)?.as_str().parse().ok()
        };
        let values: Option<Vec<u32>> = kinds.iter().map(worth).collect();
        party.values = values.ok_or("its text does not say what each thing is worth")?;
    }
    let topics = kinds.iter().map(|(_, kind)| (*kind).to_owned()).collect();
    Ok(settle::bargain(setting, topics, kinds.iter().map(|(size, _)| *size).collect(), parties))
}

/// The first amount of dollars in a text, in cents.
fn cents(text: &str) -> Option<u32> {
    let found = pattern(r"\$([0-9,]+(?:\.[0-9]+)?)").captures(text)?[1].replace(',', "");
    let dollars: f64 = found.parse().ok()?;
    let cents = (100.0 * dollars).round();
    (1.0..1e9).contains(&cents).then_some(cents as u32)
}

fn price(setting: &str, goals: [&str; 2], mut parties: [Party; 2]) -> Result<Scenario, String> {
    let listed = cents(setting).filter(|listed| *listed >= 100).ok_or("its text has no listed price")?;
    if !(goals[0].contains("buyer") && goals[1].contains("seller")) {
        return Err("its text does not say who buys and who sells".into());
    }
    for (party, goal) in parties.iter_mut().zip(goals) {
        party.values = vec![cents(goal).ok_or("its text has no target price")?];
    }
    Ok(settle::price(setting, "it", listed, parties))
}

/// A line a friend: `Thanh: School: Williams College  Major: Greek`.
fn acquaintance(setting: &str, goals: [&str; 2], mut parties: [Party; 2]) -> Result<Scenario, String> {
    let mut topics: Vec<String> = Vec::new();
    for (party, goal) in parties.iter_mut().zip(goals) {
        let told = goal.split_once("<extra_info>").map_or("", |(_, told)| told);
        for line in told.lines().skip(1) {
            let Some((name, about)) = line.trim().split_once(": ") else { continue };
            let parts = about.split("  ").filter_map(|part| part.trim().split_once(": "));
            let parts: Vec<(&str, &str)> = parts.collect();
            if parts.is_empty() {
                continue;
            }
            if topics.is_empty() {
                topics = parts.iter().map(|(topic, _)| topic.to_lowercase()).collect();
            }
            if !parts.iter().map(|(topic, _)| topic.to_lowercase()).eq(topics.iter().cloned()) {
                return Err(format!("something else is known of {name} than of the others"));
            }
            let about = parts.iter().map(|(_, what)| (*what).to_owned()).collect();
            party.friends.push(Friend { name: name.to_owned(), about });
        }
    }
    if !(1..=TOPICS).contains(&topics.len()) {
        return Err(format!("{} things are known of people, and there may be {TOPICS}", topics.len()));
    }
    // Who they have in common stands in the text for the environment alone.
    let setting = pattern(r" *<p viewer=.environment.>.*?</p>").replace_all(setting, "");
    let made = settle::acquaintance(&setting, topics, parties);
    if made.names.len() > OFFERS {
        return Err(format!("{} people are known, and there may be {OFFERS}", made.names.len()));
    }
    if !(0..made.settlements.len()).any(|name| made.is_mutual(name)) {
        return Err("they have no friend in common".into());
    }
    Ok(made)
}
