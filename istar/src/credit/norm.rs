//! Centred and scaled inside pools: the advantage of GRPO (arXiv 2402.03300), RLOO (2402.14740), GiGPO (2505.10978),
//! iStar (2509.19199), and of the code that was released with them.

use super::Pools;
use super::moments::Moments;
use rustc_hash::FxHashMap;
use std::borrow::Cow;

/// What is taken from each element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CenterId {
    /// The mean of the pool.
    Mean,
    /// The mean of the pool's other entries, written `(x - mean) * n/(n-1)`.
    LeaveOneOut,
    /// Nothing.
    Zero,
}

/// What each element is divided by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScaleId {
    /// The standard deviation of the pool, plus `eps`.
    Deviation,
    /// The mean of the pool, plus `eps`.
    Mean,
    /// Nothing.
    One,
}

/// How the elements of a unit become one entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fold {
    /// The first.
    First,
    /// Their mean.
    Mean,
    /// Their sum.
    Sum,
}

/// What is one entry of a pool.
#[derive(Clone, Debug)]
pub enum Entries<'a> {
    /// Every element.
    Elements,
    /// Every element, so many times.
    Repeated(Vec<u32>),
    /// The elements of one pool in one unit, folded; per element, its unit.
    Units(Fold, Cow<'a, [u32]>),
}

/// How many a pool must have; one that has fewer gives 0.
#[derive(Clone, Copy, Debug)]
pub struct Enough<'a> {
    /// So many.
    pub min: f64,
    /// What is counted instead of entries, by pool: [`trajectories`](super::trajectories). One of these is as a lone entry is.
    pub members: Option<&'a [f64]>,
}

impl Enough<'_> {
    /// So many entries.
    pub const fn entries(min: f64) -> Enough<'static> {
        Enough { min, members: None }
    }

    /// How many this pool of `n` entries has.
    pub(super) fn members(self, pool: usize, n: f64) -> f64 {
        self.members.map_or(n, |members| members[pool])
    }

    /// Whether this pool of `n` entries has enough.
    pub(super) fn holds(self, pool: usize, n: f64) -> bool {
        n >= 1.0 && self.members(pool, n) >= self.min
    }
}

/// The numbers and switches of [`norm`].
#[derive(Clone, Copy, Debug)]
pub struct NormOptions<'a> {
    /// What is subtracted.
    pub center: CenterId,
    /// What divides.
    pub scale: ScaleId,
    /// How large a pool must be.
    pub min: Enough<'a>,
    /// Taken from the number of entries under the sum of squares.
    pub ddof: f64,
    /// Added to what divides.
    pub eps: f64,
}

/// `(x - m) / (s + eps)` per element, with the statistics of its pool's entries.
///
/// `counts[i] = false` keeps element i out of all pools and gives it 0. A lone entry (allowed by `min = 1`) has mean 0
/// and spread 1. A pool of equal entries has spread 0: elements equal to them give 0, and an element that is no entry
/// of its own pool may then be huge. Divided by its mean instead, (MaxRL, arXiv 2602.02710, of outcomes that are not negative), a pool whose mean
/// is 0 gives 0.
///
/// With `spread` what divides comes of the pools there, over the same entries.
pub fn norm(
    mut x: Vec<f64>,
    pools: &Pools<'_>,
    entries: &Entries<'_>,
    counts: Option<&[bool]>,
    options: NormOptions<'_>,
    spread: Option<&Pools<'_>>,
) -> Vec<f64> {
    let inside = |i: &usize| counts.is_none_or(|counts| counts[*i]);
    let lines = |pools: &Pools<'_>, options: NormOptions<'_>| -> Vec<Line> {
        let elements = (0..x.len()).filter(inside);
        let moments = match entries {
            Entries::Elements => Moments::of(elements.map(|i| (pools.of[i], x[i], 1.0)), pools.len),
            Entries::Repeated(times) => {
                Moments::of(elements.map(|i| (pools.of[i], x[i], f64::from(times[i]))), pools.len)
            }
            Entries::Units(fold, unit) => {
                let folded = fold_units(elements.map(|i| (unit[i], pools.of[i], x[i])), *fold);
                Moments::of(folded.iter().map(|(pool, x)| (*pool, *x, 1.0)), pools.len)
            }
        };
        let each = moments.iter().enumerate();
        each.map(|(pool, moments)| Line::new(moments, options.min.members(pool, moments.n), options))
            .collect()
    };
    let (lines, scales) = match spread {
        None => (lines(pools, options), None),
        Some(spread) => {
            let centred = lines(pools, NormOptions { scale: ScaleId::One, ..options });
            let min = Enough::entries(options.min.min);
            let scaled = lines(spread, NormOptions { center: CenterId::Zero, min, ..options });
            (centred, Some((spread, scaled)))
        }
    };
    for (i, x) in x.iter_mut().enumerate() {
        let scale = |(spread, scales): &(&Pools<'_>, Vec<Line>)| {
            let line = scales[spread.of[i] as usize];
            line.by / line.unit
        };
        let by = scales.as_ref().map_or(1.0, scale);
        *x = if inside(&i) { lines[pools.of[i] as usize].at(*x) * by } else { 0.0 };
    }
    x
}

/// What a pool makes of its elements: `(x / unit - from) * by`, and 0 where `x / unit` is `zero`.
#[derive(Clone, Copy, Debug)]
struct Line {
    unit: f64,
    from: f64,
    by: f64,
    zero: Option<f64>,
}

impl Line {
    /// That of a pool with so many members.
    fn new(pool: &Moments, members: f64, options: NormOptions<'_>) -> Self {
        if members < options.min.min || pool.n < 1.0 {
            return Line { unit: 1.0, from: 0.0, by: 0.0, zero: None };
        }
        let lone = members == 1.0;
        let (mean, spread) = if lone {
            (0.0, 1.0 / pool.unit)
        } else {
            (pool.mean, (pool.squares / (pool.n - options.ddof)).sqrt())
        };
        let (from, by) = match options.center {
            CenterId::Mean => (mean, 1.0),
            CenterId::LeaveOneOut if !lone => (mean, pool.n / (pool.n - 1.0)),
            CenterId::LeaveOneOut => (mean, 1.0),
            CenterId::Zero => (0.0, 1.0),
        };
        let unit = pool.unit;
        let by = match options.scale {
            ScaleId::Deviation => by / (spread + options.eps / unit),
            ScaleId::Mean if lone => by * unit,
            ScaleId::Mean if pool.mean == 0.0 => 0.0,
            ScaleId::Mean => by / (pool.mean + options.eps / unit),
            ScaleId::One => by * unit,
        };
        let zero = options.scale == ScaleId::Deviation && !lone && pool.equal();
        Line { unit, from, by, zero: zero.then_some(pool.mean) }
    }

    fn at(self, x: f64) -> f64 {
        let x = x / self.unit;
        if self.zero == Some(x) { 0.0 } else { (x - self.from) * self.by }
    }
}

/// One `(pool, value)` per unit and pool, in order of first appearance, from `(unit, pool, value)`.
fn fold_units(elements: impl Iterator<Item = (u32, u32, f64)>, fold: Fold) -> Vec<(u32, f64)> {
    let mut entries: Vec<(u32, f64)> = Vec::new();
    let mut sizes: Vec<u32> = Vec::new();
    let mut index = FxHashMap::default();
    let mut last = None;
    for (unit, pool, x) in elements {
        // Most elements lie where the one before them does: no look-up for these.
        let at = match last {
            Some((key, at)) if key == (unit, pool) => at,
            _ => *index.entry((unit, pool)).or_insert(entries.len()),
        };
        last = Some(((unit, pool), at));
        match entries.get_mut(at) {
            None => {
                entries.push((pool, x));
                sizes.push(1);
            }
            Some((_, value)) => {
                sizes[at] += 1;
                if fold != Fold::First {
                    *value += x;
                }
            }
        }
    }
    if fold == Fold::Mean {
        entries.iter_mut().zip(sizes).for_each(|((_, value), size)| *value /= f64::from(size));
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credit::trajectories;
    use proptest::prelude::*;

    const PLAIN: NormOptions<'static> = NormOptions {
        center: CenterId::Mean,
        scale: ScaleId::Deviation,
        min: Enough::entries(2.0),
        ddof: 1.0,
        eps: 1e-6,
    };

    fn one_pool(n: usize) -> Pools<'static> {
        Pools { of: Cow::Owned(vec![0; n]), len: 1 }
    }

    #[test]
    fn what_is_no_entry_of_a_pool_of_equal_entries_is_huge() {
        // The released code does the same: equal outcomes, one later step with a penalty.
        let units = Entries::Units(Fold::First, Cow::Borrowed(&[0, 0, 1]));
        let found = norm(vec![3.0, 2.9, 3.0], &one_pool(3), &units, None, PLAIN, None);
        assert_eq!((found[0], found[2]), (0.0, 0.0));
        assert!((found[1] + 1e5).abs() < 1e-3, "{}", found[1]);
    }

    /// TRL's `scale_rewards = "batch"`: against the mean of its group, over the deviation of the batch.
    #[test]
    fn divided_by_the_spread_of_another_pool() {
        let x = [1.0, 3.0, 10.0, 20.0, 30.0];
        let groups = Pools { of: Cow::Owned(vec![0, 0, 1, 1, 1]), len: 2 };
        let found = norm(x.to_vec(), &groups, &Entries::Elements, None, PLAIN, Some(&one_pool(5)));
        let mean = x.iter().sum::<f64>() / 5.0;
        let spread = (x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 4.0).sqrt() + 1e-6;
        for (found, centred) in found.into_iter().zip([-1.0, 1.0, -10.0, 0.0, 10.0]) {
            assert!((found - centred / spread).abs() < 1e-12, "{found}");
        }
        let equal = norm(vec![2.0; 5], &groups, &Entries::Elements, None, PLAIN, Some(&one_pool(5)));
        assert_eq!(equal, [0.0; 5]);
    }

    #[test]
    fn divided_by_the_mean() {
        let options = NormOptions { scale: ScaleId::Mean, eps: 0.0, ..PLAIN };
        let of = |x: &[f64]| norm(x.to_vec(), &one_pool(x.len()), &Entries::Elements, None, options, None);
        assert_eq!(of(&[1.0, 0.0, 0.0, 0.0]), [3.0, -1.0, -1.0, -1.0]);
        assert_eq!(of(&[1.0, 1.0]), [0.0, 0.0]);
        assert_eq!(of(&[0.0, 0.0]), [0.0, 0.0], "no success, no credit");
        assert_eq!(of(&[1e200, 0.0]), [1.0, -1.0]);
    }

    #[test]
    fn a_lone_entry_keeps_its_value_if_it_may() {
        let lone = NormOptions { min: Enough::entries(1.0), eps: 0.0, ..PLAIN };
        for center in [CenterId::Mean, CenterId::LeaveOneOut, CenterId::Zero] {
            let options = NormOptions { center, ..lone };
            assert_eq!(norm(vec![7.0], &one_pool(1), &Entries::Elements, None, options, None), [7.0]);
        }
        assert_eq!(norm(vec![7.0], &one_pool(1), &Entries::Elements, None, PLAIN, None), [0.0]);
        let twice = Entries::Repeated(vec![2]);
        assert_eq!(norm(vec![7.0], &one_pool(1), &twice, None, lone, None), [0.0]);
    }

    /// verl's OPO: a lone answer of many tokens keeps its reward, whatever counts as an entry.
    #[test]
    fn a_lone_trajectory_of_many_entries() {
        let (x, of_traj) = ([7.0, 7.0, 1.0, 3.0, 3.0], [0, 0, 1, 2, 2]);
        let pools = Pools { of: Cow::Owned(vec![0, 0, 1, 1, 1]), len: 2 };
        let members = trajectories(&pools, &of_traj, None);
        assert_eq!(members, [1.0, 2.0]);
        let by = |min: f64| {
            let min = Enough { min, members: Some(&members) };
            let options = NormOptions { scale: ScaleId::One, min, ..PLAIN };
            norm(x.to_vec(), &pools, &Entries::Elements, None, options, None)
        };
        let mean = 7.0 / 3.0;
        assert_eq!(by(1.0), [7.0, 7.0, 1.0 - mean, 3.0 - mean, 3.0 - mean]);
        assert_eq!(by(2.0), [0.0, 0.0, 1.0 - mean, 3.0 - mean, 3.0 - mean]);
        assert_eq!(by(3.0), [0.0; 5]);
        // What is left out of the pools is no member.
        assert_eq!(trajectories(&pools, &of_traj, Some(&[false, false, false, true, true])), [0.0, 1.0]);
    }

    #[test]
    fn large_offsets_lose_nothing() {
        let x: Vec<f64> = (0..4000).map(|i| 1e9 + f64::from(i % 2)).collect();
        let found = norm(x, &one_pool(4000), &Entries::Elements, None, PLAIN, None);
        let expected = 0.5 / ((4000.0 / 3999.0f64).sqrt() * 0.5 + 1e-6);
        assert!(found.iter().all(|x| (x.abs() - expected).abs() < 1e-9));
    }

    #[test]
    fn squares_may_overflow() {
        let by = |scale: f64, options: NormOptions<'_>| {
            let x = [1.0, 1.0, -1.0, 0.5].map(|x| x * scale).to_vec();
            norm(x, &one_pool(4), &Entries::Elements, None, options, None)
        };
        let near = by(1.0, NormOptions { eps: 0.0, ..PLAIN });
        for scale in [1e200, 1.7e308] {
            let far = by(scale, PLAIN);
            assert!(near.iter().zip(&far).all(|(a, b)| (a - b).abs() < 1e-12), "{scale}: {far:?}");
        }
        let centred = by(1e200, NormOptions { scale: ScaleId::One, ..PLAIN });
        assert!((centred[0] / 1e200 - 0.625).abs() < 1e-12, "{centred:?}");
        // A result that overflows does so.
        let centred = by(1.7e308, NormOptions { scale: ScaleId::One, ..PLAIN });
        assert!(centred[2] == f64::NEG_INFINITY, "{centred:?}");
    }

    /// The rules of the language one by one, looking at the whole batch for each element.
    fn slowly(
        x: &[f64],
        pools: &[u32],
        entries: &Entries<'_>,
        counts: &[bool],
        options: NormOptions<'_>,
    ) -> Vec<f64> {
        let one = |i: usize| {
            if !counts[i] {
                return 0.0;
            }
            let members: Vec<usize> = (0..x.len()).filter(|j| counts[*j] && pools[*j] == pools[i]).collect();
            let list: Vec<f64> = match entries {
                Entries::Elements => members.iter().map(|j| x[*j]).collect(),
                Entries::Repeated(times) => {
                    members.iter().flat_map(|j| vec![x[*j]; times[*j] as usize]).collect()
                }
                Entries::Units(fold, unit) => {
                    let mut units: Vec<u32> = members.iter().map(|j| unit[*j]).collect();
                    units.dedup();
                    let values = |u: &u32| -> Vec<f64> {
                        members.iter().filter(|j| unit[**j] == *u).map(|j| x[*j]).collect()
                    };
                    let folded = units.iter().map(|u| match fold {
                        Fold::First => values(u)[0],
                        Fold::Sum => values(u).iter().sum(),
                        Fold::Mean => values(u).iter().sum::<f64>() / values(u).len() as f64,
                    });
                    folded.collect()
                }
            };
            let n = list.len() as f64;
            if n < options.min.min || list.is_empty() {
                return 0.0;
            }
            let mean = if list.len() == 1 { 0.0 } else { list.iter().sum::<f64>() / n };
            let squares: f64 = list.iter().map(|x| (x - mean).powi(2)).sum();
            let std = if list.len() == 1 { 1.0 } else { (squares / (n - options.ddof)).sqrt() };
            let centred = match options.center {
                CenterId::Mean => x[i] - mean,
                CenterId::LeaveOneOut if list.len() == 1 => x[i] - mean,
                CenterId::LeaveOneOut => (x[i] - mean) * n / (n - 1.0),
                CenterId::Zero => x[i],
            };
            let lone = list.len() == 1;
            match options.scale {
                ScaleId::Deviation if !lone && list.iter().all(|entry| *entry == x[i]) => 0.0,
                ScaleId::Deviation => centred / (std + options.eps),
                ScaleId::Mean if lone => centred,
                ScaleId::Mean if mean == 0.0 => 0.0,
                ScaleId::Mean => centred / (mean + options.eps),
                ScaleId::One => centred,
            }
        };
        (0..x.len()).map(one).collect()
    }

    proptest! {
        #[test]
        fn follows_the_rules(
            rows in prop::collection::vec((-2.0..2.0f64, 0..3u32, 0..2u32, 0..4u32, any::<bool>()), 0..24),
            kind in 0..5usize,
            center in prop::sample::select(vec![CenterId::Mean, CenterId::LeaveOneOut, CenterId::Zero]),
            scale in prop::sample::select(vec![ScaleId::Deviation, ScaleId::Mean, ScaleId::One]),
            min in 1..4u32,
            ddof in 0..2u32,
        ) {
            let x: Vec<f64> = rows.iter().map(|row| row.0).collect();
            let of: Vec<u32> = rows.iter().map(|row| row.1).collect();
            let mut unit = 0;
            let units: Vec<u32> = rows.iter().map(|row| { unit += row.2; unit }).collect();
            let times: Vec<u32> = rows.iter().map(|row| row.3).collect();
            let counts: Vec<bool> = rows.iter().map(|row| row.4).collect();
            let entries = match kind {
                0 => Entries::Elements,
                1 => Entries::Repeated(times),
                2 => Entries::Units(Fold::First, units.into()),
                3 => Entries::Units(Fold::Mean, units.into()),
                _ => Entries::Units(Fold::Sum, units.into()),
            };
            // A large `eps` keeps what equal entries would magnify comparable.
            let min = Enough::entries(f64::from(min));
            let options = NormOptions { center, scale, min, ddof: f64::from(ddof), eps: 0.1 };
            let expected = slowly(&x, &of, &entries, &counts, options);
            let pools = Pools { of: of.into(), len: 3 };
            let found = norm(x, &pools, &entries, Some(&counts), options, None);
            for (a, b) in found.iter().zip(expected) {
                // A mean near `-eps` magnifies what was rounded.
                prop_assert!((a - b).abs() < 1e-9 * (1.0 + b * b), "{a}, expected {b}");
            }
        }
    }
}
