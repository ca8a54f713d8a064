//! Waiting for one's turn.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// So many may go on at once; the others wait.
pub(super) struct Permits {
    free: Mutex<usize>,
    freed: Condvar,
}

/// The leave to go on, until it is dropped.
pub(super) struct Permit<'a>(&'a Permits);

impl Permits {
    /// At least one is free.
    pub(super) fn new(n: usize) -> Self {
        Permits { free: Mutex::new(n.max(1)), freed: Condvar::new() }
    }

    /// Waits until one is free.
    pub(super) fn take(&self) -> Permit<'_> {
        let free = self.freed.wait_while(self.lock(), |free| *free == 0);
        *free.unwrap_or_else(PoisonError::into_inner) -= 1;
        Permit(self)
    }

    fn lock(&self) -> MutexGuard<'_, usize> {
        // Nothing that can panic is done with it.
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        *self.0.lock() += 1;
        self.0.freed.notify_one();
    }
}
