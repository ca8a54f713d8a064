//! Who sits on the other side.

use super::act::{Act, Appeal};
use super::scenario::Family;
use super::talk::Seat;
use crate::env::EnvError;
use crate::env::remote::Told;
use crate::seed::stream;
use rand::RngExt;
use rand::seq::IndexedRandom;
use serde::{Deserialize, Serialize};
use std::fmt::Debug;

/// A party's turn in one episode.
#[derive(Debug)]
pub struct Turn<'a> {
    /// Whose turn it is, and what it knows.
    pub seat: Seat<'a>,
    /// What the task wants the party to be like.
    pub temperament: Temperament,
    /// The episode's seed.
    pub seed: u64,
    /// What the episode was told from outside of the program.
    pub told: &'a mut Told<String, String>,
}

/// Somebody who answers for a party: a [`Temperament`], or a language model outside of the program, which reads
/// [`Seat::text`] and picks one of [`Seat::choices`].
pub trait Partner: Debug + Send + Sync + 'static {
    /// What the party of this seat does with its turn; an act that it cannot say counts as small talk. `seed` is the episode's.
    ///
    /// # Errors
    /// There is no answer: the episode is lost.
    fn answer(&self, seat: &Seat<'_>, seed: u64) -> Result<Act, EnvError>;

    /// The same in several episodes at once, one result for each. Who is [outside](Partner::is_outside) asks through
    /// [`Turn::told`].
    fn answer_all(&self, turns: &mut [Turn<'_>]) -> Vec<Result<Act, EnvError>> {
        turns.iter().map(|turn| self.answer(&turn.seat, turn.seed)).collect()
    }

    /// Whether it is outside of the program: what it says is recorded then, see [`remote`](crate::env::remote).
    fn is_outside(&self) -> bool {
        false
    }
}

/// How a simulated partner bargains. It asks for the goal that it aspires to, less and less, and takes what is worth as much. What it
/// does depends on its own seat and on the seed of the episode alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Temperament {
    /// Aspires to 9 at first and to 3.5 at last, answers what it is asked, gives in to threats.
    #[default]
    Conceder,
    /// Aspires to 9.5 at first and to 6 at last, answers one question, hardens at threats and goes at the second.
    Hard,
    /// Gives way as far as the other has given way, tells as much as it was told, threatens who threatens.
    Tit,
    /// Says anything but that it goes.
    Random,
}

impl Temperament {
    /// All.
    pub const ALL: [Temperament; 4] =
        [Temperament::Conceder, Temperament::Hard, Temperament::Tit, Temperament::Random];

    /// The goal that it aspires to, 0 to 10, with its next utterance.
    fn aspiration(self, seat: &Seat<'_>) -> f64 {
        let others = 1 - seat.side();
        let count = |act: Act| seat.talk().acts(others).filter(|other| *other == act).count() as f64;
        let progress = seat.progress();
        let by_time = match self {
            Temperament::Conceder | Temperament::Random => 9.0 - 5.5 * progress,
            Temperament::Hard => 9.5 - 3.5 * progress,
            Temperament::Tit => 9.0 - given_way(seat).max(2.0 * progress),
        };
        let by_threats = match self {
            Temperament::Conceder => -1.0,
            Temperament::Hard | Temperament::Tit => 0.5,
            Temperament::Random => 0.0,
        };
        let moved = Appeal::ALL.into_iter().filter(|appeal| is_moved_by(seat, *appeal));
        let moved: f64 = moved.map(|appeal| count(Act::Appeal(appeal)).min(2.0)).sum();
        let kind = count(Act::Chat).min(1.0);
        let least = if self == Temperament::Hard { 5.0 } else { 3.0 };
        (by_time + by_threats * count(Act::Threaten) - 0.75 * moved - 0.25 * kind).clamp(least, 9.5)
    }

    /// Whether it answers a question that it was asked.
    fn tells(self, seat: &Seat<'_>) -> bool {
        let told = |side: usize| seat.talk().acts(side).filter(|act| matches!(act, Act::Tell(_))).count();
        match self {
            Temperament::Conceder | Temperament::Random => true,
            // Who looks for a common friend has nothing to hide.
            _ if seat.scenario().family == Family::Acquaintance => true,
            Temperament::Hard => told(seat.side()) == 0,
            Temperament::Tit => told(seat.side()) <= told(1 - seat.side()),
        }
    }

    fn next(self, seat: &Seat<'_>, seed: u64) -> Act {
        let random = &mut stream(seed, "partner", seat.talk().said.len() as u64);
        if self == Temperament::Random {
            let all: Vec<Act> = seat.choices().filter(|act| *act != Act::Leave).collect();
            return all.choose(random).copied().unwrap_or(Act::Chat);
        }
        let (heard, first) = (seat.heard(), seat.turns() == 0);
        if let Some(Act::Ask(topic)) = heard
            && self.tells(seat)
        {
            return Act::Tell(topic);
        }
        if seat.scenario().family == Family::Acquaintance {
            return look_for(seat);
        }
        let aspiration = self.aspiration(seat);
        if seat.offered().is_some_and(|offered| seat.worth(offered) >= aspiration) {
            return Act::Accept;
        }
        let threats = seat.talk().acts(1 - seat.side()).filter(|act| *act == Act::Threaten).count();
        match self {
            Temperament::Hard if threats >= 2 => return Act::Leave,
            Temperament::Tit if heard == Some(Act::Threaten) => return Act::Threaten,
            Temperament::Conceder | Temperament::Tit if first && random.random_bool(0.3) => return Act::Chat,
            _ => {}
        }
        let asks = seat.scenario().family == Family::Give && seat.side() == 0;
        if asks && seat.turns() < 2 {
            return Act::Appeal(Appeal::ALL[random.random_range(0..Appeal::ALL.len())]);
        }
        offer(seat, aspiration, |settlement| seat.guess(settlement)).unwrap_or(Act::Chat)
    }
}

impl Partner for Temperament {
    fn answer(&self, seat: &Seat<'_>, seed: u64) -> Result<Act, EnvError> {
        Ok(self.next(seat, seed))
    }
}

/// Whether an argument moves the party of this seat.
fn is_moved_by(seat: &Seat<'_>, appeal: Appeal) -> bool {
    seat.scenario().parties[seat.side()].moved_by == appeal
}

/// By how much the other's best offer is worth more to this party than its first.
fn given_way(seat: &Seat<'_>) -> f64 {
    let offers = seat.talk().acts(1 - seat.side()).filter_map(|act| match act {
        Act::Offer(settlement) => Some(seat.worth(settlement)),
        _ => None,
    });
    let offers: Vec<f64> = offers.collect();
    let best = offers.iter().copied().fold(0.0, f64::max);
    offers.first().map_or(0.0, |first| best - first)
}

/// Of the settlements that are worth as much as one aspires to, the one that the other seems to like best, else the best one; of equals
/// the one that is worth more.
pub(super) fn offer(seat: &Seat<'_>, aspiration: f64, of_other: impl Fn(usize) -> f64) -> Option<Act> {
    let rank = |settlement: &usize| {
        let worth = seat.worth(*settlement);
        if worth >= aspiration {
            (1.0, of_other(*settlement), worth)
        } else {
            (0.0, worth, of_other(*settlement))
        }
    };
    let best = seat
        .offers()
        .map(|settlement| (rank(&settlement), settlement))
        .max_by(|(a, _), (b, _)| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
    best.map(|(_, settlement)| Act::Offer(settlement))
}

/// What one says who looks for a common friend, and knows nothing but what was said: a name that is as likely as not, else a question.
fn look_for(seat: &Seat<'_>) -> Act {
    if seat.offered().is_some() {
        return if seat.can(Act::Accept) { Act::Accept } else { Act::Reject };
    }
    let likely = seat.offers().max_by(|a, b| seat.worth(*a).total_cmp(&seat.worth(*b)));
    match likely {
        Some(name) if seat.worth(name) > 5.0 => Act::Offer(name),
        _ => question(seat).or(likely.map(Act::Offer)).unwrap_or(Act::Chat),
    }
}

/// A question that was not answered yet.
pub(super) fn question(seat: &Seat<'_>) -> Option<Act> {
    (0..seat.scenario().topics.len()).map(Act::Ask).find(|act| seat.can(*act))
}
