//! An embedded language for composable reinforcement-learning objectives.

#[cfg(feature = "cli")]
pub mod cli;
pub mod env;
