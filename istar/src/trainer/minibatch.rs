//! A batch cut into mini-batches.

use crate::batch::Layout;
use crate::objective::Together;
use std::ops::Range;

/// The steps of each unit that stays together, in batch order.
pub(super) fn units(layout: &Layout, together: Together) -> Vec<Range<u32>> {
    // neighbouring trajectories have neighbouring steps
    let of = |trajs: Range<usize>| {
        let start = trajs.clone().next().map_or(0, |first| layout.steps_of(first).start);
        let end = trajs.last().map_or(0, |last| layout.steps_of(last).end);
        start as u32..end as u32
    };
    match together {
        Together::Step => (0..layout.steps() as u32).map(|step| step..step + 1).collect(),
        Together::Traj => (0..layout.trajs()).map(|traj| of(traj..traj + 1)).collect(),
        Together::Group => (0..layout.groups()).map(|group| of(layout.trajs_of(group))).collect(),
    }
}

/// Cuts into as many parts of nearly equal size as parts of `size` steps would be needed, rounded: the steps of each. A
/// unit is in one part, so large units make parts of different sizes, and perhaps fewer of them.
pub(super) fn parts(units: &[Range<u32>], size: usize) -> impl Iterator<Item = Vec<u32>> {
    let ends: Vec<usize> = units
        .iter()
        .scan(0, |end, unit| {
            *end += unit.len();
            Some(*end)
        })
        .collect();
    let steps = ends.last().copied().unwrap_or(0);
    let parts = ((steps as f64 / size.max(1) as f64).round() as usize).max(1);
    let cut = move |part: usize| ends.partition_point(|end| *end <= steps * part / parts);
    (0..parts)
        .map(move |part| units[cut(part)..cut(part + 1)].iter().cloned().flatten().collect())
        .filter(|steps: &Vec<u32>| !steps.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn layout(groups: &[Vec<usize>]) -> Layout {
        let steps: usize = groups.iter().flatten().sum();
        let nothing = std::iter::repeat_n(1, steps);
        Layout::from_lengths(groups.iter().map(Vec::len), groups.iter().flatten().copied(), nothing)
    }

    #[test]
    fn groups_and_trajectories_stay_whole() {
        let layout = layout(&[vec![2, 3], vec![], vec![0, 1], vec![4]]);
        assert_eq!(units(&layout, Together::Group), [0..5, 0..0, 5..6, 6..10]);
        assert_eq!(units(&layout, Together::Traj), [0..2, 2..5, 5..5, 5..6, 6..10]);
        assert_eq!(units(&layout, Together::Step).len(), 10);
        let of = |size| parts(&units(&layout, Together::Group), size).collect::<Vec<_>>();
        assert_eq!(of(5), [vec![0, 1, 2, 3, 4, 5][..5].to_vec(), (5..10).collect()]);
        assert_eq!(of(1), [(0..5).collect::<Vec<u32>>(), vec![5], (6..10).collect()]);
        assert_eq!(of(100), [(0..10).collect::<Vec<u32>>()]);
    }

    proptest! {
        /// What holds for steps that no unit keeps together: parts differ by one step at most.
        #[test]
        fn steps_are_cut_evenly(steps in 0..400u32, size in 1..60usize) {
            let order: Vec<Range<u32>> = (0..steps).rev().map(|step| step..step + 1).collect();
            let found: Vec<Vec<u32>> = parts(&order, size).collect();
            let n = ((f64::from(steps) / size as f64).round() as usize).max(1);
            let all: Vec<u32> = (0..steps).rev().collect();
            let even: Vec<Vec<u32>> = (0..n)
                .map(|i| all[all.len() * i / n..all.len() * (i + 1) / n].to_vec())
                .filter(|part| !part.is_empty())
                .collect();
            prop_assert_eq!(found, even);
        }

        #[test]
        fn every_step_is_in_one_part(
            groups in prop::collection::vec(prop::collection::vec(0..9usize, 0..5), 0..6),
            size in 1..40usize,
        ) {
            let layout = layout(&groups);
            for together in [Together::Step, Together::Traj, Together::Group] {
                let units = units(&layout, together);
                let parts: Vec<Vec<u32>> = parts(&units, size).collect();
                prop_assert_eq!(parts.concat(), (0..layout.steps() as u32).collect::<Vec<_>>());
                for unit in units.iter().filter(|unit| !unit.is_empty()) {
                    let holding = parts.iter().filter(|part| unit.clone().any(|step| part.contains(&step)));
                    prop_assert_eq!(holding.count(), 1);
                }
            }
        }
    }
}
