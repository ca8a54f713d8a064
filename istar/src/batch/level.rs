//! Levels as values: one number per what.

/// A level as a value, from coarse to fine; `Mixed` is what Token with Item would be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
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
    /// The level as it is written.
    pub fn name(self) -> &'static str {
        match self {
            LevelId::Traj => "traj",
            LevelId::Segment => "segment",
            LevelId::Step => "step",
            LevelId::Token => "token",
            LevelId::Item => "item",
            LevelId::Mixed => "token with item",
        }
    }
}

impl LevelId {
    /// The finer of two, where there are.
    pub const fn finer(a: Option<LevelId>, b: Option<LevelId>) -> Option<LevelId> {
        match (a, b) {
            (Some(a), Some(b)) if (a as u8) < (b as u8) => Some(b),
            (Some(a), _) => Some(a),
            (None, b) => b,
        }
    }
}
