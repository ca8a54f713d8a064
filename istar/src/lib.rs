//! An embedded language for composable reinforcement-learning objectives.

pub mod env;
