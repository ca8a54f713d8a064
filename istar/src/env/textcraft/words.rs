//! Actions and states in words, as TextCraft has them.

use super::rules::Amount;
use super::task::Task;
use std::fmt::Write;

/// The most that can be got at once.
const AT_ONCE: u32 = 64;

/// What can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Looks at what is there.
    Inventory,
    /// Gets so many of an item, by its number.
    Get(usize, u32),
    /// Follows a recipe, by its number.
    Craft(usize),
}

impl Task {
    /// What a text means: `get 3 oak log`, `craft 1 chest using 8 oak plank`, `inventory`; nothing if it names an item that there is
    /// none of here, a recipe that is not shown, or another count than one from 1 to 64, or to what a choice brings. Capitals, spaces, `_` for a
    /// space and the order of ingredients do not matter.
    #[must_use]
    pub fn read(&self, text: &str) -> Option<Action> {
        let text = text.to_lowercase().replace('_', " ");
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text == "inventory" {
            return Some(Action::Inventory);
        }
        if let Some(what) = text.strip_prefix("get ") {
            let (item, count) = self.amount(what)?;
            let most = AT_ONCE.max(self.brings(item));
            return (1..=most).contains(&count).then_some(Action::Get(item, count));
        }
        let (makes, takes) = text.strip_prefix("craft ")?.split_once(" using ")?;
        let makes = self.amount(makes)?;
        let mut takes = takes.split(',').map(|part| self.amount(part.trim())).collect::<Option<Vec<_>>>()?;
        takes.sort_unstable();
        let found = self.recipes().iter().position(|recipe| recipe.makes == makes && recipe.takes == takes);
        found.map(Action::Craft)
    }

    fn amount(&self, text: &str) -> Option<Amount> {
        let (count, name) = text.split_once(' ')?;
        let item = self.items().iter().position(|item| item == name)?;
        Some((item, count.parse().ok()?))
    }

    /// An action in words, that [`read`](Task::read) reads.
    ///
    /// # Panics
    /// If it is of another task.
    #[must_use]
    pub fn say(&self, action: Action) -> String {
        match action {
            Action::Inventory => "inventory".into(),
            Action::Get(item, count) => format!("get {count} {}", self.items()[item]),
            Action::Craft(recipe) => self.recipe_text(recipe),
        }
    }

    /// What came of getting or crafting, if anything did.
    pub(super) fn came(&self, action: Action, done: bool) -> String {
        match action {
            Action::Inventory => String::new(),
            Action::Get(item, count) if done => format!("Got {count} {}", self.items()[item]),
            Action::Get(item, _) => format!("Could not find {}", self.items()[item]),
            Action::Craft(recipe) if done => format!("Crafted {}", self.count(self.recipes()[recipe].makes)),
            Action::Craft(recipe) => {
                format!(
                    "Could not find enough items to craft {}",
                    self.items()[self.recipes()[recipe].makes.0]
                )
            }
        }
    }

    pub(super) fn recipe_text(&self, recipe: usize) -> String {
        let recipe = &self.recipes()[recipe];
        format!("craft {} using {}", self.count(recipe.makes), self.list(recipe.takes.iter().copied()))
    }

    fn count(&self, (item, count): Amount) -> String {
        format!("{count} {}", self.items()[item])
    }

    fn list(&self, amounts: impl Iterator<Item = Amount>) -> String {
        amounts.map(|amount| self.count(amount)).collect::<Vec<_>>().join(", ")
    }

    /// Recipes, goal and what is there.
    #[must_use]
    pub fn text(&self, inventory: &[u32]) -> String {
        let mut text = "Crafting commands:\n".to_owned();
        (0..self.recipes().len()).for_each(|recipe| _ = writeln!(text, "{}", self.recipe_text(recipe)));
        _ = write!(text, "\nGoal: craft {}.\n{}", self.list(self.goal()), self.inventory_text(inventory));
        text
    }

    /// What is there, as `inventory` answers.
    #[must_use]
    pub fn inventory_text(&self, inventory: &[u32]) -> String {
        let there = inventory.iter().enumerate().filter(|(_, count)| **count > 0);
        let there: Vec<String> =
            there.map(|(item, count)| format!("[{}] ({count})", self.items()[item])).collect();
        match there.is_empty() {
            true => "Inventory: You are not carrying anything.".into(),
            false => format!("Inventory: {}", there.join(" ")),
        }
    }
}
