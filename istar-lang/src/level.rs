//! Levels: one number per what.

/// A level, from coarse to fine; `Mixed` is what Token with Item would be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
pub enum LevelId {
    /// One number per trajectory.
    Traj,
    /// One number per segment: a subgoal or a user turn, a run of steps.
    Segment,
    /// One number per step.
    Step,
    /// One number per action token.
    Token,
    /// One number per checklist item of a step.
    Item,
    /// Token with Item: refused.
    Mixed,
}

impl LevelId {
    /// Every level that a signal may have.
    pub const ALL: [LevelId; 5] =
        [LevelId::Traj, LevelId::Segment, LevelId::Step, LevelId::Token, LevelId::Item];

    /// The level as it is written.
    pub const fn name(self) -> &'static str {
        match self {
            LevelId::Traj => "traj",
            LevelId::Segment => "segment",
            LevelId::Step => "step",
            LevelId::Token => "token",
            LevelId::Item => "item",
            LevelId::Mixed => "token with item",
        }
    }

    /// The level that is written so.
    pub fn find(name: &str) -> Option<LevelId> {
        LevelId::ALL.into_iter().find(|level| level.name() == name)
    }

    /// A signal of this level, with its article: `a Step signal`.
    pub fn describe(self) -> String {
        let article = if self == LevelId::Item { "an" } else { "a" };
        format!("{article} {self:?} signal")
    }

    /// The finer of two, where there are.
    pub const fn finer(a: Option<LevelId>, b: Option<LevelId>) -> Option<LevelId> {
        match (a, b) {
            (Some(a), Some(b)) if (a as u8) < (b as u8) => Some(b),
            (Some(a), _) => Some(a),
            (None, b) => b,
        }
    }

    /// What arithmetic between two levels gives: the finer of them, and `Mixed` where neither is.
    pub fn join(self, other: LevelId) -> LevelId {
        match (self, other) {
            (LevelId::Token, LevelId::Item) | (LevelId::Item, LevelId::Token) => LevelId::Mixed,
            (a, b) => a.max(b),
        }
    }

    /// One element of `self` holds several of `other`.
    pub fn holds(self, other: LevelId) -> bool {
        self < other && self < LevelId::Token
    }
}

#[cfg(test)]
mod tests {
    use super::LevelId;

    #[test]
    fn a_level_is_found_by_its_name() {
        for level in LevelId::ALL {
            assert_eq!(LevelId::find(level.name()), Some(level));
        }
        assert_eq!(LevelId::find(LevelId::Mixed.name()), None);
    }

    #[test]
    fn joins_are_an_algebra() {
        for a in LevelId::ALL {
            assert_eq!(a.join(a), a);
            for b in LevelId::ALL {
                assert_eq!(a.join(b), b.join(a));
                for c in LevelId::ALL {
                    assert_eq!(a.join(b).join(c), a.join(b.join(c)), "{a:?} {b:?} {c:?}");
                }
            }
        }
    }
}
