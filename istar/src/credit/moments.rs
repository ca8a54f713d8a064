//! Mean and spread of many pools in two passes over their entries, in `f64`; a third and a fourth where squares overflow.

/// 2^600: the square of the largest number over it does not overflow, nor does a sum of them.
pub(super) const FAR: f64 = f64::from_bits((1023 + 600) << 52);

/// The statistics of one pool.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moments {
    /// Number of entries.
    pub(super) n: f64,
    /// Their mean, in `unit`s; of equal entries, exactly that number.
    pub(super) mean: f64,
    /// Sum of squared distances from the mean, in squares of `unit`; of equal entries, exactly 0.
    pub(super) squares: f64,
    /// What entries are measured in, a power of two: 1, or what keeps the squares of far ones from overflowing.
    pub(super) unit: f64,
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
        let pools = Self::measured(entries.clone(), len, 1.0);
        let overflows = |pool: &Moments| !(pool.mean.is_finite() && pool.squares.is_finite());
        if !pools.iter().any(overflows) {
            return pools;
        }
        let far = Self::measured(entries, len, FAR);
        pools.into_iter().zip(far).map(|(near, far)| if overflows(&near) { far } else { near }).collect()
    }

    /// The same, entries being measured in this unit.
    fn measured<I>(entries: I, len: usize, unit: f64) -> Vec<Moments>
    where
        I: Iterator<Item = (u32, f64, f64)> + Clone,
    {
        let (low, high) = (f64::INFINITY, f64::NEG_INFINITY);
        let empty = Moments { n: 0.0, mean: 0.0, squares: 0.0, unit, low, high };
        let entries = entries.map(|(pool, x, times)| (pool, x / unit, times));
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
