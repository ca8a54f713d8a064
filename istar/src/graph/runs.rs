//! Sums over runs of neighbouring tokens: dfdx has no scatter, so a run is a row of a padded gather, and a long one several; a card has a kernel.

use super::{Taped, column};
use crate::kernels::flat::sum_runs;
use dfdx::prelude::{Axis, Device, Dtype, GatherTo, HasShape, ReshapeTo, SumTo, TensorFromVec};
use std::ops::Range;

/// No run of this length or less is cut: what is summed at once is summed in one order.
const WIDTH: usize = 64;

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
    /// Where the device has no kernel for it, a run is a row of a padded gather. Runs beyond [`WIDTH`], and beyond twice the mean of all, are first added up piece
    /// by piece, so that one long run does not widen every row: `[5 | 1]` in pieces of 2 is `[2, 2, 1 | 1]`, then `[2, 1 | 1]`, then
    /// `[2 | 1]`.
    ///
    /// # Panics
    /// If all runs are empty: there is nothing to differentiate.
    pub(super) fn sum<E: Dtype, D: Device<E>>(
        &self,
        device: &D,
        x: Taped<E, D>,
        factor: Option<&[f64]>,
    ) -> Taped<E, D> {
        let longest = self.iter().map(ExactSizeIterator::len).max().unwrap_or(0);
        assert!(longest > 0, "a sum over runs has something to add");
        let x = match sum_runs(x, &self.0, factor) {
            Ok(sums) => return sums,
            Err(x) => x,
        };
        let width = longest.min(WIDTH.max(2 * self.positions().div_ceil(self.0.len())));
        if width == longest {
            return self.rows(device, x, factor, width);
        }
        let pieces: Runs = self.iter().flat_map(|run| cut(run.clone(), width)).collect();
        let mut end = 0;
        let of_pieces = self.iter().map(|run| {
            let start = end;
            end += run.len().div_ceil(width);
            start..end
        });
        let of_pieces: Runs = of_pieces.collect();
        of_pieces.sum(device, pieces.rows(device, x, factor, width), None)
    }

    /// How many positions are in them.
    fn positions(&self) -> usize {
        self.iter().map(ExactSizeIterator::len).sum()
    }

    /// The sums of runs of this length at most, as rows of a padded gather.
    fn rows<E: Dtype, D: Device<E>>(
        &self,
        device: &D,
        x: Taped<E, D>,
        factor: Option<&[f64]>,
        width: usize,
    ) -> Taped<E, D> {
        let identity =
            self.0.len() == x.shape().0 && self.iter().enumerate().all(|(i, run)| *run == (i..i + 1));
        if identity {
            return match factor {
                Some(factor) => x * column::<E, D>(device, factor.iter().copied()),
                None => x,
            };
        }
        let cells = self.0.len() * width;
        let (mut index, mut factors) = (Vec::with_capacity(cells), Vec::with_capacity(cells));
        for run in self.iter() {
            index.extend(run.clone());
            match factor {
                Some(factor) => factors.extend_from_slice(&factor[run.clone()]),
                None => factors.resize(index.len(), 1.0),
            }
            // padding reads a number that is there and counts it zero times
            index.resize(index.len() + width - run.len(), 0);
            factors.resize(index.len(), 0.0);
        }
        let index = TensorFromVec::<usize>::tensor_from_vec(device, index, (cells,));
        let picked: Taped<E, D> = x.gather(index);
        (picked * column::<E, D>(device, factors))
            .reshape_like(&(self.0.len(), width))
            .sum::<(usize,), Axis<1>>()
    }
}

/// A run in pieces of this length and one that is shorter.
fn cut(run: Range<usize>, width: usize) -> impl Iterator<Item = Range<usize>> {
    let end = run.end;
    run.step_by(width).map(move |start| start..(start + width).min(end))
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
    use crate::kernels::Backend;
    use crate::kernels::testing::Tested;
    use dfdx::prelude::{Backward, Rank0, Trace};
    use proptest::prelude::*;

    #[test]
    fn runs_follow_their_owners() {
        assert_eq!(Runs::of(&[0, 0, 2, 3, 3, 3], 5).0, [0..2, 2..2, 2..3, 3..6, 6..6]);
        assert_eq!(Runs::of(&[], 2).0, [0..0, 0..0]);
    }

    #[test]
    fn a_sum_over_runs_and_its_gradient() {
        let device = Tested::here();
        let leaf = column::<f64, Tested>(&device, [1.0, 2.0, 3.0, 4.0]);
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

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

        /// Long runs beside short and empty ones, more than once too long for a row: the sum, and its slope in every number.
        #[test]
        fn long_runs_are_added_up_in_pieces(
            lengths in prop::collection::vec(prop_oneof![0..4usize, 60..70usize, 300..9000usize], 1..12)
        ) {
            let owner: Vec<u32> =
                lengths.iter().enumerate().flat_map(|(unit, len)| vec![unit as u32; *len]).collect();
            prop_assume!(!owner.is_empty());
            let x: Vec<f64> = (0..owner.len()).map(|i| (i as f64).sin()).collect();
            let factor: Vec<f64> = (0..owner.len()).map(|i| (i as f64).cos()).collect();
            let (device, runs) = (Tested::here(), Runs::of(&owner, lengths.len()));
            let leaf = column::<f64, Tested>(&device, x.iter().copied());
            let sums = runs.sum(&device, leaf.leaky_trace(), Some(&factor));
            for (run, found) in runs.iter().zip(numbers(&sums)) {
                let expected: f64 = run.clone().map(|i| x[i] * factor[i]).sum();
                prop_assert!((found - expected).abs() < 1e-9, "{found}, expected {expected}");
            }
            let slope = sums.sum::<Rank0, _>().backward().get(&leaf);
            prop_assert_eq!(slope.as_vec(), factor);
        }

        /// Cells of the gathers stay in proportion to what is added up.
        #[test]
        fn one_long_run_does_not_widen_the_others(short in 1..3000usize, long in 1..60_000usize) {
            let runs: Runs = (0..short).map(|i| i..i + 1).chain(std::iter::once(short..short + long)).collect();
            let width = long.min(WIDTH.max(2 * runs.positions().div_ceil(short + 1)));
            let pieces: usize = runs.iter().map(|run| cut(run.clone(), width).count()).sum();
            prop_assert!(pieces * width <= WIDTH * (short + 1) + 3 * runs.positions() + 2 * width);
        }
    }
}
