//! Pages as text, and what can be clicked on them.

use super::catalogue::Catalogue;
use super::product::Product;

/// A page of the shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Page {
    /// Where searches begin.
    Search,
    /// Ten of the results.
    Results,
    /// A product.
    Item,
    /// More about the product.
    About(About),
    /// After the purchase.
    Done,
}

/// What there is to read about a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum About {
    /// The description.
    Description,
    /// The features.
    Features,
    /// The reviews; the small catalogue has none.
    Reviews,
    /// The hidden attributes, if the shop shows them.
    Attributes,
}

impl About {
    /// In the order of the page.
    pub const ALL: [About; 4] = [About::Description, About::Features, About::Reviews, About::Attributes];

    /// What its button says.
    pub fn name(self) -> &'static str {
        match self {
            About::Description => "Description",
            About::Features => "Features",
            About::Reviews => "Reviews",
            About::Attributes => "Attributes",
        }
    }

    /// What it says, a text each.
    fn texts(self, product: &Product) -> Vec<&str> {
        let all: Vec<&str> = match self {
            About::Description => vec![&product.description],
            About::Features => product.bullet_points.iter().map(String::as_str).collect(),
            About::Reviews => Vec::new(),
            About::Attributes => {
                let kind = [&product.category, &product.query, &product.product_category];
                product.attributes.iter().chain(kind).map(String::as_str).collect()
            }
        };
        all.into_iter().map(str::trim).filter(|text| !text.is_empty()).collect()
    }
}

/// Something on a page that can be clicked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Button {
    /// To the search page.
    BackToSearch,
    /// One back: of the results, or from a product to them, or from what is about it.
    Prev,
    /// The next ten results.
    Next,
    /// More about the product.
    About(About),
    /// Buys, and ends the episode.
    BuyNow,
    /// A product, by its place in the catalogue.
    Product(usize),
    /// A value of an option, by their places.
    Value(usize, usize),
}

impl Button {
    /// As the page shows it.
    pub fn text(self, catalogue: &Catalogue, product: Option<usize>) -> &str {
        match self {
            Button::BackToSearch => "Back to Search",
            Button::Prev => "< Prev",
            Button::Next => "Next >",
            Button::About(about) => about.name(),
            Button::BuyNow => "Buy Now",
            Button::Product(place) => &catalogue.products()[place].asin,
            Button::Value(option, value) => {
                product.map_or("", |place| &catalogue.products()[place].options[option].1[value])
            }
        }
    }
}

/// What a page shows, part by part; the original puts ` [SEP] ` between them.
pub(super) fn parts(shown: &Shown<'_>) -> Vec<String> {
    let Shown { catalogue, instruction, product, .. } = *shown;
    let own = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<String>>();
    let head = own(&["Instruction:", instruction, "Back to Search"]);
    let product = product.map(|place| &catalogue.products()[place]);
    match (shown.page, product) {
        (Page::Search, _) => own(&["WebShop", "Instruction:", instruction, "Search"]),
        (Page::Results, _) => {
            let total = format!("Page {} (Total results: {})", shown.number, shown.total);
            let turn = if shown.number > 1 { own(&["< Prev", "Next >"]) } else { own(&["Next >"]) };
            let products = shown.products.iter().flat_map(|place| {
                let product = &catalogue.products()[*place as usize];
                [product.asin.clone(), product.name.trim().to_owned(), product.price_tag()]
            });
            [head, vec![total], turn, products.collect()].concat()
        }
        (Page::Item, Some(product)) => {
            let options = product
                .options
                .iter()
                .flat_map(|(name, values)| [vec![name.clone()], values.clone()].concat());
            let about = [
                product.name.trim().to_owned(),
                format!("Price: {}", product.price_tag()),
                "Rating: N.A.".to_owned(),
            ];
            let more = About::ALL.into_iter().filter(|about| shown.attributes || *about != About::Attributes);
            let more = more.map(|about| about.name().to_owned()).chain(own(&["Buy Now"]));
            head.into_iter().chain(own(&["< Prev"])).chain(options).chain(about).chain(more).collect()
        }
        (Page::About(about), Some(product)) => [head, own(&["< Prev"]), own(&about.texts(product))].concat(),
        (Page::Item | Page::About(_) | Page::Done, _) => Vec::new(),
    }
}

/// The last page, which nobody acts on: what was bought, with these values of its options, and the reward.
pub(super) fn thanks(product: &Product, chosen: &[(&str, &str)], reward: f64) -> Vec<String> {
    let mut chosen: Vec<String> =
        chosen.iter().map(|(name, value)| format!("{}: {}", in_ascii(name), in_ascii(value))).collect();
    chosen.sort();
    let (options, reward) = (format!("{{{}}}", chosen.join(", ")), format!("{reward:?}"));
    THANKS
        .iter()
        .map(|part| match *part {
            "ASIN" => product.asin.clone(),
            "OPTIONS" => options.clone(),
            "REWARD" => reward.clone(),
            part => part.to_owned(),
        })
        .collect()
}

/// The parts of the last page, as the original writes them.
const THANKS: [&str; 33] = [
    "Thank you for shopping with us!",
    "Your code:",
    "None",
    "(Paste it in your MTurk interface.)",
    "Purchased",
    "asin",
    "ASIN",
    "options",
    "OPTIONS",
    "attrs",
    "None",
    "category",
    "None",
    "query",
    "None",
    "product category",
    "None",
    "Target",
    "asin",
    "options",
    "attrs",
    "price upper",
    "instuction text",
    "category",
    "product category",
    "query",
    "Goal",
    "None",
    "Reward",
    "Your score (min 0.0, max 1.0)",
    "REWARD",
    "Reward Details",
    "None",
];

/// A text as JSON in HTML has it: what is not ASCII, or means something in HTML, by its number.
fn in_ascii(text: &str) -> String {
    let json = serde_json::to_string(text).unwrap_or_default();
    let mut out = String::new();
    for c in json.chars() {
        match c {
            '<' | '>' | '&' | '\'' | '\u{80}'.. => {
                c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| out.push_str(&format!("\\u{unit:04x}")));
            }
            c => out.push(c),
        }
    }
    out
}

/// What a page is made from.
#[derive(Clone, Copy)]
pub(super) struct Shown<'a> {
    pub catalogue: &'a Catalogue,
    pub instruction: &'a str,
    pub page: Page,
    /// The number of the page of results, from 1.
    pub number: usize,
    /// All results, and those on this page.
    pub total: usize,
    pub products: &'a [u32],
    pub product: Option<usize>,
    /// Whether the hidden attributes can be read.
    pub attributes: bool,
}
