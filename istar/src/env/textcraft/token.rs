//! Actions as tokens, for policies that choose instead of writing.
//!
//! | token | says |
//! |---|---|
//! | 0 | `inventory` |
//! | 1 and on | `get ..` for each item that can be got, in their order, as many as a choice brings |
//! | after them | `craft ..` for each recipe, in the order in which they are shown |
//!
//! What can be done now is legal: looking, getting, and recipes for which all is there.

use super::task::Task;
use super::words::Action;

impl Task {
    /// All that can be said, by token.
    pub(super) fn tokens(&self) -> Vec<Action> {
        let gets = self.basics().map(|(item, count)| Action::Get(item, count));
        let crafts = (0..self.recipes().len()).map(Action::Craft);
        [Action::Inventory].into_iter().chain(gets).chain(crafts).collect()
    }

    /// What can be done with what is there, with its token.
    #[must_use]
    pub fn choices(&self, inventory: &[u32]) -> Vec<(u32, Action)> {
        let now = |(_, action): &(u32, Action)| match action {
            Action::Craft(recipe) => self.can_craft(*recipe, inventory),
            Action::Inventory | Action::Get(..) => true,
        };
        (0..).zip(self.tokens()).filter(now).collect()
    }
}
