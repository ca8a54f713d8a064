//! The objective language of istar as a library: its vocabulary, and what its words mean to each other.
//!
//! It knows no tensor and emits nothing. The macros turn what it reads into types; the algebra of `istar` takes its levels,
//! kinds and ranges from here, so that a message at compile time and one at run time use the same words.

pub mod catalogue;
mod kind;
mod level;
mod range;
mod suggest;

pub use kind::KindId;
pub use level::LevelId;
pub use range::Range;
pub use suggest::nearest;
