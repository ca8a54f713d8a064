//! An embedded language for composable reinforcement-learning objectives.

pub mod credit;
pub mod env;
pub mod graph;
pub mod kernels;
pub mod objective;
pub mod policy;
pub mod rollout;
pub mod seed;
pub mod table;
pub mod trainer;
