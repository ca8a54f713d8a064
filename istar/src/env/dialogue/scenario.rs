//! A scenario: two parties with private goals, what they may settle on, and what each settlement is worth to whom.

use super::act::Appeal;
use serde::{Deserialize, Serialize};

/// What a dialogue is about. Each settles on one of finitely many settlements, and says with a formula what that is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// Things of several kinds are divided; each kind is worth something else to each.
    Bargain,
    /// A price is haggled over, between a buyer (first) and a seller.
    Price,
    /// Units of one thing are shared; each needs so many.
    Share,
    /// The first party asks the second one to give.
    Give,
    /// Two people look for somebody whom both know.
    Acquaintance,
}

impl Family {
    /// All.
    pub const ALL: [Family; 5] =
        [Family::Bargain, Family::Price, Family::Share, Family::Give, Family::Acquaintance];

    /// As it is written.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Family::Bargain => "bargain",
            Family::Price => "price",
            Family::Share => "share",
            Family::Give => "give",
            Family::Acquaintance => "acquaintance",
        }
    }

    /// Whether a settlement is about money or things.
    #[must_use]
    pub fn is_material(self) -> bool {
        self != Family::Acquaintance
    }
}

/// Somebody whom a party knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Friend {
    /// The name.
    pub name: String,
    /// What is so about them, per topic.
    pub about: Vec<String>,
}

/// One of the two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// The name.
    pub name: String,
    /// Who they are, as the other knows it.
    pub profile: String,
    /// What they want, which the other does not know.
    pub goal: String,
    /// Private numbers, one a topic; see [`Scenario::worth`]. None in [`Family::Acquaintance`].
    pub values: Vec<u32>,
    /// Whom they know, in [`Family::Acquaintance`].
    pub friends: Vec<Friend>,
    /// The argument that moves them; their profile says so.
    pub moved_by: Appeal,
    /// The topic that is better kept to themselves.
    pub secret: Option<usize>,
}

/// A scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// What it is called.
    pub name: String,
    /// What tells it from others: scenarios of one key are of one split.
    pub key: String,
    /// What it is about.
    pub family: Family,
    /// Where they meet and why, as both know it.
    pub setting: String,
    /// What can be asked and told: kinds of things, or what is known of people.
    pub topics: Vec<String>,
    /// What both know: how many there are of each kind; the listed price in cents; how many units; the most that is given, in cents.
    pub sizes: Vec<u32>,
    /// What may be settled on: how many of each kind the first party has; the price; the units of the first party; the gift; the number of
    /// a name in [`names`](Scenario::names).
    pub settlements: Vec<Vec<u32>>,
    /// Whom one of them knows, in [`Family::Acquaintance`].
    pub names: Vec<String>,
    /// The first speaks first.
    pub parties: [Party; 2],
}

/// How far from the target a price is worth nothing, as a share of the listed one.
const PRICE_WIDTH: f64 = 0.25;

impl Scenario {
    /// What a settlement is worth to a party whose private numbers these are: SOTOPIA's goal, 0 to 10.
    ///
    /// | family | numbers | goal |
    /// |---|---|---|
    /// | bargain | points a thing, per kind | 10 × points of what one has / points of all |
    /// | price | the target | 5 at the target, 5 more or less a quarter of the listed price beside it |
    /// | share | units needed | 10 × units / need, at most 10 |
    /// | give | wish, or what is comfortable | asks: 10 × gift / wish, at most 10; gives: 10 × (1 − distance to the comfortable gift / it) |
    /// | acquaintance | – | 10 if both know them, else 0 |
    ///
    /// # Panics
    /// When there is no such settlement, or no number for each topic.
    #[must_use]
    pub fn worth(&self, side: usize, settlement: usize, values: &[u32]) -> f64 {
        let settled = &self.settlements[settlement];
        let number = f64::from(settled[0]);
        let value = || f64::from(values[0]).max(1.0);
        let worth = match self.family {
            Family::Bargain => {
                let mine = |(first, size): (&u32, &u32)| if side == 0 { *first } else { size - first };
                let points = |counts: &mut dyn Iterator<Item = u32>| -> f64 {
                    counts.zip(values).map(|(count, value)| f64::from(count * value)).sum()
                };
                let had = points(&mut settled.iter().zip(&self.sizes).map(mine));
                10.0 * had / points(&mut self.sizes.iter().copied()).max(1.0)
            }
            Family::Price => {
                let better = if side == 0 { value() - number } else { number - value() };
                5.0 + 5.0 * better / (PRICE_WIDTH * f64::from(self.sizes[0])).max(1.0)
            }
            Family::Share => {
                let units = if side == 0 { number } else { f64::from(self.sizes[0]) - number };
                10.0 * units / value()
            }
            Family::Give if side == 0 => 10.0 * number / value(),
            Family::Give => 10.0 * (1.0 - (number - value()).abs() / value()),
            Family::Acquaintance => 10.0 * f64::from(u8::from(self.is_mutual(settlement))),
        };
        worth.clamp(0.0, 10.0)
    }

    /// What a settlement is truly worth to a party.
    ///
    /// # Panics
    /// When there is none of this number.
    #[must_use]
    pub fn true_worth(&self, side: usize, settlement: usize) -> f64 {
        self.worth(side, settlement, &self.parties[side].values)
    }

    /// Whom a settlement names, if this party knows them.
    #[must_use]
    pub fn friend(&self, side: usize, settlement: usize) -> Option<&Friend> {
        let name = self.names.get(*self.settlements.get(settlement)?.first()? as usize)?;
        self.parties[side].friends.iter().find(|friend| friend.name == *name)
    }

    /// Both know whom it names.
    #[must_use]
    pub fn is_mutual(&self, settlement: usize) -> bool {
        (0..2).all(|side| self.friend(side, settlement).is_some())
    }

    /// Whether a party can speak of a settlement: one names only whom one knows.
    #[must_use]
    pub fn can_offer(&self, side: usize, settlement: usize) -> bool {
        settlement < self.settlements.len()
            && (self.family != Family::Acquaintance || self.friend(side, settlement).is_some())
    }

    /// What somebody who knows nothing of a party takes its private numbers for, from what both know.
    #[must_use]
    pub fn assumed(&self, side: usize) -> Vec<u32> {
        let of = |share: f64| vec![(share * f64::from(self.sizes[0])).round() as u32];
        match self.family {
            Family::Bargain => vec![3; self.topics.len()],
            Family::Price => of(0.75),
            Family::Share => of(0.7),
            Family::Give => of(if side == 0 { 0.85 } else { 0.4 }),
            Family::Acquaintance => Vec::new(),
        }
    }
}
