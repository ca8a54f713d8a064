//! A task: recipes, what is there, what is wanted.

use super::plan::{Plan, Supply, plan};
use super::rules::{Amount, Recipe, Rules};
use std::collections::BTreeMap;

/// The most of an item that a task may speak of.
pub const MOST: u32 = 1_000_000;

/// A task in words, from which a [`Task`] is made. Names are as they are said: lower case, words apart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draft {
    /// What it is called.
    pub name: String,
    /// Recipes in the order in which they are shown: what is made, and what it takes.
    pub recipes: Vec<((String, u32), Vec<(String, u32)>)>,
    /// Whether what no recipe makes can be got.
    pub gathering: bool,
    /// What is there at the beginning.
    pub start: BTreeMap<String, u32>,
    /// What is wanted, beside what is there at the beginning.
    pub goal: BTreeMap<String, u32>,
}

/// Why there is no such task.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TaskError {
    /// Nothing to do.
    #[error("nothing is wanted")]
    NoGoal,
    /// An impossible count.
    #[error("{count} of `{item}`; a count is a whole number from 1 to {MOST}")]
    Count {
        /// Of what.
        item: String,
        /// What stands there.
        count: u32,
    },
    /// A recipe from nothing.
    #[error("the recipe of `{0}` takes nothing")]
    FromNothing(String),
    /// Going in a circle.
    #[error("the recipes of `{0}` lead back to it")]
    Circle(String),
    /// What is there and the recipes do not lead to the goal.
    #[error("what is there and its recipes do not make what is wanted")]
    Impossible,
}

/// A task, whose items have numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    name: String,
    items: Vec<String>,
    rules: Rules,
    start: Vec<u32>,
    /// Per item, how many recipes lie between it and the goal; nothing where it leads elsewhere.
    depth: Vec<Option<u32>>,
    /// What has to be made at the beginning, each after what it takes.
    to_make: Vec<usize>,
    steps: u32,
}

impl Task {
    /// The task of a draft.
    ///
    /// # Errors
    /// The first of [`TaskError`] that holds.
    pub fn new(draft: &Draft) -> Result<Self, TaskError> {
        let amounts = draft.recipes.iter().flat_map(|(makes, takes)| takes.iter().chain([makes]));
        let amounts = amounts.map(|(item, count)| (item, count)).chain(&draft.start).chain(&draft.goal);
        let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
        let mut items = Vec::new();
        for (item, count) in amounts {
            if !(1..=MOST).contains(count) {
                return Err(TaskError::Count { item: item.clone(), count: *count });
            }
            numbers.entry(item).or_insert_with(|| {
                items.push(item.clone());
                items.len() - 1
            });
        }
        if draft.goal.is_empty() {
            return Err(TaskError::NoGoal);
        }
        let number = |(item, count): &(String, u32)| (numbers[item.as_str()], *count);
        let mut recipes = Vec::new();
        for (makes, takes) in &draft.recipes {
            if takes.is_empty() {
                return Err(TaskError::FromNothing(makes.0.clone()));
            }
            let mut takes: Vec<Amount> = takes.iter().map(number).collect();
            takes.sort_unstable();
            let recipe = Recipe { makes: number(makes), takes };
            if !recipes.contains(&recipe) {
                recipes.push(recipe);
            }
        }
        let mut start = vec![0; items.len()];
        draft.start.iter().for_each(|(item, count)| start[numbers[item.as_str()]] = *count);
        let mut wanted = vec![0; items.len()];
        for (item, count) in &draft.goal {
            let item = numbers[item.as_str()];
            wanted[item] = start[item] + count;
        }
        let rules = Rules::new(recipes, wanted).map_err(|item| TaskError::Circle(items[item].clone()))?;
        let (name, depth) = (draft.name.clone(), rules.depth());
        let mut task = Task { name, items, rules, start, depth, to_make: Vec::new(), steps: 0 };
        if draft.gathering {
            task.gather();
        }
        task.steps = task.plan(&task.start, Supply::There).ok_or(TaskError::Impossible)?.steps();
        if let Some(free) = task.plan(&task.start, Supply::Endless) {
            let upwards = task.rules.order.iter().rev().copied();
            task.to_make = upwards.filter(|item| free.makes(&task.rules, *item) > 0).collect();
        }
        Ok(task)
    }

    /// A shortest plan from an inventory; `None` beyond rescue.
    #[must_use]
    pub fn plan(&self, inventory: &[u32], supply: Supply) -> Option<Plan> {
        plan(&self.rules, inventory, supply)
    }

    /// Of all that has to be made at the beginning, whether no more of it has to be made.
    #[must_use]
    pub fn made(&self, inventory: &[u32]) -> Vec<bool> {
        let left = self.plan(inventory, Supply::Endless);
        let open = |item: &usize| left.as_ref().is_some_and(|left| left.makes(&self.rules, *item) > 0);
        self.to_make.iter().map(|item| !open(item)).collect()
    }

    /// A choice brings as much as the goal takes in all, or the most that a recipe takes.
    fn gather(&mut self) {
        let makers = &self.rules.makers;
        let basic: Vec<usize> = (0..makers.len()).filter(|item| makers[*item].is_empty()).collect();
        let mut gets = vec![0; makers.len()];
        basic.iter().for_each(|item| gets[*item] = 1);
        for (item, count) in self.rules.recipes.iter().flat_map(|recipe| &recipe.takes) {
            if basic.contains(item) {
                gets[*item] = gets[*item].max(*count);
            }
        }
        self.rules.gets.clone_from(&gets);
        if let Some(all) = self.plan(&vec![0; gets.len()], Supply::There) {
            for item in basic {
                let brought = u64::from(gets[item]).saturating_mul(all.gets[item]);
                self.rules.gets[item] = u32::try_from(brought).unwrap_or(MOST).clamp(gets[item], MOST);
            }
        }
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The names of its items.
    pub fn items(&self) -> &[String] {
        &self.items
    }

    /// Its recipes, in the order in which they are shown.
    pub fn recipes(&self) -> &[Recipe] {
        &self.rules.recipes
    }

    /// The recipes that make an item.
    pub fn makers(&self, item: usize) -> &[usize] {
        &self.rules.makers[item]
    }

    /// Items that can be got, each with how many a choice brings.
    pub fn basics(&self) -> impl Iterator<Item = Amount> + '_ {
        self.rules.gets.iter().copied().enumerate().filter(|(_, count)| *count > 0)
    }

    /// How many of an item a choice brings; 0 if it cannot be got.
    pub fn brings(&self, item: usize) -> u32 {
        self.rules.gets[item]
    }

    /// Per item, how many there are at the beginning.
    pub fn start(&self) -> &[u32] {
        &self.start
    }

    /// Per item, how many there must be at the end; 0 of what is not asked for.
    pub fn wanted(&self) -> &[u32] {
        &self.rules.wanted
    }

    /// What is asked for beside what was there at the beginning.
    pub fn goal(&self) -> impl Iterator<Item = Amount> + '_ {
        let goal =
            self.rules.wanted.iter().zip(&self.start).enumerate().filter(|(_, (wanted, _))| **wanted > 0);
        goal.map(|(item, (wanted, start))| (item, wanted - start))
    }

    /// Whether this is enough.
    pub fn is_done(&self, inventory: &[u32]) -> bool {
        self.rules.wanted.iter().zip(inventory).all(|(wanted, there)| there >= wanted)
    }

    /// Whether a recipe can be followed.
    pub fn can_craft(&self, recipe: usize, inventory: &[u32]) -> bool {
        self.rules.recipes[recipe].takes.iter().all(|(item, count)| inventory[*item] >= *count)
    }

    /// How many recipes lie between an item and the goal; nothing where it leads elsewhere.
    pub fn depth(&self, item: usize) -> Option<u32> {
        self.depth[item]
    }

    /// What has to be made, as things stand at the beginning: sub-ingredients, then what is asked for, each after what it takes.
    pub fn to_make(&self) -> &[usize] {
        &self.to_make
    }

    /// Steps of a shortest solution from the beginning.
    pub fn steps(&self) -> u32 {
        self.steps
    }

    /// The tree of recipes that leads to what is asked for, in words, whatever the counts of the goal and what else is shown: equal for
    /// tasks of one tree.
    pub fn tree(&self) -> String {
        let mut lines: Vec<String> = (0..self.rules.recipes.len())
            .filter(|recipe| self.depth[self.rules.recipes[*recipe].makes.0].is_some())
            .map(|recipe| self.recipe_text(recipe))
            .chain(self.goal().map(|(item, _)| self.items[item].clone()))
            .collect();
        lines.sort();
        lines.join("\n")
    }
}
