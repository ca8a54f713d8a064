//! Columns of your own, with their numbers.

use super::LevelId;
use crate::need::own::{Column, OwnColumn, OwnList};

/// The columns of your own that a batch has, each once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OwnColumns(Vec<(OwnColumn, Vec<f64>)>);

impl OwnColumns {
    /// The columns of a list, each with the numbers that `fill` gives it.
    pub fn new(list: &OwnList, mut fill: impl FnMut(&OwnColumn) -> Vec<f64>) -> Self {
        OwnColumns(list.columns().into_iter().map(|column| (column, fill(&column))).collect())
    }

    /// The numbers of each, in the order of the list.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = &[f64]> {
        self.0.iter().map(|(_, numbers)| numbers.as_slice())
    }

    /// The numbers of the column of this name and level, flat in batch order.
    pub fn named(&self, name: &str, level: LevelId) -> Option<&[f64]> {
        let found = self.0.iter().find(|(at, _)| at.name == name && at.level == level);
        found.map(|(_, numbers)| numbers.as_slice())
    }

    /// The numbers of one, flat in batch order.
    pub fn get<C: Column>(&self) -> Option<&[f64]> {
        self.of(&OwnColumn::of::<C>())
    }

    /// The numbers of one.
    pub(crate) fn of(&self, column: &OwnColumn) -> Option<&[f64]> {
        self.named(column.name, column.level)
    }

    /// Adds what is said after a step. Of a trajectory what is said last stands.
    pub(crate) fn write(&mut self, column: &OwnColumn, numbers: Vec<f64>) {
        if let Some((_, written)) = self.0.iter_mut().find(|(at, _)| at == column) {
            if column.level == LevelId::Traj {
                written.clear();
            }
            written.extend(numbers);
        }
    }
}
