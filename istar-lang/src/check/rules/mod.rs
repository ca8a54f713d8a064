//! What the arguments of one name must have to do with each other: ranges, levels, kinds.

mod pairs;
mod signal;

use super::names::list;
use super::slot::{Given, Slot};
use super::{Check, PrmTerm, Scalar, Signal};
use crate::catalogue::{self, Arg, CLASHES, Prm, Row, Rule, Sort, Takes, weights};
use crate::ir::Node;
use crate::token::{Place, Span};
use crate::{KindId, LevelId, Range};

/// What the word of an option makes of the advantage.
struct OneEach {
    option: &'static Arg,
    word: &'static Row,
}

impl Check<'_> {
    /// A literal, or the default of a hyper-parameter, that makes no sense here.
    pub fn range(&mut self, name: &str, range: Range, scalar: &Scalar, at: Span) {
        if let Some(value) = scalar.constant.filter(|value| !range.holds(*value)) {
            self.errors.only(at, format!("`{name}` must be {}, found {value}", range.words()));
        }
        let Node::Hyper { index, .. } = scalar.node else { return };
        let Some(hyper) = self.params.get(index) else { return };
        if let Some(default) = hyper.default.as_ref().filter(|default| !range.holds(default.value)) {
            let message = format!(
                "`{name}` must be {}, found {} as the default of `{}`",
                range.words(),
                default.text,
                hyper.name.text
            );
            self.errors.only(default.at, message);
        }
    }

    pub fn reaches_nothing(&mut self, term: &str, at: Span) {
        self.errors.at(
            at,
            format!("with weight 0 `{term}` reaches no parameter"),
            "remove the term, or make its weight a hyper-parameter",
        );
    }

    pub fn weight(&mut self, option: &str, signal: &Signal, at: Span) {
        if let Some(kind) = signal.kind.filter(|kind| *kind != KindId::Weight) {
            let message = format!("`{option}` takes a Weight, found a {kind:?}");
            self.errors.at(at, message, format!("Weights are {}", list(&weights())));
        }
    }

    /// What multiplies the tokens of a loss.
    pub fn factor(&mut self, option: &str, signal: &Signal, at: Span) {
        let dimensionless = |kind: &KindId| matches!(kind, KindId::Weight | KindId::Factor | KindId::Scalar);
        if let Some(kind) = signal.kind.filter(|kind| !dimensionless(kind)) {
            let message = format!("`{option}` takes a Weight or a Factor, and this is {}", kind.describe());
            self.errors.at(at, message, "an importance weight is `exp(log_ratio(old, sampler))`");
        }
        self.join_levels(signal.level, Some(LevelId::Token), at);
    }

    pub fn loss_rules(&mut self, row: &'static Row, at: Place, slots: &[Slot]) {
        let slot = |name: &str| row.arg(name).map(|index| &slots[index]);
        let advantage = row.args.iter().zip(slots).find_map(|(arg, slot)| match arg.takes {
            Takes::Advantage => Some((slot, LevelId::Token)),
            Takes::TrajAdvantage => Some((slot, LevelId::Traj)),
            _ => None,
        });
        let scale = match row.prm {
            Prm::Trains { beta, reference } => {
                Some(slot(beta).zip(slot(reference)).map(|(beta, other)| (beta.node(), other.node())))
            }
            Prm::TrainsExplicit => Some(None),
            _ => None,
        };
        match scale {
            Some(scale) => self.prm.push(PrmTerm { at, row, scale }),
            None => {
                self.policy |= advantage.is_some();
                if self.off {
                    self.reaches_nothing(row.name, at.into());
                }
            }
        }
        for clash in CLASHES {
            let stands = |(option, words): (&str, &[&str])| {
                slot(option).filter(|slot| slot.word().is_some_and(|row| words.contains(&row.name)))
            };
            let written = |slot: &&Slot| slot.at != at.into();
            let Some((one, other)) = stands(clash.one).zip(stands(clash.other)) else { continue };
            if let Some(slot) =
                [Some(other), clash.left_out.then_some(one)].into_iter().flatten().find(written)
            {
                self.errors.at(slot.at, clash.message, clash.help);
            }
        }
        if let Some((advantage, finest)) = advantage {
            self.advantage(row, slots, advantage, finest);
            self.bounds(row, slots);
        }
        for (arg, slot) in row.args.iter().zip(slots) {
            if let Given::Word(word, numbers) = &slot.given
                && word.has(Rule::Distances)
            {
                self.distances(arg.name, numbers);
            }
        }
    }

    pub fn no_value(&mut self, adv: &Slot) {
        let (message, help) = match adv.signal().and_then(|signal| signal.kind) {
            Some(KindId::Value) => (
                "a bare Value is no advantage",
                "subtract it from a return, `outcome - value`, or take its progress, `diff(q)`",
            ),
            Some(KindId::Factor) => {
                ("a Factor alone is no advantage", "multiply what is one by it, as in `exp(..) * traj`")
            }
            _ => return,
        };
        self.errors.at(adv.at, message, help);
    }

    /// Where tokens are left out, no statistic can count them, and nothing that leaves some out knows better.
    pub fn whole(&mut self, row: &Row, signal: &Signal, at: Span) {
        if row.sort != Sort::Signal || row.has(Rule::HandsOn) || !signal.node.any(catalogue::leaves_out) {
            return;
        }
        let name = row.name;
        match row.has(Rule::LeavesOut) {
            true => self.errors.at(
                at,
                format!("`{name}` stands inside `{name}`"),
                "give each role its signal in one of them",
            ),
            false => self.errors.at(
                at,
                format!("`{name}` would count the tokens that `route` leaves out"),
                format!("route what is finished: `route(action = {name}(..))`"),
            ),
        }
    }

    fn advantage(&mut self, row: &'static Row, slots: &[Slot], adv: &Slot, finest: LevelId) {
        let Some(signal) = adv.signal() else { return };
        self.no_value(adv);
        if signal.level == Some(LevelId::Item) {
            self.errors.at(
                adv.at,
                "a token has no items: an Item signal is no advantage",
                "aggregate it first: `sum(x, per = step)`",
            );
            return;
        }
        let one_each = one_each(row, slots);
        let (finest, one_each) = one_each.map_or((finest, None), |(level, why)| (level, Some(why)));
        let Some(level) = signal.level.filter(|level| finest.holds(*level)) else { return };
        let (level, unit) = (level.describe(), finest.name());
        match one_each {
            None => self.errors.at(
                adv.at,
                format!("`{}` weighs whole trajectories, and this advantage is {level}", row.name),
                format!("aggregate it: `sum(x, per = {unit})`"),
            ),
            Some(OneEach { option, word }) => {
                let (name, default) = (option.name, option.default_text().unwrap_or_default());
                self.errors.at(
                    adv.at,
                    format!(
                        "`{name} = {}({unit})` has one {name} a {unit}, and this advantage is {level}",
                        word.name
                    ),
                    format!("aggregate it, `sum(x, per = {unit})`, or write `{name} = {default}`"),
                );
            }
        }
    }

    /// What the ratio is held between is no finer than the ratio.
    fn bounds(&mut self, row: &'static Row, slots: &[Slot]) {
        let Some((unit, OneEach { option, word })) = one_each(row, slots) else { return };
        for slot in slots {
            let Given::Word(bounds, given) = &slot.given else { continue };
            let signals = given.iter().filter(|_| bounds.has(Rule::AsAdvantage));
            let finer = signals.filter(|signal| {
                signal.signal().and_then(|x| x.level).is_some_and(|level| unit.holds(level))
            });
            if let Some((finer, level)) = finer.filter_map(|slot| Some((slot, slot.signal()?.level?))).next()
            {
                let (name, unit) = (option.name, unit.name());
                let message = format!(
                    "`{name} = {}({unit})` has one {name} a {unit}, and this is {}",
                    word.name,
                    level.describe()
                );
                self.errors.at(finer.at, message, format!("aggregate it: `mean(x, per = {unit})`"));
            }
        }
    }

    /// Two numbers that would be read as distances from 1 and can only be meant as what a ratio is held between.
    fn distances(&mut self, option: &str, numbers: &[Slot]) {
        let [lo, hi] = numbers else { return };
        if lo.constant().is_some_and(|lo| lo > 1.0) {
            self.errors.only(lo.at, "the lower clip must be at most 1: a ratio is positive");
            return;
        }
        let number = |slot: &Slot| match &slot.given {
            Given::Scalar(scalar) => self.known(scalar, slot.at),
            _ => None,
        };
        let Some(((below, from), (above, to))) = number(lo).zip(number(hi)) else { return };
        if (0.5..1.0).contains(&below) && above > 1.0 && above < 2.0 {
            let message = format!(
                "`{option}` takes distances from 1, and `({below}, {above})` are the bounds of a ratio"
            );
            let help = format!("write `({}, {})`", difference(1.0, below), difference(above, 1.0));
            self.errors.at(Span { first: from.first, last: to.last }, message, help);
        }
    }
}

/// The option of which there is one a unit, and the unit.
fn one_each(row: &'static Row, slots: &[Slot]) -> Option<(LevelId, OneEach)> {
    row.args.iter().zip(slots).find_map(|(option, slot)| {
        let word = slot.word().filter(|word| word.has(Rule::OneEach))?;
        Some((slot.level()?, OneEach { option, word }))
    })
}

/// With as many digits as the numbers have.
fn difference(a: f64, b: f64) -> f64 {
    let digits = |x: f64| x.to_string().split_once('.').map_or(0, |(_, digits)| digits.len());
    format!("{:.*}", digits(a).max(digits(b)), a - b).parse().unwrap_or(a - b)
}
