//! TextCraft: what is wanted is crafted, from recipes in words (A. Prasad et al., ADaPT, arXiv 2311.05772).
//!
//! | file | idea |
//! |---|---|
//! | `rules`, `task` | a task: recipes, what is there, what is wanted |
//! | `plan` | the shortest way to it, exactly |
//! | `words` | actions and states as texts |
//! | `book` | sets of tasks, and their splits by recipe tree |
//! | `made`, `names` | a book of our own |
//! | `genuine` | the task files of platoon-textcraft |
//! | `token`, `view` | actions as tokens, and what a small policy looks at |
//! | `baseline` | expert, rule and chance |

mod baseline;
mod book;
mod genuine;
mod made;
mod names;
mod plan;
mod rules;
mod task;
mod token;
mod view;
mod words;

pub use crate::env::split::Split;
pub use baseline::{Baseline, Outcome};
pub use book::{Book, BookError};
pub use plan::{Plan, Supply};
pub use rules::{Amount, Recipe};
pub use task::{Draft, MOST, Task, TaskError};
pub use view::{Look, View};
pub use words::Action;

use super::spelled::Words;
use super::{
    Checklist, Demonstrate, Env, EnvError, ExactCredit, Restore, StateKey, StateText, StepReward, Subgoals,
    Transition,
};
use crate::batch::{Item, Legal, Turns};
use std::sync::Arc;

/// The environment: a task, an inventory and a budget of steps.
///
/// A step is one token, see [`Task::choices`]; what can be done now is legal. A recipe for which something is missing is
/// [`valid`](Transition::valid) and does nothing; what is no action is not valid; both cost a step. The episode ends with reward 1 when all
/// that is wanted is there, beside what was there at the beginning. When the budget is used up it is cut off.
///
/// ```
/// use istar::env::Env;
/// use istar::env::textcraft::{Book, Draft, Task, TextCraft};
/// use std::sync::Arc;
///
/// let amount = |count, item: &str| (item.to_owned(), count);
/// let draft = Draft {
///     name: "chest".into(),
///     recipes: vec![
///         (amount(1, "chest"), vec![amount(8, "oak plank")]),
///         (amount(4, "oak plank"), vec![amount(1, "oak log")]),
///     ],
///     gathering: true,
///     goal: [amount(1, "chest")].into(),
///     ..Draft::default()
/// };
/// let book = Book::new(vec![Task::new(&draft)?])?;
/// let mut env = TextCraft::new(&book, 10);
/// assert_eq!(env.task().steps(), 4);
/// for action in ["get 2 oak log", "craft 4 oak plank using 1 oak log", "craft 4 oak plank using 1 oak log"] {
///     assert!(!env.act(action).done());
/// }
/// assert!(env.act("craft 1 chest using 8 oak plank").success);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct TextCraft {
    task: Arc<Task>,
    inventory: Vec<u32>,
    steps: u32,
    max_steps: u32,
    /// Items of the checklist that were satisfied at once, at most.
    most: usize,
    /// What was done last, if that means anything, and whether something came of it.
    last: Option<(Action, bool)>,
}

impl TextCraft {
    /// The budget of steps for tasks of our own.
    pub const MAX_STEPS: u32 = 20;

    /// An environment whose episodes end after `max_steps` steps at the latest. Before the first [`reset`](Env::reset) it stands at the
    /// beginning of the book's first task.
    #[must_use]
    pub fn new(book: &Book, max_steps: u32) -> Self {
        let task = book.tasks()[0].clone();
        TextCraft { inventory: task.start().to_vec(), task, steps: 0, max_steps, most: 0, last: None }
    }

    /// The task.
    pub fn task(&self) -> &Arc<Task> {
        &self.task
    }

    /// Per item of the task, how many are there.
    pub fn inventory(&self) -> &[u32] {
        &self.inventory
    }

    /// Steps taken in this episode.
    pub fn steps(&self) -> u32 {
        self.steps
    }

    /// The budget of steps.
    pub fn max_steps(&self) -> u32 {
        self.max_steps
    }

    /// What a token means, whether it can be done now or not.
    pub fn action(&self, token: u32) -> Option<Action> {
        self.task.tokens().get(token as usize).copied()
    }

    /// Acts like [`Env::step`], by text.
    pub fn act(&mut self, text: &str) -> Transition {
        let action = self.task.read(text);
        self.take(action)
    }

    fn take(&mut self, action: Option<Action>) -> Transition {
        let inventory = &mut self.inventory;
        let done = match action {
            Some(Action::Get(item, count)) if self.task.brings(item) > 0 => {
                inventory[item] = inventory[item].saturating_add(count);
                true
            }
            Some(Action::Craft(recipe)) if self.task.can_craft(recipe, inventory) => {
                let recipe = &self.task.recipes()[recipe];
                recipe.takes.iter().for_each(|(item, count)| inventory[*item] -= count);
                let (item, count) = recipe.makes;
                inventory[item] = inventory[item].saturating_add(count);
                true
            }
            _ => false,
        };
        self.last = action.map(|action| (action, done));
        self.steps = self.steps.saturating_add(1);
        self.most =
            self.most.max(self.task.made(&self.inventory).iter().filter(|satisfied| **satisfied).count());
        let success = self.task.is_done(&self.inventory);
        Transition {
            reward: f64::from(u8::from(success)),
            ended: success,
            truncated: !success && self.steps >= self.max_steps,
            success,
            valid: action.is_some(),
            score: None,
        }
    }
}

impl Env for TextCraft {
    type Task = Arc<Task>;
    type Observation = View;

    fn reset(&mut self, task: &Arc<Task>) -> Result<(), EnvError> {
        self.task = task.clone();
        self.inventory = task.start().to_vec();
        (self.steps, self.most, self.last) = (0, 0, None);
        Ok(())
    }

    fn observe(&self) -> View {
        view::view(&self.task, &self.inventory)
    }

    fn legal(&self, _so_far: &[u32]) -> Legal {
        self.task.choices(&self.inventory).into_iter().map(|(token, _)| token).collect()
    }

    fn step(&mut self, tokens: &[u32]) -> Result<Transition, EnvError> {
        let action = match tokens {
            [token] => self.action(*token),
            _ => None,
        };
        Ok(self.take(action))
    }
}

impl StateKey for TextCraft {
    /// Per item, how many are there.
    type Key = Vec<u32>;

    fn state_key(&self) -> Vec<u32> {
        self.inventory.clone()
    }
}

/// No step but the last is rewarded; what is discounted from there, and the penalty of what means nothing, say more.
impl StepReward for TextCraft {}

impl StateText for TextCraft {
    /// Recipes, goal and what is there.
    fn state_text(&self) -> String {
        self.task.text(&self.inventory)
    }
}

impl Restore for TextCraft {
    /// The task, the inventory, the steps taken, what segments count, and what was done last.
    type State = (Arc<Task>, Vec<u32>, u32, usize, Option<(Action, bool)>);

    fn save(&self) -> Self::State {
        (self.task.clone(), self.inventory.clone(), self.steps, self.most, self.last)
    }

    fn restore(&mut self, (task, inventory, steps, most, last): &Self::State) {
        self.task.clone_from(task);
        self.inventory.clone_from(inventory);
        (self.steps, self.most, self.last) = (*steps, *most, *last);
    }
}

impl Checklist for TextCraft {
    /// One turn, since nobody speaks in between. An item for each thing that has to be made, sub-ingredients first; it waits for those that
    /// its recipes take.
    fn checklist(&self) -> Turns {
        let to_make = self.task.to_make();
        let place = |item: &usize| to_make.iter().position(|other| other == item).map(|place| place as u32);
        let item = |made: &usize| {
            let recipes = self.task.makers(*made).iter().map(|recipe| &self.task.recipes()[*recipe]);
            let mut deps: Vec<u32> =
                recipes.flat_map(|recipe| recipe.takes.iter().filter_map(|(item, _)| place(item))).collect();
            deps.sort_unstable();
            deps.dedup();
            Item { weight: 1.0 / to_make.len() as f64, deps }
        };
        vec![to_make.iter().map(item).collect()]
    }

    fn turn(&self) -> u32 {
        0
    }

    /// The rules are the judge: it never fails. A thing is satisfied when no more of it has to be made: as many are there as are still
    /// wanted, or they went into what is.
    fn satisfied(&self, _turn: u32) -> Option<Vec<bool>> {
        Some(self.task.made(&self.inventory))
    }
}

impl Words for TextCraft {
    /// At the beginning recipes, goal and what is there, then what came of the last step.
    fn read(&self) -> String {
        let text = match self.last {
            None if self.steps == 0 => self.task.text(&self.inventory),
            None => "That is no action.".into(),
            Some((Action::Inventory, _)) => self.task.inventory_text(&self.inventory),
            Some((action, done)) => self.task.came(action, done),
        };
        text + "\n"
    }

    fn sayings(&self) -> Vec<(u32, String)> {
        let choices = self.task.choices(&self.inventory).into_iter();
        choices.map(|(token, action)| (token, self.task.say(action))).collect()
    }
}

impl Subgoals for TextCraft {
    /// Things of the checklist that are done with, at most so far: a segment ends with the step that has more of them done than any
    /// before it.
    fn segment(&self) -> u32 {
        self.most as u32
    }
}

impl Demonstrate for TextCraft {
    /// The first step of a shortest solution: a recipe that can be followed, what goes into others first, before anything is got.
    fn demonstrate(&self) -> Option<Vec<u32>> {
        if self.task.is_done(&self.inventory) {
            return None;
        }
        let plan = self.task.plan(&self.inventory, Supply::There)?;
        let planned = |(_, action): &(u32, Action)| match action {
            Action::Craft(recipe) => plan.crafts[*recipe] > 0,
            Action::Get(item, _) => plan.gets[*item] > 0,
            Action::Inventory => false,
        };
        let height = |(_, action): &(u32, Action)| match action {
            Action::Craft(recipe) => self.task.depth(self.task.recipes()[*recipe].makes.0),
            _ => None,
        };
        let choices = self.task.choices(&self.inventory).into_iter().filter(planned);
        let best = choices.min_by_key(|choice| std::cmp::Reverse(height(choice)));
        best.map(|(token, _)| vec![token])
    }
}

impl ExactCredit for TextCraft {
    /// Each state is searched anew: recipes go in no circle, so there is little to search.
    type Search = ();

    fn search(_task: &Arc<Task>) {}

    fn remaining(&self, (): &mut ()) -> Option<u32> {
        self.task.plan(&self.inventory, Supply::There).map(|plan| plan.steps())
    }

    fn budget(&self) -> u32 {
        self.max_steps
    }
}

#[cfg(test)]
mod tests;
