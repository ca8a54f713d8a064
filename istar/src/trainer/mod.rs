//! Training: the optimiser.

pub mod adam;
