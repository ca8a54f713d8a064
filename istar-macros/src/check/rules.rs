//! What the arguments of one name must have to do with each other: ranges, levels, kinds.

use super::call::Slot;
use super::names::list;
use super::{Check, PrmTerm, Scalar, Signal};
use crate::ir::Node;
use istar_lang::catalogue::{KindRule, LevelRule, Prm, Row, Sort, weights};
use istar_lang::{KindId, LevelId, Range};
use proc_macro2::Span;

impl Check<'_> {
    /// A literal, or the default of a hyper-parameter, that makes no sense here.
    pub fn range(&mut self, row: &Row, name: &str, range: Range, scalar: &Scalar, at: (Span, Span)) {
        // The bare values of an option bear its name, as their types do: `clip::Band`.
        let name = if row.name.is_empty() { row.ty.split("::").next().unwrap_or(name) } else { name };
        if let Some(value) = scalar.constant {
            if !range.holds(value) {
                self.errors.over(at, format!("`{name}` must be {}, found {value}", range.words()));
            }
        }
        let Node::Hyper { index, .. } = scalar.node else { return };
        let Some(hyper) = self.params.get(index) else { return };
        if let Some(default) = hyper.default.as_ref().filter(|default| !range.holds(default.value)) {
            let message = format!(
                "`{name}` must be {}, found {} as the default of `{}`",
                range.words(),
                default.text,
                hyper.text
            );
            self.errors.at(default.span, message);
        }
    }

    pub fn reaches_nothing(&mut self, term: &str, at: (Span, Span)) {
        self.errors.over(
            at,
            format!("with weight 0 `{term}` reaches no parameter\nhelp: remove the term, or make its weight a hyper-parameter"),
        );
    }

    pub fn weight(&mut self, signal: &Signal, at: (Span, Span)) {
        if let Some(kind) = signal.kind.filter(|kind| *kind != KindId::Weight) {
            let message =
                format!("`where` takes a Weight, found a {kind:?}\nhelp: Weights are {}", list(&weights()));
            self.errors.over(at, message);
        }
    }

    pub fn loss_rules(&mut self, row: &'static Row, span: Span, slots: &[Slot]) {
        let slot = |name: &str| row.arg(name).map(|index| &slots[index]);
        if matches!(row.prm, Prm::Trains | Prm::TrainsExplicit) {
            let scale =
                slot("beta").zip(slot("ref")).map(|(beta, reference)| (beta.node(), reference.node()));
            self.prm.push(PrmTerm { span, row, scale });
        } else {
            self.policy |= row.arg("adv").is_some();
            if self.off {
                self.reaches_nothing(row.name, (span, span));
            }
        }
        if let (Some("shared"), Some(reference)) = (slot("net").and_then(Slot::word), slot("ref"))
            && reference.word() == Some("old")
        {
            self.errors.over(
                reference.at,
                "with `net = shared` the policy is the PRM and `old` is the policy before this iteration: the step reward is 0, or only the trace of its own update\nhelp: write `ref = init`, or `net = separate`",
            );
        }
        if let Some(adv) = slot("adv") {
            let finest = match row.name {
                "dar" => LevelId::Traj,
                _ if slot("ratio").and_then(Slot::word) == Some("sum") => LevelId::Step,
                _ => LevelId::Token,
            };
            self.advantage(adv, finest);
        }
        if let (Some("common"), Some(weight)) = (slot("over").and_then(Slot::word), slot("weight"))
            && weight.word() == Some("dmpo")
        {
            self.errors.over(
                weight.at,
                "`over = common` counts the same steps of both trajectories, and `dmpo` weighs them by lengths that differ\nhelp: write `weight = flat`, or `over = sum`",
            );
        }
        if let Some(clip) = slot("clip") {
            self.band(clip);
        }
    }

    fn no_value(&mut self, adv: &Slot) {
        if adv.signal().and_then(|signal| signal.kind) == Some(KindId::Value) {
            self.errors.over(
                adv.at,
                "a bare Value is no advantage\nhelp: subtract it from a return, `outcome - value`, or take its progress, `diff(q)`",
            );
        }
    }

    /// `route` leaves tokens out: no statistic can count them, and no second `route` knows their roles better.
    pub fn whole(&mut self, row: &Row, signal: &Signal, at: (Span, Span)) {
        if row.sort != Sort::Signal || row.name == "clip" || !signal.node.holds("signal::Route") {
            return;
        }
        let message = match row.name {
            "route" => {
                "`route` stands inside `route`\nhelp: give each role its signal in one of them".to_owned()
            }
            name => format!(
                "`{name}` would count the tokens that `route` leaves out\nhelp: route what is finished: `route(action = {name}(..))`"
            ),
        };
        self.errors.over(at, message);
    }

    fn advantage(&mut self, adv: &Slot, finest: LevelId) {
        let Some(signal) = adv.signal() else { return };
        self.no_value(adv);
        if signal.level == Some(LevelId::Item) {
            self.errors.over(
                adv.at,
                "a token has no items: an Item signal is no advantage\nhelp: aggregate it first: `sum(x, per = step)`",
            );
            return;
        }
        let Some(level) = signal.level.filter(|level| finest.holds(*level)) else { return };
        let level = level.describe();
        let message = match finest {
            LevelId::Traj => format!(
                "`dar` weighs whole trajectories, and this advantage is {level}\nhelp: aggregate it: `sum(x, per = traj)`"
            ),
            _ => format!(
                "`ratio = sum(step)` has one ratio a step, and this advantage is {level}\nhelp: aggregate it, `sum(x, per = step)`, or write `ratio = token`"
            ),
        };
        self.errors.over(adv.at, message);
    }

    fn band(&mut self, clip: &Slot) {
        let super::call::Given::Word(_, slots) = &clip.given else { return };
        if let [lo, _] = slots.as_slice()
            && lo.constant().is_some_and(|lo| lo > 1.0)
        {
            self.errors.over(lo.at, "the lower clip must be at most 1: a ratio is positive");
        }
    }

    /// Level and kind of the signal that this row makes of its arguments.
    pub fn signal_rules(&mut self, row: &'static Row, slots: &[Slot]) -> (Option<LevelId>, Option<KindId>) {
        let slot = |name: &str| row.arg(name).map(|index| &slots[index]);
        let x = slots.first().and_then(Slot::signal);
        let level = match row.level {
            LevelRule::Is(level) => Some(level),
            LevelRule::Kept => x.and_then(|x| x.level),
            LevelRule::Option(name) => slot(name).and_then(Slot::level),
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
            KindRule::None => None,
        };
        let level = match (slot("count"), slot("within")) {
            (Some(count), Some(within)) => {
                let element = level.and_then(|level| self.element(level, within, slot("where")));
                self.pool(element, count, within);
                element
            }
            _ => level,
        };
        match (row.name, x) {
            ("sum" | "mean" | "min" | "first" | "last", Some(x)) => self.upward(row, x, slot("per")),
            ("place", Some(x)) => self.downward(x, slot("per"), slot("at")),
            ("to_go" | "bound" | "whiten" | "gae" | "diff", Some(Signal { level: Some(LevelId::Item), .. })) => {
                let message = format!(
                    "the items of a step do not follow each other: `{}` takes no Item signal\nhelp: aggregate it first: `sum(x, per = step)`",
                    row.name
                );
                self.errors.over(slots[0].at, message);
            }
            ("to_go" | "bound", Some(x)) => {
                self.rewards(row, x, &slots[0]);
                self.inside(row, level, slot("within"));
            }
            ("gae", Some(x)) => {
                self.rewards(row, x, &slots[0]);
                self.along(x, &slots[0], slot("per"), slot("value"));
                self.inside(row, level, slot("within"));
            }
            ("clip", Some(_)) => self.ordered(slots),
            ("diff", Some(x)) if x.level == Some(LevelId::Traj) => self.errors.over(
                slots[0].at,
                "`diff` goes along a trajectory, and this is one number for all of it\nhelp: take the difference of a finer signal: `diff(q)`",
            ),
            ("log_ratio", _) => self.different(slots),
            ("has", _) => self.distinct(slots),
            ("route", _) => self.routed(slots),
            _ => {}
        }
        (level, kind)
    }

    /// What is centred one by one: a pool of steps makes steps of a coarser signal, a gate what it is itself.
    fn element(&mut self, level: LevelId, within: &Slot, gate: Option<&Slot>) -> Option<LevelId> {
        let pooled = match within.word()? {
            "state" | "agent" | "tag" => LevelId::Step,
            "turn" => LevelId::Segment,
            "item" => LevelId::Item,
            _ => LevelId::Traj,
        };
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

    /// `count` and `within` of a `norm` over a signal of this level.
    fn pool(&mut self, level: Option<LevelId>, count: &Slot, within: &Slot) {
        let up = matches!(count.word(), Some("first" | "mean" | "sum"));
        if let (Some(level), Some(entry)) = (level, count.level()) {
            if !up && entry.holds(level) {
                let message = format!(
                    "`count = {entry}` of {signal}: say which of the {found}s of a {entry} counts\nhelp: write `count = first({entry})` or `count = mean({entry})`",
                    signal = level.describe(),
                    entry = entry.name(),
                    found = level.name()
                );
                self.errors.over(count.at, message);
            } else if up && level.holds(entry) {
                let message = format!(
                    "{signal} has nothing to aggregate inside a {entry}\nhelp: to count each {entry}, write `count = {entry}`",
                    signal = level.describe(),
                    entry = entry.name()
                );
                self.errors.over(count.at, message);
            } else if level.join(entry) == LevelId::Mixed {
                let message = format!(
                    "{} has no {}s\nhelp: leave out `count`, or aggregate first: `sum(x, per = step)`",
                    level.describe(),
                    entry.name()
                );
                self.errors.over(count.at, message);
            }
        }
        if within.word() != Some("state") {
            return;
        }
        let help = "`within = state` compares steps that met the same state";
        match (count.level(), level) {
            (Some(entry), _) if entry < LevelId::Step => {
                let message = format!(
                    "{help}, but one entry of this pool is a {}\nhelp: write `count = step`",
                    entry.name()
                );
                self.errors.over(count.at, message);
            }
            (_, Some(finer)) if finer > LevelId::Step => {
                let message = format!(
                    "{help}, and this is {}\nhelp: aggregate it first: `sum(x, per = step)`",
                    finer.describe()
                );
                self.errors.over(within.at, message);
            }
            _ => {}
        }
    }

    fn upward(&mut self, row: &Row, x: &Signal, per: Option<&Slot>) {
        let Some((per, unit)) = per.and_then(|slot| Some((slot, slot.level()?))) else { return };
        if let Some(level) = x.level.filter(|level| !unit.holds(*level)) {
            let message = format!(
                "`{}` goes up to a coarser level, and this is {} already\nhelp: a coarser signal is repeated by itself where it meets a finer one",
                row.name,
                level.describe()
            );
            self.errors.over(per.at, message);
        }
    }

    fn downward(&mut self, x: &Signal, per: Option<&Slot>, at: Option<&Slot>) {
        let (Some(per), Some(at)) = (per, at) else { return };
        let (Some(unit), Some(element)) = (per.level(), at.level()) else { return };
        if unit != element && !unit.holds(element) {
            let message = format!(
                "`place` goes down: a {} has no {}s\nhelp: `at` is no coarser than `per`, as in `per = traj, at = step`",
                unit.name(),
                element.name()
            );
            self.errors.over(at.at, message);
        } else if let Some(level) = x.level.filter(|level| unit.holds(*level)) {
            let message = format!(
                "one number per {unit} is placed, and this is {}\nhelp: aggregate it first: `sum(x, per = {unit})`",
                level.describe(),
                unit = unit.name()
            );
            self.errors.over(per.at, message);
        }
    }

    fn inside(&mut self, row: &Row, level: Option<LevelId>, within: Option<&Slot>) {
        let Some((within, unit)) = within.and_then(|slot| Some((slot, slot.level()?))) else { return };
        if let Some(level) = level.filter(|level| level.holds(unit)) {
            let message = format!(
                "a {level:?} signal has no run of numbers inside a {}\nhelp: leave out `within` of `{}`",
                unit.name(),
                row.name
            );
            self.errors.over(within.at, message);
        }
    }

    fn rewards(&mut self, row: &Row, x: &Signal, at: &Slot) {
        let Some(kind) = x.kind.filter(|kind| *kind != KindId::Reward) else { return };
        let help = match kind {
            KindId::Return | KindId::Weight => "`place(x)` puts it on the last step, as a Reward",
            KindId::Advantage => "center the sum instead: `norm(to_go(reward))`",
            KindId::Value | KindId::Scalar | KindId::Reward | KindId::Refused => {
                "`to_go(reward)` is the return of the environment's rewards"
            }
        };
        self.errors.over(
            at.at,
            format!("`{}` takes a Reward, and this is {}\nhelp: {help}", row.name, kind.describe()),
        );
    }

    fn ordered(&mut self, slots: &[Slot]) {
        if let [_, lo, hi] = slots
            && let (Some(low), Some(high)) = (lo.constant(), hi.constant())
            && low > high
        {
            self.errors.over(lo.at, format!("`lo` must be at most `hi`, found {low} and {high}"));
        }
    }

    fn routed(&mut self, slots: &[Slot]) {
        if slots.iter().all(Slot::is_left_out) {
            self.errors.over(
                slots[0].at,
                "`route` needs a signal for one role at least\nhelp: write `route(action = traj)`; the roles are `action`, `subgoal` and `switch`",
            );
        }
        slots.iter().for_each(|slot| self.no_value(slot));
    }

    fn distinct(&mut self, slots: &[Slot]) {
        for (i, slot) in slots.iter().enumerate() {
            let word = slot.word().filter(|word| slots[..i].iter().any(|before| before.word() == Some(word)));
            if let Some(word) = word {
                self.errors.over(slot.at, format!("the role `{word}` is named twice\nhelp: name it once"));
            }
        }
    }

    fn different(&mut self, slots: &[Slot]) {
        if let [p, q] = slots
            && let (Some(word), Some(other)) = (p.word(), q.word())
            && word == other
            && matches!(word, "prm" | "init" | "old")
        {
            self.errors.over(
                q.at,
                format!("`log_ratio({word}, {word})` is 0\nhelp: compare with another reference"),
            );
        }
    }
}
