//! Acts, seats and dialogues in words.

use super::act::Act;
use super::scenario::{Family, Scenario};
use super::settle::money;
use super::talk::{Seat, Talk};
use crate::seed::fnv1a;
use std::fmt::Write;

/// So many of what is named in the plural: `1 sack of flour`.
fn counted(count: u32, many: &str) -> String {
    let (first, rest) = many.split_once(' ').unwrap_or((many, ""));
    let first = if count == 1 { first.trim_end_matches('s') } else { first };
    format!("{count} {first} {rest}").trim_end().to_owned()
}

impl Scenario {
    /// A settlement as a party says it: what it has of it.
    ///
    /// # Panics
    /// When there is none of this number.
    #[must_use]
    pub fn settlement(&self, side: usize, settlement: usize) -> String {
        let settled = &self.settlements[settlement];
        let mine = |place: usize| if side == 0 { settled[place] } else { self.sizes[place] - settled[place] };
        match self.family {
            Family::Bargain => {
                let things = (0..settled.len()).filter(|place| mine(*place) > 0);
                let things: Vec<String> =
                    things.map(|place| counted(mine(place), &self.topics[place])).collect();
                if things.is_empty() { "nothing".to_owned() } else { things.join(", ") }
            }
            Family::Price | Family::Give => money(settled[0]),
            Family::Share => counted(mine(0), &self.topics[0]),
            Family::Acquaintance => self.names[settled[0] as usize].clone(),
        }
    }

    /// An act as one writes it, that [`read`](Scenario::read) reads: `accept`, `appeal facts`, `ask books`, `offer 2 books, 1 lamp`,
    /// which is what the party itself would have.
    ///
    /// # Panics
    /// If it is of another scenario.
    #[must_use]
    pub fn action(&self, side: usize, act: Act) -> String {
        match act {
            Act::Accept => "accept".into(),
            Act::Reject => "reject".into(),
            Act::Leave => "leave".into(),
            Act::Chat => "chat".into(),
            Act::Threaten => "threaten".into(),
            Act::Appeal(appeal) => format!("appeal {}", appeal.name()),
            Act::Ask(topic) => format!("ask {}", self.topics[topic]),
            Act::Tell(topic) => format!("tell {}", self.topics[topic]),
            Act::Offer(settlement) => format!("offer {}", self.settlement(side, settlement)),
        }
    }

    /// What a text means to a party; nothing if it is no act of this scenario. Capitals and spaces do not matter.
    #[must_use]
    pub fn read(&self, side: usize, text: &str) -> Option<Act> {
        let plain = |text: &str| text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
        let text = plain(text);
        let is_there = |act: &Act| match act {
            Act::Ask(topic) | Act::Tell(topic) => *topic < self.topics.len(),
            Act::Offer(settlement) => *settlement < self.settlements.len(),
            _ => true,
        };
        let mut acts = (0..super::act::TOKENS as u32).filter_map(Act::of).filter(is_there);
        acts.find(|act| plain(&self.action(side, *act)) == text)
    }

    /// An act in the words of a conversation; `phrase` chooses among several.
    ///
    /// # Panics
    /// If it is of another scenario.
    #[must_use]
    pub fn say(&self, side: usize, act: Act, phrase: u64) -> String {
        let one = |of: [&str; 3]| of[(phrase % 3) as usize].to_owned();
        match act {
            Act::Accept if self.family == Family::Acquaintance => {
                one(["Yes, I know them too!", "Indeed, what a coincidence!", "That is who we both know."])
            }
            Act::Reject if self.family == Family::Acquaintance => {
                one(["I know nobody of that name.", "No, that is not somebody I know.", "I am afraid not."])
            }
            Act::Accept => one(["Agreed, let us do that.", "That works for me, deal.", "Fine, I accept."]),
            Act::Reject => one(["No, I cannot do that.", "I am afraid not.", "That is not possible for me."]),
            Act::Leave => one([
                "I have to go, goodbye.",
                "Then I'd rather leave. Bye.",
                "Let us leave it at that, bye.",
            ]),
            Act::Chat => one([
                "It is good to talk with you, by the way.",
                "What a day! How have you been?",
                "I like how calmly we can discuss this.",
            ]),
            Act::Threaten => one([
                "If you go on like this, you will regret it.",
                "Move, or I will make trouble.",
                "I warn you: do not push me.",
            ]),
            Act::Appeal(appeal) => {
                let all = [
                    [
                        "Look at the figures, they speak for it.",
                        "The numbers are plain.",
                        "Let me give you the facts.",
                    ],
                    ["Think of what it means to me.", "It would make somebody very happy.", "Have a heart."],
                    [
                        "It would only be fair.",
                        "Let us both come off well.",
                        "I want each of us to get what is due.",
                    ],
                ];
                one(all[appeal as usize])
            }
            Act::Ask(topic) => self.question(topic),
            Act::Tell(topic) => self.answer(side, topic),
            Act::Offer(settlement) => self.proposal(side, settlement, phrase),
        }
    }

    fn question(&self, topic: usize) -> String {
        let topic = &self.topics[topic];
        match self.family {
            Family::Bargain => format!("How much do the {topic} matter to you?"),
            Family::Price => "What price do you have in mind?".into(),
            Family::Share => format!("How many {topic} do you need?"),
            Family::Give => "What amount do you have in mind?".into(),
            Family::Acquaintance => format!("The people you know: what about their {topic}?"),
        }
    }

    fn answer(&self, side: usize, topic: usize) -> String {
        let (party, name) = (&self.parties[side], &self.topics[topic]);
        let value = party.values.get(topic).copied().unwrap_or_default();
        match self.family {
            Family::Bargain => format!("One of the {name} is worth {value} points to me."),
            Family::Price => format!("Honestly, I aim at {}.", money(value)),
            Family::Share => format!("I need {value} {name}."),
            Family::Give if side == 0 => format!("I hope for {}.", money(value)),
            Family::Give => format!("I am comfortable with {}.", money(value)),
            Family::Acquaintance => {
                let mut all: Vec<&str> = party
                    .friends
                    .iter()
                    .filter_map(|friend| friend.about.get(topic))
                    .map(String::as_str)
                    .collect();
                all.sort_unstable();
                all.dedup();
                format!("The people I know, by {name}: {}.", all.join(", "))
            }
        }
    }

    fn proposal(&self, side: usize, settlement: usize, phrase: u64) -> String {
        let what = self.settlement(side, settlement);
        let (a, b, c) = match self.family {
            Family::Bargain | Family::Share => ("I would take", "How about this: I get", "Let me have"),
            Family::Price if side == 0 => ("I would pay", "How about", "I offer"),
            Family::Price => ("I could let it go for", "How about", "I ask for"),
            Family::Give if side == 0 => ("Could you give", "How about", "Would you consider"),
            Family::Give => ("I could give", "How about", "I would contribute"),
            Family::Acquaintance => ("Is it", "Could it be", "Do you happen to know"),
        };
        let end = match self.family {
            Family::Bargain | Family::Share => ", and you the rest.",
            Family::Acquaintance => "?",
            Family::Give if side == 0 => "?",
            _ if phrase % 3 == 1 => "?",
            _ => ".",
        };
        format!("{} {what}{end}", [a, b, c][(phrase % 3) as usize])
    }
}

impl Talk {
    /// The utterance of this number, in words. The same act at the same place of an episode has the same words.
    ///
    /// # Panics
    /// When nothing of this number was said.
    #[must_use]
    pub fn utterance(&self, number: usize) -> String {
        let (side, act) = self.said[number];
        self.scenario.say(side, act, self.phrase(number))
    }

    /// Which of several words the utterance of this number has.
    fn phrase(&self, number: usize) -> u64 {
        let place = [self.seed.to_le_bytes(), (number as u64).to_le_bytes()].concat();
        fnv1a(&place)
    }

    /// An utterance with the name of who said it.
    fn line(&self, number: usize) -> String {
        format!("{}: {}", self.scenario.parties[self.said[number].0].name, self.utterance(number))
    }

    /// All that was said, a line each, with the name of who said it.
    #[must_use]
    pub fn transcript(&self) -> Vec<String> {
        (0..self.said.len()).map(|number| self.line(number)).collect()
    }
}

impl Seat<'_> {
    /// What the party knows, in words: what it is [about](Seat::about), and what was said.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = self.about();
        self.talk().transcript().iter().for_each(|line| _ = write!(text, "\n{line}"));
        text
    }

    /// The setting, its goal, and what is known of the other, a line each.
    #[must_use]
    pub fn about(&self) -> String {
        let scenario = self.scenario();
        let (own, other) = (&scenario.parties[self.side()], &scenario.parties[1 - self.side()]);
        let mut text = format!(
            "{}\nYou are {}. {}\nYou talk with {}: {}.\n",
            scenario.setting, own.name, own.goal, other.name, other.profile
        );
        if let Some(topic) = own.secret {
            _ = writeln!(text, "Better keep your {} to yourself.", scenario.topics[topic]);
        }
        text
    }

    /// What is new to the party: at the beginning all that it knows, later what was said since its last utterance.
    pub(super) fn news(&self) -> String {
        let said = &self.talk().said;
        match said.iter().rposition(|(side, _)| *side == self.side()) {
            None => self.text() + "\n",
            Some(last) => (last + 1..said.len()).map(|number| self.talk().line(number) + "\n").collect(),
        }
    }

    /// What can be said now, in the words that it would be said in.
    pub(super) fn sayings(&self) -> Vec<(u32, String)> {
        let phrase = self.talk().phrase(self.talk().said.len());
        self.choices().map(|act| (act.token(), self.scenario().say(self.side(), act, phrase))).collect()
    }

    /// What can be said now, as one writes it.
    #[must_use]
    pub fn actions(&self) -> Vec<String> {
        self.choices().map(|act| self.scenario().action(self.side(), act)).collect()
    }
}
