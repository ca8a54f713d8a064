//! How many observations networks have looked at: what training costs, whatever the clock.

use std::cell::Cell;

thread_local! {
    static PASSED: Cell<u64> = const { Cell::new(0) };
}

/// Counts observations that a network is passed forward over, on this thread. The passes of a trainer and the sessions of
/// [`ByObservation`](super::ByObservation) are counted; a session of one's own counts its own.
pub fn passed(observations: usize) {
    PASSED.set(PASSED.get() + observations as u64);
}

/// How many were counted on this thread since this was last asked.
pub(crate) fn take_passed() -> u64 {
    PASSED.take()
}
