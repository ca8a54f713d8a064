//! A product of a catalogue, in the form of WebShop's small product file.

use serde::de::{Deserializer, MapAccess, Visitor};
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::marker::PhantomData;

/// A product. What a catalogue's file says beyond this is passed over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Product {
    /// Its name in links, ten letters and digits.
    pub asin: String,
    /// Its title.
    pub name: String,
    /// Department, such as `beauty`.
    pub category: String,
    /// What it was found by when the catalogue was made, such as `console tables`.
    pub query: String,
    /// Categories from wide to narrow, with `›` between them.
    pub product_category: String,
    /// Nothing, a price, or the two ends of a range, in dollars.
    pub pricing: Vec<f64>,
    /// What can be chosen: `color`, `size` and so on, with the values, in the order of the page.
    #[serde(with = "in_order")]
    pub options: Vec<(String, Vec<String>)>,
    /// What it is said to be, hidden from the shopper.
    #[serde(rename = "Attributes")]
    pub attributes: Vec<String>,
    /// A text, often empty.
    #[serde(rename = "Description")]
    pub description: String,
    /// Features, a sentence each.
    #[serde(rename = "BulletPoints")]
    pub bullet_points: Vec<String>,
    /// What somebody would ask for who wants it; nothing if no goal is made of it.
    pub instruction_text: Option<String>,
    /// The attributes that are asked for there.
    pub instruction_attributes: Option<Vec<String>>,
    /// Nouns and names in the title, in lower case, as often as they stand there.
    pub nouns: Vec<String>,
}

impl Product {
    /// The price as a page shows it: `$20.0`, `$20.0 to $30.0`, and `$100.0` where none is known.
    pub fn price_tag(&self) -> String {
        match self.pricing[..] {
            [] => "$100.0".to_owned(),
            [price] => format!("${price:?}"),
            [low, high, ..] => format!("${low:?} to ${high:?}"),
        }
    }

    /// What the index reads: title, description, the first feature and the options, in lower case.
    pub fn contents(&self) -> String {
        let options = self.options.iter().map(|(name, values)| format!("{name}: {}", values.join(", ")));
        let options = options.collect::<Vec<_>>().join(", and ");
        let first = self.bullet_points.first().map_or("", String::as_str);
        [&self.name, &self.description, first, &options].join(" ").to_lowercase()
    }
}

/// A map of JSON as a list that keeps its order.
pub(super) mod in_order {
    use super::*;

    pub fn deserialize<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
        from: D,
    ) -> Result<Vec<(String, T)>, D::Error> {
        struct Pairs<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Pairs<T> {
            type Value = Vec<(String, T)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(pairs)
            }
        }
        from.deserialize_map(Pairs(PhantomData))
    }

    pub fn serialize<S: Serializer, T: Serialize>(pairs: &[(String, T)], to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(pairs.iter().map(|(key, value)| (key, value)))
    }
}
