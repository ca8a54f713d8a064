//! The grid of objective × world × seed: run, resume, measure, report.
//!
//! A [`Table`] puts the rows of an [`Ablation`] into a [`World`]; its [`Works`] are cells, each trained and measured on its
//! own by [`train`](train()), and kept in the [`Directory`](directory::Directory) of a [`Study`](study::Study), so that a run that was stopped goes on.
//! A [`report`] is a pure function of the finished cells. With [`Frozen`] batches in its [`Schedule`] a table teaches the PRMs of its rows
//! off line, and its report is another one.
//!
//! Nothing here knows a particular world, a recipe or a terminal. `examples/examples/05_table.rs` shows the way through.

pub mod cell;
pub mod directory;
pub mod error;
pub mod export;
pub mod report;
pub mod run;
pub mod study;

mod budget;
mod checkpoint;
mod clock;
mod files;
mod frozen;
mod levels;
mod manifest;
mod measure;
mod merge;
mod metrics;
mod origin;
pub(crate) mod published;
mod rows;
mod schedule;
mod seen;
mod signals;
mod start;
mod sweep;
#[cfg(test)]
pub(crate) mod synthetic;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod together_tests;
mod train;
mod works;
mod world;

pub use budget::{Budget, Spent};
pub use error::{CellError, TableError};
pub use frozen::{Continued, Frozen, OnPolicy, on_policy};
pub use measure::{FILMED, Judged, evaluate, judge};
pub use merge::{Merged, merge};
pub use metrics::metrics_csv;
pub use origin::Origin;
#[cfg(feature = "cli")]
pub(crate) use origin::quoted;
pub use published::{Published, PublishedResult};
pub use rows::Row;
pub use schedule::Schedule;
pub use signals::{Measured, SignalFidelity, Signals};
pub use start::Start;
pub use train::{TEST_TEMPERATURES, Tick, Trained, train};
pub use works::{Table, Works};
pub use world::{Distance, Expert, GoOn, Stage, TaskOf, Tasks, TrainerOf, World, Yardstick};

use crate::env::{Env, Offers};
use crate::objective::Objective;

/// A table of objectives that all run on environment `E`; `ablations!` writes the implementation.
pub trait Ablation<E: Env> {
    /// The name it was declared with.
    const NAME: &'static str;
    /// Shows every row to the visitor, from top to bottom.
    fn rows<V: Visitor<E>>(visitor: &mut V);
}

/// What is done with each row of a table.
pub trait Visitor<E: Env> {
    /// One row: its name and its objective, each of another type.
    fn row<O: Objective>(&mut self, name: &'static str, objective: O)
    where
        E: Offers<O>;
}
