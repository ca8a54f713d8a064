//! What somebody wants to buy.

use super::product::{Product, in_order};
use crate::seed::stream;
use rand::RngExt;
use serde::{Deserialize, Serialize};

/// Something to buy, and what is said of it. The names of the fields are those of the released code.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Goal {
    /// The product that it was made from; not the only one that may be bought.
    pub asin: String,
    /// What that one was found by.
    pub query: String,
    /// Its categories.
    pub product_category: String,
    /// What the shopper is told.
    pub instruction_text: String,
    /// Attributes asked for.
    pub attributes: Vec<String>,
    /// Options asked for: name and value.
    #[serde(with = "in_order")]
    pub goal_options: Vec<(String, String)>,
    /// What it may cost.
    pub price_upper: f64,
}

/// What anything may cost where no price is named.
const NO_LIMIT: f64 = 1_000_000.0;

/// The goals of a product at this price: one for each choice of all its options, none if nobody asked for it. The limit of
/// the price is the larger of two of the four next tens of dollars, drawn by seed and product.
pub(super) fn goals(product: &Product, price: f64, seed: u64) -> Vec<Goal> {
    let (Some(text), Some(attributes)) = (&product.instruction_text, &product.instruction_attributes) else {
        return Vec::new();
    };
    let limit = limit(price, &product.asin, seed);
    let price_text =
        limit.map_or(String::new(), |limit| format!(", and price lower than {limit:.2} dollars"));
    let goal = |goal_options: Vec<(String, String)>| {
        let options: Vec<String> =
            goal_options.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        let with = if options.is_empty() { "" } else { " with " };
        Goal {
            asin: product.asin.clone(),
            query: product.query.clone(),
            product_category: product.product_category.clone(),
            instruction_text: format!("{text}{with}{}{price_text}", options.join(", and ")),
            attributes: attributes.clone(),
            goal_options,
            price_upper: limit.unwrap_or(NO_LIMIT),
        }
    };
    choices(product).into_iter().map(goal).collect()
}

/// Every choice of a value for each option, by the names in their order; the last changes fastest.
fn choices(product: &Product) -> Vec<Vec<(String, String)>> {
    let mut options: Vec<_> = product.options.iter().collect();
    options.sort();
    options.into_iter().fold(vec![Vec::new()], |choices, (name, values)| {
        let longer = |choice: &Vec<(String, String)>, value: &String| {
            [choice.clone(), vec![(name.clone(), value.clone())]].concat()
        };
        choices.iter().flat_map(|choice| values.iter().map(|value| longer(choice, value))).collect()
    })
}

/// The larger of two tens, drawn of the next four; `None` where there are not two above the price and below 1,000.
fn limit(price: f64, asin: &str, seed: u64) -> Option<f64> {
    let tens = (1..100).map(|ten| 10.0 * f64::from(ten));
    let mut next: Vec<f64> = tens.filter(|ten| *ten > price).take(4).collect();
    if next.len() < 2 {
        return None;
    }
    let mut random = stream(seed, &format!("limit {asin}"), 0);
    let [a, b] = [(); 2].map(|()| next.remove(random.random_range(0..next.len())));
    Some(a.max(b))
}
