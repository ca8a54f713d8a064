//! Batches of experience and how they are sampled.

mod batch;
mod layout;

pub use batch::{Batch, Columns};
pub use layout::Layout;
