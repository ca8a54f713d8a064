//! How batches are sampled.

mod continued;
mod decision;
mod episode;
mod gather;
mod lost;
mod options;
mod record;
mod sampler;
mod spread;
#[cfg(test)]
mod tests;

pub use lost::{Lost, SampleError};
pub use options::{Outcome, Sampling};
pub use sampler::{Rollout, Watch, sample, sample_and_continue};
