//! How many threads the kernels use, and the two ways they share work without letting the count show in the results.

use std::{
    ops::Range,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use rayon::{ThreadPool, ThreadPoolBuilder};

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

/// A buffer handed out piece by piece.
pub(crate) struct Shares<'a>(pub(crate) &'a mut [f32]);

impl<'a> Shares<'a> {
    /// The next piece.
    pub(crate) fn take(&mut self, len: usize) -> &'a mut [f32] {
        self.0.split_off_mut(..len).expect("shares add up to the buffer")
    }
}

/// Runs every task, on up to [`threads`] threads. Tasks must not depend on one another.
pub(crate) fn run<F: FnOnce() + Send>(tasks: impl Iterator<Item = F>) {
    run_on(threads(), tasks);
}

/// As [`run`], on up to so many threads. The calling thread is one of them: it takes the first task, and then each that comes to its
/// turn.
pub(crate) fn run_on<F: FnOnce() + Send>(threads: usize, mut tasks: impl Iterator<Item = F>) {
    let Some(pool) = workers(threads - 1) else { return tasks.for_each(|task| task()) };
    pool.in_place_scope(|scope| {
        let Some(first) = tasks.next() else { return };
        let mut own = vec![first];
        for (number, task) in (1..).zip(tasks) {
            if number % threads == 0 {
                own.push(task);
            } else {
                scope.spawn(move |_| task());
            }
        }
        own.into_iter().for_each(|task| task());
    });
}

/// So many threads besides the calling one, or more. There are none where none are asked for, nor where the system has none to give.
fn workers(count: usize) -> Option<Arc<ThreadPool>> {
    static POOL: Mutex<Option<Arc<ThreadPool>>> = Mutex::new(None);
    if count == 0 {
        return None;
    }
    let mut pool = POOL.lock().unwrap_or_else(PoisonError::into_inner);
    if pool.as_ref().is_none_or(|pool| pool.current_num_threads() < count) {
        *pool = ThreadPoolBuilder::new().num_threads(count).build().ok().map(Arc::new);
    }
    pool.clone()
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
