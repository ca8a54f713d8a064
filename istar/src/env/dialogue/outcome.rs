//! What came of a dialogue, truly: SOTOPIA's seven dimensions, counted from acts and private numbers (X. Zhou et al.,
//! arXiv 2310.11667, for names and ranges; the rules are ours).
//!
//! | dimension | range | rule |
//! |---|---|---|
//! | believability | 0 to 10 | 10, less 2 for each act that one said before, and 1 for each question that was answered already |
//! | relationship | -5 to 5 | 0.5 for small talk, twice at most; 1 for a told topic, twice at most; 2 for a settlement; -2.5 for a threat, -2 for going |
//! | knowledge | 0 to 10 | 10 × share of the topics that the other told about |
//! | secret | -10 to 0 | -10 if one told what was better kept |
//! | social_rules | -10 to 0 | -4 for a threat, -3 for going before the other spoke three times |
//! | financial_and_material_benefits | -5 to 5 | goal - 5 where money or things are settled on, 0 without a settlement |
//! | goal | 0 to 10 | what the settlement is [worth](super::Scenario::worth), 0 without one; 2.5 less for each name in vain |

use super::act::Act;
use super::scenario::Family;
use super::talk::Talk;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

/// A dimension.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dimension {
    /// Whether one is consistent.
    Believability,
    /// How one stands with the other afterwards.
    Relationship,
    /// What one found out.
    Knowledge,
    /// What one gave away.
    Secret,
    /// What one does not do.
    SocialRules,
    /// What one gained.
    Financial,
    /// How far one's goal is reached.
    Goal,
}

impl Dimension {
    /// All, in the order of SOTOPIA.
    pub const ALL: [Dimension; 7] = [
        Dimension::Believability,
        Dimension::Relationship,
        Dimension::Knowledge,
        Dimension::Secret,
        Dimension::SocialRules,
        Dimension::Financial,
        Dimension::Goal,
    ];

    /// SOTOPIA's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Dimension::Believability => "believability",
            Dimension::Relationship => "relationship",
            Dimension::Knowledge => "knowledge",
            Dimension::Secret => "secret",
            Dimension::SocialRules => "social_rules",
            Dimension::Financial => "financial_and_material_benefits",
            Dimension::Goal => "goal",
        }
    }

    /// The least and the most.
    #[must_use]
    pub fn range(self) -> (f64, f64) {
        match self {
            Dimension::Believability | Dimension::Knowledge | Dimension::Goal => (0.0, 10.0),
            Dimension::Relationship | Dimension::Financial => (-5.0, 5.0),
            Dimension::Secret | Dimension::SocialRules => (-10.0, 0.0),
        }
    }
}

/// The seven scores of a party. As JSON, an object by SOTOPIA's names, with `overall`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Scores([f64; 7]);

impl Scores {
    /// Scores, each brought into its range.
    #[must_use]
    pub fn of(score: impl Fn(Dimension) -> f64) -> Self {
        Scores(Dimension::ALL.map(|dimension| {
            let (low, high) = dimension.range();
            // No minus zero.
            score(dimension).clamp(low, high) + 0.0
        }))
    }

    /// The score of a dimension.
    #[must_use]
    pub fn get(&self, dimension: Dimension) -> f64 {
        self.0[dimension as usize]
    }

    /// The goal, 0 to 10.
    #[must_use]
    pub fn goal(&self) -> f64 {
        self.get(Dimension::Goal)
    }

    /// The mean of the seven.
    #[must_use]
    pub fn overall(&self) -> f64 {
        self.0.iter().sum::<f64>() / self.0.len() as f64
    }
}

impl Serialize for Scores {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len() + 1))?;
        for dimension in Dimension::ALL {
            map.serialize_entry(dimension.name(), &self.get(dimension))?;
        }
        map.serialize_entry("overall", &self.overall())?;
        map.end()
    }
}

/// The true scores of a party, as things stand.
#[must_use]
pub fn scores(talk: &Talk, side: usize) -> Scores {
    let scenario = &talk.scenario;
    let own: Vec<Act> = talk.acts(side).collect();
    let count = |wanted: &dyn Fn(&Act) -> bool| own.iter().filter(|act| wanted(act)).count() as f64;
    let (threats, told) = (count(&|act| *act == Act::Threaten), count(&|act| matches!(act, Act::Tell(_))));
    let went = talk.is_left() && talk.said.last().is_some_and(|(by, _)| *by == side);
    let settled = talk.settled();
    let goal = goal(talk, side);
    let truth = |dimension| match dimension {
        Dimension::Believability => {
            let again = (0..own.len()).filter(|at| own[..*at].contains(&own[*at])).count();
            10.0 - 2.0 * again as f64 - asked_in_vain(talk, side)
        }
        Dimension::Relationship => {
            let kind = count(&|act| *act == Act::Chat).min(2.0);
            0.5 * kind + told.min(2.0) + 2.0 * f64::from(u8::from(settled.is_some()))
                - 2.5 * threats
                - 2.0 * f64::from(u8::from(went))
        }
        Dimension::Knowledge => {
            let topics = scenario.topics.len();
            let heard = (0..topics).filter(|topic| talk.has_told(1 - side, *topic)).count();
            10.0 * heard as f64 / topics.max(1) as f64
        }
        Dimension::Secret => {
            let out = scenario.parties[side].secret.is_some_and(|topic| talk.has_told(side, topic));
            if out { -10.0 } else { 0.0 }
        }
        Dimension::SocialRules => {
            let rude = went && talk.acts(1 - side).count() < 3;
            -4.0 * threats - 3.0 * f64::from(u8::from(rude))
        }
        Dimension::Financial if scenario.family.is_material() && settled.is_some() => goal - 5.0,
        Dimension::Financial => 0.0,
        Dimension::Goal => goal,
    };
    Scores::of(truth)
}

fn goal(talk: &Talk, side: usize) -> f64 {
    let scenario = &talk.scenario;
    let worth = talk.settled().map_or(0.0, |settlement| scenario.true_worth(side, settlement));
    if scenario.family != Family::Acquaintance {
        return worth;
    }
    let in_vain = talk.acts(side).filter(|act| match act {
        Act::Offer(name) => !scenario.is_mutual(*name),
        _ => false,
    });
    (worth - 2.5 * in_vain.count() as f64).max(0.0)
}

/// Questions of a party that the other had answered before.
fn asked_in_vain(talk: &Talk, side: usize) -> f64 {
    let vain = talk.said.iter().enumerate().filter(|(at, (by, act))| match act {
        Act::Ask(topic) if *by == side => talk.said[..*at].contains(&(1 - side, Act::Tell(*topic))),
        _ => false,
    });
    vain.count() as f64
}
