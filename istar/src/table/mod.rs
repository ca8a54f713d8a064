//! The grid of objective × environment × seed: run, resume, statistics, report.

pub mod cell;

#[cfg(feature = "cli")]
mod measure;
#[cfg(feature = "cli")]
mod progress;
#[cfg(feature = "cli")]
pub mod report;
#[cfg(feature = "cli")]
pub mod run;
#[cfg(feature = "cli")]
pub mod sokoban;
#[cfg(feature = "cli")]
pub mod study;
#[cfg(all(test, feature = "cli"))]
mod synthetic;
#[cfg(feature = "cli")]
pub mod train;
#[cfg(feature = "cli")]
pub mod world;

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
