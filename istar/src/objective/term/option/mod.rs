//! Options of loss terms as types, one module an option.

pub mod clip;
pub mod pairs;
pub mod rollouts;

pub use crate::objective::choice::{estimator, groups, net, over, per, read, target};

/// The second bound of the surrogate where the advantage is negative (Ye et al., arXiv 1912.09729).
pub mod dual {
    use crate::objective::maybe::Without;

    /// No second bound.
    pub type Off = Without;
    /// The loss of a token with a negative advantage `A` is at most `-C · A`.
    pub type At<C> = C;
}

/// How much a step's log-ratio counts in the score of its trajectory.
pub mod weight {
    use crate::objective::maybe::Without;

    /// 1 for every step.
    pub type Flat = Without;
    /// `(1 - gamma^(T-t)) / (1 - gamma^T)` for step t of T, from 0 (DMPO, arXiv 2406.14868).
    pub type Dmpo<Gamma> = Gamma;
}
