//! Types of `istar` that no name stands for, by their paths below `istar::__private`.

use crate::LevelId;

/// `a + b` of loss terms.
pub const SUM: &str = "term::Sum";
/// `w * term`
pub const WEIGHTED: &str = "term::Weighted";
/// `a + b` of signals.
pub const ADD: &str = "signal::Add";
/// `a - b` of signals.
pub const SUB: &str = "signal::Sub";
/// A number times a signal.
pub const SCALE: &str = "signal::Scale";
/// `a * b` of signals.
pub const MUL: &str = "signal::Mul";
/// `a / b` of signals.
pub const DIV: &str = "signal::Div";
/// A number beside signals.
pub const CONSTANT: &str = "signal::Constant";
/// `a + b` of numbers.
pub const ADD_NUMBERS: &str = "scalar::Add";
/// `a - b` of numbers.
pub const SUB_NUMBERS: &str = "scalar::Sub";
/// `a * b` of numbers.
pub const MUL_NUMBERS: &str = "scalar::Mul";
/// `a / b` of numbers.
pub const DIV_NUMBERS: &str = "scalar::Div";
/// What a head of the critic estimates, of: its position, its name, its level.
pub const VALUE: &str = "signal::Value";
/// A head of the critic, of: its name, its target, the heads after it.
pub const HEAD: &str = "head::Head";
/// After the last head.
pub const NO_HEAD: &str = "head::End";
/// The name of a head, of: its text.
pub const NAMED: &str = "head::Named";
/// The name of the only head.
pub const ONLY: &str = "head::One";
/// The target of a head that is read and not trained.
pub const UNTRAINED: &str = "head::Untrained";

/// The type of a level.
pub fn level(level: LevelId) -> &'static str {
    match level {
        LevelId::Traj => "level::Traj",
        LevelId::Segment => "level::Segment",
        LevelId::Step => "level::Step",
        LevelId::Token => "level::Token",
        LevelId::Item => "level::Item",
        LevelId::Mixed => "level::Mixed",
    }
}
