//! Products that can be searched, with their prices and what people want of them.

use super::analysis::terms;
use super::goal::{Goal, goals};
use super::index::{Hit, Index};
use super::product::Product;
use crate::seed::stream;
use flate2::bufread::GzDecoder;
use rand::RngExt;
use rustc_hash::FxHashMap;
use std::io::{self, Read};
use std::path::Path;

/// Everything that a shop has: the products, the index over them, a price each, and the goals that are made of them.
#[derive(Clone, Debug)]
pub struct Catalogue {
    products: Vec<Product>,
    places: FxHashMap<String, usize>,
    index: Index,
    /// The terms of each title.
    titles: Vec<Vec<String>>,
    prices: Vec<f64>,
    goals: Vec<Goal>,
}

/// Why there is no catalogue.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// The file cannot be read.
    #[error("cannot read {file}: {error}")]
    Unreadable {
        /// Its name.
        file: String,
        /// Why.
        error: io::Error,
    },
    /// The file does not hold products.
    #[error("{file} is no catalogue: {error}; a JSON list of products is wanted, plain or gzip")]
    NoProducts {
        /// Its name.
        file: String,
        /// What is wrong.
        error: String,
    },
    /// A product stands there twice.
    #[error("product {asin} stands in the catalogue twice")]
    Twice {
        /// Its name in links.
        asin: String,
    },
    /// Nothing to buy, or nobody who wants it.
    #[error(
        "no product of the catalogue has an instruction (`instruction_text`), so there is nothing to shop for"
    )]
    NoGoals,
    /// A number that is no price.
    #[error("product {asin} costs {price}; a price is a finite number from 0")]
    Price {
        /// Its name in links.
        asin: String,
        /// What stands there.
        price: f64,
    },
    /// A goal without an attribute has no reward.
    #[error("product {asin} has an instruction without attributes (`instruction_attributes`)")]
    NoAttributes {
        /// Its name in links.
        asin: String,
    },
}

/// How many products a search shows, on five pages.
pub const RESULTS: usize = 50;

impl Catalogue {
    /// The catalogue of these products. `seed` draws what WebShop draws when it starts: the price of a product that has a range,
    /// and how much above the price the limit of its goals lies. Each product has a stream of its own.
    ///
    /// # Errors
    /// A product is there twice, has an impossible price or a goal without attributes, or there is no goal.
    pub fn new(products: Vec<Product>, seed: u64) -> Result<Self, CatalogueError> {
        let mut places = FxHashMap::default();
        for (place, product) in products.iter().enumerate() {
            let asin = || product.asin.clone();
            if places.insert(asin(), place).is_some() {
                return Err(CatalogueError::Twice { asin: asin() });
            }
            if let Some(&price) = product.pricing.iter().find(|price| !(price.is_finite() && **price >= 0.0))
            {
                return Err(CatalogueError::Price { asin: asin(), price });
            }
            if product.instruction_text.is_some()
                && product.instruction_attributes.as_deref().unwrap_or_default().is_empty()
            {
                return Err(CatalogueError::NoAttributes { asin: asin() });
            }
        }
        let prices: Vec<f64> = products.iter().map(|product| price(product, seed)).collect();
        let goals: Vec<Goal> =
            products.iter().zip(&prices).flat_map(|(product, price)| goals(product, *price, seed)).collect();
        if goals.is_empty() {
            return Err(CatalogueError::NoGoals);
        }
        let contents: Vec<String> = products.iter().map(Product::contents).collect();
        let index = Index::of(contents.iter().map(String::as_str));
        let titles = products.iter().map(|product| terms(&product.name).collect()).collect();
        Ok(Catalogue { products, places, index, titles, prices, goals })
    }

    /// Reads a file of WebShop's small catalogue: a JSON list of products, plain or gzip.
    ///
    /// # Errors
    /// The file cannot be read, or is no catalogue; see also [`new`](Catalogue::new).
    pub fn read(file: &Path, seed: u64) -> Result<Self, CatalogueError> {
        let name = || file.display().to_string();
        let unreadable = |error| CatalogueError::Unreadable { file: name(), error };
        let bytes = std::fs::read(file).map_err(unreadable)?;
        let mut text = Vec::new();
        match bytes[..] {
            [0x1F, 0x8B, ..] => drop(GzDecoder::new(&bytes[..]).read_to_end(&mut text).map_err(unreadable)?),
            _ => text = bytes,
        }
        let products = serde_json::from_slice(&text)
            .map_err(|error| CatalogueError::NoProducts { file: name(), error: error.to_string() })?;
        Self::new(products, seed)
    }

    /// The products, in the order of the file.
    pub fn products(&self) -> &[Product] {
        &self.products
    }

    /// Where the product of this name stands.
    pub fn find(&self, asin: &str) -> Option<usize> {
        self.places.get(asin).copied()
    }

    /// What a product costs, in dollars.
    ///
    /// # Panics
    /// If there is no such product.
    pub fn price(&self, product: usize) -> f64 {
        self.prices[product]
    }

    /// The terms of a product's title.
    pub(super) fn title_terms(&self, product: usize) -> &[String] {
        &self.titles[product]
    }

    /// What people want, product by product.
    pub fn goals(&self) -> &[Goal] {
        &self.goals
    }

    /// What a search shows.
    pub fn search(&self, query: &str) -> Vec<Hit> {
        self.index.search(query, RESULTS)
    }

    /// The largest number of values that the options of one product have together.
    pub fn most_values(&self) -> usize {
        let values = |product: &Product| product.options.iter().map(|(_, values)| values.len()).sum();
        self.products.iter().map(values).max().unwrap_or(0)
    }
}

/// The price, one of the range that is shown, or 100 dollars where none is known.
fn price(product: &Product, seed: u64) -> f64 {
    match product.pricing[..] {
        [] => 100.0,
        [price] => price,
        [from, to, ..] => {
            from + (to - from) * stream(seed, &format!("price {}", product.asin), 0).random::<f64>()
        }
    }
}
