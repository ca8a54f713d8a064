//! Metrics of an iteration.

use std::collections::BTreeMap;

/// Sums of metrics and how often each was logged.
#[derive(Debug, Default)]
pub(crate) struct Log(BTreeMap<String, (f64, u32)>);

impl Log {
    pub(crate) fn add(&mut self, name: &str, value: f64) {
        let (sum, times) = self.0.entry(name.to_owned()).or_default();
        *sum += value;
        *times += 1;
    }

    pub(super) fn means(self) -> BTreeMap<String, f64> {
        self.0.into_iter().map(|(name, (sum, times))| (name, sum / f64::from(times))).collect()
    }
}
