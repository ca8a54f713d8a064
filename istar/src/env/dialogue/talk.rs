//! A dialogue under way: what was said, and what each party knows of it.

use super::act::{Act, Appeal};
use super::scenario::{Family, Scenario};
use std::sync::Arc;

/// What was said so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Talk {
    /// What it is about.
    pub scenario: Arc<Scenario>,
    /// By whom, and what.
    pub said: Vec<(usize, Act)>,
    /// Utterances, at most.
    pub budget: usize,
    /// Which words are chosen is a function of it.
    pub seed: u64,
}

impl Talk {
    /// A dialogue in which nothing was said yet.
    #[must_use]
    pub fn new(scenario: Arc<Scenario>, budget: usize, seed: u64) -> Self {
        Talk { scenario, said: Vec::new(), budget, seed }
    }

    /// Who speaks next.
    #[must_use]
    pub fn speaker(&self) -> usize {
        self.said.len() % 2
    }

    /// What the present speaker does.
    pub fn say(&mut self, act: Act) {
        self.said.push((self.speaker(), act));
    }

    /// The offer that stands, and who made it: the last one, unless it was turned down.
    #[must_use]
    pub fn standing(&self) -> Option<(usize, usize)> {
        let last = self.said.iter().rev().find(|(_, act)| matches!(act, Act::Offer(_) | Act::Reject));
        match last {
            Some((side, Act::Offer(settlement))) => Some((*side, *settlement)),
            _ => None,
        }
    }

    /// What they settled on.
    #[must_use]
    pub fn settled(&self) -> Option<usize> {
        match self.said.last() {
            Some((_, Act::Accept)) => self.standing().map(|(_, settlement)| settlement),
            _ => None,
        }
    }

    /// Somebody went.
    #[must_use]
    pub fn is_left(&self) -> bool {
        matches!(self.said.last(), Some((_, Act::Leave)))
    }

    /// They settled, or somebody went.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.is_left() || self.settled().is_some()
    }

    /// All utterances are used up, and it could have gone on.
    #[must_use]
    pub fn is_cut_off(&self) -> bool {
        !self.has_ended() && self.said.len() >= self.budget
    }

    /// The acts of a party, in their order.
    pub fn acts(&self, side: usize) -> impl Iterator<Item = Act> + '_ {
        self.said.iter().filter(move |(by, _)| *by == side).map(|(_, act)| *act)
    }

    /// Whether a party told about a topic.
    #[must_use]
    pub fn has_told(&self, side: usize, topic: usize) -> bool {
        self.acts(side).any(|act| act == Act::Tell(topic))
    }

    /// The seat of a party.
    #[must_use]
    pub fn seat(&self, side: usize) -> Seat<'_> {
        Seat { talk: self, side }
    }
}

/// What one party knows: the scenario as both know it, what is its own, and what was said. Nothing that a seat says depends on
/// what the other keeps to itself.
#[derive(Clone, Copy, Debug)]
pub struct Seat<'a> {
    talk: &'a Talk,
    side: usize,
}

impl<'a> Seat<'a> {
    /// Which party: 0 spoke first.
    #[must_use]
    pub fn side(&self) -> usize {
        self.side
    }

    /// What was said, and of what.
    #[must_use]
    pub fn talk(&self) -> &'a Talk {
        self.talk
    }

    pub(super) fn scenario(&self) -> &'a Scenario {
        &self.talk.scenario
    }

    fn other(&self) -> usize {
        1 - self.side
    }

    /// The offer of the other that stands.
    #[must_use]
    pub fn offered(&self) -> Option<usize> {
        self.talk.standing().filter(|(by, _)| *by != self.side).map(|(_, settlement)| settlement)
    }

    /// What the other did last.
    #[must_use]
    pub fn heard(&self) -> Option<Act> {
        self.talk.said.last().filter(|(by, _)| *by != self.side).map(|(_, act)| *act)
    }

    /// Own utterances so far.
    #[must_use]
    pub fn turns(&self) -> usize {
        self.talk.acts(self.side).count()
    }

    /// The share of own utterances that is used up: 0 at the first, 1 at the last.
    #[must_use]
    pub fn progress(&self) -> f64 {
        let all = (self.talk.budget + 1 - self.side) / 2;
        (self.turns() as f64 / all.saturating_sub(1).max(1) as f64).min(1.0)
    }

    /// What a settlement is worth to this party, 0 to 10; of a name, ten times how likely it is that both know it.
    #[must_use]
    pub fn worth(&self, settlement: usize) -> f64 {
        let scenario = self.scenario();
        match scenario.family {
            Family::Acquaintance => 10.0 * self.likely(settlement),
            _ => scenario.true_worth(self.side, settlement),
        }
    }

    /// What it takes it to be worth to the other: what it was told, and of what it was not told, what one would think.
    #[must_use]
    pub fn guess(&self, settlement: usize) -> f64 {
        let (scenario, other) = (self.scenario(), self.other());
        if scenario.family == Family::Acquaintance {
            return 10.0 * self.likely(settlement);
        }
        let mut values = scenario.assumed(other);
        for (topic, value) in values.iter_mut().enumerate() {
            if self.talk.has_told(other, topic) {
                *value = scenario.parties[other].values[topic];
            }
        }
        scenario.worth(other, settlement, &values)
    }

    /// How likely it is that both know whom a settlement names: alike for all own friends that fit what was told, and were not named in
    /// vain.
    fn likely(&self, settlement: usize) -> f64 {
        let fits = |settlement: usize| -> bool {
            let Some(friend) = self.scenario().friend(self.side, settlement) else { return false };
            let in_vain = self.talk.acts(self.side).any(|act| act == Act::Offer(settlement))
                && self.talk.standing() != Some((self.side, settlement));
            let known = &self.scenario().parties[self.other()].friends;
            let mut told = (0..friend.about.len()).filter(|topic| self.talk.has_told(self.other(), *topic));
            let alike =
                |topic: usize| known.iter().any(|other| other.about.get(topic) == friend.about.get(topic));
            !in_vain && told.all(alike)
        };
        if !fits(settlement) {
            return 0.0;
        }
        let all = (0..self.scenario().settlements.len()).filter(|other| fits(*other)).count();
        1.0 / all.max(1) as f64
    }

    /// Whether an argument is one that moves the other, by its profile.
    #[must_use]
    pub fn moves(&self, appeal: Appeal) -> bool {
        self.scenario().parties[self.other()].moved_by == appeal
    }

    /// Whether an act can be said now.
    #[must_use]
    pub fn can(&self, act: Act) -> bool {
        let (scenario, talk, topics) = (self.scenario(), self.talk, self.scenario().topics.len());
        match act {
            Act::Accept => self.offered().is_some_and(|offered| scenario.can_offer(self.side, offered)),
            Act::Reject => self.offered().is_some(),
            Act::Leave | Act::Chat | Act::Threaten | Act::Appeal(_) => true,
            Act::Ask(topic) => topic < topics && !talk.has_told(self.other(), topic),
            Act::Tell(topic) => topic < topics && !talk.has_told(self.side, topic),
            Act::Offer(settlement) => {
                scenario.can_offer(self.side, settlement) && self.offered() != Some(settlement)
            }
        }
    }

    /// What can be said now, in the order of the tokens.
    pub fn choices(&self) -> impl Iterator<Item = Act> + use<'a> {
        let seat = *self;
        (0..super::act::TOKENS as u32).filter_map(Act::of).filter(move |act| seat.can(*act))
    }

    /// The settlements that can be offered now.
    pub fn offers(&self) -> impl Iterator<Item = usize> + use<'a> {
        let seat = *self;
        (0..self.scenario().settlements.len()).filter(move |settlement| seat.can(Act::Offer(*settlement)))
    }
}
