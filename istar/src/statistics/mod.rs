//! Statistics of a table's numbers: plain functions of slices, in `f64`, with a fixed order of additions.
//!
//! | file | is |
//! |---|---|
//! | `summary` | mean, spread and interval over seeds |
//! | `scores` | a matrix of runs × tasks |
//! | `aggregate` | mean, median, interquartile mean, optimality gap and performance profile of such a matrix |
//! | `bootstrap` | their intervals, by resampling runs inside each task |
//! | `improvement` | how probable it is that a run of one objective beats one of another |
//! | `sign_flip`, `paired_t`, `wilcoxon` | tests of paired differences |
//! | `holm` | p-values of many tests at once |
//! | `components` | the noise of seeds apart from that of levels |
//! | `correlation` | of two measures of the same things |
//! | `curve` | area under a learning curve, its highest point, when it reaches a height |
//! | `kendall` | rank agreement with ties |
//! | `calibration` | whether probabilities are what they say |
//!
//! What `rliable`, scipy and statsmodels have too is held to their numbers.

mod aggregate;
mod bootstrap;
mod calibration;
mod components;
mod correlation;
mod curve;
mod holm;
mod improvement;
mod kendall;
mod paired_t;
mod scores;
mod sign_flip;
mod summary;
mod wilcoxon;

pub use aggregate::{interquartile_mean, mean, median, optimality_gap, performance_profile};
pub use bootstrap::{Estimate, bootstrap, bootstrap_of_picks};
pub use calibration::{brier, calibration_error, preference_loss, sigmoid};
pub use components::{Component, Components, variance_components};
pub use correlation::correlation;
pub use curve::{first_reach, highest, mean_height};
pub use holm::holm;
pub use improvement::probability_of_improvement;
pub use kendall::{Kendall, kendall};
pub use paired_t::{PairedT, paired_t};
pub use scores::Scores;
pub use sign_flip::sign_flip;
pub use summary::Summary;
pub use wilcoxon::{SignedRank, signed_rank};
