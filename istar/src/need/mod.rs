//! What may be asked for: capabilities as type-level booleans, and sets of them.
//!
//! Signals and terms say what they need; sums take the union. From the set follow the columns of a batch, the networks of
//! a trainer and what an environment must offer.

pub mod bit;
pub mod demand;
pub mod own;

pub use demand::Own;
pub use own::Column;
