//! Mean and spread of many pools in two passes over their entries, in `f64`.

/// The statistics of one pool.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moments {
    /// Number of entries.
    pub(super) n: f64,
    /// Their mean; of equal entries, exactly that number.
    pub(super) mean: f64,
    /// Sum of squared distances from the mean; of equal entries, exactly 0.
    pub(super) squares: f64,
    low: f64,
    high: f64,
}

impl Moments {
    /// Whether all entries are one number.
    pub(super) fn equal(&self) -> bool {
        self.low == self.high
    }

    /// The statistics of pools `0..len` from entries `(pool, value, times)`.
    pub(super) fn of<I>(entries: I, len: usize) -> Vec<Moments>
    where
        I: Iterator<Item = (u32, f64, f64)> + Clone,
    {
        let empty = Moments { n: 0.0, mean: 0.0, squares: 0.0, low: f64::INFINITY, high: f64::NEG_INFINITY };
        let mut pools = vec![empty; len];
        for (pool, x, times) in entries.clone().filter(|(_, _, times)| *times > 0.0) {
            let pool = &mut pools[pool as usize];
            pool.n += times;
            pool.mean += times * x;
            pool.low = pool.low.min(x);
            pool.high = pool.high.max(x);
        }
        for pool in &mut pools {
            // A rounded mean of equal numbers would differ from them, and a spread of 0 magnify that a million times.
            pool.mean = if pool.equal() { pool.low } else { pool.mean / pool.n.max(1.0) };
        }
        for (pool, x, times) in entries {
            let pool = &mut pools[pool as usize];
            pool.squares += times * (x - pool.mean) * (x - pool.mean);
        }
        pools
    }
}
