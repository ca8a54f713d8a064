//! A catalogue that is made, not read: WebShop-like, with the statistics of WebShop's small catalogue and none of its text.
//!
//! | of a thousand products | WebShop's | made |
//! |---|---|---|
//! | attributes each | 2.8 | 2.7 |
//! | without an attribute | 185 | 185 |
//! | with options | 423 | 425 |
//! | with a price range, without a price | 93, 89 | 93, 89 |
//! | with an instruction | 315 | 315 |
//!
//! What is made is what is expected; a seed draws around it. A search for the whole instruction finds the product that it was made
//! from about as often as there.

use super::catalogue::Catalogue;
use super::product::Product;
use super::words::{DEPARTMENTS, Department, SENTENCES, SYLLABLES, Values};
use crate::seed::stream;
use rand::RngExt;
use rand::seq::{IndexedRandom, SliceRandom};
use rand_chacha::ChaCha8Rng;

/// How many products a made catalogue has.
pub const PRODUCTS: usize = 1000;

impl Catalogue {
    /// A WebShop-like catalogue of a thousand products. Equal seeds give equal catalogues.
    #[must_use]
    pub fn made(seed: u64) -> Self {
        Self::new((0..PRODUCTS).map(|number| product(number, seed)).collect(), seed)
            .expect("what is made is well-formed")
    }
}

/// Products of a thousand with 0, 1, 2, .. attributes.
const ATTRIBUTES: [u32; 16] = [185, 191, 189, 134, 120, 65, 36, 27, 16, 10, 8, 6, 4, 3, 3, 3];
/// The share of products with at least two attributes that somebody asks for.
const WANTED: f64 = 0.505;
/// The share of products with one option, and with two.
const OPTIONS: (f64, f64) = (0.265, 0.16);
/// The share of products with a range of prices, and of those without a price.
const PRICES: (f64, f64) = (0.093, 0.089);

/// How often a title says for whom, says what it is, and names an attribute.
const TITLE: (f64, f64, f64) = (0.5, 0.65, 0.1);
/// The share of products with a description.
const DESCRIBED: f64 = 0.7;

/// Where an attribute stands in what is asked for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stand {
    Before,
    With,
    For,
}

fn product(number: usize, seed: u64) -> Product {
    let random = &mut stream(seed, "product", number as u64);
    let shares: Vec<u32> = DEPARTMENTS.iter().map(|department| department.share).collect();
    let department = &DEPARTMENTS[weighted(&shares, random)];
    let (whose, thing) = (pick(department.whose, random), pick(department.things, random));
    let (brand, style) = (brand(random), pick(department.styles, random));
    let attributes = attributes(department, random);
    let query = format!("{whose} {thing}");

    let sold = |words: &str, random: &mut ChaCha8Rng| {
        fill(words, [whose, thing, style], &attributes, department, random)
    };
    let title = [brand.clone(), if random.random_bool(TITLE.0) { capital(whose) } else { String::new() }];
    let title = title.into_iter().chain([if random.random_bool(TITLE.1) {
        capital(thing)
    } else {
        "Product".to_owned()
    }]);
    let own =
        attributes.iter().filter(|_| random.random_bool(TITLE.2)).map(|(_, attribute)| capital(attribute));
    let name = title
        .chain(own.take(2).collect::<Vec<_>>())
        .chain([style.to_owned()])
        .filter(|word| !word.is_empty());
    let name = name.collect::<Vec<_>>().join(" ");
    let sentences_told = if random.random_bool(DESCRIBED) { random.random_range(3..9) } else { 0 };
    let description: Vec<String> =
        sentences(sentences_told, random).into_iter().map(|words| sold(words, random)).collect();
    let mut bullets: Vec<String> =
        attributes.iter().map(|(stand, attribute)| bullet(*stand, attribute, thing)).collect();
    bullets.extend(
        sentences(2, random)
            .into_iter()
            .map(|words| fill(words, [whose, thing, style], &[], department, random)),
    );
    bullets.shuffle(random);

    Product {
        asin: format!("W{number:05}{:04X}", random.random_range(0..0x1_0000u32)),
        category: department.name.to_owned(),
        product_category: [department.path, &capital(whose), &capital(thing), style].join(" › "),
        pricing: pricing(random),
        options: options(department, random),
        attributes: attributes.iter().map(|(_, attribute)| (*attribute).to_owned()).collect(),
        description: description.join(" "),
        bullet_points: bullets,
        nouns: nouns(&name),
        name,
        instruction_text: None,
        instruction_attributes: None,
        query,
    }
    .asked_for(&attributes, random)
}

impl Product {
    /// With an instruction, if somebody wants it: `Find me <before> <query> with <with> for <for>`.
    fn asked_for(mut self, attributes: &[(Stand, &str)], random: &mut ChaCha8Rng) -> Self {
        if attributes.len() < 2 || !random.random_bool(WANTED) {
            return self;
        }
        let at = |stand: Stand, word: &str| {
            let of: Vec<&str> =
                attributes.iter().filter(|(s, _)| *s == stand).map(|(_, attribute)| *attribute).collect();
            if of.is_empty() { String::new() } else { format!("{word}{}", of.join(", ")) }
        };
        let before = at(Stand::Before, " ");
        self.instruction_text = Some(format!(
            "Find me{before} {}{}{}",
            self.query,
            at(Stand::With, " with "),
            at(Stand::For, " for ")
        ));
        self.instruction_attributes = Some(self.attributes.clone());
        self
    }
}

/// As many attributes as products have, those of one kind together.
fn attributes(department: &'static Department, random: &mut ChaCha8Rng) -> Vec<(Stand, &'static str)> {
    let of = |stand: Stand, words: &'static str| list(words).map(move |word| (stand, word));
    let all = of(Stand::Before, department.before).chain(of(Stand::With, department.with));
    let mut all: Vec<_> = all.chain(of(Stand::For, department.purpose)).collect();
    all.shuffle(random);
    all.truncate(weighted(&ATTRIBUTES, random));
    all.sort_by_key(|(stand, _)| *stand);
    all
}

/// So many sentences, each at most once.
fn sentences(n: usize, random: &mut ChaCha8Rng) -> Vec<&'static str> {
    let mut all = SENTENCES;
    all.shuffle(random);
    all[..n.min(all.len())].to_vec()
}

/// A sentence with its blanks filled.
fn fill(
    words: &str,
    [whose, thing, style]: [&str; 3],
    own: &[(Stand, &'static str)],
    department: &Department,
    random: &mut ChaCha8Rng,
) -> String {
    let any = [department.before, department.with, department.purpose]
        .choose(random)
        .map_or("", |words| pick(words, random));
    let own = own.choose(random).map_or("quality", |(_, attribute)| *attribute);
    let blanks = [("THING", thing), ("WHOSE", whose), ("STYLE", style), ("OWN", own), ("ANY", any)];
    let filled = blanks.iter().fold(words.to_owned(), |text, (blank, word)| text.replace(blank, word));
    filled.replace("OTHER", pick(department.things, random))
}

fn bullet(stand: Stand, attribute: &str, thing: &str) -> String {
    match stand {
        Stand::Before => format!("{}: these {thing} are made to last and to please.", capital(attribute)),
        Stand::With => format!("Comes with {attribute}, checked by hand before it is sent."),
        Stand::For => format!("A good choice for {attribute}, for yourself or as a present."),
    }
}

/// Nothing, a price or a range; half of all prices below 25 dollars.
fn pricing(random: &mut ChaCha8Rng) -> Vec<f64> {
    // The sum of four even draws is nearly normal.
    let normal: f64 = (0..4).map(|_| random.random_range(-1.0..1.0)).sum();
    let price = (3.2 + 0.95 * normal).exp().clamp(1.0, 1500.0).floor() + 0.99;
    let (range, none) = PRICES;
    match random.random::<f64>() {
        kind if kind < none => vec![],
        kind if kind < none + range => vec![price, (price * random.random_range(1.2..1.9)).floor() + 0.99],
        _ => vec![price],
    }
}

/// No option, one or two, each with two values or more, seldom many.
fn options(department: &Department, random: &mut ChaCha8Rng) -> Vec<(String, Vec<String>)> {
    let (one, two) = OPTIONS;
    let kind = random.random::<f64>();
    let [first, second] = &department.options;
    let of: Vec<&(&str, Values)> = match kind {
        kind if kind < two => vec![second, first],
        kind if kind < two + 0.55 * one => vec![first],
        kind if kind < two + one => vec![second],
        _ => Vec::new(),
    };
    let values = |Values(first, second): &Values, random: &mut ChaCha8Rng| {
        let value = |(word, ending): (&str, &str)| match ending {
            "" => word.to_owned(),
            ending if ending.starts_with('-') => format!("{word}{ending}"),
            ending => format!("{word} {ending}"),
        };
        let pairs = list(first).flat_map(|word| list(second).map(move |ending| (word, ending)));
        let mut all: Vec<String> = pairs.map(value).collect();
        all.shuffle(random);
        let tail = -7.0 * (1.0 - random.random::<f64>()).ln();
        all.truncate(2 + tail as usize);
        all
    };
    of.into_iter().map(|(name, of)| ((*name).to_owned(), values(of, random))).collect()
}

fn brand(random: &mut ChaCha8Rng) -> String {
    let syllables = random.random_range(2..4);
    capital(&(0..syllables).map(|_| pick(SYLLABLES, random)).collect::<String>())
}

/// The entries of a list.
fn list(words: &'static str) -> impl Iterator<Item = &'static str> {
    words.split(',').map(str::trim)
}

fn pick(words: &'static str, random: &mut ChaCha8Rng) -> &'static str {
    let words: Vec<&str> = list(words).collect();
    words.choose(random).copied().unwrap_or_default()
}

/// A place, as often as its weight says.
fn weighted(weights: &[u32], random: &mut ChaCha8Rng) -> usize {
    let mut draw = random.random_range(0..weights.iter().sum());
    weights
        .iter()
        .position(|weight| {
            let here = draw < *weight;
            draw = draw.saturating_sub(*weight);
            here
        })
        .unwrap_or(0)
}

/// The words of a title that are long enough to be nouns.
fn nouns(title: &str) -> Vec<String> {
    title.to_lowercase().split(' ').filter(|word| word.len() > 3).map(str::to_owned).collect()
}

/// Every word with a capital.
fn capital(text: &str) -> String {
    let word = |word: &str| match word.chars().next() {
        Some(first) => first.to_uppercase().chain(word.chars().skip(1)).collect(),
        None => String::new(),
    };
    text.split(' ').map(word).collect::<Vec<String>>().join(" ")
}
