//! Signals on a batch: slices in, slices out, `f64`, no tensors; one file an estimator.
//!
//! Elements of every level lie in batch order, so the elements of a unit are a run: an estimator takes, per element, its
//! unit (`owner`), which never falls.

mod aggregate;
mod bound;
mod broadcast;
mod checklist;
mod clip;
mod continued;
mod diff;
mod explicit;
mod gae;
mod levels;
mod moments;
mod next;
mod norm;
mod pairing;
mod place;
mod pool;
mod pools;
mod route;
mod share;
mod shuffle;
mod similar;
mod to_go;
mod trust;
mod whiten;

pub use aggregate::{Aggregate, first, items, last, lesser, max, mean, min, sum};
pub use bound::bound;
pub use broadcast::broadcast;
pub use checklist::{Open, Tick, ticks};
pub use clip::clip;
pub use continued::continued;
pub use diff::{diff, increments};
pub use explicit::{Label, Promise, monte_carlo, promise};
pub use gae::{gae, segments, stops};
pub use levels::{multiplicity, owners, units};
pub use next::next;
pub use norm::{CenterId, Enough, Entries, Fold, NormOptions, ScaleId, norm};
pub use pairing::{Pairing, dmpo, pairs};
pub use place::{Spot, place};
pub use pool::{Stat, pool};
pub use pools::{PoolId, Pools, pools, trajectories};
pub use route::{has, route};
pub use share::share;
pub use shuffle::shuffle;
pub use similar::{clusters, similarity};
pub use to_go::to_go;
pub use trust::{agreement, pair_accuracy, reliability};
pub use whiten::whiten;

use crate::batch::{Columns, OwnColumns, Scope};
use crate::need::Column;

/// What a signal is computed from: the columns of a batch and the numbers of the objective.
#[derive(Clone, Copy, Debug)]
pub struct Credit<'a> {
    /// The batch.
    pub batch: Columns<'a>,
    /// The numbers.
    pub at: Scope<'a>,
}

impl<'a> Credit<'a> {
    /// The numbers of a column of your own, one per element of its level, in batch order.
    ///
    /// # Panics
    /// If the signal that reads it has not [`Own<C>`](crate::need::Own) among its needs.
    pub fn own<C: Column>(&self) -> &'a [f64] {
        let found = self.batch.own.and_then(OwnColumns::get::<C>);
        found.unwrap_or_else(|| {
            panic!("who reads the column `{}` has `need::Own` of it among its needs", C::NAME)
        })
    }
}

/// A column that the demand put into the batch: whoever hands in a batch has checked the demand before.
pub(crate) fn demanded<T>(column: Option<T>, name: &str) -> T {
    column.unwrap_or_else(|| panic!("the demand puts the column `{name}` into the batch"))
}
