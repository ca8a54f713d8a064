//! An embedded language for composable reinforcement-learning objectives.

pub mod kernels;
pub mod policy;
pub mod trainer;
