//! How batches are sampled.

mod continued;
mod episode;
mod gather;
mod options;
mod record;
mod sampler;
mod spread;

pub use options::{Outcome, Sampling};
pub use sampler::{Rollout, Watch, sample, sample_and_continue};
