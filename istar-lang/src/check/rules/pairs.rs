//! What two signals of one name must have to do with each other.

use super::*;

impl Check<'_> {
    /// The level of two signals that are compared, of one kind, or of one and a number.
    pub(super) fn alike(
        &mut self,
        row: &Row,
        level: Option<LevelId>,
        x: &Signal,
        other: Option<&Slot>,
    ) -> Option<LevelId> {
        let Some((slot, y)) = other.and_then(|slot| Some((slot, slot.signal()?))) else { return level };
        if let Some((a, b)) = x.kind.zip(y.kind).filter(|(a, b)| a != b && *b != KindId::Scalar) {
            let (name, a, b) = (row.name, a.describe(), b.describe());
            self.errors.at(
                slot.at,
                format!("`{name}` compares what is alike, and these are {a} and {b}"),
                "both sides are of one kind, or the second one is a number",
            );
        }
        self.join_levels(level, y.level, slot.at)
    }

    /// A number of a unit, and the signal by whose elements it is split.
    pub(super) fn split(&mut self, row: &Row, x: &Signal, unit: Option<&Slot>, elements: Option<&Slot>) {
        let Some((per, unit)) = unit.and_then(|slot| Some((slot, slot.level()?))) else { return };
        let name = unit.name();
        if let Some(level) = x.level.filter(|level| !level.holds(unit) && *level != unit) {
            self.errors.at(
                per.at,
                format!("`{}` splits one number a {name}, and this is {}", row.name, level.describe()),
                format!("aggregate it first: `sum(x, per = {name})`"),
            );
        }
        let finer = elements.and_then(|slot| Some((slot, slot.signal()?.level?)));
        if let Some((slot, level)) = finer.filter(|(_, level)| !unit.holds(*level)) {
            self.errors.at(
                slot.at,
                format!("the elements of a {name} are finer than it, and this is {}", level.describe()),
                "weigh by a signal of its steps or tokens, such as `exp(log_ratio(old, init))`",
            );
        }
    }
}
