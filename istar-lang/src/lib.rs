//! The objective language of istar as a library: its vocabulary, and what its words mean to each other.
//!
//! It knows no tensor and emits nothing. The macros turn what it reads into types; the algebra of `istar` takes its levels,
//! kinds and ranges from here, so that a message at compile time and one at run time use the same words.

pub mod ast;
pub mod catalogue;
mod check;
pub mod ir;
mod kind;
mod level;
mod line;
mod lower;
mod parse;
mod range;
mod report;
mod suggest;
mod table;
mod text;
mod token;
mod write;

pub use check::check;
pub use kind::KindId;
pub use level::LevelId;
pub use line::{Line, Mistake, Report};
pub use parse::parse;
pub use range::Range;
pub use report::{Diagnostic, Warning};
pub use suggest::nearest;
pub use table::{check_table, parse_table};
pub use text::{Position, Text};
pub use token::{Bracket, Place, Span, Token, Tokens};
