//! An embedded language for composable reinforcement-learning objectives.

pub mod credit;
pub mod graph;
pub mod objective;
pub mod rollout;
