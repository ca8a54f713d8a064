//! The objective language of istar as a library: text → `ast` → (checks against the `catalogue`) → `ir`.
//!
//! It knows no tensor and emits nothing. `istar-macros` turns what it reads into types; the algebra of `istar` takes its
//! levels, kinds and ranges from here, so that a message at compile time and one at run time use the same words.
//!
//! | step | from | to |
//! |---|---|---|
//! | [`Text::tokens`], or a macro's own | text | [`Tokens`] |
//! | [`parse()`], [`parse_table`] | tokens | [`ast`] |
//! | [`check()`], [`check_table`] | `ast` and [`catalogue`] | [`ir`], or every mistake as a [`Diagnostic`] |
//! | [`Line::read`] | text | all of it at once, mistakes with line and column |
//!
//! ```
//! use istar_lang::ast::Input;
//! use istar_lang::{Text, check, parse};
//!
//! let text = Text::new("rl(adv = traj + lambda * anchor(0.95))");
//! let tokens = text.tokens().expect("brackets that belong together");
//! let Ok(Input::Capture(body)) = parse(&tokens) else { panic!("a bare line") };
//! let checked = check(None, &body).expect("no mistake");
//! assert_eq!(checked.names[0].text, "lambda");
//! ```

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
mod remark;
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
pub use remark::remarks;
pub use report::{Diagnostic, Warning};
pub use suggest::nearest;
pub use table::{Inline, check_table, parse_table};
pub use text::{Position, Text};
pub use token::{Bracket, Place, Span, Token, Tokens};
