//! An embedded language for composable reinforcement-learning objectives.
//!
//! ```
//! use istar::objective;
//! use istar::objective::{Objective, explain};
//!
//! objective! {
//!     /// Outcome against the group, and beside it the step reward of a PRM that learns from preferences.
//!     pub Mine<beta = 0.05, lambda = 1.0> =
//!         dpo_prm(beta, net = separate, ref = old, over = mean) + rl(adv = traj + lambda * step(scale = none))
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
//! | `chat` | judges and partners behind a server that speaks OpenAI's protocol; with the feature `chat` |
//! | [`rollout`] | batches as columns, and the sampler |
//! | [`credit`] | estimators: slices in, slices out |
//! | [`graph`] | loss terms as dfdx graphs |
//! | [`kernels`], [`policy`] | fused operations, and the networks made of them |
//! | [`tokenizer`], [`gguf`] | text as tokens; files of llama.cpp |
//! | [`trainer`] | phases, references, optimiser, checkpoints |
//! | [`logged`] | a batch from elsewhere in, credit out |
//! | [`statistics`] | of a table's numbers: spread, intervals, learning curves, rank agreement |
//! | [`table`] | objectives against seeds: run, resume, measure, report |
//! | [`worlds`] | what a table can be run in: an environment with its policy, its tasks and what it can show |
//! | [`seed`], [`slug`] | random streams that are functions of seed, name and index; names as names of files |

pub mod batch;
#[cfg(feature = "chat")]
pub mod chat;
#[cfg(feature = "cli")]
pub mod cli;
pub mod credit;
pub mod env;
pub mod file;
pub mod gguf;
pub mod graph;
pub mod kernels;
pub mod logged;
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
pub mod tokenizer;
pub mod trainer;
pub mod worlds;

pub use objective::Line;

/// Declares an objective, or gives one where it stands.
///
/// Declared, it is a type whose numbers are fields. A signal that is used more than once gets a name after `where`:
///
/// ```
/// use istar::objective;
/// use istar::objective::Objective;
///
/// objective! {
///     /// Outcome against the group, and what is left of the environment's rewards.
///     pub Shaped<lambda = 1.0, cost = 0.1> =
///         rl(adv = norm(outcome - cost * invalid, count = step) + lambda * norm(to_go(r)))
///         where r = reward - cost * invalid
/// }
///
/// let half = Shaped { lambda: 0.5, ..Shaped::default() };
/// assert_eq!(half.values(), [0.5, 0.1]);
/// assert_eq!(Shaped::PARAMS[1].name, "cost");
/// ```
///
/// In angle brackets it is a type and a value at once, and its free names are bound later; as a bare expression it takes
/// the numbers that are in scope. A capitalised name is a Rust type, a [`Signal`](objective::Signal) or a
/// [`Term`](objective::Term):
///
/// ```
/// use istar::objective;
/// use istar::objective::{Objective, explain};
///
/// let open = objective!(< dpo_prm(beta) + rl(adv = traj + lambda * step) >);
/// assert_eq!(open.names(), ["beta", "lambda"]);
/// assert_eq!(open.bind([0.05, 1.0]).values(), [0.05, 1.0]);
///
/// println!("{}", explain::<objective!(< rl(adv = loo, clip = none) >)>());
///
/// let lambda = 0.5;
/// assert_eq!(objective!(rl(adv = traj + lambda * anchor(0.95))).values(), [0.5]);
/// ```
///
/// A mistake is one error at the token that is wrong, with a way out. Here it is "`step` reads an implicit PRM, but no term
/// of this objective trains one", and the help is the term that does, or to use `traj` alone:
///
/// ```compile_fail
/// istar::objective! {
///     pub Mine<lambda = 1.0> = rl(adv = traj + lambda * step)
/// }
/// ```
#[macro_export]
macro_rules! objective {
    ($($input:tt)*) => { $crate::__private::__objective! { $crate $($input)* } };
}

/// Declares a table of objectives: a type that shows its rows to whoever runs them, see [`table`](mod@table).
///
/// A row is a declared objective at its defaults, one with other numbers, or a line without free names:
///
/// ```
/// use istar::env::sokoban::Sokoban;
/// use istar::recipes::{Grpo, IStar};
/// use istar::table::Ablation;
///
/// istar::ablations! {
///     /// What the step reward adds.
///     pub Steps {
///         "GRPO" = Grpo,
///         "iStar" = IStar,
///         "iStar, half the step reward" = IStar { lambda: 0.5, ..IStar::default() },
///         "step rewards alone" = dpo_prm(0.05) + rl(adv = step),
///     }
/// }
///
/// assert_eq!(<Steps as Ablation<Sokoban>>::NAME, "Steps");
/// ```
///
/// Results are kept by the names of rows. So this is refused with "two rows are named "GRPO"", and the help "results are
/// kept by name; rename one of them":
///
/// ```compile_fail
/// istar::ablations! {
///     pub Steps { "GRPO" = istar::recipes::Grpo, "GRPO" = rl(adv = loo) }
/// }
/// ```
#[macro_export]
macro_rules! ablations {
    ($($input:tt)*) => { $crate::__private::__ablations! { $crate $($input)* } };
}

/// The column that `column(moved, step, reward)` reads, as a type: an environment that has it implements
/// [`Provides`](env::Provides) of it. The level is that of the line: `Traj`, `Step` or `Token`.
///
/// ```
/// use istar::env::sokoban::Sokoban;
/// use istar::env::{Offers, Provides, Transition};
///
/// impl Provides<istar::column!(pushed: Step)> for Pushing {
///     fn provide(&self, _tokens: &[u32], moved: &Transition) -> f64 {
///         moved.reward
///     }
/// }
/// # use istar::env::{Env, EnvError};
/// # #[derive(Clone)]
/// # struct Pushing(Sokoban);
/// # impl Env for Pushing {
/// #     type Task = <Sokoban as Env>::Task;
/// #     type Observation = <Sokoban as Env>::Observation;
/// #     fn reset(&mut self, task: &Self::Task) -> Result<(), EnvError> { Env::reset(&mut self.0, task) }
/// #     fn observe(&self) -> Self::Observation { Env::observe(&self.0) }
/// #     fn step(&mut self, tokens: &[u32]) -> Result<Transition, EnvError> { Env::step(&mut self.0, tokens) }
/// # }
///
/// istar::objective! { pub Pushed = rl(adv = traj + norm(column(pushed, step, reward))) }
///
/// fn trains<E: Offers<Pushed>>() {}
/// trains::<Pushing>();
/// ```
#[macro_export]
macro_rules! column {
    ($name:ident: $level:ident) => {
        $crate::__private::__column! { $crate $name $level }
    };
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
        center, count, deps, form, head, kind, least, level, on, reference, role, scalar, scale, signal,
        stat, sugar, weigh, within,
    };
    pub use crate::{env, table};
    pub use istar_macros::{__ablations, __column, __objective};
    pub use serde;
    pub use std::vec::Vec;
}
