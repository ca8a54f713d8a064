//! The time and the memory that a cell takes.

use super::cell::Timing;
use crate::kernels::threads;
use std::time::Instant;

/// The time that a cell takes, that of runs which were killed included.
pub(super) struct Clock {
    begun: Instant,
    cpu: Option<f64>,
    before: Timing,
    /// Wall seconds of training.
    pub training: f64,
}

impl Clock {
    pub(super) fn new(before: Timing) -> Self {
        Clock { begun: Instant::now(), cpu: cpu_seconds(), training: before.train_seconds, before }
    }

    pub(super) fn timing(&self, env_steps: u64) -> Timing {
        let cpu = cpu_seconds().zip(self.cpu).map(|(now, begun)| now - begun);
        Timing {
            train_seconds: self.training,
            steps_per_second: env_steps as f64 / self.training.max(f64::MIN_POSITIVE),
            seconds: self.before.seconds + self.begun.elapsed().as_secs_f64(),
            cpu_seconds: cpu.map(|cpu| cpu + self.before.cpu_seconds.unwrap_or(0.0)),
            peak_memory: peak_memory().max(self.before.peak_memory),
            origin: None,
        }
    }
}

/// Processor seconds so far: of this thread, to which a cell keeps where a kernel has one thread; else of the process.
#[cfg(unix)]
fn cpu_seconds() -> Option<f64> {
    use rustix::time::{ClockId, clock_gettime};
    let clock = if threads() == 1 { ClockId::ThreadCPUTime } else { ClockId::ProcessCPUTime };
    let time = clock_gettime(clock);
    Some(time.tv_sec as f64 + time.tv_nsec as f64 / 1e9)
}

#[cfg(not(unix))]
fn cpu_seconds() -> Option<f64> {
    let _ = threads;
    None
}

/// The most memory that this process has held, in bytes, where the system says so (Linux).
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(1024 * line.trim().trim_end_matches("kB").trim().parse::<u64>().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_and_memory_of_killed_runs_are_added() {
        let before = Timing {
            seconds: 100.0,
            cpu_seconds: Some(90.0),
            peak_memory: Some(1 << 60),
            ..Timing::default()
        };
        let clock = Clock::new(before);
        let work: f64 = (0..2_000_000).map(|n| f64::from(n).sqrt()).sum();
        let timing = clock.timing(10);
        assert!(work > 0.0 && timing.seconds > 100.0 && timing.peak_memory == Some(1 << 60));
        if cfg!(unix) {
            assert!(timing.cpu_seconds.is_some_and(|seconds| seconds > 90.0), "{timing:?}");
        }
        if cfg!(target_os = "linux") {
            let fresh = Clock::new(Timing::default()).timing(0);
            assert!(fresh.peak_memory.is_some_and(|bytes| bytes > 1 << 20), "{fresh:?}");
        }
    }
}
