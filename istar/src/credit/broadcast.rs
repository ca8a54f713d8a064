//! Downward: a number repeated on all elements of its unit.

use super::owners;
use crate::batch::{Columns, LevelId};

/// Repeats a signal of level `from` on the elements of the finer level `to`.
pub fn broadcast(batch: &Columns<'_>, x: Vec<f64>, from: LevelId, to: LevelId) -> Vec<f64> {
    if from == to {
        return x;
    }
    owners(batch, to, from).iter().map(|owner| x[*owner as usize]).collect()
}
