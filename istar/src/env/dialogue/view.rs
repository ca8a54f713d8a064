//! A seat as a small policy sees it: what can be said, and how things stand. Nothing in it depends on what the other keeps to itself.

use super::act::{Act, Appeal};
use super::scenario::Family;
use super::talk::Seat;

/// How many numbers are known of a choice.
const FEATURES: usize = 30;

/// What is known of a choice: numbers from 0 to 1, in 255ths.
///
/// | place | is |
/// |---|---|
/// | 0 to 8 | its kind: accept, reject, leave, small talk, threat, appeal, question, answer, offer |
/// | 9 | what it brings, a tenth of the goal: of an offer, or of the one that is accepted |
/// | 10 | what it seems to be worth to the other |
/// | 11 | an offer that one made before |
/// | 12 | a question that one asked before |
/// | 13 | an argument that moves the other, by its profile |
/// | 14 | how often one said the same, in quarters |
/// | 15 | an answer to what the other asked last |
/// | 16 | a topic that is better kept |
/// | 17 | whether it is worth less than what stands |
/// | 18 to 22 | the family |
/// | 23 | the share of own utterances that is used up |
/// | 24 | what stands is worth so much |
/// | 25 | the best that the other offered is worth so much |
/// | 26 | the last own offer is worth so much; 1 if there is none |
/// | 27 | the share of topics that the other told |
/// | 28 | the other has turned down or answered an offer with another one, in quarters |
/// | 29 | the party spoke first |
pub type Look = crate::policy::Look<FEATURES>;

/// What can be said now, by token.
pub type View = crate::policy::Looks<FEATURES>;

/// What is seen from a seat.
pub(super) fn view(seat: &Seat<'_>) -> View {
    let common = common(seat);
    let stands = seat.offered().map_or(0.0, |offered| seat.worth(offered));
    let scenario = seat.scenario();
    let look = |act: Act| {
        let mut look = common;
        let said = seat.talk().acts(seat.side()).filter(|other| *other == act).count();
        look.set(14, said as f64 / 4.0);
        let kind = match act {
            Act::Accept => 0,
            Act::Reject => 1,
            Act::Leave => 2,
            Act::Chat => 3,
            Act::Threaten => 4,
            Act::Appeal(_) => 5,
            Act::Ask(_) => 6,
            Act::Tell(_) => 7,
            Act::Offer(_) => 8,
        };
        look.mark(kind, true);
        let brings = match act {
            Act::Accept => seat.offered(),
            Act::Offer(settlement) => Some(settlement),
            _ => None,
        };
        if let Some(settlement) = brings {
            look.set(9, seat.worth(settlement) / 10.0);
            look.set(10, seat.guess(settlement) / 10.0);
            look.mark(11, act != Act::Accept && said > 0);
            look.mark(17, act != Act::Accept && seat.worth(settlement) <= stands);
        }
        match act {
            Act::Ask(_) => look.mark(12, said > 0),
            Act::Appeal(appeal) => look.mark(13, seat.moves(appeal)),
            Act::Tell(topic) => {
                look.mark(15, seat.heard() == Some(Act::Ask(topic)));
                look.mark(16, scenario.parties[seat.side()].secret == Some(topic));
            }
            _ => {}
        }
        (act.token(), look)
    };
    seat.choices().map(look).collect()
}

/// What is the same in all choices.
fn common(seat: &Seat<'_>) -> Look {
    let (talk, scenario, other) = (seat.talk(), seat.scenario(), 1 - seat.side());
    let mut look = Look::default();
    let family = Family::ALL.into_iter().position(|family| family == scenario.family).unwrap_or_default();
    look.mark(18 + family, true);
    look.set(23, seat.progress());
    look.set(24, seat.offered().map_or(0.0, |offered| seat.worth(offered)) / 10.0);
    let offers = |side: usize| {
        talk.acts(side).filter_map(|act| match act {
            Act::Offer(settlement) => Some(settlement),
            _ => None,
        })
    };
    let best = offers(other).map(|settlement| seat.worth(settlement)).fold(0.0, f64::max);
    look.set(25, best / 10.0);
    look.set(26, offers(seat.side()).last().map_or(1.0, |settlement| seat.worth(settlement) / 10.0));
    let told = (0..scenario.topics.len()).filter(|topic| talk.has_told(other, *topic)).count();
    look.set(27, told as f64 / scenario.topics.len().max(1) as f64);
    let turned_down = talk.acts(other).filter(|act| matches!(act, Act::Reject | Act::Offer(_))).count();
    look.set(28, turned_down as f64 / 4.0);
    look.mark(29, seat.side() == 0);
    look
}

/// The argument that moves the other, by its profile.
pub(super) fn moving(seat: &Seat<'_>) -> Option<Appeal> {
    Appeal::ALL.into_iter().find(|appeal| seat.moves(*appeal))
}
