//! What the numbers of a signal are, as types.

use std::fmt::Debug;

/// A kind as a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum KindId {
    /// Increments.
    Reward,
    /// Accumulated.
    Return,
    /// An estimate of a critic or PRM.
    Value,
    /// Centred.
    Advantage,
    /// Dimensionless, -1 to 1.
    Weight,
    /// A number beside signals.
    Scalar,
}

/// A kind as a type, with the table of what arithmetic between kinds gives.
pub trait Kind: Clone + Copy + Debug + Default + Send + Sync + 'static {
    /// The kind as a value.
    const ID: KindId;
}
