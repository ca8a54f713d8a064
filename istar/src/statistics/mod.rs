//! Statistics of a table's numbers: plain functions of slices, in `f64`, with a fixed order of additions.
//!
//! | file | is |
//! |---|---|
//! | `summary` | mean, spread and interval over seeds |
//! | `curve` | area under a learning curve, its highest point |
//! | `kendall` | rank agreement with ties |

mod curve;
mod kendall;
mod summary;

pub use curve::{highest, mean_height};
pub use kendall::{Kendall, kendall};
pub use summary::Summary;
