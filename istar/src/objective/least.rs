//! How many a pool must have: entries, or trajectories.

use super::level::Level;
use super::range::{InRange, Range};
use super::scalar::Scalar;
use crate::batch::{LevelId, Scope};
use crate::credit::{Credit, Pools, owners, trajectories};
use std::marker::PhantomData;

/// The option `min` as a type; a number counts entries.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no least size of a pool",
    note = "`min` takes a number of entries, or `traj(n)`"
)]
pub trait Least: Send + Sync + 'static {
    /// The number.
    fn value(at: &Scope<'_>) -> f64;
    /// It counts trajectories, whatever is an entry. A pool of one trajectory is then as a pool of one entry is.
    fn counts_trajs(at: &Scope<'_>) -> bool;
    /// Reports a number out of range.
    fn check(at: &Scope<'_>, problems: &mut Vec<String>);
    /// As it is written.
    fn show(at: &Scope<'_>) -> String;
}

/// Of what there must be enough, if that is no entry: by pool of the elements of a level.
pub(super) fn members<L: Least, At: Level>(
    cx: &Credit<'_>,
    pools: &Pools<'_>,
    counts: Option<&[bool]>,
) -> Option<Vec<f64>> {
    let of_traj = || owners(&cx.batch, At::id(&cx.at), LevelId::Traj);
    L::counts_trajs(&cx.at).then(|| trajectories(pools, &of_traj(), counts))
}

/// So many entries.
pub type Entries<N> = N;

/// So many different trajectories.
#[derive(Debug)]
pub struct Trajs<N>(PhantomData<N>);

impl<N: Scalar> Least for N {
    fn value(at: &Scope<'_>) -> f64 {
        N::value(at)
    }
    fn counts_trajs(_: &Scope<'_>) -> bool {
        false
    }
    fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
        Range::Count.check::<N>("min", at, problems);
    }
    fn show(at: &Scope<'_>) -> String {
        N::show(at)
    }
}

impl<N: Scalar> Least for Trajs<N> {
    fn value(at: &Scope<'_>) -> f64 {
        N::value(at)
    }
    fn counts_trajs(_: &Scope<'_>) -> bool {
        true
    }
    fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
        Range::Count.check::<N>("min", at, problems);
    }
    fn show(at: &Scope<'_>) -> String {
        format!("traj({})", N::show(at))
    }
}
