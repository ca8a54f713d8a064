//! Scenarios of our own, as many of each family.

use super::act::Appeal;
use super::frames::{BARGAINS, CAUSES, MEETINGS, NAMES, SALES, SHARES, TRAITS};
use super::scenario::{Family, Friend, Party, Scenario};
use super::scenes::Scenes;
use super::settle::{self, money};
use crate::seed::stream;
use rand::RngExt;
use rand::seq::{IndexedRandom, SliceRandom};
use rand_chacha::ChaCha8Rng;

/// Scenarios of each family.
const EACH: u64 = 120;
/// Whom each knows, in [`Family::Acquaintance`].
const FRIENDS: usize = 5;

impl Scenes {
    /// The scenarios of a seed: 120 of each family, on six surfaces each.
    #[must_use]
    pub fn made(seed: u64) -> Self {
        let scenarios = Family::ALL.into_iter().flat_map(|family| {
            (0..EACH).map(move |number| {
                let random = &mut stream(seed, family.name(), number);
                let mut scenario = made(family, number as usize, random);
                scenario.name = format!("{} {number}", family.name());
                scenario
            })
        });
        Scenes::of(scenarios.collect())
    }
}

fn made(family: Family, number: usize, random: &mut ChaCha8Rng) -> Scenario {
    match family {
        Family::Bargain => bargain(&BARGAINS[number % BARGAINS.len()], random),
        Family::Price => price(SALES[number % SALES.len()], random),
        Family::Share => share(SHARES[number % SHARES.len()], random),
        Family::Give => give(CAUSES[number % CAUSES.len()], random),
        Family::Acquaintance => acquaintance(MEETINGS[number % MEETINGS.len()], random),
    }
}

/// Two people without goals.
fn parties(random: &mut ChaCha8Rng) -> [Party; 2] {
    let mut names = NAMES;
    names.shuffle(random);
    [0, 1].map(|side| {
        let moved_by = Appeal::ALL.choose(random).copied().unwrap_or(Appeal::Facts);
        Party {
            name: names[side].to_owned(),
            profile: settle::profile(names[side], moved_by),
            goal: String::new(),
            values: Vec::new(),
            friends: Vec::new(),
            moved_by,
            secret: None,
        }
    })
}

fn bargain((setting, kinds): &(&str, [(&str, &str); 3]), random: &mut ChaCha8Rng) -> Scenario {
    let sizes = loop {
        let sizes: Vec<u32> = kinds.iter().map(|_| random.random_range(1..=4)).collect();
        if (5..=7).contains(&sizes.iter().sum::<u32>()) {
            break sizes;
        }
    };
    let count = |(size, (one, many)): (&u32, &(&str, &str))| {
        format!("{size} {}", if *size == 1 { one } else { many })
    };
    let things: Vec<String> = sizes.iter().zip(kinds).map(count).collect();
    let mut parties = parties(random);
    for party in &mut parties {
        party.values = kinds.iter().map(|_| random.random_range(1..=5)).collect();
    }
    let topics = kinds.iter().map(|(_, many)| (*many).to_owned()).collect();
    settle::bargain(&format!("{setting}: {}.", things.join(", ")), topics, sizes, parties)
}

fn price((thing, setting, about): (&str, &str, u32), random: &mut ChaCha8Rng) -> Scenario {
    let listed = about * random.random_range(80..=120) / 100;
    let seller = listed * random.random_range(60..=80);
    let buyer = seller + listed * random.random_range(5..=22);
    let mut parties = parties(random);
    parties[0].values = vec![buyer];
    parties[1].values = vec![seller];
    let setting = format!("{setting}. The price of {thing} is listed at {}.", money(100 * listed));
    settle::price(&setting, thing, 100 * listed, parties)
}

fn share((units, setting): (&str, &str), random: &mut ChaCha8Rng) -> Scenario {
    let all = random.random_range(7..=14);
    let mut parties = parties(random);
    for party in &mut parties {
        party.values = vec![all * random.random_range(50..=95) / 100];
    }
    settle::share(&format!("{setting}: there are {all} {units}."), units, all, parties)
}

fn give((cause, setting, about): (&str, &str, u32), random: &mut ChaCha8Rng) -> Scenario {
    let most = about * random.random_range(1..=4) * 50;
    let mut parties = parties(random);
    parties[0].values = vec![most / 100 * random.random_range(70..=100)];
    parties[1].values = vec![most / 100 * random.random_range(25..=60)];
    let setting =
        format!("{setting}. {} collects for {cause}; gifts go up to {}.", parties[0].name, money(most));
    settle::give(&setting, cause, most, parties)
}

fn acquaintance(setting: &str, random: &mut ChaCha8Rng) -> Scenario {
    let mut parties = parties(random);
    let mut names = NAMES.to_vec();
    names.retain(|name| parties.iter().all(|party| party.name != *name));
    names.shuffle(random);
    let about = |random: &mut ChaCha8Rng| -> Vec<String> {
        TRAITS
            .iter()
            .map(|(_, all)| all.choose(random).map_or_else(String::new, |one| (*one).to_owned()))
            .collect()
    };
    let known = names.into_iter().take(2 * FRIENDS - 1);
    let known: Vec<Friend> =
        known.map(|name| Friend { name: name.to_owned(), about: about(random) }).collect();
    let (mutual, others) = known.split_at(1);
    for (party, own) in parties.iter_mut().zip(others.chunks(FRIENDS - 1)) {
        party.friends = [mutual, own].concat();
    }
    for party in &mut parties {
        party.friends.shuffle(random);
    }
    let topics = TRAITS.iter().map(|(topic, _)| (*topic).to_owned()).collect();
    settle::acquaintance(&format!("{setting}."), topics, parties)
}
