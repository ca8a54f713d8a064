//! An embedded language for composable reinforcement-learning objectives.
//!
//! ```
//! use istar::objective;
//! use istar::objective::{Objective, explain};
//!
//! objective! {
//!     /// Outcome against the group, and an implicit step reward beside it.
//!     pub Mine<beta = 0.05, lambda = 1.0> = dpo_prm(beta) + rl(adv = traj + lambda * step)
//! }
//!
//! let half = Mine { lambda: 0.5, ..Mine::default() };
//! assert_eq!(half.values(), [0.05, 0.5]);
//! println!("{}", explain::<Mine>());
//! ```
//!
//! A line is a sum of loss terms; `adv = ..` is arithmetic of signals, numbers per trajectory, segment, step, token or
//! item. It compiles to a type, and from the type follow the loss as a dfdx graph and what a trainer carries for it. The
//! literature is in [`recipes`], one objective a line. The book under `docs/` has the language reference and a tutorial.
//!
//! One way leads through the rooms: text → types → (rollout → credit → graph → step) → table.
//!
//! | room | holds |
//! |---|---|
//! | [`objective`](mod@objective) | the algebra as types: signals, terms, what they need; [`explain`](fn@objective::explain) |
//! | [`recipes`] | objectives of the literature, with paper and equations |
//! | [`env`](mod@env) | what a policy acts in and what an environment may offer; Sokoban |
//! | [`rollout`] | batches as columns, and the sampler |
//! | [`credit`] | estimators: slices in, slices out |
//! | [`graph`] | loss terms as dfdx graphs |
//! | [`kernels`], [`policy`] | fused operations, and the networks made of them |
//! | [`trainer`] | phases, references, optimiser, checkpoints |
//! | [`logged`] | a batch from elsewhere in, credit out |
//! | [`statistics`] | of a table's numbers: spread, intervals, learning curves, rank agreement |
//! | [`table`] | objectives against seeds: run, resume, measure, report |
//! | [`seed`], [`slug`] | random streams that are functions of seed, name and index; names as names of files |

pub mod batch;
#[cfg(feature = "cli")]
pub mod cli;
pub mod credit;
pub mod env;
pub mod file;
pub mod graph;
pub mod kernels;
pub mod logged;
#[cfg(feature = "cli")]
mod markup;
pub mod need;
pub mod objective;
pub mod policy;
pub mod recipes;
pub mod rollout;
pub mod seed;
pub mod slug;
pub mod statistics;
mod suggest;
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
    pub use crate::objective::{
        center, count, deps, form, head, level, on, reference, role, scalar, scale, signal, sugar, weigh,
        within,
    };
    pub use crate::{env, table};
    pub use istar_macros::{__ablations, __objective};
    pub use serde;
    pub use std::vec::Vec;

    /// The vocabulary: name, sort, signature, meaning.
    pub const CATALOGUE: &[(&str, &str, &str, &str)] = istar_macros::__catalogue!();
}
