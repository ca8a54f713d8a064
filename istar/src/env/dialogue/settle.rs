//! A scenario of each family from what both know and what each keeps: the settlements that there are, and goals in words.

use super::act::{Appeal, OFFERS};
use super::scenario::{Family, Party, Scenario};
use crate::seed::stream;
use rand::seq::SliceRandom;

/// An amount of cents in words.
pub(super) fn money(cents: u32) -> String {
    match cents % 100 {
        0 => format!("${}", cents / 100),
        rest => format!("${}.{rest:02}", cents / 100),
    }
}

/// What is known of somebody who is moved by an argument of this kind.
pub(super) fn profile(name: &str, moved_by: Appeal) -> String {
    let what = match moved_by {
        Appeal::Facts => "wants to see figures",
        Appeal::Feeling => "has a soft heart",
        Appeal::Fairness => "cannot bear that somebody comes off badly",
    };
    format!("{name} {what}")
}

/// Things of several kinds, divided. Where there are more ways than offers, kinds are divided more coarsely, both ends kept.
pub(super) fn bargain(
    setting: &str,
    topics: Vec<String>,
    sizes: Vec<u32>,
    mut parties: [Party; 2],
) -> Scenario {
    let mut counts: Vec<Vec<u32>> = sizes.iter().map(|size| (0..=*size).collect()).collect();
    while counts.iter().map(Vec::len).product::<usize>() > OFFERS {
        let Some(most) = counts.iter_mut().max_by_key(|counts| counts.len()) else { break };
        let last = most.len() - 1;
        *most = match last {
            0..=2 => vec![most[0], most[last]],
            _ => (0..=last).filter(|at| at % 2 == 0 || *at == last).map(|at| most[at]).collect(),
        };
    }
    let settlements = counts.iter().fold(vec![Vec::new()], |begun, counts| {
        let longer = |begun: &Vec<u32>| {
            counts.iter().map(|count| [&begun[..], &[*count]].concat()).collect::<Vec<_>>()
        };
        begun.iter().flat_map(longer).collect()
    });
    for party in &mut parties {
        let points: Vec<String> =
            topics.iter().zip(&party.values).map(|(topic, value)| format!("{topic} {value}")).collect();
        party.goal = format!("Get as many points as you can. Points for one of each: {}.", points.join(", "));
    }
    scenario(Family::Bargain, setting, topics, sizes, settlements, parties)
}

/// A price, from 40 % of the listed one in twentieths up to 110 %.
pub(super) fn price(setting: &str, thing: &str, listed: u32, mut parties: [Party; 2]) -> Scenario {
    for (side, party) in parties.iter_mut().enumerate() {
        party.secret = Some(0);
        let target = party.values.first().map_or_else(String::new, |target| money(*target));
        party.goal = match side {
            0 => format!("Buy {thing}. Your target is {target}: less is better, more is worse."),
            _ => format!("Sell {thing}. Your target is {target}: more is better, less is worse."),
        };
    }
    let settlements = (8..=22).map(|twentieths| vec![listed / 20 * twentieths]).collect();
    scenario(Family::Price, setting, vec!["target".into()], vec![listed], settlements, parties)
}

/// Units of one thing, shared.
pub(super) fn share(setting: &str, units: &str, all: u32, mut parties: [Party; 2]) -> Scenario {
    for party in &mut parties {
        let need = party.values.first().copied().unwrap_or_default();
        party.goal = format!("Get the {units} that you need: {need} of {all}.");
    }
    let settlements = (0..=all).map(|first| vec![first]).collect();
    scenario(Family::Share, setting, vec![units.into()], vec![all], settlements, parties)
}

/// A gift, in tenths of the most.
pub(super) fn give(setting: &str, cause: &str, most: u32, mut parties: [Party; 2]) -> Scenario {
    parties[1].secret = Some(0);
    for (side, party) in parties.iter_mut().enumerate() {
        let amount = party.values.first().map_or_else(String::new, |amount| money(*amount));
        party.goal = match side {
            0 => format!("Get a gift for {cause}. You hope for {amount}."),
            _ => format!("Support {cause} within your means. You are comfortable with {amount}."),
        };
    }
    let settlements = (1..=10).map(|tenths| vec![most / 10 * tenths]).collect();
    scenario(Family::Give, setting, vec!["budget".into()], vec![most], settlements, parties)
}

/// Somebody whom both know. Names stand in an order that says nothing of who knows them.
pub(super) fn acquaintance(setting: &str, topics: Vec<String>, mut parties: [Party; 2]) -> Scenario {
    let mut names: Vec<String> = Vec::new();
    for friend in parties.iter().flat_map(|party| &party.friends) {
        if !names.contains(&friend.name) {
            names.push(friend.name.clone());
        }
    }
    names.sort();
    let mut order = stream(0, setting, names.len() as u64);
    names.shuffle(&mut order);
    for party in &mut parties {
        let friend = |friend: &super::scenario::Friend| {
            let about: Vec<String> =
                topics.iter().zip(&friend.about).map(|(topic, what)| format!("{topic} {what}")).collect();
            format!("{} ({})", friend.name, about.join(", "))
        };
        let friends: Vec<String> = party.friends.iter().map(friend).collect();
        party.goal = format!(
            "Find out whom you both know, and do not simply list names. You know {}.",
            friends.join("; ")
        );
    }
    let settlements = (0..names.len() as u32).map(|name| vec![name]).collect();
    let made = scenario(Family::Acquaintance, setting, topics, Vec::new(), settlements, parties);
    Scenario { names, ..made }
}

fn scenario(
    family: Family,
    setting: &str,
    topics: Vec<String>,
    sizes: Vec<u32>,
    settlements: Vec<Vec<u32>>,
    parties: [Party; 2],
) -> Scenario {
    let key = [setting, &parties[0].goal, &parties[1].goal].join("\n");
    let (name, setting, names) = (String::new(), setting.to_owned(), Vec::new());
    Scenario { name, key, family, setting, topics, sizes, settlements, names, parties }
}
