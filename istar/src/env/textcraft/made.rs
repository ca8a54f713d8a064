//! A book of our own: one recipe for each thing, in four heights, and a task for each thing that takes more than one recipe.

use super::book::Book;
use super::names::{FORMS, MATERIALS};
use super::task::{Draft, Task};
use crate::seed::stream;
use rand::RngExt;
use rand::seq::{IndexedRandom, SliceRandom};
use rand_chacha::ChaCha8Rng;
use std::collections::{BTreeMap, BTreeSet};

/// So many of a thing.
type Said = (String, u32);

/// How a thing is made: how many at once, and of what.
type How = (u32, Vec<Said>);

/// The most of a thing that a task asks for.
const WANTED: u32 = 3;
/// Steps of a shortest solution, at least and at most.
const STEPS: std::ops::RangeInclusive<u32> = 5..=16;
/// Recipes that lead elsewhere, at most.
const ELSEWHERE: usize = 8;

impl Book {
    /// The book of a seed: 432 recipes from 24 materials, and tasks of 5 to 16 steps, each with up to eight recipes that take what the goal
    /// takes and lead elsewhere.
    ///
    /// # Panics
    /// Never: every seed makes tasks.
    #[must_use]
    pub fn made(seed: u64) -> Self {
        let recipes = recipes(seed);
        let mut tasks = Vec::new();
        for (number, thing) in (0..).zip(recipes.keys()) {
            for count in 1..=WANTED {
                let draft = draft(&recipes, thing, count, &mut stream(seed, "task", number));
                if let Some(task) = Task::new(&draft).ok().filter(|task| STEPS.contains(&task.steps())) {
                    tasks.push(task);
                }
            }
        }
        Book::new(tasks).expect("every seed makes tasks")
    }
}

/// The recipe of each thing.
fn recipes(seed: u64) -> BTreeMap<String, How> {
    let mut recipes = BTreeMap::new();
    let things = |height: usize, material: &str| -> Vec<String> {
        FORMS[height].iter().map(|form| format!("{material} {form}")).collect()
    };
    for (number, (material, basic)) in (0..).zip(MATERIALS) {
        let random = &mut stream(seed, "recipes", number);
        for height in 0..FORMS.len() {
            for thing in things(height, material) {
                let own = match height {
                    0 => basic.to_owned(),
                    _ => one(&things(height - 1, material), random),
                };
                let mut takes = vec![(own, random.random_range(1..=if height < 2 { 3 } else { 2 }))];
                for _ in 0..random.random_range(0..=if height == 0 { 1 } else { 2 }) {
                    let (other, raw) = MATERIALS.choose(random).copied().unwrap_or(MATERIALS[0]);
                    let low = random.random_range(0..=height.min(2));
                    let part = if low == 0 { raw.to_owned() } else { one(&things(low - 1, other), random) };
                    if takes.iter().all(|(known, _)| *known != part) {
                        takes.push((part, random.random_range(1..=2)));
                    }
                }
                let makes = if height == 0 { random.random_range(1..=4) } else { random.random_range(1..=2) };
                recipes.insert(thing, (if height < 2 { makes } else { 1 }, takes));
            }
        }
    }
    recipes
}

fn one(things: &[String], random: &mut ChaCha8Rng) -> String {
    things.choose(random).cloned().unwrap_or_default()
}

/// A task for so many of a thing: the recipes that lead to it and some that do not, in any order.
fn draft(recipes: &BTreeMap<String, How>, thing: &str, count: u32, random: &mut ChaCha8Rng) -> Draft {
    let (mut tree, mut parts, mut open) = (BTreeSet::new(), BTreeSet::new(), vec![thing.to_owned()]);
    while let Some(next) = open.pop() {
        if let Some((_, takes)) = recipes.get(&next).filter(|_| !tree.contains(&next)) {
            open.extend(takes.iter().map(|(part, _)| part.clone()));
            tree.insert(next.clone());
        }
        parts.insert(next);
    }
    let elsewhere = |(other, (_, takes)): &(&String, &How)| {
        let there = |(part, _): &Said| !recipes.contains_key(part) || tree.contains(part);
        !tree.contains(*other)
            && takes.iter().all(there)
            && takes.iter().any(|(part, _)| parts.contains(part))
    };
    let mut others: Vec<&String> = recipes.iter().filter(elsewhere).map(|(other, _)| other).collect();
    others.shuffle(random);
    others.truncate(ELSEWHERE);
    let mut shown: Vec<&String> = tree.iter().chain(others).collect();
    shown.shuffle(random);
    Draft {
        name: format!("{count} {thing}"),
        recipes: shown
            .into_iter()
            .map(|made| ((made.clone(), recipes[made].0), recipes[made].1.clone()))
            .collect(),
        gathering: true,
        start: BTreeMap::new(),
        goal: [(thing.to_owned(), count)].into(),
    }
}
