//! Work that does not depend on the order in which it is done.

use crate::kernels;
use rayon::prelude::*;

/// Over the items, by several threads if this run has them.
pub(super) fn spread<T: Sync, R: Send>(items: &[T], f: impl Fn(&T) -> R + Sync + Send) -> Vec<R> {
    match kernels::threads() {
        1 => items.iter().map(f).collect(),
        _ => items.par_iter().with_min_len(32).map(f).collect(),
    }
}
