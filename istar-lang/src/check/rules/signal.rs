//! Rules of signals, and what level and kind follow from the arguments.

use super::super::slot::{Given, Slot};
use super::super::{Check, Signal};
use crate::catalogue::{KindRule, LevelRule, Row, Rule};
use crate::{KindId, LevelId};
use std::ops::ControlFlow;

impl Check<'_> {
    /// Level and kind of the signal that this row makes of its arguments.
    pub fn signal_rules(&mut self, row: &'static Row, slots: &[Slot]) -> (Option<LevelId>, Option<KindId>) {
        let slot = |name: &str| row.arg(name).map(|index| &slots[index]);
        let x = slots.first().and_then(Slot::signal);
        let mut level = match row.level {
            LevelRule::Is(level) | LevelRule::Of(level) => Some(level),
            LevelRule::Kept => x.and_then(|x| x.level),
            LevelRule::Option(name) => slot(name).and_then(Slot::level),
            LevelRule::OfSignal(name) => slot(name).and_then(|slot| slot.signal()?.level),
            LevelRule::Along(name) => slot(name).and_then(Slot::level).or(x.and_then(|x| x.level)),
            LevelRule::Critic | LevelRule::None => None,
        };
        let of_x = x.and_then(|x| x.kind);
        let kind = match row.kind {
            KindRule::Is(kind) => Some(kind),
            KindRule::Kept => of_x,
            KindRule::Minus => of_x.map(|kind| kind.minus(kind)),
            KindRule::Centred => of_x.map(KindId::normed),
            KindRule::Placed => of_x.map(KindId::placed),
            KindRule::Pooled(stat) => match slot(stat).and_then(Slot::word).map(|word| word.kind) {
                Some(KindRule::Is(kind)) => Some(kind),
                _ => of_x.map(KindId::pooled),
            },
            KindRule::None => None,
        };
        for rule in row.rules {
            if self.holds(*rule, row, slots, &mut level).is_break() {
                // What was told is not told again by its kind.
                return (level, None);
            }
        }
        (level, kind)
    }

    /// Checks one rule; one whose breach makes the others pointless ends the checks.
    fn holds(
        &mut self,
        rule: Rule,
        row: &'static Row,
        slots: &[Slot],
        level: &mut Option<LevelId>,
    ) -> ControlFlow<()> {
        let slot = |name: &str| row.arg(name).map(|index| &slots[index]);
        let first = slots.first().and_then(|first| Some((first, first.signal()?)));
        match (rule, first) {
            (Rule::Pooled { within: name, count, gate }, _) => {
                if let Some(within) = slot(name) {
                    *level = level.and_then(|level| self.element(level, within, slot(gate)));
                    self.pool(*level, count.and_then(slot), name, within);
                }
            }
            (Rule::Different, _) => self.different(row, slots),
            (Rule::Distinct, _) => self.distinct(slots),
            (Rule::Routed, _) => self.routed(row, slots),
            (Rule::Ordered, Some(_)) => self.ordered(slots),
            (Rule::Up(per), Some((_, x))) => self.upward(row, x, slot(per)),
            (Rule::Down { per, at }, x) => {
                self.downward(row, x.map(|(_, x)| x), (per, slot(per)), (at, slot(at)));
            }
            (Rule::InTime, Some((first, x))) if x.level == Some(LevelId::Item) => {
                let message = format!(
                    "the items of a step do not follow each other: `{}` takes no Item signal",
                    row.name
                );
                self.errors.at(first.at, message, "aggregate it first: `sum(x, per = step)`");
                return ControlFlow::Break(());
            }
            (Rule::Changes, Some((first, x))) if x.level == Some(LevelId::Traj) => {
                let name = row.name;
                self.errors.at(
                    first.at,
                    format!("`{name}` goes along a trajectory, and this is one number for all of it"),
                    format!("take the difference of a finer signal: `{name}(q)`"),
                );
            }
            (Rule::Exponent, Some((first, x))) => {
                let fits = |kind: &KindId| {
                    matches!(kind, KindId::Reward | KindId::Weight | KindId::Factor | KindId::Scalar)
                };
                if let Some(kind) = x.kind.filter(|kind| !fits(kind)) {
                    self.errors.at(
                        first.at,
                        format!(
                            "`{}` takes a log-ratio or a Factor, and this is {}",
                            row.name,
                            kind.describe()
                        ),
                        "an importance weight is `exp(log_ratio(old, sampler))`",
                    );
                    return ControlFlow::Break(());
                }
            }
            (Rule::Repeated(name), Some((_, x))) => {
                let other = slot(name).and_then(|slot| Some((slot, slot.signal()?.level?)));
                if let (Some(level), Some((slot, finer))) =
                    (x.level, other.filter(|(_, other)| x.level < Some(*other)))
                {
                    self.errors.at(
                        slot.at,
                        format!("`{name}` stands for {}, and this is {}", level.describe(), finer.describe()),
                        format!("aggregate it first: `last(x, per = {})`", level.name()),
                    );
                }
            }
            (Rule::AddsUp(per), Some((first, x))) => {
                let unit = per.and_then(slot).and_then(Slot::level);
                if unit.is_none_or(|unit| unit == LevelId::Traj) {
                    self.accumulated(row.name, &x.node, first.at);
                }
            }
            (Rule::Alike(name), Some((_, x))) => *level = self.alike(row, *level, x, slot(name)),
            (Rule::Parts, Some((first, x))) if x.kind == Some(KindId::Value) => {
                let message = format!("`{}` splits what has parts, and this is a Value", row.name);
                self.errors.at(first.at, message, "take the progress of an estimate: `diff(x)`");
                return ControlFlow::Break(());
            }
            (Rule::Within { unit, elements }, Some((_, x))) => self.split(row, x, slot(unit), slot(elements)),
            (Rule::Increments, Some((first, x))) => self.rewards(row, x, first),
            (Rule::Inside(within), Some(_)) => self.inside(row, *level, slot(within)),
            (Rule::Estimated { per, value }, Some((first, x))) => {
                self.along(x, first, slot(per), slot(value))
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }

    /// What is centred one by one: a pool of steps makes steps of a coarser signal, a gate what it is itself.
    fn element(&mut self, level: LevelId, within: &Slot, gate: Option<&Slot>) -> Option<LevelId> {
        let Some(pooled) = pooled_at(within) else { return Some(level) };
        let gated = match gate.and_then(|gate| Some((gate.signal()?, gate.at))) {
            Some((signal, at)) => Some((signal.level?, at)),
            None => None,
        };
        let mut joined = level;
        for (other, at) in [Some((pooled, within.at)), gated].into_iter().flatten() {
            joined = self.join_levels(Some(joined), Some(other), at)?;
        }
        Some(joined)
    }

    /// `count` and `within` of a pooled signal whose elements are of this level.
    fn pool(&mut self, level: Option<LevelId>, count: Option<&Slot>, option: &str, within: &Slot) {
        if let (Some(level), Some((count, entry))) =
            (level, count.and_then(|slot| Some((slot, slot.level()?))))
        {
            let up = count.word().is_some_and(|word| matches!(word.level, LevelRule::Option(_)));
            let (signal, unit) = (level.describe(), entry.name());
            if !up && entry.holds(level) {
                let elements = level.name();
                self.errors.at(
                    count.at,
                    format!("`count = {unit}` of {signal}: say which of the {elements}s of a {unit} counts"),
                    format!("write `count = first({unit})` or `count = mean({unit})`"),
                );
            } else if up && level.holds(entry) {
                self.errors.at(
                    count.at,
                    format!("{signal} has nothing to aggregate inside a {unit}"),
                    format!("to count each {unit}, write `count = {unit}`"),
                );
            } else if level.join(entry) == LevelId::Mixed {
                self.errors.at(
                    count.at,
                    format!("{signal} has no {unit}s"),
                    "leave out `count`, or aggregate first: `sum(x, per = step)`",
                );
            }
        }
        let Some(word) = within.word().filter(|word| word.has(Rule::SameState)) else { return };
        let compares = format!("`{option} = {}` compares steps that met the same state", word.name);
        match (count.and_then(|slot| Some((slot, slot.level()?))), level) {
            (Some((count, entry)), _) if entry < LevelId::Step => self.errors.at(
                count.at,
                format!("{compares}, but one entry of this pool is a {}", entry.name()),
                "write `count = step`",
            ),
            (_, Some(finer)) if finer > LevelId::Step => self.errors.at(
                within.at,
                format!("{compares}, and this is {}", finer.describe()),
                "aggregate it first: `sum(x, per = step)`",
            ),
            _ => {}
        }
    }

    fn upward(&mut self, row: &Row, x: &Signal, per: Option<&Slot>) {
        let Some((per, unit)) = per.and_then(|slot| Some((slot, slot.level()?))) else { return };
        if let Some(level) = x.level.filter(|level| !unit.holds(*level)) {
            self.errors.at(
                per.at,
                format!(
                    "`{}` goes up to a coarser level, and this is {} already",
                    row.name,
                    level.describe()
                ),
                "a coarser signal is repeated by itself where it meets a finer one",
            );
        }
    }

    /// `x`: what is one number per unit, where the row takes a signal.
    fn downward(
        &mut self,
        row: &Row,
        x: Option<&Signal>,
        (unit_name, per): (&str, Option<&Slot>),
        (element_name, at): (&str, Option<&Slot>),
    ) {
        let (Some(per), Some(at)) = (per, at) else { return };
        let (Some(unit), Some(element)) = (per.level(), at.level()) else { return };
        if unit != element && !unit.holds(element) {
            self.errors.at(
                at.at,
                format!("`{}` goes down: a {} has no {}s", row.name, unit.name(), element.name()),
                format!(
                    "`{element_name}` is no coarser than `{unit_name}`, as in `{unit_name} = traj, {element_name} = step`"
                ),
            );
        } else if let Some(level) = x.and_then(|x| x.level).filter(|level| unit.holds(*level)) {
            self.errors.at(
                per.at,
                format!("one number per {} is placed, and this is {}", unit.name(), level.describe()),
                format!("aggregate it first: `sum(x, per = {})`", unit.name()),
            );
        }
    }

    fn inside(&mut self, row: &Row, level: Option<LevelId>, within: Option<&Slot>) {
        let Some((within, unit)) = within.and_then(|slot| Some((slot, slot.level()?))) else { return };
        if let Some(level) = level.filter(|level| level.holds(unit)) {
            self.errors.at(
                within.at,
                format!("{} has no run of numbers inside a {}", level.describe(), unit.name()),
                format!("leave out `within` of `{}`", row.name),
            );
        }
    }

    fn rewards(&mut self, row: &Row, x: &Signal, at: &Slot) {
        let Some(kind) = x.kind.filter(|kind| *kind != KindId::Reward) else { return };
        let help = match kind {
            KindId::Return | KindId::Weight | KindId::Factor => {
                "`place(x)` puts it on the last step, as a Reward"
            }
            KindId::Advantage => "center the sum instead: `norm(to_go(reward))`",
            KindId::Value | KindId::Scalar | KindId::Reward | KindId::Refused => {
                "`to_go(reward)` is the return of the environment's rewards"
            }
        };
        let message = format!("`{}` takes a Reward, and this is {}", row.name, kind.describe());
        self.errors.at(at.at, message, help);
    }

    fn ordered(&mut self, slots: &[Slot]) {
        if let [_, lo, hi] = slots
            && let (Some(low), Some(high)) = (lo.constant(), hi.constant())
            && low > high
        {
            self.errors.only(lo.at, format!("`lo` must be at most `hi`, found {low} and {high}"));
        }
    }

    fn routed(&mut self, row: &Row, slots: &[Slot]) {
        if slots.iter().all(Slot::is_left_out) {
            let roles: Vec<_> = row.args.iter().map(|arg| format!("`{}`", arg.name)).collect();
            let (name, first) = (row.name, row.args.first().map_or("", |arg| arg.name));
            self.errors.at(
                slots[0].at,
                format!("`{name}` needs a signal for one role at least"),
                format!("write `{name}({first} = traj)`; the roles are {}", and(&roles)),
            );
        }
        for slot in slots {
            self.no_value(slot);
            self.join_levels(slot.signal().and_then(|x| x.level), Some(LevelId::Token), slot.at);
        }
    }

    fn distinct(&mut self, slots: &[Slot]) {
        let name = |slot: &Slot| slot.word().map(|word| word.name);
        for (i, slot) in slots.iter().enumerate() {
            let twice = name(slot).filter(|word| slots[..i].iter().any(|before| name(before) == Some(word)));
            if let Some(word) = twice {
                self.errors.at(slot.at, format!("the role `{word}` is named twice"), "name it once");
            }
        }
    }

    /// Of words with arguments it is not known here whether they are the same.
    fn different(&mut self, row: &Row, slots: &[Slot]) {
        if let [p, q] = slots
            && let (Given::Word(word, first), Given::Word(other, _)) = (&p.given, &q.given)
            && word.ty == other.ty
            && first.is_empty()
        {
            let message = format!("`{}({word}, {word})` is 0", row.name, word = word.name);
            self.errors.at(q.at, message, "compare with another reference");
        }
    }
}

/// `a, b and c`
fn and(names: &[String]) -> String {
    match names {
        [names @ .., last] if !names.is_empty() => format!("{} and {last}", names.join(", ")),
        names => names.concat(),
    }
}

/// The coarsest level whose elements lie in one pool each.
fn pooled_at(within: &Slot) -> Option<LevelId> {
    let Given::Word(row, keys) = &within.given else { return None };
    match row.level {
        LevelRule::Is(level) => Some(level),
        LevelRule::Option(_) => within.level(),
        // A product's is the finest of its factors.
        _ => keys.iter().map(pooled_at).try_fold(LevelId::Traj, |finest, level| Some(finest.join(level?))),
    }
}
