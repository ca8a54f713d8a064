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

/// The first number of each unit.
pub fn first(x: &[f64], owner: &[u32], units: usize) -> Vec<f64> {
    fold(x, owner, units, |first, _| first)
}

/// The last number of each unit.
pub fn last(x: &[f64], owner: &[u32], units: usize) -> Vec<f64> {
    fold(x, owner, units, |_, x| x)
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
        assert_eq!(first(&x, &owner, 5), [0.0, 3.0, 0.0, 4.0, 0.0]);
        assert_eq!(last(&x, &owner, 5), [0.0, -1.0, 0.0, 4.0, 0.0]);
    }
}
