//! What a purchase is worth, with all the quirks of WebShop's own reward, which the published numbers have in them.
//!
//! ```text
//! reward = r_type · (attributes + options + price) / (attributes asked for + options asked for + 1)
//! ```
//!
//! (S. Yao et al., WebShop, NeurIPS 2022, and the released code.) An option that is asked for is compared as the text of a
//! Python tuple, `('color', 'antique graywash')`, and only one that names a colour exactly is reduced to it, while what was
//! bought is reduced wherever a colour stands in it: `gray`. So a perfect purchase is not always worth 1.

use super::colour::{colour_among, normalize_color};
use super::fuzzy::token_set_ratio;
use super::goal::Goal;
use super::product::Product;
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// What is more alike than this, in percent, is the same.
const ALIKE: u32 = 85;

/// The reward of a purchase, and what it is made of.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Score {
    /// The reward, 0 to 1.
    pub reward: f64,
    /// Its parts.
    pub parts: Parts,
}

/// What a reward is made of; the names are those of the released code.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Parts {
    /// Is it the right kind of product? 1, 0.5, 0.1 or 0.
    pub r_type: f64,
    /// The share of the attributes asked for that it has.
    pub r_att: f64,
    /// How much of the sum before `r_type` attributes are.
    pub w_att: f64,
    /// It was found by the same words when the catalogue was made.
    pub query_match: bool,
    /// It shares two categories.
    pub category_match: bool,
    /// The share of the nouns of the wanted title that its title has.
    pub title_score: f64,
    /// The share of the options asked for that were chosen, if any were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r_option: Option<f64>,
    /// How much of the sum options are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub w_option: Option<f64>,
    /// It costs no more than it may.
    pub r_price: bool,
    /// How much of the sum the price is.
    pub w_price: f64,
    /// Attributes that it has.
    pub num_attr_matches: usize,
    /// Options that were chosen.
    pub num_option_matches: usize,
}

/// What it is worth to buy this product at this price, with these values of its options, for somebody who wants `goal`, the
/// title of which has these nouns.
#[must_use]
pub fn score<'a>(
    goal: &Goal,
    nouns: &[String],
    product: &Product,
    chosen: impl IntoIterator<Item = &'a str>,
    price: f64,
) -> Score {
    let chosen: Vec<&str> = chosen.into_iter().map(normalize_color).collect();
    let query_match = product.query == goal.query;
    let category_match = categories(product).intersection(&parts_of(&goal.product_category)).count() >= 2;
    let title_score = title_score(&product.nouns, nouns);
    let r_type = match title_score {
        0.0 => 0.0,
        low if low < 0.1 => 0.1,
        some if !(query_match || category_match || some > 0.2) => 0.5,
        _ => 1.0,
    };
    let attributes = goal.attributes.iter().filter(|attribute| has(product, attribute)).count();
    let options = goal.goal_options.iter().map(|(name, value)| as_compared(name, value));
    let options =
        options.filter(|option| chosen.iter().any(|value| token_set_ratio(value, option) > ALIKE)).count();
    let r_price = price <= goal.price_upper;
    let (of_attributes, of_options) = (goal.attributes.len() as f64, goal.goal_options.len() as f64);
    let all = of_attributes + of_options + 1.0;
    let asked = of_options > 0.0;
    Score {
        reward: (attributes + options + usize::from(r_price)) as f64 / all * r_type,
        parts: Parts {
            r_type,
            r_att: attributes as f64 / of_attributes,
            w_att: of_attributes / all,
            query_match,
            category_match,
            title_score,
            r_option: asked.then(|| options as f64 / of_options),
            w_option: asked.then(|| of_options / all),
            r_price,
            w_price: 1.0 / all,
            num_attr_matches: attributes,
            num_option_matches: options,
        },
    }
}

fn parts_of(categories: &str) -> BTreeSet<&str> {
    categories.split('›').map(str::trim).collect()
}

fn categories(product: &Product) -> BTreeSet<&str> {
    parts_of(&product.product_category)
}

/// Nouns that both titles have, each once, in terms of all that the wanted title has; 0.2 where that has none.
fn title_score(bought: &[String], wanted: &[String]) -> f64 {
    if wanted.is_empty() {
        return 0.2;
    }
    let bought: BTreeSet<&String> = bought.iter().collect();
    let wanted_once: BTreeSet<&String> = wanted.iter().collect();
    bought.intersection(&wanted_once).count() as f64 / wanted.len() as f64
}

/// One of the product's attributes is like this one, or its texts contain it.
fn has(product: &Product, attribute: &str) -> bool {
    product.attributes.iter().any(|own| token_set_ratio(own, attribute) > ALIKE)
        || product.name.to_lowercase().contains(attribute)
        || product.bullet_points.join(" ").to_lowercase().contains(attribute)
        || product.description.to_lowercase().contains(attribute)
}

/// An option that is asked for, as it is compared: the text of a Python tuple, or the colour that it is.
fn as_compared(name: &str, value: &str) -> Cow<'static, str> {
    match colour_among([name, value]) {
        Some(colour) => colour.into(),
        None => format!("({}, {})", quoted(name), quoted(value)).into(),
    }
}

/// A text as Python shows it, but for the kind of quotes: what cannot be printed by its number.
fn quoted(text: &str) -> String {
    let shown = |c: char| match c {
        '\\' => r"\\".to_owned(),
        '\t' => r"\t".to_owned(),
        '\n' => r"\n".to_owned(),
        '\r' => r"\r".to_owned(),
        c if c != ' ' && (c.is_control() || c.is_whitespace()) => match u32::from(c) {
            code @ ..=0xFF => format!(r"\x{code:02x}"),
            code => format!(r"\u{code:04x}"),
        },
        c => c.to_string(),
    };
    format!("'{}'", text.chars().map(shown).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn product(name: &str, query: &str, nouns: &[&str]) -> Product {
        Product {
            asin: "A".into(),
            name: name.into(),
            category: "garden".into(),
            query: query.into(),
            product_category: "Home › Kitchen › Kettles".into(),
            pricing: vec![20.0],
            options: Vec::new(),
            attributes: vec!["light weight".into()],
            description: "Made for small kitchens.".into(),
            bullet_points: vec!["Steel lid.".into()],
            instruction_text: None,
            instruction_attributes: None,
            nouns: nouns.iter().map(|noun| (*noun).into()).collect(),
        }
    }

    fn goal(attributes: &[&str], options: &[(&str, &str)]) -> Goal {
        Goal {
            asin: "A".into(),
            query: "kettles".into(),
            product_category: "Home › Kitchen › Kettles".into(),
            instruction_text: String::new(),
            attributes: attributes.iter().map(|attribute| (*attribute).into()).collect(),
            goal_options: options.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
            price_upper: 30.0,
        }
    }

    fn reward(nouns: &[&str], wanted: &[&str], query: &str, category: &str) -> f64 {
        let mut product = product("Kettle", query, nouns);
        product.product_category = category.into();
        let wanted: Vec<String> = wanted.iter().map(|noun| (*noun).into()).collect();
        score(&goal(&["light weight"], &[]), &wanted, &product, [], 20.0).parts.r_type
    }

    #[test]
    fn the_kind_is_told_by_nouns_first() {
        let same = "Home › Kitchen › Kettles";
        assert_eq!(
            reward(&["kettle"], &["kettle", "kettle"], "kettles", same),
            1.0,
            "half, for duplicates count"
        );
        assert_eq!(
            reward(&["pot"], &["kettle"], "kettles", same),
            0.0,
            "no noun in common, whatever else is"
        );
        let many = ["kettle", "a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
        assert_eq!(reward(&["kettle"], &many, "kettles", same), 0.1);
        assert_eq!(reward(&["kettle"], &many[..6], "pots", "Garden"), 0.5, "one in six, and nothing else");
        assert_eq!(reward(&["kettle"], &many[..6], "pots", "Home › Kitchen"), 1.0);
        assert_eq!(reward(&["kettle"], &[], "kettles", "Garden"), 1.0, "no noun is wanted");
    }

    #[test]
    fn attributes_are_found_in_lists_and_texts() {
        let product = product("Blue Kettle", "kettles", &["kettle"]);
        let found = score(
            &goal(&["weight light", "steel lid", "small kitchens", "blue", "copper"], &[]),
            &["kettle".into()],
            &product,
            [],
            31.0,
        );
        assert_eq!(
            (found.parts.num_attr_matches, found.parts.r_price, found.parts.r_option),
            (4, false, None)
        );
        assert_eq!(found.reward, 4.0 / 6.0);
    }

    /// Both quirks: a colour is reduced where it is bought, and not where it is asked for.
    #[test]
    fn options_are_compared_as_the_texts_of_pairs() {
        let product = product("Kettle", "kettles", &["kettle"]);
        let matches = |name: &str, value: &str, chosen: &str| {
            let goal = goal(&["light weight"], &[(name, value)]);
            score(&goal, &["kettle".into()], &product, [chosen], 20.0).parts.num_option_matches
        };
        assert_eq!(matches("color", "antique graywash", "antique graywash"), 0);
        assert_eq!(matches("color", "dark green", "green"), 1);
        assert_eq!(matches("color", "red", "wine red"), 1);
        assert_eq!(matches("size", "2 litres", "2 litres"), 1);
        assert_eq!(matches("size", "small", "x-large"), 0);
        assert_eq!(matches("size", "2 litres", "3 litres"), 1, "86 % alike");
        assert_eq!(
            matches("color", "wine\u{a0}red", "wine\u{a0}red"),
            0,
            "a space that cannot be printed is a number"
        );
    }
}
