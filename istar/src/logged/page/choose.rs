//! Which trajectories are drawn: a page is for eyes, and a browser has an end.

use crate::batch::Layout;

/// Steps and tokens on a page.
pub const MOST: usize = 20_000;

/// A trajectory that is drawn, and how many of its steps and tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    pub traj: usize,
    /// Steps and tokens that are drawn of it: all, but of one that is too large by itself.
    pub most: usize,
}

/// The trajectories whose tokens tell most on average, as many as there is room for; of trajectories that tell the same the earlier
/// ones. One at least, if it has to be cut.
pub fn chosen(layout: &Layout, telling: &[f64]) -> Vec<Cut> {
    let size = |traj: usize| {
        let steps = layout.steps_of(traj);
        steps.len() + steps.map(|step| layout.tokens_of(step).len()).sum::<usize>()
    };
    let mean = |traj: usize| {
        let tokens = layout.steps_of(traj).flat_map(|step| layout.tokens_of(step));
        let (count, sum) =
            tokens.fold((0, 0.0), |(count, sum), token| (count + 1, sum + telling[token].abs()));
        sum / f64::from(count.max(1))
    };
    let mut order: Vec<(usize, f64)> = (0..layout.trajs()).map(|traj| (traj, mean(traj))).collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let mut left = MOST;
    let mut drawn = Vec::new();
    for (traj, _) in &order {
        // One without a step takes room as well.
        let takes = size(*traj).max(1);
        if takes <= left {
            left -= takes;
            drawn.push(Cut { traj: *traj, most: takes });
        }
    }
    if drawn.is_empty() {
        drawn.extend(order.first().map(|(traj, _)| Cut { traj: *traj, most: MOST }));
    }
    drawn
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_telling_that_fit() {
        // Four trajectories of one step each: 9,999, 9,999, 9,999 and 2 tokens.
        let tokens = [9_999, 9_999, 9_999, 2];
        let layout = Layout::from_lengths([4], [1; 4], tokens);
        let of_each = |values: [f64; 4]| -> Vec<f64> {
            values.iter().zip(tokens).flat_map(|(value, tokens)| vec![*value; tokens]).collect()
        };
        let drawn =
            |values| chosen(&layout, &of_each(values)).into_iter().map(|cut| cut.traj).collect::<Vec<_>>();
        assert_eq!(drawn([0.1, -0.9, 0.5, 0.0]), [1, 2]);
        assert_eq!(drawn([0.1, 0.1, 0.1, 0.2]), [3, 0]);
        assert_eq!(drawn([0.0; 4]), [0, 1]);
    }

    #[test]
    fn one_that_is_too_large_is_cut() {
        let layout = Layout::from_lengths([1], [1], [50_000]);
        assert_eq!(chosen(&layout, &vec![1.0; 50_000]), [Cut { traj: 0, most: MOST }]);
        assert_eq!(chosen(&Layout::from_lengths([], [], []), &[]), []);
    }
}
