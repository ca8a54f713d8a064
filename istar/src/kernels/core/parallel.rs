//! How many threads the kernels use, and the two ways they share work without letting the count show in the results.

use std::{
    ops::Range,
    sync::atomic::{AtomicUsize, Ordering},
};

static THREADS: AtomicUsize = AtomicUsize::new(1);

/// Sets how many threads one kernel may use, at least 1; the default is 1. Kernels give the same bits for any number.
/// The setting is the process's: jobs that run side by side usually want 1 and as many jobs as there are cores.
pub fn set_threads(threads: usize) {
    THREADS.store(threads.max(1), Ordering::Relaxed);
}

/// How many threads one kernel may use.
pub fn threads() -> usize {
    THREADS.load(Ordering::Relaxed)
}

/// Cuts `0..items` into at most `parts` ranges of nearly equal length, in order.
pub(crate) fn split(items: usize, parts: usize) -> impl Iterator<Item = Range<usize>> + Clone {
    let parts = parts.min(items);
    (0..parts).map(move |part| items * part / parts..items * (part + 1) / parts)
}

/// Runs every task, on up to [`threads`] threads. Tasks must not depend on one another.
pub(crate) fn run<F: FnOnce() + Send>(tasks: impl Iterator<Item = F> + Send) {
    if threads() == 1 {
        return tasks.for_each(|task| task());
    }
    rayon::scope(|scope| tasks.for_each(|task| scope.spawn(move |_| task())));
}

/// Adds the rows of a row-major matrix onto `sums`, in order.
pub(crate) fn add_rows(sums: &mut [f32], rows: &[f32]) {
    for row in rows.chunks_exact(sums.len()) {
        for (sum, value) in sums.iter_mut().zip(row) {
            *sum += value;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_split_covers_everything_once() {
        for (items, parts) in [(0, 3), (1, 3), (7, 3), (8, 8), (9, 2)] {
            let ranges: Vec<_> = split(items, parts).collect();
            assert!(ranges.len() <= parts && ranges.iter().all(|range| !range.is_empty()));
            assert_eq!(ranges.into_iter().flatten().collect::<Vec<_>>(), (0..items).collect::<Vec<_>>());
        }
    }
}
