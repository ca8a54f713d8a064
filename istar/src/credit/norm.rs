//! Centred and scaled inside pools: the advantage of GRPO (arXiv 2402.03300), RLOO (2402.14740), GiGPO (2505.10978),
//! iStar (2509.19199), and of the code that was released with them.

use super::Pools;
use super::moments::Moments;
use rustc_hash::FxHashMap;
use std::borrow::Cow;

/// What is taken from each element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Centre {
    /// The mean of the pool.
    Mean,
    /// The mean of the pool's other entries, written `(x - mean) * n/(n-1)`.
    LeaveOneOut,
    /// Nothing.
    Zero,
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

/// The numbers and switches of [`norm`].
#[derive(Clone, Copy, Debug)]
pub struct NormOptions {
    /// What is subtracted.
    pub center: Centre,
    /// Whether the standard deviation, plus `eps`, divides.
    pub spread: bool,
    /// Pools with fewer entries give 0.
    pub min: f64,
    /// Taken from the number of entries under the sum of squares.
    pub ddof: f64,
    /// Added to the standard deviation.
    pub eps: f64,
}

/// `(x - m) / (s + eps)` per element, with the statistics of its pool's entries.
///
/// `counts[i] = false` keeps element i out of all pools and gives it 0. A lone entry (allowed by `min = 1`) has mean 0
/// and spread 1. A pool of equal entries has spread 0: elements equal to them give 0, and an element that is no entry
/// of its own pool may then be huge.
pub fn norm(
    mut x: Vec<f64>,
    pools: &Pools<'_>,
    entries: &Entries<'_>,
    counts: Option<&[bool]>,
    options: NormOptions,
) -> Vec<f64> {
    let inside = |i: &usize| counts.is_none_or(|counts| counts[*i]);
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
    let lines: Vec<Line> = moments.iter().map(|moments| Line::new(moments, options)).collect();
    for (i, x) in x.iter_mut().enumerate() {
        *x = if inside(&i) { lines[pools.of[i] as usize].at(*x) } else { 0.0 };
    }
    x
}

/// What a pool makes of its elements: `(x - from) * by`, and 0 at `zero`.
#[derive(Clone, Copy, Debug)]
struct Line {
    from: f64,
    by: f64,
    zero: Option<f64>,
}

impl Line {
    fn new(pool: &Moments, options: NormOptions) -> Self {
        if pool.n < options.min || pool.n < 1.0 {
            return Line { from: 0.0, by: 0.0, zero: None };
        }
        let lone = pool.n == 1.0;
        let (mean, spread) =
            if lone { (0.0, 1.0) } else { (pool.mean, (pool.squares / (pool.n - options.ddof)).sqrt()) };
        let (from, by) = match options.center {
            Centre::Mean => (mean, 1.0),
            Centre::LeaveOneOut if !lone => (mean, pool.n / (pool.n - 1.0)),
            Centre::LeaveOneOut => (mean, 1.0),
            Centre::Zero => (0.0, 1.0),
        };
        let by = if options.spread { by / (spread + options.eps) } else { by };
        Line { from, by, zero: (options.spread && !lone && pool.equal()).then_some(pool.mean) }
    }

    fn at(self, x: f64) -> f64 {
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
