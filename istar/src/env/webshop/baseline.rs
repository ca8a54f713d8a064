//! What a policy is compared with: one who knows what was meant, a rule, and chance.

use super::WebShop;
use super::catalogue::Catalogue;
use super::goal::Goal;
use super::page::{Button, Page};
use super::shop::{Action, Shop};
use super::token::choices;
use crate::env::{Demonstrate, Env};
use crate::seed::stream;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use serde::Serialize;
use std::sync::Arc;

/// Somebody who shops without learning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Baseline {
    /// Knows the product that the goal was made from, and finds it.
    Expert,
    /// Searches for the whole instruction, takes the first product, and chooses the values asked for where it has them.
    Rule,
    /// Any legal token.
    Random,
}

/// What came of many visits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Outcome {
    /// How many visits.
    pub goals: usize,
    /// The share of perfect purchases.
    pub success: f64,
    /// The mean of the shop's own reward, 0 without a purchase.
    pub score: f64,
    /// Steps a visit.
    pub steps: f64,
}

impl Baseline {
    /// All, best first.
    pub const ALL: [Baseline; 3] = [Baseline::Expert, Baseline::Rule, Baseline::Random];

    /// Shops for each of the goals once. `seed` is for chance.
    pub fn play(self, catalogue: &Arc<Catalogue>, goals: &[&Goal], max_steps: u32, seed: u64) -> Outcome {
        let mut sum = Outcome { goals: goals.len(), ..Outcome::default() };
        for (number, goal) in (0..).zip(goals) {
            let mut env = WebShop::new(catalogue.clone(), max_steps);
            env.reset(&Arc::new((*goal).clone())).unwrap_or_default();
            let random = &mut stream(seed, "baseline", number);
            let last = loop {
                let action = self.next(&env, random);
                let moved = env.take(action.as_ref());
                if moved.done() {
                    break moved;
                }
            };
            sum.success += f64::from(u8::from(last.success));
            sum.score += last.score.unwrap_or_default();
            sum.steps += f64::from(env.steps());
        }
        let n = goals.len().max(1) as f64;
        Outcome { success: sum.success / n, score: sum.score / n, steps: sum.steps / n, ..sum }
    }

    fn next(self, env: &WebShop, random: &mut ChaCha8Rng) -> Option<Action> {
        match self {
            Baseline::Expert => env.action(*env.demonstrate()?.first()?),
            Baseline::Rule => rule(env.shop()),
            Baseline::Random => choices(env.shop()).choose(random).map(|(_, action)| action.clone()),
        }
    }
}

fn rule(shop: &Shop) -> Option<Action> {
    let click = |button| Some(Action::Click(button));
    match shop.page() {
        Page::Search => Some(Action::Search(shop.goal().instruction_text.to_lowercase())),
        Page::Results => {
            click(shop.shown().first().map_or(Button::BackToSearch, |first| Button::Product(*first as usize)))
        }
        Page::Item => click(asked_for(shop).unwrap_or(Button::BuyNow)),
        Page::About(_) => click(Button::Prev),
        Page::Done => None,
    }
}

/// A value that is asked for and not chosen yet.
fn asked_for(shop: &Shop) -> Option<Button> {
    let product = &shop.catalogue().products()[shop.product()?];
    let mut open = product.options.iter().enumerate().filter_map(|(option, (name, values))| {
        let wanted = shop.goal().goal_options.iter().find(|(asked, _)| asked == name);
        let of_name = wanted.and_then(|(_, value)| values.iter().position(|other| other == value));
        let of_any = || {
            values.iter().position(|value| shop.goal().goal_options.iter().any(|(_, asked)| asked == value))
        };
        let value = of_name.or_else(of_any)?;
        (shop.chosen(option) != Some(value)).then_some(Button::Value(option, value))
    });
    open.next()
}

/// The token that leads to the product of the goal; `None` after the purchase.
pub(super) fn expert(shop: &Shop) -> Option<u32> {
    let wanted = shop.catalogue().find(&shop.goal().asin)?;
    let rank = |found: &[u32]| found.iter().position(|product| *product as usize == wanted);
    let choices = choices(shop);
    let token = |action: &Action| choices.iter().find(|(_, other)| other == action).map(|(token, _)| *token);
    let (_, found) = shop.found();
    let button = match shop.page() {
        Page::Done => return None,
        Page::Search => {
            let searched = choices.iter().min_by_key(|(_, action)| match action {
                Action::Search(words) => {
                    let found: Vec<u32> =
                        shop.catalogue().search(words).iter().map(|hit| hit.document).collect();
                    rank(&found).unwrap_or(usize::MAX)
                }
                Action::Click(_) => usize::MAX,
            });
            return searched.map(|(token, _)| *token);
        }
        Page::Results => match rank(found).map(|rank| rank / super::ON_A_PAGE + 1) {
            Some(page) if page == shop.number() => Button::Product(wanted),
            Some(page) if page < shop.number() => Button::Prev,
            Some(_) => Button::Next,
            None => {
                shop.shown().first().map_or(Button::BackToSearch, |first| Button::Product(*first as usize))
            }
        },
        Page::Item if shop.product() != Some(wanted) && rank(found).is_some() => Button::Prev,
        Page::Item => asked_for(shop).unwrap_or(Button::BuyNow),
        Page::About(_) => Button::Prev,
    };
    token(&Action::Click(button))
}
