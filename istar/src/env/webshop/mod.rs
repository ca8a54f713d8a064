//! WebShop: a shop with a search engine, and an instruction that says what to buy.
//!
//! | file | idea |
//! |---|---|
//! | `porter`, `analysis`, `index` | search as Lucene does it |
//! | `product`, `catalogue`, `goal`, `split` | what is sold, what is wanted |
//! | `words`, `made` | a catalogue of our own, WebShop-like |
//! | `fuzzy`, `colour`, `reward` | what a purchase is worth |
//! | `page`, `shop` | pages and actions as texts |
//! | `token`, `view` | actions as tokens, and what a small policy looks at |
//! | `baseline` | expert, rule and chance |

mod analysis;
mod baseline;
mod catalogue;
mod colour;
mod fuzzy;
mod goal;
mod index;
mod made;
mod page;
mod porter;
mod product;
mod reward;
mod shop;
mod split;
mod token;
mod view;
mod words;

pub use crate::env::split::Split;
pub use analysis::terms;
pub use baseline::{Baseline, Outcome};
pub use catalogue::{Catalogue, CatalogueError, RESULTS};
pub use colour::normalize_color;
pub use fuzzy::token_set_ratio;
pub use goal::Goal;
pub use index::{Hit, Index};
pub use page::{About, Button, Page};
pub use porter::stem;
pub use product::Product;
pub use reward::{Parts, Score, score};
pub use shop::{Action, ON_A_PAGE, Place, Shop};
pub use token::{choices, queries};
pub use view::{Look, View};

use super::spelled::Words;
use super::{Demonstrate, Env, EnvError, Restore, StateKey, StateText, StepReward, Transition};
use crate::batch::Legal;
use std::sync::Arc;

/// The environment: a [`Shop`] and a budget of steps, with actions as tokens.
///
/// A step is one token of the table in [`choices`]; those of the page are legal. Another does nothing, is not
/// [`valid`](Transition::valid), and still costs a step. The episode ends with the purchase. Its reward is 10 where the purchase is
/// perfect and 0 otherwise, and what the shop says that it was worth, 0 to 1, is its [`score`](Transition::score). When the
/// budget is used up the episode is cut off, with the score 0.
#[derive(Clone, Debug)]
pub struct WebShop {
    shop: Shop,
    steps: u32,
    max_steps: u32,
}

impl WebShop {
    /// The budget of steps of GiGPO's configuration; iStar's is 10.
    pub const MAX_STEPS: u32 = 15;
    /// What a perfect purchase is rewarded with.
    pub const PERFECT: f64 = 10.0;

    /// An environment in this shop, whose episodes end after `max_steps` steps at the latest. Before the first
    /// [`reset`](Env::reset) somebody wants the catalogue's first goal.
    #[must_use]
    pub fn new(catalogue: Arc<Catalogue>, max_steps: u32) -> Self {
        let goal = Arc::new(catalogue.goals()[0].clone());
        WebShop { shop: Shop::new(catalogue, goal), steps: 0, max_steps }
    }

    /// The visit.
    pub fn shop(&self) -> &Shop {
        &self.shop
    }

    /// Steps taken in this episode.
    pub fn steps(&self) -> u32 {
        self.steps
    }

    /// The budget of steps.
    pub fn max_steps(&self) -> u32 {
        self.max_steps
    }

    /// How many tokens there are in this shop.
    pub fn tokens(&self) -> usize {
        token::tokens(self.shop.catalogue().most_values())
    }

    /// What a token means on this page.
    pub fn action(&self, token: u32) -> Option<Action> {
        choices(&self.shop).into_iter().find(|(other, _)| *other == token).map(|(_, action)| action)
    }

    /// Acts like [`Env::step`], by text.
    pub fn act(&mut self, action: &str) -> Transition {
        let action = self.shop.read(action);
        self.take(action.as_ref())
    }

    fn take(&mut self, action: Option<&Action>) -> Transition {
        action.iter().for_each(|action| self.shop.take(action));
        self.steps = self.steps.saturating_add(1);
        let ended = self.shop.page() == Page::Done;
        let truncated = !ended && self.steps >= self.max_steps;
        let bought = self.shop.score().filter(|_| ended).map_or(0.0, |score| score.reward);
        let success = bought == 1.0;
        Transition {
            reward: if success { Self::PERFECT } else { 0.0 },
            ended,
            truncated,
            success,
            valid: action.is_some(),
            score: (ended || truncated).then_some(bought),
        }
    }
}

impl Env for WebShop {
    type Task = Arc<Goal>;
    type Observation = View;

    fn reset(&mut self, task: &Arc<Goal>) -> Result<(), EnvError> {
        self.shop.restart(task.clone());
        self.steps = 0;
        Ok(())
    }

    fn observe(&self) -> View {
        view::view(&self.shop)
    }

    fn legal(&self, _so_far: &[u32]) -> Legal {
        choices(&self.shop).into_iter().map(|(token, _)| token).collect()
    }

    fn step(&mut self, tokens: &[u32]) -> Result<Transition, EnvError> {
        let action = match tokens {
            [token] => self.action(*token),
            _ => None,
        };
        Ok(self.take(action.as_ref()))
    }
}

impl StateKey for WebShop {
    type Key = Place;

    fn state_key(&self) -> Place {
        self.shop.place().clone()
    }
}

/// No step but the last is rewarded; what is discounted from there, and the penalty of what means nothing, say more.
impl StepReward for WebShop {}

impl Words for WebShop {
    /// The page.
    fn read(&self) -> String {
        self.shop.text() + "\n"
    }

    fn sayings(&self) -> Vec<(u32, String)> {
        choices(&self.shop).into_iter().map(|(token, action)| (token, self.shop.say(&action))).collect()
    }
}

impl StateText for WebShop {
    /// The page as text.
    fn state_text(&self) -> String {
        self.shop.text()
    }
}

impl Restore for WebShop {
    type State = (Arc<Goal>, Place, u32);

    fn save(&self) -> Self::State {
        (self.shop.goal().clone(), self.shop.place().clone(), self.steps)
    }

    fn restore(&mut self, (goal, place, steps): &Self::State) {
        self.shop.restart(goal.clone());
        self.shop.go_to(place);
        self.steps = *steps;
    }
}

impl Demonstrate for WebShop {
    /// The way to the product that the goal was made from, and its options; that a purchase of it is perfect is not said.
    fn demonstrate(&self) -> Option<Vec<u32>> {
        baseline::expert(&self.shop).map(|token| vec![token])
    }
}

#[cfg(test)]
mod tests;
