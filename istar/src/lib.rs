//! An embedded language for composable reinforcement-learning objectives.

#[cfg(feature = "cli")]
pub mod cli;
pub mod credit;
pub mod env;
pub mod graph;
pub mod objective;
pub mod rollout;
pub mod table;
