//! The task files of platoon-textcraft: TextCraft and TextCraft-Synth as JSON Lines.
//!
//! A task begins with an inventory, nothing can be got, and there are dead ends. The files hold no recipes but those that a task's
//! own solution follows, a batch each: `craft 8 oak planks using 2 oak log` is one step there and one recipe here. Beside them a task
//! shows crafts of other tasks that its inventory would do, and that lead elsewhere.

use super::book::{Book, BookError};
use super::task::{Draft, Task, TaskError};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Crafts of other tasks, at most.
const ELSEWHERE: usize = 4;

/// A line.
#[derive(Deserialize)]
struct Row {
    id: String,
    max_steps: Option<u32>,
    misc: Misc,
}

#[derive(Deserialize)]
struct Misc {
    target_items: BTreeMap<String, u32>,
    initial_inventory: BTreeMap<String, u32>,
    gold_trajectory: Vec<Craft>,
}

/// A craft of a solution: the recipe followed so often, and what came of it in all.
#[derive(Clone, Deserialize)]
struct Craft {
    target: (String, u32),
    ingredients: BTreeMap<String, u32>,
    result_count: u32,
}

/// A craft as a draft has it.
type Shown = ((String, u32), Vec<(String, u32)>);

impl Book {
    /// Reads a file of tasks, a JSON object a line; empty lines are passed over. Tasks that their own crafts do not do are
    /// [left out](Book::left_out): a few name a tag of items instead of one.
    ///
    /// # Errors
    /// The file cannot be read, a line is no task, or none can be done.
    pub fn read(file: &Path) -> Result<Self, BookError> {
        let name = file.display().to_string();
        let text = std::fs::read_to_string(file)
            .map_err(|error| BookError::Unreadable { file: name.clone(), error })?;
        Self::of_lines(&name, &text)
    }

    pub(super) fn of_lines(file: &str, text: &str) -> Result<Self, BookError> {
        let mut rows = Vec::new();
        for (line, text) in (1..).zip(text.lines()).filter(|(_, text)| !text.trim().is_empty()) {
            let row: Row = serde_json::from_str(text).map_err(|error| BookError::NoTask {
                file: file.to_owned(),
                line,
                error: error.to_string(),
            })?;
            rows.push((line, row));
        }
        let crafts = Crafts::of(rows.iter().map(|(_, row)| row));
        let max_steps = rows.iter().filter_map(|(_, row)| row.max_steps).max();
        let (mut tasks, mut left_out) = (Vec::new(), Vec::new());
        for (number, (line, row)) in rows.iter().enumerate() {
            match Task::new(&draft(row, number, &crafts)) {
                Ok(task) => tasks.push(task),
                Err(TaskError::Impossible) => left_out.push(row.id.clone()),
                Err(error) => return Err(BookError::Task { file: file.to_owned(), line: *line, error }),
            }
        }
        Self::with(tasks, max_steps, left_out)
    }
}

/// The crafts of all tasks, and by the first thing that each takes.
struct Crafts {
    all: Vec<(usize, Shown)>,
    by_first: BTreeMap<String, Vec<usize>>,
}

impl Crafts {
    fn of<'a>(rows: impl Iterator<Item = &'a Row>) -> Self {
        let mut crafts = Crafts { all: Vec::new(), by_first: BTreeMap::new() };
        let mut seen = BTreeSet::new();
        for (number, row) in rows.enumerate() {
            for craft in row.misc.gold_trajectory.iter().map(shown) {
                let Some((first, _)) = craft.1.first() else { continue };
                if seen.insert(craft.clone()) {
                    crafts.by_first.entry(first.clone()).or_default().push(crafts.all.len());
                    crafts.all.push((number, craft));
                }
            }
        }
        crafts
    }
}

fn words(name: &str) -> String {
    name.to_lowercase().replace('_', " ")
}

fn shown(craft: &Craft) -> Shown {
    let takes = craft.ingredients.iter().map(|(item, count)| (words(item), *count));
    ((words(&craft.target.0), craft.result_count), takes.collect())
}

fn draft(row: &Row, number: usize, crafts: &Crafts) -> Draft {
    let named =
        |items: &BTreeMap<String, u32>| items.iter().map(|(item, count)| (words(item), *count)).collect();
    let start: BTreeMap<String, u32> = named(&row.misc.initial_inventory);
    let mut recipes: Vec<Shown> = Vec::new();
    for craft in row.misc.gold_trajectory.iter().map(shown) {
        if !recipes.contains(&craft) {
            recipes.push(craft);
        }
    }
    let own: BTreeSet<&String> = recipes
        .iter()
        .flat_map(|(makes, takes)| takes.iter().chain([makes]))
        .map(|(item, _)| item)
        .chain(start.keys())
        .collect();
    // Nothing here makes what is there already or is made on the way, so no recipe leads back.
    let leads_elsewhere = |place: &usize| {
        let (_, (makes, takes)) = &crafts.all[*place];
        let there = |(item, count): &(String, u32)| start.get(item).is_some_and(|there| there >= count);
        !own.contains(&makes.0) && takes.iter().all(there)
    };
    let firsts = start.keys().filter_map(|item| crafts.by_first.get(item)).flatten().copied();
    let mut others: Vec<usize> = firsts.filter(leads_elsewhere).collect();
    // Those of the tasks that follow, in a circle.
    let tasks = crafts.all.last().map_or(1, |(last, _)| last + 1).max(number + 1);
    others.sort_by_key(|place| ((crafts.all[*place].0 + tasks - number) % tasks, *place));
    others.truncate(ELSEWHERE);
    let others = others.into_iter().map(|place| crafts.all[place].1.clone());
    recipes.extend(others.collect::<Vec<_>>());
    recipes.sort();
    Draft { name: row.id.clone(), recipes, gathering: false, goal: named(&row.misc.target_items), start }
}
