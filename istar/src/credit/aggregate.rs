//! Upward: one number per unit from the elements that lie in it, `x[i]` in unit `owner[i]`; an empty unit gives 0.

/// Folds each unit's elements, from its first.
fn fold(x: &[f64], owner: &[u32], units: usize, combine: impl Fn(f64, f64) -> f64) -> Vec<f64> {
    let mut out = vec![0.0; units];
    let mut last = None;
    for (x, owner) in x.iter().zip(owner) {
        let slot = &mut out[*owner as usize];
        *slot = if last == Some(*owner) { combine(*slot, *x) } else { *x };
        last = Some(*owner);
    }
    out
}

/// The sum of each unit.
pub fn sum(x: &[f64], owner: &[u32], units: usize) -> Vec<f64> {
    fold(x, owner, units, |sum, x| sum + x)
}

/// The mean of each unit.
pub fn mean(x: &[f64], owner: &[u32], units: usize) -> Vec<f64> {
    let mut counts = vec![0u32; units];
    owner.iter().for_each(|owner| counts[*owner as usize] += 1);
    let mut out = sum(x, owner, units);
    out.iter_mut().zip(counts).for_each(|(sum, n)| *sum /= f64::from(n.max(1)));
    out
}

/// The smallest number of each unit.
pub fn min(x: &[f64], owner: &[u32], units: usize) -> Vec<f64> {
    fold(x, owner, units, f64::min)
}

/// The largest number of each unit.
pub fn max(x: &[f64], owner: &[u32], units: usize) -> Vec<f64> {
    fold(x, owner, units, f64::max)
}

/// The first number of each unit.
pub fn first(x: &[f64], owner: &[u32], units: usize) -> Vec<f64> {
    fold(x, owner, units, |first, _| first)
}

/// The last number of each unit.
pub fn last(x: &[f64], owner: &[u32], units: usize) -> Vec<f64> {
    fold(x, owner, units, |_, x| x)
}

/// A way to aggregate, as a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aggregate {
    /// [`sum`].
    Sum,
    /// [`mean`].
    Mean,
    /// [`min`].
    Min,
    /// [`max`].
    Max,
    /// [`first`].
    First,
    /// [`last`].
    Last,
}

/// One number per unit from items: those without a weight are not there; `sum` is `Σ w x`, `mean` is `Σ w x / Σ w`, 0
/// where the weights sum to 0.
pub fn items(how: Aggregate, x: &[f64], weights: &[Option<f64>], owner: &[u32], units: usize) -> Vec<f64> {
    let there = || x.iter().zip(weights).zip(owner).filter_map(|((x, w), owner)| w.map(|w| (*x, w, *owner)));
    let owner: Vec<u32> = there().map(|(_, _, owner)| owner).collect();
    let folded = |fold: fn(&[f64], &[u32], usize) -> Vec<f64>, of: fn((f64, f64, u32)) -> f64| {
        fold(&there().map(of).collect::<Vec<_>>(), &owner, units)
    };
    let (value, weighed) = (|(x, _, _)| x, |(x, w, _)| w * x);
    match how {
        Aggregate::Sum => folded(sum, weighed),
        Aggregate::Mean => {
            let totals = folded(sum, |(_, w, _)| w);
            let ratio = |(sum, total): (f64, &f64)| if *total == 0.0 { 0.0 } else { sum / total };
            folded(sum, weighed).into_iter().zip(&totals).map(ratio).collect()
        }
        Aggregate::Min => folded(min, value),
        Aggregate::Max => folded(max, value),
        Aggregate::First => folded(first, value),
        Aggregate::Last => folded(last, value),
    }
}

/// Of two lists of weights the smaller one, element by element; what one of them does not have is not there.
pub fn lesser(weights: &mut [Option<f64>], others: &[Option<f64>]) {
    for (weight, other) in weights.iter_mut().zip(others) {
        *weight = weight.zip(*other).map(|(a, b)| a.min(b));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_units_give_0() {
        let (x, owner) = ([3.0, -1.0, 4.0], [1, 1, 3]);
        assert_eq!(sum(&x, &owner, 5), [0.0, 2.0, 0.0, 4.0, 0.0]);
        assert_eq!(mean(&x, &owner, 5), [0.0, 1.0, 0.0, 4.0, 0.0]);
        assert_eq!(min(&x, &owner, 5), [0.0, -1.0, 0.0, 4.0, 0.0]);
        assert_eq!(max(&x, &owner, 5), [0.0, 3.0, 0.0, 4.0, 0.0]);
        assert_eq!(first(&x, &owner, 5), [0.0, 3.0, 0.0, 4.0, 0.0]);
        assert_eq!(last(&x, &owner, 5), [0.0, -1.0, 0.0, 4.0, 0.0]);
    }

    #[test]
    fn items_count_with_their_weights() {
        let (x, owner) = ([9.0, 2.0, -1.0, 7.0, 4.0], [0, 0, 0, 1, 2]);
        let weights = [None, Some(0.25), Some(0.5), None, Some(0.0)];
        let of = |how| items(how, &x, &weights, &owner, 3);
        assert_eq!(of(Aggregate::Sum), [0.0, 0.0, 0.0]);
        assert_eq!(of(Aggregate::Mean), [0.0, 0.0, 0.0]);
        assert_eq!(of(Aggregate::Min), [-1.0, 0.0, 4.0]);
        assert_eq!(of(Aggregate::Max), [2.0, 0.0, 4.0]);
        assert_eq!(of(Aggregate::First), [2.0, 0.0, 4.0]);
        assert_eq!(of(Aggregate::Last), [-1.0, 0.0, 4.0]);
        let found = items(Aggregate::Mean, &[3.0, 1.0], &[Some(0.75), Some(0.25)], &[0, 0], 1);
        assert_eq!(found, [2.5]);
        let mut weights = weights;
        lesser(&mut weights, &[Some(1.0), Some(0.5), None, None, Some(1.0)]);
        assert_eq!(weights, [None, Some(0.25), None, None, Some(0.0)]);
    }
}
