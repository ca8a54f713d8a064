//! One visit to a shop, by texts: `search[..]` and `click[..]`.

use super::catalogue::Catalogue;
use super::goal::Goal;
use super::page::{About, Button, Page, Shown, parts, thanks};
use super::product::Product;
use super::reward::{Score, score};
use std::sync::Arc;

/// Products on a page of results.
pub const ON_A_PAGE: usize = 10;

/// Between the parts of a page.
const SEPARATOR: &str = " [SEP] ";

/// What an action means on the page where it is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Searches for these words.
    Search(String),
    /// Clicks.
    Click(Button),
}

/// A visit: who wants what, and where they are. Clones share the catalogue and the goal.
///
/// ```
/// use istar::env::webshop::{Catalogue, Shop};
/// use std::sync::Arc;
///
/// let catalogue = Arc::new(Catalogue::made(0));
/// let goal = Arc::new(catalogue.goals()[0].clone());
/// let mut shop = Shop::new(catalogue, goal.clone());
/// assert!(shop.text().starts_with("WebShop [SEP] Instruction: [SEP] Find me"));
/// shop.act(&format!("search[{}]", goal.instruction_text));
/// let first = shop.actions().into_iter().find(|action| action.starts_with("click[w")).expect("a product");
/// assert!(shop.act(&first) && shop.act("click[Buy Now]") && shop.score().is_some());
/// ```
#[derive(Clone, Debug)]
pub struct Shop {
    catalogue: Arc<Catalogue>,
    goal: Arc<Goal>,
    show_attributes: bool,
    place: Place,
}

/// Where a visit is: all that changes in it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    page: Page,
    query: Arc<str>,
    /// What the query found.
    found: Arc<[u32]>,
    /// The page of results, from 1.
    number: usize,
    product: Option<usize>,
    /// Per option of the product, the value that was chosen.
    chosen: Vec<Option<usize>>,
}

impl Place {
    fn start() -> Self {
        let (query, found) = ("".into(), Arc::new([]));
        Place { page: Page::Search, query, found, number: 1, product: None, chosen: Vec::new() }
    }
}

impl Shop {
    /// A visit that begins, on the search page.
    #[must_use]
    pub fn new(catalogue: Arc<Catalogue>, goal: Arc<Goal>) -> Self {
        Shop { catalogue, goal, show_attributes: false, place: Place::start() }
    }

    /// The same shop with a page for the hidden attributes of each product, the original's `show_attrs`.
    #[must_use]
    pub fn showing_attributes(self) -> Self {
        Shop { show_attributes: true, ..self }
    }

    /// Begins anew, for another goal.
    pub fn restart(&mut self, goal: Arc<Goal>) {
        (self.goal, self.place) = (goal, Place::start());
    }

    /// What is sold.
    pub fn catalogue(&self) -> &Arc<Catalogue> {
        &self.catalogue
    }

    /// What is wanted.
    pub fn goal(&self) -> &Arc<Goal> {
        &self.goal
    }

    /// Where the visit is.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// Goes back to where a visit for the same goal was.
    pub fn go_to(&mut self, place: &Place) {
        self.place.clone_from(place);
    }

    /// The page.
    pub fn page(&self) -> Page {
        self.place.page
    }

    /// The product of the page, by its place in the catalogue.
    pub fn product(&self) -> Option<usize> {
        self.place.product
    }

    /// The words last searched for, and what they found, best first.
    pub fn found(&self) -> (&str, &[u32]) {
        (&self.place.query, &self.place.found)
    }

    /// The page of the results, from 1.
    pub fn number(&self) -> usize {
        self.place.number
    }

    /// Which value of this option of the product is chosen.
    pub fn chosen(&self, option: usize) -> Option<usize> {
        self.place.chosen.get(option).copied().flatten()
    }

    /// The products on this page of results.
    pub fn shown(&self) -> &[u32] {
        let Place { found, number, .. } = &self.place;
        let start = ((number - 1) * ON_A_PAGE).min(found.len());
        &found[start..(start + ON_A_PAGE).min(found.len())]
    }

    /// The page as text, in the original's simple mode: what can be read, with ` [SEP] ` between.
    pub fn text(&self) -> String {
        let Place { page, found, number, product, .. } = &self.place;
        if let (Page::Done, Some(score)) = (page, self.score()) {
            return thanks(
                self.item().unwrap_or(&self.catalogue.products()[0]),
                &self.values(),
                score.reward,
            )
            .join(SEPARATOR);
        }
        let shown = Shown {
            catalogue: &self.catalogue,
            instruction: &self.goal.instruction_text,
            page: *page,
            number: *number,
            total: found.len(),
            products: self.shown(),
            product: *product,
            attributes: self.show_attributes,
        };
        parts(&shown).join(SEPARATOR)
    }

    /// What can be clicked here, in the order of the page, options last.
    pub fn buttons(&self) -> Vec<Button> {
        let products = || self.shown().iter().map(|product| Button::Product(*product as usize));
        let about =
            || About::ALL.into_iter().filter(|about| self.show_attributes || *about != About::Attributes);
        match self.place.page {
            Page::Search | Page::Done => Vec::new(),
            Page::Results => {
                let turn = [Button::BackToSearch, Button::Prev, Button::Next].into_iter();
                turn.filter(|button| self.place.number > 1 || *button != Button::Prev)
                    .chain(products())
                    .collect()
            }
            Page::Item => {
                let head = [Button::BackToSearch, Button::Prev].into_iter().chain(about().map(Button::About));
                let options = self.item().map_or(&[][..], |product| &product.options);
                let values = options.iter().enumerate().flat_map(|(option, (_, values))| {
                    (0..values.len()).map(move |value| Button::Value(option, value))
                });
                head.chain([Button::BuyNow]).chain(values).collect()
            }
            Page::About(_) => vec![Button::BackToSearch, Button::Prev],
        }
    }

    /// What may be done here, as texts. Where words are searched for, any may stand in `search[<words>]`.
    pub fn actions(&self) -> Vec<String> {
        let search = (self.place.page == Page::Search).then(|| "search[<words>]".to_owned());
        let click = |button| self.say(&Action::Click(button));
        search.into_iter().chain(self.buttons().into_iter().map(click)).collect()
    }

    /// An action as one writes it, that [`read`](Shop::read) reads.
    #[must_use]
    pub fn say(&self, action: &Action) -> String {
        match action {
            Action::Search(words) => format!("search[{words}]"),
            Action::Click(button) => {
                format!("click[{}]", button.text(&self.catalogue, self.product()).to_lowercase())
            }
        }
    }

    /// What a text means here; `None` if nothing. As in the original, capitals do not matter, and words can be searched for on
    /// every page, whether it shows the bar or not.
    pub fn read(&self, action: &str) -> Option<Action> {
        let end = action.rfind(']')?;
        let start = action[..end].char_indices().rev().skip(1).find(|(_, c)| *c == '[')?.0;
        let argument = action[start + 1..end].to_lowercase();
        match &action[..start] {
            _ if self.place.page == Page::Done => None,
            "search" => Some(Action::Search(argument)),
            "click" => {
                let means =
                    |button: &Button| button.text(&self.catalogue, self.product()).to_lowercase() == argument;
                let buttons = self.buttons();
                let (values, others): (Vec<Button>, Vec<Button>) =
                    buttons.into_iter().partition(|button| matches!(button, Button::Value(..)));
                // A value that two options have is one of the last.
                others
                    .into_iter()
                    .find(means)
                    .or_else(|| values.into_iter().rev().find(means))
                    .map(Action::Click)
            }
            _ => None,
        }
    }

    /// Acts; `false` if the text means nothing here, and then nothing happens.
    pub fn act(&mut self, action: &str) -> bool {
        let action = self.read(action);
        action.iter().for_each(|action| self.take(action));
        action.is_some()
    }

    /// Takes an action of this page.
    pub fn take(&mut self, action: &Action) {
        match action {
            Action::Search(words) => self.search(words),
            Action::Click(button) => self.click(*button),
        }
    }

    fn search(&mut self, words: &str) {
        let found = self.catalogue.search(words).iter().map(|hit| hit.document).collect();
        self.place = Place { page: Page::Results, query: words.into(), found, ..Place::start() };
    }

    fn click(&mut self, button: Button) {
        let place = &mut self.place;
        match (button, place.page) {
            (Button::BackToSearch, _) => *place = Place::start(),
            (Button::Next, _) => place.number += 1,
            (Button::Prev, Page::About(_)) => place.page = Page::Item,
            (Button::Prev, Page::Item) => {
                (place.page, place.product, place.chosen) = (Page::Results, None, Vec::new())
            }
            (Button::Prev, _) => place.number = place.number.max(2) - 1,
            (Button::About(about), _) => place.page = Page::About(about),
            (Button::BuyNow, _) => place.page = Page::Done,
            (Button::Product(product), _) => {
                let options = self.catalogue.products()[product].options.len();
                (place.page, place.product, place.chosen) = (Page::Item, Some(product), vec![None; options]);
            }
            (Button::Value(option, value), _) => place.chosen[option] = Some(value),
        }
    }

    fn item(&self) -> Option<&Product> {
        self.place.product.map(|place| &self.catalogue.products()[place])
    }

    /// The chosen values, each with the name of its option.
    fn values(&self) -> Vec<(&str, &str)> {
        let options = self.item().map_or(&[][..], |product| &product.options);
        let chosen = options.iter().zip(&self.place.chosen);
        chosen
            .filter_map(|((name, values), chosen)| Some((name.as_str(), values[(*chosen)?].as_str())))
            .collect()
    }

    /// What buying this now would be worth, and after the purchase what it was worth; `None` where there is nothing to buy.
    pub fn score(&self) -> Option<Score> {
        let (product, goal) = (self.place.product?, &self.goal);
        let nouns =
            self.catalogue.find(&goal.asin).map_or(&[][..], |place| &self.catalogue.products()[place].nouns);
        let chosen = self.values().into_iter().map(|(_, value)| value);
        Some(score(goal, nouns, &self.catalogue.products()[product], chosen, self.catalogue.price(product)))
    }
}
