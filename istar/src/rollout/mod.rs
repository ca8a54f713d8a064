//! Batches of experience and how they are sampled.

mod batch;
mod layout;
mod sampler;

pub use batch::{Batch, Columns};
pub use layout::Layout;
pub use sampler::{Outcome, Rollout, Sampling, Watch, sample};
