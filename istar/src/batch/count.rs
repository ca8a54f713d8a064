//! What is counted, or averaged over, as a value.

use super::LevelId;

/// A count as a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CountId {
    /// Every element at its own level.
    Own,
    /// Every element of the level, a coarser number repeated.
    Each(LevelId),
    /// The first element of each unit of the level.
    First(LevelId),
    /// The mean over each unit of the level.
    Mean(LevelId),
    /// The sum over each unit of the level.
    Sum(LevelId),
    /// The mean over each prompt.
    Prompt,
    /// The sum over everything divided by this number.
    Constant(f64),
}
