//! How batches are sampled.

mod continued;
mod met;
mod sampler;

pub use sampler::{Outcome, Rollout, Sampling, Watch, sample, sample_and_continue};
