//! What a pool says of itself, on each of its elements.

use super::moments::Moments;
use super::{Enough, Pools};

/// A statistic of a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stat {
    /// The mean.
    Mean,
    /// The variance.
    Var,
    /// The largest.
    Max,
    /// How many elements there are.
    Count,
    /// Per element, which share of the other elements is less; equal ones share the middle.
    Rank,
}

/// Per element, a statistic of its pool.
///
/// `counts[i] = false` keeps element i out of all pools; it gets the statistic of its pool too, but for a rank, which it has
/// none of and which is 0. A pool that has not [enough](Enough) gives 0. The variance divides by `n - ddof` and is 0 of a
/// lone element; the rank of a lone element is ½.
///
/// With values `[1, 3, 3]` in one pool: mean 7/3, variance 4/3 with `ddof = 1`, largest 3, count 3, ranks 0, ¾, ¾.
pub fn pool(
    x: &[f64],
    pools: &Pools<'_>,
    counts: Option<&[bool]>,
    stat: Stat,
    min: Enough<'_>,
    ddof: f64,
) -> Vec<f64> {
    let inside = |i: &usize| counts.is_none_or(|counts| counts[*i]);
    let elements = || (0..x.len()).filter(inside);
    let moments = Moments::of(elements().map(|i| (pools.of[i], x[i], 1.0)), pools.len);
    let enough = |pool: u32| min.holds(pool as usize, moments[pool as usize].n);
    let each = |of: &dyn Fn(u32) -> f64| -> Vec<f64> {
        pools.of.iter().map(|pool| if enough(*pool) { of(*pool) } else { 0.0 }).collect()
    };
    let at = |pool: u32| &moments[pool as usize];
    match stat {
        Stat::Mean => each(&|pool| at(pool).mean * at(pool).unit),
        Stat::Var => each(&|pool| {
            let (n, squares) = (at(pool).n, at(pool).squares);
            if n > 1.0 { squares / (n - ddof) * at(pool).unit * at(pool).unit } else { 0.0 }
        }),
        Stat::Count => each(&|pool| at(pool).n),
        Stat::Max => {
            let mut most = vec![f64::NEG_INFINITY; pools.len];
            elements().for_each(|i| most[pools.of[i] as usize] = most[pools.of[i] as usize].max(x[i]));
            each(&|pool| most[pool as usize])
        }
        Stat::Rank => {
            let mut rank = vec![0.0; x.len()];
            let mut order: Vec<usize> = elements().filter(|i| enough(pools.of[*i])).collect();
            order.sort_by(|a, b| pools.of[*a].cmp(&pools.of[*b]).then(x[*a].total_cmp(&x[*b])));
            for pool in order.chunk_by(|a, b| pools.of[*a] == pools.of[*b]) {
                let others = (pool.len() - 1) as f64;
                let mut less = 0;
                for equal in pool.chunk_by(|a, b| x[*a] == x[*b]) {
                    let below = less as f64 + (equal.len() - 1) as f64 / 2.0;
                    let share = if others > 0.0 { below / others } else { 0.5 };
                    equal.iter().for_each(|i| rank[*i] = share);
                    less += equal.len();
                }
            }
            rank
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::borrow::Cow;

    fn of(x: &[f64], of: &[u32], counts: Option<&[bool]>, stat: Stat, min: f64) -> Vec<f64> {
        let len = of.iter().max().map_or(0, |most| *most as usize + 1);
        pool(x, &Pools { of: Cow::Borrowed(of), len }, counts, stat, Enough::entries(min), 1.0)
    }

    #[test]
    fn by_hand() {
        let (x, pools) = ([1.0, 3.0, 3.0, 5.0], [0, 0, 0, 1]);
        assert_eq!(of(&x, &pools, None, Stat::Mean, 1.0), [7.0 / 3.0, 7.0 / 3.0, 7.0 / 3.0, 5.0]);
        let var = of(&x, &pools, None, Stat::Var, 1.0);
        assert!(var[..3].iter().all(|var| (var - 4.0 / 3.0).abs() < 1e-12) && var[3] == 0.0, "{var:?}");
        assert_eq!(of(&x, &pools, None, Stat::Max, 1.0), [3.0, 3.0, 3.0, 5.0]);
        assert_eq!(of(&x, &pools, None, Stat::Count, 1.0), [3.0, 3.0, 3.0, 1.0]);
        assert_eq!(of(&x, &pools, None, Stat::Rank, 1.0), [0.0, 0.75, 0.75, 0.5]);
        assert_eq!(of(&x, &pools, None, Stat::Count, 2.0), [3.0, 3.0, 3.0, 0.0]);
        let counts = [true, false, true, false];
        assert_eq!(of(&x, &pools, Some(&counts), Stat::Mean, 1.0), [2.0, 2.0, 2.0, 0.0]);
        assert_eq!(of(&x, &pools, Some(&counts), Stat::Rank, 1.0), [0.0, 0.0, 1.0, 0.0]);
    }

    proptest! {
        /// Ranks of a pool are as many below as above the middle, and follow the order of the numbers.
        #[test]
        fn ranks(x in prop::collection::vec(0..5i32, 1..12)) {
            let x: Vec<f64> = x.into_iter().map(f64::from).collect();
            let rank = of(&x, &vec![0; x.len()], None, Stat::Rank, 1.0);
            prop_assert!((rank.iter().sum::<f64>() / x.len() as f64 - 0.5).abs() < 1e-12);
            for (a, of_a) in x.iter().zip(&rank) {
                for (b, of_b) in x.iter().zip(&rank) {
                    prop_assert_eq!(a < b, of_a < of_b);
                }
            }
        }
    }
}
