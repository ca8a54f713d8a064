//! Sums over runs of neighbouring tokens: an operation of our own, for dfdx has no scatter and a padded gather takes memory
//! for the longest run in every row.

use super::{Flat, Taped, column, number};
use dfdx::prelude::{Axis, Backward, Device, Dtype, HasShape, PutTape, Rank0, SplitTape, SumTo, Tape, Trace};
use std::mem::swap;
use std::ops::Range;

/// Runs of positions in a flat vector.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Runs(Vec<Range<usize>>);

impl Runs {
    /// The run of each of the `units`; `owner` is the unit of each position and never falls.
    pub(super) fn of(owner: &[u32], units: usize) -> Self {
        let mut runs = Vec::with_capacity(units);
        let mut start = 0;
        for unit in 0..units as u32 {
            let len = owner[start..].partition_point(|at| *at <= unit);
            runs.push(start..start + len);
            start += len;
        }
        Runs(runs)
    }

    /// One of the runs.
    pub(super) fn get(&self, unit: usize) -> Range<usize> {
        self.0[unit].clone()
    }

    /// The runs.
    pub(super) fn iter(&self) -> std::slice::Iter<'_, Range<usize>> {
        self.0.iter()
    }

    /// These of the runs.
    pub(super) fn pick(&self, which: &[u32]) -> Self {
        Runs(which.iter().map(|i| self.0[*i as usize].clone()).collect())
    }

    /// Per run, the sum of `factor_i · x_i`; an empty run gives 0. `factor` has one number per position of `x`;
    /// `None` is 1 everywhere.
    ///
    /// # Panics
    /// If all runs are empty: there is nothing to differentiate.
    pub(super) fn sum<E: Dtype, D: Device<E>>(
        &self,
        device: &D,
        x: Taped<E, D>,
        factor: Option<&[f64]>,
    ) -> Taped<E, D> {
        assert!(self.iter().any(|run| !run.is_empty()), "a sum over runs has something to add");
        let identity =
            self.0.len() == x.shape().0 && self.iter().enumerate().all(|(i, run)| *run == (i..i + 1));
        if identity {
            return match factor {
                Some(factor) => x * column::<E, D>(device, factor.iter().copied()),
                None => x,
            };
        }
        let factor: Option<Vec<E>> = factor.map(|factor| factor.iter().copied().map(number).collect());
        let by = |i: usize| factor.as_ref().map_or(number(1.0), |factor| factor[i]);
        // What hands the gradient on to `x`: its own is laid under it when the sums have theirs.
        let (terms, mut tape) = (x * number::<E>(1.0)).split_tape();
        let values = terms.as_vec();
        let sum = |run: &Range<usize>| {
            run.clone().fold(E::default(), |mut sum, i| {
                sum += values[i] * by(i);
                sum
            })
        };
        let sums: Flat<E, D> = device.tensor_from_vec(self.iter().map(sum).collect(), (self.0.len(),));
        let (runs, of_runs) = (self.0.clone(), sums.clone());
        tape.add_backward_op(move |gradients| {
            gradients.get_or_alloc_mut(&of_runs)?;
            let slopes = gradients.get(&of_runs).as_vec();
            let mut slope = vec![E::default(); terms.shape().0];
            for (run, of_run) in runs.into_iter().zip(slopes) {
                for i in run {
                    slope[i] += of_run * factor.as_ref().map_or(number(1.0), |factor| factor[i]);
                }
            }
            // A gradient is only written by an operation: that of the sum of `slope · terms` is `slope`.
            let slope = terms.device().tensor_from_vec(slope, (terms.shape().0,));
            let inner: Taped<E, D> = terms.leaky_trace() * slope;
            let mut inner = inner.sum::<Rank0, Axis<0>>().try_backward()?;
            swap(gradients.get_or_alloc_mut(&terms)?, inner.get_or_alloc_mut(&terms)?);
            Ok(())
        });
        sums.put_tape(tape)
    }
}

impl FromIterator<Range<usize>> for Runs {
    fn from_iter<I: IntoIterator<Item = Range<usize>>>(runs: I) -> Self {
        Runs(runs.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::super::numbers;
    use super::*;
    use dfdx::prelude::Cpu;

    #[test]
    fn runs_follow_their_owners() {
        assert_eq!(Runs::of(&[0, 0, 2, 3, 3, 3], 5).0, [0..2, 2..2, 2..3, 3..6, 6..6]);
        assert_eq!(Runs::of(&[], 2).0, [0..0, 0..0]);
    }

    #[test]
    fn a_sum_over_runs_and_its_gradient() {
        let device = Cpu::default();
        let leaf = column::<f64, Cpu>(&device, [1.0, 2.0, 3.0, 4.0]);
        let factor = [1.0, 10.0, 100.0, 1000.0];
        let ragged = Runs::of(&[0, 0, 2, 2], 3);
        let sums = ragged.sum(&device, leaf.leaky_trace(), Some(&factor));
        assert_eq!(numbers(&sums), [21.0, 0.0, 4300.0]);
        let gradient = sums.sum::<Rank0, _>().backward().get(&leaf);
        assert_eq!(gradient.as_vec(), factor);
        let single = Runs::of(&[0, 1, 2, 3], 4);
        assert_eq!(
            numbers(&single.sum(&device, leaf.leaky_trace(), Some(&factor))),
            [1.0, 20.0, 300.0, 4000.0]
        );
        assert_eq!(numbers(&ragged.sum(&device, leaf.leaky_trace(), None)), [3.0, 0.0, 7.0]);
        assert_eq!(numbers(&ragged.pick(&[2]).sum(&device, leaf.leaky_trace(), Some(&factor))), [4300.0]);
    }
}
