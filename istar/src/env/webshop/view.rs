//! A page as a small policy sees it: what can be chosen, and how it goes with the instruction. Nothing in it is hidden from
//! somebody who reads the page.

use super::analysis::terms;
use super::page::{Button, Page};
use super::shop::{Action, Shop};
use super::token::choices;
use rustc_hash::FxHashSet;

/// How many numbers are known of a choice.
const FEATURES: usize = 19;

/// What is known of a choice: numbers from 0 to 1, in 255ths.
///
/// | place | is |
/// |---|---|
/// | 0 to 9 | its kind: one of the three searches, back to search, previous, next, about, buy, product, value |
/// | 10 | where it stands in its list, in tenths |
/// | 11 | the share of the instruction's words that its text has; of a button on a product's page, that the product has |
/// | 12 | the share of its text's words that the instruction has |
/// | 13 | the value is asked for, with the name of its option |
/// | 14 | the lowest price on it is within the limit |
/// | 15, 16 | the value is chosen; its option has a value that is chosen |
/// | 17 | the share of the product's options without a chosen value |
/// | 18 | the number of the page of results, in fifths |
pub type Look = crate::policy::Look<FEATURES>;

/// The choices of a page, by token.
pub type View = crate::policy::Looks<FEATURES>;

/// What is seen of a page.
pub(super) fn view(shop: &Shop) -> View {
    let instruction = &shop.goal().instruction_text.to_lowercase();
    let wanted: FxHashSet<String> = terms(instruction).collect();
    let limit = limit(instruction);
    let options = shop.product().map_or(&[][..], |place| &shop.catalogue().products()[place].options);
    let open = (0..options.len()).filter(|option| shop.chosen(*option).is_none()).count();
    let of_page = shop.product().map(|place| against(&wanted, shop.catalogue().title_terms(place)));
    let mut products = 0;
    let look = |(token, action): (u32, Action)| {
        let mut look = Look::default();
        look.mark(kind(token, &action), true);
        look.set(17, open as f64 / options.len().max(1) as f64);
        look.set(18, if shop.page() == Page::Results { shop.number() as f64 / 5.0 } else { 0.0 });
        let (has, of) = match &action {
            Action::Click(Button::Product(place)) => {
                look.set(10, f64::from(products) / 10.0);
                products += 1;
                look.mark(14, cheapest(shop, *place) <= limit);
                against(&wanted, shop.catalogue().title_terms(*place))
            }
            Action::Click(Button::Value(option, value)) => {
                let (name, values) = &options[*option];
                look.set(10, *value as f64 / 10.0);
                look.mark(13, is_asked_for(instruction, name, &values[*value]));
                look.mark(15, shop.chosen(*option) == Some(*value));
                look.mark(16, shop.chosen(*option).is_some());
                against(&wanted, &terms(&values[*value]).collect::<Vec<_>>())
            }
            Action::Click(_) => {
                let fits = shop.product().is_some_and(|place| cheapest(shop, place) <= limit);
                look.mark(14, fits);
                of_page.unwrap_or_default()
            }
            Action::Search(_) => (0.0, 0.0),
        };
        look.set(11, has);
        look.set(12, of);
        (token, look)
    };
    choices(shop).into_iter().map(look).collect()
}

/// The place of its kind.
fn kind(token: u32, action: &Action) -> usize {
    match action {
        Action::Search(_) => token as usize,
        Action::Click(Button::BackToSearch) => 3,
        Action::Click(Button::Prev) => 4,
        Action::Click(Button::Next) => 5,
        Action::Click(Button::About(_)) => 6,
        Action::Click(Button::BuyNow) => 7,
        Action::Click(Button::Product(_)) => 8,
        Action::Click(Button::Value(..)) => 9,
    }
}

/// The share of what is wanted that a text has, and the share of the text that is wanted.
fn against(wanted: &FxHashSet<String>, text: &[String]) -> (f64, f64) {
    let text: FxHashSet<&String> = text.iter().collect();
    let both = text.iter().filter(|word| wanted.contains(**word)).count() as f64;
    (both / wanted.len().max(1) as f64, both / text.len().max(1) as f64)
}

/// `name: value` stands in the instruction, up to a comma or its end.
fn is_asked_for(instruction: &str, name: &str, value: &str) -> bool {
    let said = format!("{name}: {value}");
    instruction.match_indices(&said).any(|(at, _)| {
        let rest = &instruction[at + said.len()..];
        rest.is_empty() || rest.starts_with(',')
    })
}

/// What it may cost, read from the instruction.
fn limit(instruction: &str) -> f64 {
    let (_, rest) = instruction.rsplit_once("price lower than ").unwrap_or_default();
    rest.split(' ').next().and_then(|number| number.parse().ok()).unwrap_or(f64::INFINITY)
}

/// The lowest price that its page shows.
fn cheapest(shop: &Shop, place: usize) -> f64 {
    shop.catalogue().products()[place].pricing.first().copied().unwrap_or(100.0)
}
