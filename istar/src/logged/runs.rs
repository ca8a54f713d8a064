//! Where the tokens of a batch stand in padded rows, and the way back.

use super::cells::{Cells, Run};
use super::{LoggedError, Place};
use crate::batch::{Layout, LevelId};

/// The tokens of a batch as runs of padded rows, in batch order.
#[derive(Clone, Debug, PartialEq)]
pub struct Runs {
    pub(super) rows: usize,
    pub(super) length: usize,
    pub(super) runs: Vec<Run>,
    /// The rows in batch order, and the first step of each; at last the number of steps.
    pub(super) order: Vec<u32>,
    pub(super) steps: Vec<u32>,
    /// The first row of each trajectory.
    pub(super) first: Vec<u32>,
}

impl Runs {
    /// How many rows there are, and how many places each has.
    #[must_use]
    pub fn shape(&self) -> (usize, usize) {
        (self.rows, self.length)
    }

    /// Writes a column of tokens, in batch order, into rows of [`shape`](Self::shape), one after the other; a place that no
    /// token has stays as it is.
    ///
    /// # Panics
    /// If the column or the rows are of another batch.
    pub fn spread<T>(&self, column: &[f64], rows: &mut [T], of: impl Fn(f64) -> T) {
        assert_eq!(rows.len(), self.rows * self.length, "rows of this shape");
        let mut column = column;
        for run in &self.runs {
            let (head, rest) = column.split_at(run.length as usize);
            rows[run.cells(self.length)].iter_mut().zip(head).for_each(|(place, x)| *place = of(*x));
            column = rest;
        }
        assert!(column.is_empty(), "a column of this batch");
    }

    /// A number for each token, in batch order, from padded rows.
    ///
    /// # Panics
    /// If the rows are of another shape.
    pub fn gather(&self, rows: &Cells<'_>) -> Vec<f64> {
        let tokens = self.runs.iter().map(|run| run.length as usize).sum();
        let mut column = Vec::with_capacity(tokens);
        for run in &self.runs {
            rows.append(run.cells(self.length), &mut column);
        }
        column
    }

    /// Where token number `token` of the batch stands: row and place.
    #[must_use]
    pub fn cell(&self, token: usize) -> Option<(usize, usize)> {
        let mut left = token;
        for run in &self.runs {
            match left.checked_sub(run.length as usize) {
                Some(rest) => left = rest,
                None => return Some((run.row as usize, run.start as usize + left)),
            }
        }
        None
    }

    /// The row of step number `step` of the batch.
    pub(super) fn row_of_step(&self, step: usize) -> usize {
        let after = self.steps.partition_point(|first| *first as usize <= step);
        self.order[after.saturating_sub(1).min(self.order.len() - 1)] as usize
    }

    /// Row and token of a place of the batch with this layout, as far as it says them.
    #[must_use]
    pub fn place(&self, layout: &Layout, place: Place) -> (Option<usize>, Option<usize>) {
        let Some(traj) = place.group.zip(place.trajectory).map(|(g, t)| layout.trajs_of(g).start + t) else {
            return (None, None);
        };
        let step = place.step.map(|step| layout.steps_of(traj).start + step);
        match (step, place.token) {
            (None, _) => (Some(self.first[traj] as usize), None),
            (Some(step), None) => (Some(self.row_of_step(step)), None),
            (Some(step), Some(token)) => {
                let cell = self.cell(layout.tokens_of(step).start + token);
                (cell.map(|(row, _)| row), cell.map(|(_, token)| token))
            }
        }
    }

    /// Row and token of what is wrong, as far as the error says where.
    #[must_use]
    pub fn locate(&self, layout: &Layout, error: &LoggedError) -> (Option<usize>, Option<usize>) {
        match error {
            LoggedError::At { place, .. } | LoggedError::NotFinite { place, .. } => {
                self.place(layout, *place)
            }
            _ => (None, None),
        }
    }

    /// Row and place of element number `index` of a level.
    pub(super) fn element(&self, level: LevelId, index: usize) -> (usize, Option<usize>) {
        match level {
            LevelId::Token => self.cell(index).map_or((0, None), |(row, token)| (row, Some(token))),
            LevelId::Traj => (self.first[index] as usize, None),
            _ => (self.row_of_step(index), None),
        }
    }
}
