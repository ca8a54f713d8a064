//! An embedded language for composable reinforcement-learning objectives.

#[cfg(feature = "cli")]
pub mod cli;
pub mod credit;
pub mod env;
pub mod graph;
pub mod kernels;
pub mod objective;
pub mod policy;
pub mod recipes;
pub mod rollout;
pub mod seed;
pub mod table;
pub mod trainer;

/// Declares an objective, or gives one where it stands: see the crate's front page.
#[macro_export]
macro_rules! objective {
    ($($input:tt)*) => { $crate::__private::__objective! { $crate $($input)* } };
}

/// Declares a table of objectives: see the crate's front page.
#[macro_export]
macro_rules! ablations {
    ($($input:tt)*) => { $crate::__private::__ablations! { $crate $($input)* } };
}

/// Not public API: what the macros' expansions name.
#[doc(hidden)]
pub mod __private {
    pub use crate::objective::invalid::Invalid;
    pub use crate::objective::quote::{Cell, InPlace, Quote, Text};
    pub use crate::objective::record::{deserialize, serialize};
    pub use crate::objective::term;
    pub use crate::objective::term::option::*;
    pub use crate::objective::{Objective, Param, Signal, Term};
    pub use crate::objective::{center, count, level, on, reference, scalar, scale, signal, sugar, within};
    pub use crate::{env, table};
    pub use istar_macros::{__ablations, __objective};
    pub use serde;
    pub use std::vec::Vec;

    /// The vocabulary: name, sort, signature, meaning.
    pub const CATALOGUE: &[(&str, &str, &str, &str)] = istar_macros::__catalogue!();
}
