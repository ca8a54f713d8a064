//! What can be said: dialogue acts, one closed set, and each as a token.
//!
//! | token | act |
//! |---|---|
//! | 0 to 4 | accept, reject, leave, small talk, threaten |
//! | 5 to 7 | appeal to facts, to feeling, to fairness |
//! | 8 to 11 | ask about a topic of the scenario |
//! | 12 to 15 | tell about one |
//! | 16 and on | offer a settlement of the scenario |

use serde::{Deserialize, Serialize};

/// The most topics that a scenario may have.
pub const TOPICS: usize = 4;
/// The most settlements.
pub const OFFERS: usize = 32;
/// How many tokens there are, whatever the scenario.
pub const TOKENS: usize = FIRST_OFFER + OFFERS;

const FIRST_ASK: usize = 8;
const FIRST_TELL: usize = FIRST_ASK + TOPICS;
const FIRST_OFFER: usize = FIRST_TELL + TOPICS;

/// What an argument is made of. Each party is moved by one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Appeal {
    /// Figures and reasons.
    Facts,
    /// What it means to somebody.
    Feeling,
    /// What is due to each.
    Fairness,
}

impl Appeal {
    /// All.
    pub const ALL: [Appeal; 3] = [Appeal::Facts, Appeal::Feeling, Appeal::Fairness];

    /// As it is written in actions.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Appeal::Facts => "facts",
            Appeal::Feeling => "feeling",
            Appeal::Fairness => "fairness",
        }
    }
}

/// What a party does with its turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Act {
    /// Takes the offer of the other: the dialogue ends with a settlement.
    Accept,
    /// Turns it down.
    Reject,
    /// Goes: the dialogue ends without a settlement.
    Leave,
    /// Says something kind that is not about the matter.
    Chat,
    /// Threatens.
    Threaten,
    /// Argues.
    Appeal(Appeal),
    /// Asks about a topic, by its number.
    Ask(usize),
    /// Tells what is so about a topic.
    Tell(usize),
    /// Offers a settlement, by its number; a counter-offer where one stands.
    Offer(usize),
}

impl Act {
    /// Its token.
    #[must_use]
    pub fn token(self) -> u32 {
        let token = match self {
            Act::Accept => 0,
            Act::Reject => 1,
            Act::Leave => 2,
            Act::Chat => 3,
            Act::Threaten => 4,
            Act::Appeal(appeal) => 5 + appeal as usize,
            Act::Ask(topic) => FIRST_ASK + topic,
            Act::Tell(topic) => FIRST_TELL + topic,
            Act::Offer(settlement) => FIRST_OFFER + settlement,
        };
        token as u32
    }

    /// The act of a token; nothing beyond [`TOKENS`].
    #[must_use]
    pub fn of(token: u32) -> Option<Self> {
        Some(match token as usize {
            0 => Act::Accept,
            1 => Act::Reject,
            2 => Act::Leave,
            3 => Act::Chat,
            4 => Act::Threaten,
            token @ 5..FIRST_ASK => Act::Appeal(Appeal::ALL[token - 5]),
            token @ FIRST_ASK..FIRST_TELL => Act::Ask(token - FIRST_ASK),
            token @ FIRST_TELL..FIRST_OFFER => Act::Tell(token - FIRST_TELL),
            token @ FIRST_OFFER..TOKENS => Act::Offer(token - FIRST_OFFER),
            _ => return None,
        })
    }
}
