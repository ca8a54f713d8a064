//! Actions as tokens, for policies that choose instead of writing.
//!
//! | token | says |
//! |---|---|
//! | 0, 1, 2 | `search[..]` for the whole instruction; for it without the price; for its beginning, up to the first `with` |
//! | 3, 4, 5 | `click[back to search]`, `click[< prev]`, `click[next >]` |
//! | 6 to 9 | `click[description]`, `click[features]`, `click[reviews]`, `click[attributes]` |
//! | 10 | `click[buy now]` |
//! | 11 to 20 | `click[..]` on the first to the tenth product of the page |
//! | 21 and on | `click[..]` on the values of the product's options, from the first on |
//!
//! A token means something only on a page that has it: this is what is legal.

use super::page::{About, Button, Page};
use super::shop::{Action, ON_A_PAGE, Shop};

/// Tokens before those of pages.
const SEARCHES: u32 = 3;
/// The first token of a product.
const PRODUCTS: u32 = 11;
/// The first token of a value.
const VALUES: u32 = PRODUCTS + ON_A_PAGE as u32;

/// How many tokens a shop has whose products have at most so many values of options.
pub(super) fn tokens(most_values: usize) -> usize {
    VALUES as usize + most_values
}

/// What can be said here, with its token, in the order of the tokens.
pub fn choices(shop: &Shop) -> Vec<(u32, Action)> {
    let mut choices: Vec<(u32, Action)> = match shop.page() {
        Page::Search => (0..).zip(queries(&shop.goal().instruction_text).map(Action::Search)).collect(),
        _ => Vec::new(),
    };
    let (mut products, mut values) = (PRODUCTS.., VALUES..);
    choices.extend(shop.buttons().into_iter().filter_map(|button| {
        let token = match button {
            Button::BackToSearch => SEARCHES,
            Button::Prev => SEARCHES + 1,
            Button::Next => SEARCHES + 2,
            Button::About(about) => {
                SEARCHES + 3 + About::ALL.iter().position(|other| *other == about)? as u32
            }
            Button::BuyNow => PRODUCTS - 1,
            Button::Product(_) => products.next()?,
            Button::Value(..) => values.next()?,
        };
        Some((token, Action::Click(button)))
    }));
    choices.sort_by_key(|(token, _)| *token);
    choices
}

/// What is worth searching for, made of the instruction alone.
///
/// ```
/// use istar::env::webshop::queries;
///
/// let said = "Find me soft socks with wool for winter with color: red, and price lower than 20.00 dollars";
/// assert_eq!(queries(said)[1..], ["soft socks with wool for winter with color: red", "soft socks"]);
/// ```
#[must_use]
pub fn queries(instruction: &str) -> [String; 3] {
    let words = instruction.strip_prefix("Find me ").unwrap_or(instruction);
    let without_price = words.rsplit_once(", and price lower than ").map_or(words, |(before, _)| before);
    let kind = without_price.split(" with ").next().unwrap_or(without_price);
    let kind = kind.split(" for ").next().unwrap_or(kind);
    [instruction, without_price, kind].map(str::to_lowercase)
}
